from django.core.checks import Error, register

from history.verbs import verbs

from .access import actions, model_of, moments, permission, policies
from .editing import RecordForm
from .models import Delegation, Team


@register()
def check_policies(app_configs, **kwargs):
    """A rule, a moment or a field map that names something unknown is an error."""
    errors = []
    for perm, rules in policies.items():
        try:
            model = model_of(perm)
        except LookupError:
            errors.append(Error(f"{perm} names no model.", id="accounts.E001"))
            continue
        if not rules.keys() <= set(Team):
            errors.append(Error(f"{perm} names an unknown team.", id="accounts.E002"))
        if perm == permission(model, "delegate") and model not in Delegation.tables():
            errors.append(Error(f"{perm} has no Delegation table.", id="accounts.E003"))
    for perm in policies.keys() ^ actions.keys():
        errors.append(Error(f"{perm} has a rule or words, and not both.", id="accounts.E008"))
    for perm in moments.keys() - policies.keys():
        errors.append(Error(f"{perm} has a moment and no rule.", id="accounts.E004"))
    for form in RecordForm.__subclasses__():
        model = form._meta.model
        for name in form._meta.fields:
            if not form.rights.get(name):
                errors.append(Error(f"{form.__name__}.{name} has no right.", id="accounts.E005"))
        for right in form.actions():
            if permission(model, right) not in policies:
                errors.append(Error(f"{form.__name__}: {right} is no right.", id="accounts.E006"))
    for code, verb in verbs.items():
        what = ("%(what)s" in str(verb.you)) != verb.own
        told = what and "%(who)s" in str(verb.they)
        if not (told or verb.quiet):  # Who fails to come in is nobody yet.
            errors.append(Error(f"{code} does not say who did what.", id="accounts.E007"))
    return errors
