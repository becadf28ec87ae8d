"""
What management is told of who reads much, copies out or is guessed at, and everybody of what opens
their own account: a table beside that of ``kinds``.
"""

from datetime import timedelta

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from history import formats

from .kinds import Kind
from .wording import says


def _managers(deed):
    return [Team.MANAGEMENT]


def _number(told):
    return {"number": told.became("exported")}


def _about_a_person(icon, verb, phrase, more, who=_managers):
    words = says(phrase, more)
    return Kind(icon, (verb,), who, words, page="dashboard:person", takes_record=True)


READ = {
    "records": ngettext_lazy(
        "%(who)s opened %(number)d record held by others within an hour",
        "%(who)s opened %(number)d records held by others within an hour",
        "number",
    ),
    "searches": ngettext_lazy(
        "%(who)s made %(number)d search within an hour",
        "%(who)s made %(number)d searches within an hour",
        "number",
    ),
    "exports": ngettext_lazy(
        "%(who)s exported %(number)d list within an hour",
        "%(who)s exported %(number)d lists within an hour",
        "number",
    ),
}


READ_IN_A_DAY = {
    "records": _("%(who)s opened %(number)d records held by others within 24 hours"),
    "searches": _("%(who)s made %(number)d searches within 24 hours"),
    "exports": _("%(who)s exported %(number)d lists within 24 hours"),
}


def _much(told):
    """What was read most of: the kind that came to the mark."""
    [(kind, (_old, number))] = told.values.items()
    return READ[kind] % {"who": told.who, "number": int(number)}


def _half(told):
    said = {"what": _much(told)}
    return gettext("%(what)s, half of the limit: is there a reason for it?") % said


def _day(told):
    [(kind, (_old, number))] = told.values.items()
    said = {"who": told.who, "number": int(number)}
    return gettext("%(what)s: is there a reason for it?") % {"what": READ_IN_A_DAY[kind] % said}


def _all(told):
    full_hour = told.notification.entry.at + timedelta(hours=1)
    said = {"what": _much(told), "until": formats.time(full_hour.replace(minute=0))}
    return gettext("%(what)s: limit reached, until %(until)s.") % said


def _until(told):
    return {"until": told.became("lifted_until", "inline")}


def _managers_of_managers(deed):
    """Whoever may look after accounts from now on, did not before."""
    _old, team = deed.changes["team"]
    return _managers(deed) if team == Team.MANAGEMENT else []


def _managers_if_one_of_them(deed):
    return _managers(deed) if deed.record.team == Team.MANAGEMENT else []


def _managers_of_who_came_before(deed):
    """A link for a newcomer is the day's work; for somebody else, it opens a used account."""
    return _managers(deed) if deed.record.last_login else []


def _managers_of_people(deed):
    """Retention erases by the dozen, and was decided before."""
    return _managers(deed) if deed.by else []


def _managers_of_taken(deed):
    """Whoever takes a client - management alone assigns -, reads it uncounted from then on."""
    _old, new = deed.changes["sales_contact"]
    return _managers(deed) if new and deed.by and new.pk == deed.by.pk else []


def _if_the_address_changed(who):
    return lambda deed: who(deed) if "email" in deed.changes else []


def _whose(deed):
    return [deed.record.pk]


def _who_came_before(deed):
    """Not who chooses the first password."""
    return _whose(deed) if deed.record.last_login else []


def _own(icon, verbs, phrase, who=_whose):
    """
    What happened to one's own account, whoever did it. Before what management is told of it: one
    hears the first that concerns one.
    """
    return Kind(icon, verbs, who, says(phrase), page="account_sessions", oneself=True)


