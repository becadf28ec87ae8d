"""
What is done in the story, in the words in which it is told: each is a verb of the CRM.

A day is counted from today: -30 is a month ago, 12 is in twelve days.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.timezone import localdate, make_aware

from accounts import delegations, requests
from accounts import workflow as accounts
from accounts.access import permission, require
from accounts.records import lock, write
from clients import workflow as clients
from contracts import workflow as contracts
from events import checklist, checklist_template
from events import workflow as events

from .people import HELENE, Person

SALES, SUPPORT = "sales contact", "support contact"  # Whoever it is on that day.
SATURDAY, SUNDAY = 5, 6


class Calendar:
    """Days of the story as dates, so that nobody works at the weekend, whatever today is."""

    def __init__(self, today):
        self.today = today

    def day(self, days):
        return self.today + timedelta(days)

    def working_day(self, days):
        """At a weekend, the Friday before: what was done never moves towards today."""
        day = self.day(days)
        return day - timedelta(max(0, day.weekday() - SATURDAY + 1))

    def event_day(self, days):
        """On a Sunday, the day before or after: what is past stays so, and what is to come."""
        day = self.day(days)
        return day + timedelta((day.weekday() == SUNDAY) * (1 if days > 0 else -1))

    @staticmethod
    def moment(day, hour):
        return make_aware(datetime.combine(day, hour))


class Deed(NamedTuple):
    """What somebody does to a record: a person, or whoever is its contact on that day."""

    day: int
    by: Person | str | None  # None: a command on the server.
    do: Callable[[Any, Any, Calendar], Any]  # Takes the record, who does it, the calendar.


def note(day, channel, text, by=SALES, call=None):
    """``call``: the day to get in touch with the client again."""

    def do(record, by, calendar):
        what = {"channel": channel, "happened_on": localdate(), "text": text}
        if call is None:
            return accounts.add_note(record, by=by, **what)
        return clients.add_note(record, by=by, follow_up_on=calendar.day(call), **what)

    return Deed(day, by, do)


def changed(day, by=SALES, right="change", reason=None, **values):
    """An edit: what its form does on saving, under the right that its fields ask for."""

    def do(record, by, calendar):
        record = lock(record)
        require(by, permission(record, right), record)
        return write(record, "update", by=by, reason=reason, **values)

    return Deed(day, by, do)


TEMPLATE = Deed(-290, HELENE, lambda nothing, by, calendar: checklist_template.propose(by=by))


def lent(day, to, until, by=SALES):
    def do(record, by, calendar):
        delegations.delegate(record, by=by, to=to.user(), until=calendar.day(until))

    return Deed(day, by, do)


def wanted(day, by, reason, until):
    """Somebody asks to be lent the record, in order to change it."""

    def do(record, by, calendar):
        perm, until_day = permission(record, "change"), calendar.day(until)
        return requests.ask(record, perm, by=by, reason=reason, until=until_day)

    return Deed(day, by, do)


def converted(day, by=SALES):
    return Deed(day, by, lambda client, by, calendar: clients.convert(client, by=by))


def reverted(day, reason, by=HELENE):
    return Deed(day, by, lambda client, by, calendar: clients.revert(client, by=by, reason=reason))


def handed(day, to, by=HELENE):
    """Another sales contact, or nobody."""

    def do(client, by, calendar):
        return clients.assign(client, by=by, sales_contact=to and to.user())

    return Deed(day, by, do)


def archived(day, by=SALES):
    return Deed(day, by, lambda client, by, calendar: clients.archive(client, by=by))


def restored(day, by=SALES):
    return Deed(day, by, lambda client, by, calendar: clients.restore(client, by=by))


def signed(day, by=SALES, on=None):
    """``on``: a day long before the one on which it is written down."""

    def do(contract, by, calendar):
        signed_on = calendar.day(on) if on else localdate()
        return contracts.sign(contract, by=by, signed_on=signed_on)

    return Deed(day, by, do)


def dropped(day, by=SALES, reason=None):
    """A contract is cancelled; with a reason, one that was signed."""
    return Deed(day, by, lambda deal, by, calendar: contracts.cancel(deal, by=by, reason=reason))


def assigned(day, to, by=HELENE):
    def do(event, by, calendar):
        return events.assign(event, by=by, support_contact=to.user())

    return Deed(day, by, do)


def listed(day, by=SUPPORT):
    """The checklist of an event is begun with the template."""
    return Deed(day, by, lambda event, by, calendar: checklist.take_template(event, by=by))


def planned(day, what, due, by=SUPPORT, role="support"):
    """An item more; ``due`` is a day of the story."""

    def do(event, by, calendar):
        return checklist.add(event, by=by, what=what, due_on=calendar.day(due), role=role)

    return Deed(day, by, do)


def ticked(day, number=1, by=SUPPORT):
    """The next items of the checklist are done."""

    def do(event, by, calendar):
        for item in event.checklist.filter(done_at=None)[:number]:
            checklist.tick(item, by=by)

    return Deed(day, by, do)


def completed(day, by=SUPPORT):
    return Deed(day, by, lambda event, by, calendar: events.complete(event, by=by))


def cancelled(day, reason, by=SALES):
    return Deed(day, by, lambda event, by, calendar: events.cancel(event, by=by, reason=reason))


def reopened(day, reason, by=HELENE):
    return Deed(day, by, lambda event, by, calendar: events.reopen(event, by=by, reason=reason))
