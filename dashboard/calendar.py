"""A month, a week or a run of days, with what takes place on each day."""

import calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _

from history import formats

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # What records can hold.
SHOWN = 3  # On a day of a month, and as many who are away; the others stand in its week.
DAY = timedelta(days=1)


@dataclass
class Line:
    """An event or an open contract on a day; ``when`` is its start, or how it goes on."""

    when: str
    hours: str = ""  # From when to when, where there is room for it.
    event: Any = None
    option: Any = None


@dataclass
class Day:
    date: date
    inside: bool = True  # Of this month, not a neighbour's that fills the week.
    lines: list[Line] = field(default_factory=list)
    away: list[Any] = field(default_factory=list)  # The absences on that day.

    @property
    def is_today(self):
        return self.date == localdate()

    @property
    def shown(self):
        return self.lines[:SHOWN]

    @property
    def away_shown(self):
        return self.away[:SHOWN]

    @property
    def others(self):
        """How many lines and absences are not shown."""
        return len(self.lines[SHOWN:]) + len(self.away[SHOWN:])


class Period:
    """
    The days from the first to the last; events are added before options, absences are no lines.

    Raise ValueError for one that lies outside 2000 to 2100.
    """

    template = ""

    def __init__(self, first: date, last: date):
        if last < FIRST or first > LAST:
            raise ValueError(first)
        self.first, self.last = first, last
        self.start = make_aware(datetime.combine(first, time.min))
        self.end = make_aware(datetime.combine(last + DAY, time.min))
        self.lines: dict[date, list[Line]] = defaultdict(list)
        self.absences: list[Any] = []

    @classmethod
    def on(cls, day):
        """The period of this kind that has that day."""
        raise NotImplementedError

    def url(self, query):
        raise NotImplementedError

    @property
    def title(self):
        return formats.days(self.first, self.last)

    # --- What takes place ------------------------------------------------------------------

    def add_events(self, events):
        """Each event on every day it touches; midnight, when it ends, is no day of its own."""
        for event in events:
            start = localtime(event.starts_at).date()
            end = max(start, localtime(event.ends_at - timedelta(seconds=1)).date())
            day, last = max(start, self.first), min(end, self.last)
            while day <= last:
                self.lines[day].append(Line(*_when(event, day, start, end), event=event))
                day += DAY

    def add_options(self, contracts):
        for contract in contracts:
            self.lines[contract.expected_date].append(Line(_("Option"), option=contract))

    def add_absences(self, absences):
        self.absences = list(absences)

    @property
    def is_empty(self):
        return not self.lines and not self.absences

    @property
    def has_options(self):
        return any(line.option for lines in self.lines.values() for line in lines)

    @property
    def days(self):
        number = (self.last - self.first).days + 1
        return [self.day(self.first + n * DAY) for n in range(number)]

    @property
    def busy_days(self):
        """Those on which something takes place or an absence begins, or goes on from before."""
        first_days = {max(absence.starts_on, self.first) for absence in self.absences}
        return [day for day in self.days if day.lines or day.date in first_days]

    def day(self, day):
        if not self.first <= day <= self.last:
            return Day(day, inside=False)
        away = [each for each in self.absences if each.starts_on <= day <= each.ends_on]
        return Day(day, lines=self.lines.get(day, []), away=away)

    # --- Where to go from here -------------------------------------------------------------

    @property
    def previous(self):
        """The period before, if there is one."""
        return self._neighbour(self.first - DAY)

    @property
    def next(self):
        return self._neighbour(self.last + DAY)

    def _neighbour(self, day):
        try:
            return self.on(day)
        except ValueError:
            return None

    @property
    def here(self):
        """The day that other periods keep: today if it is in this one."""
        today = localdate()
        first = max(self.first, FIRST)
        return today if self.first <= today <= self.last else first


class Month(Period):
    template = "dashboard/agenda_month.html"
    weekdays = WEEKDAYS

    @classmethod
    def of(cls, year, month):
        first = date(year, month, 1)
        return cls(first, first.replace(day=calendar.monthrange(year, month)[1]))

    @classmethod
    def on(cls, day):
        return cls.of(day.year, day.month)

    def url(self, query):
        where = [self.first.year, self.first.month]
        return reverse("dashboard:agenda_month", args=where, query=query)

    @property
    def title(self):
        return capfirst(formats.month(self.first))

    @property
    def weeks(self):
        """Monday to Sunday, whole; days of the neighbouring months are empty."""
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[self.day(day) for day in week] for week in weeks]


class Week(Period):
    """An ISO week: from Monday on, in the year that has its Thursday."""

    template = "dashboard/agenda_week.html"

    @classmethod
    def of(cls, year, week):
        monday = date.fromisocalendar(year, week, 1)
        return cls(monday, monday + 6 * DAY)

    @classmethod
    def on(cls, day):
        year, week, _weekday = day.isocalendar()
        return cls.of(year, week)

    def url(self, query):
        year, week, _weekday = self.first.isocalendar()
        return reverse("dashboard:agenda_week", args=[year, week], query=query)

    @property
    def title(self):
        number = self.first.isocalendar().week
        return _("Week %(number)d · %(days)s") % {"number": number, "days": super().title}


class Run(Period):
    """So many days from a day on."""

    template = "dashboard/agenda_list.html"
    LENGTH = 30 * DAY

    @classmethod
    def on(cls, day):
        return cls(day, day + cls.LENGTH - DAY)

    @property
    def from_day(self):
        return self.first.isoformat()

    def url(self, query):
        return reverse("dashboard:agenda_list", query={**query, "from": self.from_day})

    @property
    def previous(self):
        return self._neighbour(self.first - self.LENGTH)


def _when(event, day, start, end):
    """When it is on that day: in a word, and from when to when."""
    begins, ends = formats.time(event.starts_at), formats.time(event.ends_at)
    if start == end:
        return begins, f"{begins} – {ends}"
    if day == start:
        return begins, _("from %(time)s on") % {"time": begins}
    if day < end:
        return _("all day"), _("all day")
    return (_("until %(time)s") % {"time": ends},) * 2
