"""What management is told of who reads much or copies out: a table beside that of ``kinds``."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Team

from .kinds import Kind
from .wording import says


def _managers(deed):
    return [Team.MANAGEMENT]


def _number(told):
    return {"number": told.became("exported")}


def _about_a_person(icon, verb, phrase, more, who=_managers):
    words = says(phrase, more)
    return Kind(icon, (verb,), who, words, page="dashboard:person", takes_record=True)


ALARMS = {
    "clients_exported": _about_a_person(
        "download", "export_clients", _("%(who)s exported clients (%(number)s in all)."), _number
    ),
    "contracts_exported": _about_a_person(
        "download", "export_contracts", _("%(who)s exported contracts (%(number)s in all)."),
        _number,
    ),
    "events_exported": _about_a_person(
        "download", "export_events", _("%(who)s exported events (%(number)s in all)."), _number
    ),
}  # fmt: skip
