"""
Who is told of what, in one table: from which deeds, to whom, and how it reads.

Nothing is put into words before somebody reads it, in their language.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.apps import apps
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from events.models import Event
from history import formats
from history.models import Entry
from history.words import in_words

from .models import Notification


class Deed(NamedTuple):
    """What was done: to which record, old and new value by field."""

    entry: Entry
    by: Any
    record: Any
    changes: dict


class Told(NamedTuple):
    """What the words of a notification are made of; the record may be deleted since."""

    notification: Notification
    record: Any

    @property
    def who(self):
        return self.notification.entry.actor_name

    @property
    def values(self):
        """By field: what it was and became, raw."""
        values = self.notification.entry.values.all()
        return {value.field: (value.old, value.new) for value in values}

    def became(self, field):
        new = self.values.get(field, (None, None))[1]
        return in_words(apps.get_model(self.notification.label), field, new)

    @property
    def distance(self):
        """In how many days it was due on the day it was told: it stands under that day."""
        told_on = localtime(self.notification.created_at).date()
        return formats.distance(self.notification.due_on, told_on)


class Kind(NamedTuple):
    """``verbs``: of the journal; none for what comes near by itself: ``reminders``."""

    icon: str
    verbs: tuple[str, ...]
    who: Callable[[Deed], list]
    words: Callable[[Told], str]
    model: Any = None  # For a verb that many models have.
    page: str = ""  # Where it leads, if not to the record.
    takes_record: bool = False  # The page is one of the record it is about.


# --- To whom ------------------------------------------------------------------------------------

# Each tells keys of people, None for nobody, or teams.


def _managers(deed):
    return [Team.MANAGEMENT]


def _support(deed):
    return [deed.record.support_contact_id]


def _sales(deed):
    return [deed.record.contract.client.sales_contact_id]


def _contacts(deed):
    return _support(deed) + _sales(deed)


def _contacts_of_moved(deed):
    return _contacts(deed) if "starts_at" in deed.changes else []


def _former_support(deed):
    former, new = deed.changes["support_contact"]
    return [former.pk] if former and new else []


def _former_support_of_uncovered(deed):
    return [] if deed.record.support_contact_id else _named("support_contact", place=0)(deed)


def _sales_of_covered(deed):
    return _sales(deed) if deed.record.support_contact_id else []


def _managers_of_uncovered(deed):
    return [] if deed.record.support_contact_id else _managers(deed)


def _managers_of_orphans(deed):
    return _managers(deed) if {"clients_left", "events_left"} & deed.changes.keys() else []


def _sales_of_client(deed):
    return [deed.record.sales_contact_id]


def _answers(deed):
    """Whoever holds the record, if they are there; else management."""
    holder = deed.record.responsible(deed.by.team)
    if holder and not User.objects.missing().filter(pk=holder.pk).exists():
        return [holder.pk]
    return _managers(deed)


def _named(field, place=1):
    """Whom the entry names in a field: who it became, or in ``place`` 0 who it was."""

    def who(deed):
        person = deed.changes[field][place]
        return [person and person.pk]

    return who


def _nobody(deed):
    return []


# --- In words -----------------------------------------------------------------------------------


def says(phrase, more=lambda told: {}):
    """``more``: what the phrase names beside who did it, and what to."""

    def words(told):
        if told.record is None:
            return gettext("About a record that has been deleted since.")
        who = told.who if told.notification.entry else ""
        return str(phrase) % {"who": who, "what": told.record, **more(told)}

    return words


def _start(told):
    return {"day": formats.day(told.record.starts_at, "long")}


def _fields(told):
    names = {field.name: field.verbose_name for field in told.record._meta.concrete_fields}
    changed = [str(names.get(name, name)) for name in told.values if name != "reason"]
    return {"fields": ", ".join(changed)}


def _became(**names):
    def more(told):
        return {name: told.became(field) for name, field in names.items()}

    return more


def _orphans(told):
    """How many clients and events were left to nobody."""
    clients, events = (told.values.get(f"{n}_left", (0, 0))[1] or 0 for n in ("clients", "events"))
    client = ngettext("%(number)d client", "%(number)d clients", clients) % {"number": clients}
    event = ngettext("%(number)d event", "%(number)d events", events) % {"number": events}
    if clients and events:
        parts = {"clients": client, "events": event}
        return gettext("%(clients)s and %(events)s have nobody in charge any more.") % parts
    told_of = ngettext(
        "%(what)s has nobody in charge any more.",
        "%(what)s have nobody in charge any more.",
        clients or events,
    )
    return told_of % {"what": client if clients else event}


def _facts_missing(told):
    if told.record and not told.record.missing:
        return says(_("“%(what)s” takes place %(when)s: nothing is missing any more."), _when)(told)
    return says(_("“%(what)s” takes place %(when)s: %(facts)s to be filled in."), _missing)(told)


def _when(told):
    return {"when": told.distance}


def _missing(told):
    return _when(told) | {"facts": ", ".join(str(fact) for fact in told.record.missing)}


# The first kind that concerns a person is the one they are told.
KINDS = {
    # To support.
    "event_assigned": Kind(
        "person-check", ("create_event", "assign_event"), _support,
        says(_("%(who)s assigned you the event “%(what)s”, %(day)s."), _start),
    ),
    "event_given_away": Kind(
        "arrow-left-right", ("assign_event",), _former_support,
        says(_("%(who)s gave “%(what)s” to %(person)s."), _became(person="support_contact")),
    ),
    "event_taken_back": Kind(
        "person-slash", ("assign_event",), _former_support_of_uncovered,
        says(_("“%(what)s” is no longer assigned to you.")),
    ),
    "event_completed": Kind(
        "flag", ("complete",), _support, says(_("%(who)s completed “%(what)s”.")),
    ),
    # To support and sales.
    "event_moved": Kind(
        "calendar-event", ("update",),
        _contacts_of_moved,
        says(_("%(who)s moved “%(what)s”: %(start)s."), _became(start="starts_at")),
        model=Event,
    ),
    "event_changed": Kind(
        "pencil", ("update",), _contacts,
        says(_("%(who)s changed “%(what)s”: %(fields)s."), _fields),
        model=Event,
    ),
    "event_cancelled": Kind(
        "x-circle", ("cancel_event",), _contacts, says(_("%(who)s cancelled “%(what)s”.")),
    ),
    "event_reopened": Kind(
        "arrow-counterclockwise", ("reopen_event",), _contacts,
        says(_("%(who)s reopened “%(what)s”.")),
    ),
    # To sales.
    "event_created": Kind(
        "calendar-plus", ("create_event",), _sales,
        says(_("%(who)s created the event “%(what)s”.")),
    ),
    "support_named": Kind(
        "person-check", ("assign_event",), _sales_of_covered,
        says(_("%(person)s is assigned to “%(what)s”."), _became(person="support_contact")),
    ),
    "event_done": Kind("flag", ("complete",), _sales, says(_("“%(what)s” is completed."))),
    "client_given": Kind(
        "building-check", ("create_client", "assign_client"), _sales_of_client,
        says(_("%(who)s put the client %(what)s in your hands.")),
    ),
    # To management.
    "event_to_assign": Kind(
        "person-exclamation", ("create_event",),
        _managers_of_uncovered,
        says(_("New event to assign: “%(what)s”, %(day)s."), _start),
    ),
    "support_missing": Kind(
        "person-exclamation", (), _nobody,
        says(_("“%(what)s” takes place %(when)s and has no support contact."), _when),
    ),
    "orphans": Kind(
        "person-slash", ("hand_over",),
        _managers_of_orphans, _orphans, page="dashboard:team",
    ),
    # To whoever is lent something, or asked to lend.
    "facts_missing": Kind("exclamation-triangle", (), _nobody, _facts_missing),
    "delegated": Kind(
        "person-plus", ("delegate",), _named("delegate"),
        says(_("%(who)s delegated %(what)s to you until %(until)s."), _became(until="until")),
    ),
    "delegation_ended": Kind(
        "person-dash", ("end_delegation",), _named("delegate", place=0),
        says(_("%(who)s ended the delegation of %(what)s.")),
    ),
    "stands_in": Kind(
        "calendar-x", ("plan_absence",), _named("stands_in"),
        says(
            _("You stand in for %(what)s from %(first)s to %(last)s."),
            _became(first="starts_on", last="ends_on"),
        ),
        page="dashboard:home",
    ),
    "access_asked": Kind(
        "hand-index", ("ask_access",), _answers,
        says(_("%(who)s asks to work on %(what)s.")), page="access",
    ),
    "access_declined": Kind(
        "x-circle", ("decline_access",), _named("delegate", place=0),
        says(_("%(who)s declined your request to work on %(what)s.")), page="access",
    ),
}  # fmt: skip
