"""What support contacts have already, said before an event is put into their hands."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Event

LONGEST = 40  # Characters of a name within a select.


def engagements(*events):
    """
    By the key of each event, then of the person, in words: what somebody has at its time, or else
    on its days. One query for all.
    """
    words = {
        "then": _("has “%(event)s” at that time"),
        "that_day": _("has “%(event)s” that day"),
    }
    return {
        pk: {
            person: words[mark] % {"event": Truncator(name).chars(LONGEST)}
            for person, (mark, name) in people.items()
        }
        for pk, people in _beside(events).items()
    }


def engaged(events):
    """
    By the key of each person, in words: at the time of how many of these ``events`` they have
    another one, or else on the days of how many. Of a single event, what they have.
    """
    if len(events) == 1:
        return engagements(*events)[events[0].pk]
    numbers: dict[int, dict[str, int]] = {}
    for people in _beside(events).values():
        for person, (mark, _name) in people.items():
            marks = numbers.setdefault(person, {"then": 0, "that_day": 0})
            marks[mark] += 1
    return {person: _number_in_words(**marks) for person, marks in numbers.items()}


def _number_in_words(then, that_day):
    if then:
        words = ngettext(
            "has another event at the time of %(number)d of these",
            "has other events at the time of %(number)d of these",
            then,
        )
    else:
        words = ngettext(
            "has another event on the day of %(number)d of these",
            "has other events on the days of %(number)d of these",
            that_day,
        )
    return words % {"number": then or that_day}


def _beside(events):
    """By event, then person: which mark of ``beside``, and the name of what they have."""
    found: dict[int, dict[int, tuple[str, str]]] = {event.pk: {} for event in events}
    rows = list(Event.objects.beside(events).order_by("starts_at", "pk")) if events else []
    for mark in ("then", "that_day"):
        for row in rows:
            for pk, people in found.items():
                if getattr(row, f"{mark}_{pk}"):
                    people.setdefault(row.support_contact_id, (mark, row.name))
    return found


def offered(label, engagement):
    """A person in a select, with what they have already."""
    return f"{label} · {engagement}" if engagement else label
