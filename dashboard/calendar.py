"""A month as days, with what takes place on each."""

import calendar
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localdate, localtime, make_aware


class Month:
    """The first and last day of a month, and what was added, by date."""

    def __init__(self, first: date):
        self.first = first
        self.last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        self.start = make_aware(datetime.combine(first, time.min))
        self.end = make_aware(datetime.combine(self.last, time.max))
        self.events: dict[date, list] = defaultdict(list)
        self.options: dict[date, list] = defaultdict(list)

    @classmethod
    def of(cls, year=None, month=None):
        """That month, or this one. Raise ValueError for one outside 2000 to 2100."""
        if year is None:
            return cls(localdate().replace(day=1))
        if not 2000 <= year <= 2100:
            raise ValueError(year)
        return cls(date(year, month, 1))

    def add_events(self, events):
        """Each event on every day it touches."""
        for event in events.order_by("starts_at", "pk"):
            day, last = localtime(event.starts_at).date(), localtime(event.ends_at).date()
            day, last = max(day, self.first), min(last, self.last)
            while day <= last:
                self.events[day].append(event)
                day += timedelta(days=1)

    def add_options(self, contracts):
        for contract in contracts.order_by("expected_date", "pk"):
            self.options[contract.expected_date].append(contract)

    @property
    def filled(self):
        """The days on which there is something."""
        days = sorted(self.events.keys() | self.options.keys())
        return [self._day(day) for day in days]

    def _day(self, day):
        return {"date": day, "events": self.events[day], "options": self.options[day]}

    @property
    def previous(self):
        return self.first - timedelta(days=1)

    @property
    def next(self):
        return self.last + timedelta(days=1)
