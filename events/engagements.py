"""What support contacts have already, said before an event is put into their hands."""

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Absence
from history import formats

from .models import Event

LONGEST = 40  # Characters of a name within a select.


def engagements(*events):
    """
    By the key of each event, then of the person, in words: that somebody is away on its days, or
    what they have at its time, or else on its days. Two queries for all.
    """
    words = {
        "away": _("away until %(event)s"),
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
    By the key of each person, in words: on the days of how many of these ``events`` they are
    away, or else at the time or on the days of how many they have another one. Of a single
    event, what they have.
    """
    if len(events) == 1:
        return engagements(*events)[events[0].pk]
    numbers: dict[int, dict[str, int]] = {}
    for people in _beside(events).values():
        for person, (mark, _name) in people.items():
            marks = numbers.setdefault(person, {"away": 0, "then": 0, "that_day": 0})
            marks[mark] += 1
    return {person: _number_in_words(**marks) for person, marks in numbers.items()}


def _number_in_words(away, then, that_day):
    if away:
        words = ngettext(
            "away on the day of %(number)d of these",
            "away on the days of %(number)d of these",
            away,
        )
    elif then:
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
    return words % {"number": away or then or that_day}


def _beside(events):
    """
    By event, then person: away, and until when; or which mark of ``beside``, and the name of what
    they have.
    """
    found: dict[int, dict[int, tuple[str, str]]] = {event.pk: {} for event in events}
    for absence in _absences(events) if events else []:
        for event in events:
            first, last_day = localdate(event.starts_at), localdate(event.ends_at)
            if first <= absence.ends_on and absence.starts_on <= last_day:
                last = formats.day(absence.ends_on)
                found[event.pk].setdefault(absence.person_id, ("away", last))
    rows = list(Event.objects.beside(events).order_by("starts_at", "pk")) if events else []
    for mark in ("then", "that_day"):
        for row in rows:
            for pk, people in found.items():
                if getattr(row, f"{mark}_{pk}"):
                    people.setdefault(row.support_contact_id, (mark, row.name))
    return found


def _absences(events):
    """Of anybody, around the days of these."""
    first = min(localdate(event.starts_at) for event in events)
    last = max(localdate(event.ends_at) for event in events)
    return Absence.objects.during(first, last)


def refuse_engaged(event, person):
    """Raise ValidationError, code "overlap", if they are away then or have another event."""
    absence = _absences([event]).filter(person=person).first()
    other = Event.objects.of_support(person).overlapping(event).first()
    if absence:
        problem = _("%(person)s is away from %(first)s to %(last)s.")
        days = {"first": formats.day(absence.starts_on), "last": formats.day(absence.ends_on)}
    elif other:
        problem, days = _("%(person)s already has “%(event)s” at that time."), {"event": other}
    else:
        return
    told = ValidationError(problem % {"person": person, **days}, code="overlap")
    raise ValidationError({"support_contact": told})


def offered(label, engagement):
    """A person in a select, with what they have already."""
    return f"{label} · {engagement}" if engagement else label
