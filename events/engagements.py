"""What support contacts have already, said before an event is put into their hands."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .models import Event

LONGEST = 40  # Characters of a name within a select.


def engagements(*events):
    """
    By the key of each event, then of the person, in words: what somebody has at its time, or else
    on its days. One query for all.
    """
    told: dict[int, dict[int, str]] = {event.pk: {} for event in events}
    rows = list(Event.objects.beside(events).order_by("starts_at", "pk")) if events else []
    for mark, words in (
        ("then", _("has “%(event)s” at that time")),
        ("that_day", _("has “%(event)s” that day")),
    ):
        for row in rows:
            name = Truncator(row.name).chars(LONGEST)
            for pk, people in told.items():
                if getattr(row, f"{mark}_{pk}"):
                    people.setdefault(row.support_contact_id, words % {"event": name})
    return told


def offered(label, engagement):
    """A person in a select, with what they have already."""
    return f"{label} · {engagement}" if engagement else label
