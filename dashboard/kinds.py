"""
Who is told of what, in one table: from which deeds, to whom (recipients.py), and how it reads
(wording.py).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from events.models import Event

from . import recipients as to
from .recipients import Deed
from .wording import Told, assigned, became, facts_missing, fields, orphans, says, start, when


class Kind(NamedTuple):
    """
    ``verbs``: of the journal; none for what comes near by itself: ``reminders``. ``is_done``: of
    what asks for a deed, whether that has been done to the record by now.
    """

    icon: str
    verbs: tuple[str, ...]
    who: Callable[[Deed], list]
    words: Callable[[Told], str]
    model: Any = None  # For a verb that many models have.
    page: str = ""  # Where it leads, if not to the record.
    takes_record: bool = False  # The page is one of the record it is about.
    is_done: Callable[[Any], bool] | None = None
    oneself: bool = False  # Told to whoever did it, too: it may have been somebody else as them.


def _past(event):
    return event.status != "planned"


def _in_hands(event):
    return _past(event) or event.is_covered


def _complete(event):
    return _past(event) or not event.missing


# The first kind that concerns a person is the one they are told.
KINDS = {
    # To support.
    "event_assigned": Kind(
        "person-check", ("create_event", "assign_event"), to.support,
        assigned, is_done=_past,
    ),
    "event_given_away": Kind(
        "arrow-left-right", ("assign_event",), to.former_support,
        says(_("%(who)s gave “%(what)s” to %(person)s."), became(person="support_contact")),
    ),
    "event_taken_back": Kind(
        "person-slash", ("assign_event",), to.former_support_of_uncovered,
        says(_("“%(what)s” is no longer assigned to you.")),
    ),
    "event_completed": Kind(
        "flag", ("complete",), to.support, says(_("%(who)s completed “%(what)s”.")),
    ),
    # To support and sales.
    "event_moved": Kind(
        "calendar-event", ("update",),
        to.contacts_of_moved,
        says(_("%(who)s moved “%(what)s”: %(start)s."), became(start="starts_at")),
        model=Event,
    ),
    "event_changed": Kind(
        "pencil", ("update",), to.contacts,
        says(_("%(who)s changed “%(what)s”: %(fields)s."), fields),
        model=Event,
    ),
    "event_cancelled": Kind(
        "x-circle", ("cancel_event",), to.contacts, says(_("%(who)s cancelled “%(what)s”.")),
    ),
    "event_reopened": Kind(
        "arrow-counterclockwise", ("reopen_event",), to.contacts,
        says(_("%(who)s reopened “%(what)s”.")),
    ),
    # To sales.
    "event_created": Kind(
        "calendar-plus", ("create_event",), to.sales,
        says(_("%(who)s created the event “%(what)s”.")),
    ),
    "support_named": Kind(
        "person-check", ("assign_event",), to.sales_of_covered,
        says(_("%(person)s is assigned to “%(what)s”."), became(person="support_contact")),
    ),
    "event_done": Kind("flag", ("complete",), to.sales, says(_("“%(what)s” is completed."))),
    "client_given": Kind(
        "building-check", ("create_client", "assign_client"), to.sales_of_client,
        says(_("%(who)s put the client %(what)s in your hands.")),
    ),
    # To management.
    "event_to_assign": Kind(
        "person-exclamation", ("create_event",),
        to.managers_of_uncovered,
        says(_("New event to assign: “%(what)s”, %(day)s."), start), is_done=_in_hands,
    ),
    "support_missing": Kind(
        "person-exclamation", (), to.nobody,
        says(_("“%(what)s” takes place %(when)s and has no support contact."), when),
        is_done=_in_hands,
    ),
    "orphans": Kind(
        "person-slash", ("hand_over",),
        to.managers_of_orphans, orphans, page="dashboard:team",
    ),
    # To whoever is lent something, or asked to lend.
    "facts_missing": Kind(
        "exclamation-triangle", (), to.nobody, facts_missing, is_done=_complete
    ),
    "delegated": Kind(
        "person-plus", ("delegate",), to.named("delegate"),
        says(_("%(who)s delegated %(what)s to you until %(until)s."), became(until="until")),
    ),
    "delegation_ended": Kind(
        "person-dash", ("end_delegation",), to.named("delegate", place=0),
        says(_("%(who)s ended the delegation of %(what)s.")),
    ),
    "stands_in": Kind(
        "calendar-x", ("plan_absence",), to.named("stands_in"),
        says(
            _("You stand in for %(what)s from %(first)s to %(last)s."),
            became(first="starts_on", last="ends_on"),
        ),
        page="dashboard:home",
    ),
    "access_asked": Kind(
        "hand-index", ("ask_access",), to.answers,
        says(_("%(who)s asks to work on %(what)s.")), page="access",
    ),
    "access_declined": Kind(
        "x-circle", ("decline_access",), to.named("delegate", place=0),
        says(_("%(who)s declined your request to work on %(what)s.")), page="access",
    ),
}  # fmt: skip
