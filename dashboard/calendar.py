"""A month as weeks of days, with what takes place on each."""

import calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _

from history import formats

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # What records can hold.
SHOWN = 3  # On a day; the others open under them.


@dataclass
class Line:
    """An event or an open contract on a day; ``when`` is the time, or how it goes on."""

    when: str
    event: Any = None
    option: Any = None


@dataclass
class Day:
    date: date
    inside: bool = True  # Of this month, not a neighbour's that fills the week.
    lines: list[Line] = field(default_factory=list)

    @property
    def is_today(self):
        return self.date == localdate()

    @property
    def shown(self):
        return self.lines[:SHOWN]

    @property
    def others(self):
        return self.lines[SHOWN:]


class Month:
    """The days from the first to the last; events are added before options."""

    weekdays = WEEKDAYS

    def __init__(self, first: date):
        self.first = first
        self.last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        self.start = make_aware(datetime.combine(self.first, time.min))
        self.end = make_aware(datetime.combine(self.last, time.max))
        self.lines: dict[date, list[Line]] = defaultdict(list)

    @classmethod
    def of(cls, year=None, month=None):
        """That month, or this one. Raise ValueError for one outside 2000 to 2100."""
        if year is None:
            return cls(localdate().replace(day=1))
        if not FIRST.year <= year <= LAST.year:
            raise ValueError(year)
        return cls(date(year, month, 1))

    def add_events(self, events):
        """Each event on every day it touches; midnight, when it ends, is no day of its own."""
        for event in events:
            start = localtime(event.starts_at).date()
            end = max(start, localtime(event.ends_at - timedelta(seconds=1)).date())
            day, last = max(start, self.first), min(end, self.last)
            while day <= last:
                self.lines[day].append(Line(_when(event, day, start, end), event=event))
                day += timedelta(days=1)

    def add_options(self, contracts):
        for contract in contracts:
            self.lines[contract.expected_date].append(Line(_("Option"), option=contract))

    @property
    def is_empty(self):
        return not self.lines

    @property
    def has_options(self):
        return any(line.option for lines in self.lines.values() for line in lines)

    @property
    def weeks(self):
        """Monday to Sunday, whole; days of the neighbouring months are empty."""
        days = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[self._day(day) for day in week] for week in days]

    def _day(self, day):
        if not self.first <= day <= self.last:
            return Day(day, inside=False)
        return Day(day, lines=self.lines.get(day, []))

    @property
    def previous(self):
        """A day of the month before, if there is one."""
        return None if self.first == FIRST else self.first - timedelta(days=1)

    @property
    def next(self):
        return None if self.last == LAST else self.last + timedelta(days=1)


def _when(event, day, start, end):
    if day == start:
        return formats.time(event.starts_at)
    if day < end:
        return _("all day")
    return _("until %(time)s") % {"time": formats.time(event.ends_at)}
