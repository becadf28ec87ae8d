"""What nobody does and a day brings: told once for each person, record and day."""

from datetime import datetime, time

from django.utils.timezone import localdate, localtime, make_aware, now

from accounts.models import Team
from accounts.steps import days
from events.models import Event

from .models import Notification
from .notifications import people


def remind():
    """Tell what is due by now. Return how many were told who had not been before."""
    uncovered = list(_within(days("support_urgent"), Event.objects.without_support()))
    lacking = _within(days("event_details_urgent"), Event.objects.lacking_facts())
    lacking = lacking.select_related("support_contact").filter(
        support_contact__in=people(Team.SUPPORT).values("pk")
    )
    due = [
        _due("support_missing", boss, event)
        for boss in people(Team.MANAGEMENT)
        for event in uncovered
    ]
    due += [_due("facts_missing", event.support_contact, event) for event in lacking]
    before = Notification.objects.count()
    Notification.objects.bulk_create(due, ignore_conflicts=True)
    return Notification.objects.count() - before


def _within(ahead, events):
    """Those that start by the end of that day."""
    last = make_aware(datetime.combine(localdate() + ahead, time.max))
    return events.filter(starts_at__range=(now(), last))


def _due(kind, person, event):
    """An event that is moved is another day: there is a reminder for that one too."""
    day = localtime(event.starts_at).date()
    return Notification.of(event, kind=kind, to=person, due_on=day)
