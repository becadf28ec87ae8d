"""
Replay the story through the CRM's own verbs, each on its day, so that whatever they leave behind
(journal, versions, references) is as true as if thirty people had typed it.
"""

from datetime import time, timedelta
from functools import cache
from unittest.mock import patch

import time_machine
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate, now

from accounts import absences, people
from accounts import workflow as accounts
from accounts.portfolio import portfolio
from dashboard.models import Notification
from dashboard.reminders import remind

from . import camille, colleagues, yanis
from .deeds import SALES, SUPPORT, TEMPLATE, Calendar, Deed
from .people import ADELE, AMINA, CAMILLE, CHLOE, HELENE, INES, JULES, PASSWORD, PEOPLE
from .plan import Step, phone

CLIENTS = (
    *camille.CLIENTS,
    *yanis.CLIENTS,
    *colleagues.MANONS,
    *colleagues.OTHERS,
    *colleagues.NOBODYS,
)
# Who is away, planned when, who stands in, from when to when.
AWAY = ((-9, ADELE, CAMILLE, -4, 9), (-16, CHLOE, INES, -10, 4), (-3, AMINA, JULES, 34, 41))
READ_UP_TO = timedelta(days=7)
OPENING, HOURS = 9 * 60, 10 * 60  # When people work, in minutes: from 09:00 to 19:00.


@transaction.atomic
def replay():
    calendar = Calendar(localdate())
    records = {None: None}
    # One password, one hash: thirty would be most of the time that all of this takes.
    hashed = patch("django.contrib.auth.base_user.make_password", cache(make_password))
    # Counted in seconds, because an aware datetime would change the time zone of the process.
    with hashed, time_machine.travel(0, tick=False) as clock:
        for moment, step in timetable(calendar):
            clock.move_to(int(moment.timestamp()))
            records[step.makes or step.subject] = happen(step, records[step.subject], calendar)
    read_up()


def steps():
    for person in PEOPLE:
        by = HELENE if person is not HELENE else None  # The first one, on the server.
        yield Step(Deed(person.hired, by, hired(person)), None, makes=person)
        if person.left:
            yield Step(Deed(person.left, HELENE, closed), person)
    for day, person, stand_in, first, last in AWAY:
        yield Step(Deed(day, person, absent(stand_in, first, last)), person)
    yield Step(TEMPLATE, None)
    for client in CLIENTS:
        yield from client.steps()


def timetable(calendar):
    """Each step with its moment, in order: those of a day are spread over its hours."""
    days = {}
    for step in sorted(steps(), key=lambda step: step.deed.day):
        days.setdefault(calendar.working_day(step.deed.day), []).append(step)
    for day, busy in days.items():
        slot = HOURS // len(busy)
        for number, step in enumerate(busy):
            # Some odd minute of its slot, the same one at every run on that day.
            minute = OPENING + slot * number + (7 * number + day.toordinal()) * 13 % slot
            yield calendar.moment(day, time(*divmod(minute, 60))), step


def happen(step, record, calendar):
    """Do it as a request of its own would: with the record and the person as they are by now."""
    if record:
        record = type(record).objects.get(pk=record.pk)
    by = step.deed.by
    if by in (SALES, SUPPORT):
        _role, by = record.contacts()[0 if by == SALES else -1]
    elif by:
        by = by.user()
    made = step.deed.do(record, by, calendar)
    return made if step.makes else record


def read_up():
    """People have read what they were told, up to a few days ago."""
    lately = now() - READ_UP_TO
    Notification.objects.filter(created_at__lt=lately).update(read_at=F("created_at"))
    Notification.objects.outdated().delete()
    remind()


def hired(person):
    first_name, last_name = person.name.split(" ", 1)

    def do(nothing, by, calendar):
        user = accounts.add_user(
            email=person.email, team=person.team, first_name=first_name, last_name=last_name,
            phone=phone("06 39 98", person.digits), by=by,
        )  # fmt: skip
        # Past the rules of passwords: this one stands on the sign-in page.
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        return user

    return do


def absent(stand_in, first, last):
    def do(user, by, calendar):
        days = {"starts_on": calendar.day(first), "ends_on": calendar.day(last)}
        absences.plan(user, by=by, delegate=stand_in.user(), **days)
        return user

    return do


def closed(user, by, calendar):
    """Whose clients they were is still to be decided: they are left unassigned."""
    people.deactivate(user, by=by, **dict.fromkeys(portfolio))
