"""The verbs that the journal knows: how each reads, and what kind of deed it is."""

from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """By which the journal is narrowed."""

    RECORD = "record", _("Clients, contracts, events")
    LOAN = "loan", _("Delegations and requests")
    EXPORT = "export", _("Exports")
    ADMIN = "admin", _("Administration")
    ACCESS = "access", _("Sign-ins and accounts’ security")
    FAILURE = "failure", _("Failed sign-ins")
    REFUSAL = "refusal", _("Refusals")


class Verb(NamedTuple):
    """How a verb reads: its icon, said to the one who did it, and said of somebody else."""

    icon: str
    you: Any
    they: Any
    says: tuple[str, ...] = ()  # Fields whose change the sentence tells already.
    names: tuple[str, ...] = ()  # Fields that tell what a record was called that is gone with it.
    part: str = ""  # The field that names a part of the record: its value ends the sentence.
    tells: tuple[str, ...] = ()  # Fields that tell a fact, and no change from something else.
    kind: Kind = Kind.RECORD
    own: bool = False  # One does it to one's own account, which is not named.
    quiet: bool = False  # Only the journal's page tells of it, not that of the record.


verbs: dict[str, Verb] = {
    "note": Verb(
        "chat-left-text", _("You added a note on %(what)s"), _("%(who)s added a note on %(what)s")
    ),
    "update": Verb("pencil", _("You changed %(what)s"), _("%(who)s changed %(what)s")),
}


facts: dict[str, models.Field] = {}  # What entries tell that no field of their record holds.


# Written by no release of ours: the journal's page tells it, and does not break.
UNKNOWN = Verb(
    "question-circle",
    _("You did something unknown to %(what)s"),
    _("%(who)s did something unknown to %(what)s"),
)


def verb_of(code):
    return verbs.get(code, UNKNOWN)


def quiet():
    return [code for code, verb in verbs.items() if verb.quiet]
