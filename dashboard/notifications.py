"""
To tell people what others did, and to put into words what they were told.

What was done is known by its journal entry, in the transaction of the deed: undone, nobody is
told.
"""

from collections import defaultdict
from typing import NamedTuple

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import Team, User
from events.models import Event

from .alarms import ALARMS
from .kinds import KINDS
from .models import Notification
from .recipients import Deed, answered
from .wording import Told

ALL = KINDS | ALARMS
ANSWERS = ("delegate", "decline_access")  # To a request for access.
REMINDERS = {code: kind for code, kind in KINDS.items() if kind.is_done}


class Line(NamedTuple):
    """A notification as it reads."""

    notification: Notification
    icon: str
    text: str
    url: str  # Of what it is about; empty once that is deleted.

    @property
    def day(self):
        return localtime(self.notification.created_at).date()


def tell(entry, by, record, changes):
    """
    Tell whoever a deed concerns, once each; who did it only what is told ``oneself``. What it has
    done of what somebody was reminded of is read.
    """
    deed = Deed(entry, by, record, changes)
    _settle(deed)
    wanted = {
        code: set(kind.who(deed)) - {None, None if kind.oneself else entry.actor_id}
        for code, kind in ALL.items()
        if entry.verb in kind.verbs and isinstance(record, kind.model or object)
    }
    if not any(wanted.values()):
        return
    found = []
    for person in people(*set().union(*wanted.values())):
        told = [code for code, who in wanted.items() if who & {person.pk, person.team}]
        if person.pk == entry.actor_id:
            told = [code for code in told if ALL[code].oneself]
        if person == record:  # What others are told about somebody, they are not.
            told = [code for code in told if not ALL[code].takes_record]
        for code in told[:1]:
            found.append(Notification.of(record, kind=code, to=person, entry=entry))
    Notification.objects.bulk_create(found)


def _settle(deed):
    """Whoever did it: nobody is asked any more for what is done."""
    about = Notification.objects.filter(label=deed.entry.label, record_id=deed.entry.record_id)
    if isinstance(deed.record, Event):
        done = [code for code, kind in REMINDERS.items() if kind.is_done(deed.record)]
        if done:
            about.filter(kind__in=done).mark_read()
    if deed.entry.verb in ANSWERS:
        [asker] = answered(deed)
        about.filter(kind="access_asked", entry__actor_id=asker).mark_read()


def people(*who):
    """Those of these people and teams who work here today, with their team."""
    teams = [each for each in who if each in Team.values]
    keys = [each for each in who if each not in teams]
    working = User.objects.active().in_team(*Team.values).with_team()
    return working.filter(Q(pk__in=keys) | Q(groups__name__in=teams))


def lines(notifications):
    """Put them into words, in the reader's language: a query for each kind of record."""
    notifications, keys = list(notifications), defaultdict(set)
    for each in notifications:
        keys[each.label].add(each.record_id)
    records = {
        (label, pk): record
        for label, wanted in keys.items()
        for pk, record in _records(apps.get_model(label)).in_bulk(wanted).items()
    }
    return [_line(each, records.get((each.label, each.record_id))) for each in notifications]


def _records(model):
    """Of an event one is told whether it overlaps with another."""
    records = model._default_manager.all()
    return records.with_overlaps() if model is Event else records


def _line(each, record):
    kind = ALL[each.kind]
    if kind.page:
        args = [each.record_id] if kind.takes_record else []
        return Line(each, kind.icon, kind.words(Told(each, record)), reverse(kind.page, args=args))
    url = record.get_absolute_url() if record else ""
    is_well = each.kind == "facts_missing" and record and not record.missing
    icon = "clipboard-check" if is_well else kind.icon
    return Line(each, icon, kind.words(Told(each, record)), url)
