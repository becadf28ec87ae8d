"""How a notification reads: nothing is put into words before somebody reads it."""

from typing import Any, NamedTuple

from django.apps import apps
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from history import formats
from history.words import in_words

from .models import Notification


class Told(NamedTuple):
    """What the words of a notification are made of; the record may be deleted since."""

    notification: Notification
    record: Any

    @property
    def who(self):
        return self.notification.entry.who

    @property
    def values(self):
        """By field: what it was and became, raw."""
        values = self.notification.entry.values.all()
        return {value.field: (value.old, value.new) for value in values}

    def became(self, field, style="alone"):
        new = self.values.get(field, (None, None))[1]
        return in_words(apps.get_model(self.notification.label), field, new, style)

    @property
    def distance(self):
        """In how many days it was due on the day it was told: it stands under that day."""
        told_on = localtime(self.notification.created_at).date()
        return formats.distance(self.notification.due_on, told_on)


def says(phrase, more=lambda told: {}):
    """``more``: what the phrase names beside who did it, and what to."""

    def words(told):
        if told.record is None:
            return gettext("About a record that has been deleted since.")
        who = told.who if told.notification.entry else ""
        parts = {"who": who, "what": told.record, **more(told)}
        return formats.fitted(phrase, parts) % parts

    return words


def start(told):
    return {"day": formats.day(told.record.starts_at, "long")}


def assigned(told):
    """The overlap is that of by now: once it is resolved, nothing is said of it."""
    words = says(_("%(who)s assigned you the event “%(what)s”, %(day)s."), start)(told)
    if getattr(told.record, "is_overlapped", False):
        overlap = gettext("It overlaps with another event of yours.")
        return f"{words} {overlap}"
    return words


def fields(told):
    names = {field.name: field.verbose_name for field in told.record._meta.concrete_fields}
    changed = [str(names.get(name, name)) for name in told.values if name != "reason"]
    return {"fields": ", ".join(changed)}


def became(**names):
    def more(told):
        return {name: told.became(field) for name, field in names.items()}

    return more


def orphans(told):
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


def facts_missing(told):
    if told.record and not told.record.missing:
        phrase = _("“%(what)s” takes place %(when)s: venue and attendees are provided.")
        return says(phrase, when)(told)
    return says(_("“%(what)s” takes place %(when)s: %(facts)s to be filled in."), missing)(told)


def when(told):
    return {"when": told.distance}


def missing(told):
    return when(told) | {"facts": ", ".join(str(fact) for fact in told.record.missing)}
