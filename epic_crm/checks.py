from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register

from history.privacy import tags


@register()
def check_environment(app_configs, **kwargs):
    """Each wrong value of the environment is an error in one sentence."""
    return [Error(problem, id="epic_crm.E001") for problem in settings.ENVIRONMENT_PROBLEMS]


@register()
def check_privacy(app_configs, **kwargs):
    """Each field is tagged once in a privacy.py, and each tag has its field."""
    errors = []
    wanted = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    told = [
        f"{label}.{name}"
        for label, by_tag in tags.items()
        for names in by_tag.values()
        for name in names
    ]
    for field in sorted(wanted.difference(told)):
        errors.append(Error(f"{field} has no tag in a privacy.py.", id="epic_crm.E002"))
    for field in sorted(set(told) - wanted):
        errors.append(Error(f"{field} has a tag and is no field.", id="epic_crm.E003"))
    for field in sorted({field for field in told if told.count(field) > 1}):
        errors.append(Error(f"{field} has two tags.", id="epic_crm.E004"))
    return errors