ALARMS = {
    "read_half": Kind(
        "eye", ("read_half",), _managers, _half, page="dashboard:person", takes_record=True
    ),
    "read_day": Kind(
        "eye", ("read_day",), _managers, _day, page="dashboard:person", takes_record=True
    ),
    "read_all": Kind(
        "eye-slash", ("read_all",), _managers, _all, page="dashboard:person", takes_record=True
    ),
    "limit_lifted": Kind(
        "unlock", ("lift_limit",), _whose,
        says(_("%(who)s lifted your hourly reading limit until %(until)s."), _until),
        page="dashboard:home",
    ),
    "limit_lifted_for": _about_a_person(
        "unlock", "lift_limit",
        _("%(who)s lifted the hourly reading limit of %(what)s until %(until)s."),
        _until,
    ),
    "clients_exported": _about_a_person(
        "download", "export_clients", _("%(who)s exported clients (%(number)s in all)."), _number
    ),
    "contracts_exported": _about_a_person(
        "download", "export_contracts", _("%(who)s exported contracts (%(number)s in all)."),
        _number,
    ),
    "person_exported": Kind(
        "person-vcard", ("export_person",), _managers,
        says(_("%(who)s exported the personal file of %(what)s.")),
    ),
    "sign_in_blocked": _about_a_person(
        "lock", "lock_out",
        _("Too many attempts on the account of %(what)s: sign-ins are refused for 15 minutes."),
        lambda told: {},
    ),
    "factor_added": _own(
        "shield-lock", ("add_factor",),
        _("A second factor was added to your account. Was it not you?"),
    ),
    "factor_removed": _own(
        "shield-slash", ("remove_factor",),
        _("A second factor was removed from your account. Was it not you?"),
    ),
    "factor_reset": _own(
        "shield-slash", ("reset_factor",),
        _("%(who)s reset the second factor of your account. Did you not ask for it?"),
    ),
    "codes_renewed": _own(
        "shield-lock", ("renew_codes",),
        _("New recovery codes were made for your account. Was it not you?"),
    ),
    "password_changed": _own(
        "key", ("change_password", "accept_invitation"),
        _("The password of your account was changed. Was it not you?"), _who_came_before,
    ),
    "link_made": _own(
        "envelope", ("invite_user",),
        _("%(who)s made a link to choose your password. Did you not ask for it?"),
        _who_came_before,
    ),
    "address_changed": _own(
        "at", ("change_user",),
        _("%(who)s changed the e-mail address of your account. Did you not ask for it?"),
        _if_the_address_changed(_whose),
    ),
    "manager_made": Kind(
        "person-gear", ("add_user", "set_team"), _managers_of_managers,
        says(_("%(who)s put %(what)s into the management team.")),
        page="dashboard:person", takes_record=True,
    ),
    "manager_back": _about_a_person(
        "person-check", "reactivate", _("%(who)s reopened the account of %(what)s, of management."),
        lambda told: {}, _managers_if_one_of_them,
    ),
    "link_made_for": _about_a_person(
        "envelope", "invite_user",
        _("%(who)s made a link for %(what)s to choose a password."),
        lambda told: {}, _managers_of_who_came_before,
    ),
    "address_changed_for": _about_a_person(
        "at", "change_user",
        _("%(who)s changed the e-mail address of %(what)s."),
        lambda told: {}, _if_the_address_changed(_managers),
    ),
    "factor_reset_for": _about_a_person(
        "shield-slash", "reset_factor",
        _("%(who)s reset the second factor of %(what)s."), lambda told: {},
    ),
    # With what is in one's own hands nothing is counted any more.
    "taken": Kind(
        "person-up", ("assign_client",), _managers_of_taken,
        says(_("%(who)s, of management, took the client %(what)s into their own hands.")),
    ),
    "client_erased": Kind(
        "eraser", ("erase_client",), _managers_of_people,
        lambda told: gettext("%(who)s erased the personal data of a client.") % {"who": told.who},
        page="dashboard:journal",
    ),
    "events_exported": _about_a_person(
        "download", "export_events", _("%(who)s exported events (%(number)s in all)."), _number
    ),
}  # fmt: skip
