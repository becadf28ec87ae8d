"""
The nouns in which the story is told: clients, their contracts, and the events of those.

A day is counted from today: -30 is a month ago, 12 is in twelve days. What is done happens on
a day before today, in the order of days, then in the order in which it is written here.
"""

import re
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any, NamedTuple

from phonenumber_field.phonenumber import to_python

from accounts.fields import plain
from clients import workflow as clients
from contracts import workflow as contracts
from events import workflow as events

from .deeds import SALES, Deed, assigned, completed, signed
from .people import HELENE, Person

VENUES = {
    "Auditorium Pasteur-Lenoir": "11 rue Lenoir, 67000 Strasbourg",
    "Centre Beaurivage": "2 promenade du Lac, 73100 Aix-les-Bains",
    "Château d’Aigrefond": "Route d’Aigrefond, 33360 Camblanes",
    "Domaine de Valombre": "Chemin de Valombre, 74000 Annecy",
    "Espace Montclar": "14 quai des Forges, 69007 Lyon",
    "Halle Saint-Cyr": "8 rue des Orfèvres, 75011 Paris",
    "Le Grand Atelier": "19 rue des Fondeurs, 42000 Saint-Étienne",
    "Les Docks Lamballe": "27 rue des Docks, 44200 Nantes",
    "Les Verrières du Quai": "3 quai des Tanneurs, 69002 Lyon",
    "Manufacture Royer": "52 rue de la Filature, 59000 Lille",
    "Orangerie du parc Séverin": "Parc Séverin, 13008 Marseille",
    "Palais des Remparts": "1 place des Remparts, 87000 Limoges",
    "Pavillon des Acacias": "40 avenue des Acacias, 31000 Toulouse",
    "Salle Marguerite-Aubin": "5 place du Marché, 35000 Rennes",
}


class Step(NamedTuple):
    deed: Deed
    subject: Any  # The client, contract or event of the plan, or None: nothing is there yet.
    makes: Any = None


@dataclass(frozen=True, eq=False)
class Event:
    """What a contract is for; ``on`` is its first day."""

    on: int
    hours: str
    venue: str
    attendees: int | None
    created: int
    by: Person | str = SALES
    days: int = 1
    name: str = ""
    onsite: str = ""  # "Paul Rivière 44 10"
    instructions: str = ""
    then: tuple[Deed, ...] = ()

    def birth(self, contract):
        start, end = (time.fromisoformat(hour) for hour in self.hours.split("-"))
        person, digits = self.onsite[:-6], self.onsite[-5:]
        facts = {
            "name": self.name or contract.title,
            "venue": self.venue,
            "address": VENUES.get(self.venue, ""),
            "attendees": self.attendees,
            "onsite_contact": person,
            "onsite_phone": phone("06 39 98", digits),
            "instructions": self.instructions,
        }

        def do(record, by, calendar):
            last = self.on + self.days - 1
            starts_at = calendar.moment(calendar.event_day(self.on), start)
            ends_at = calendar.moment(calendar.event_day(last), end)
            return events.create(record, by=by, starts_at=starts_at, ends_at=ends_at, **facts)

        return Deed(self.created, self.by, do)


@dataclass(frozen=True, eq=False)
class Contract:
    """``expected`` is the first day of its event, ``due`` that of payment."""

    title: str
    amount: int
    opened: int
    expected: int | None = None
    attendees: int | None = None
    venue: str = ""
    due: int | None = None
    notes: str = ""
    by: Person | str = SALES
    then: tuple[Deed, ...] = ()
    event: Event | None = None

    def birth(self):
        due = self.due or (self.expected or self.opened + 60) + 30
        terms = {
            "title": self.title,
            "amount": Decimal(f"{self.amount}.00"),
            "expected_attendees": self.attendees,
            "expected_venue": self.venue,
            "notes": self.notes,
        }

        def do(record, by, calendar):
            days = {"payment_due": calendar.day(due)}
            if self.expected is not None:
                days["expected_date"] = calendar.event_day(self.expected)
            return contracts.open_contract(record, by=by, **terms, **days)

        return Deed(self.opened, self.by, do)

    def steps(self, client):
        yield Step(self.birth(), client, makes=self)
        yield from (Step(deed, self) for deed in self.then)
        if self.event:
            yield Step(self.event.birth(self), self, makes=self.event)
            yield from (Step(deed, self.event) for deed in self.event.then)


@dataclass(frozen=True, eq=False)
class Client:
    """``sales`` is its first sales contact, who adds it, unless it is nobody: then ``by`` does."""

    name: str
    person: str
    job: str
    sales: Person | None
    met: int
    source: str = ""
    landline: str = ""  # The last four digits, here and below.
    mobile: str = ""
    stage: str = "prospect"
    by: Person = HELENE
    then: tuple[Deed, ...] = ()
    contracts: tuple[Contract, ...] = ()

    def birth(self):
        first_name, last_name = self.person.split(" ", 1)
        facts = {
            "company_name": self.name,
            "first_name": first_name,
            "last_name": last_name,
            "job_title": self.job,
            "email": f"{_slug(self.person, '.')}@{_slug(self.name, '-')}.example",
            "phone": phone("01 99 00", self.landline),
            "mobile": phone("06 39 98", self.mobile),
            "source": self.source,
            "stage": self.stage,
        }
        return Deed(
            self.met, self.sales or self.by, lambda _, by, calendar: clients.create(by=by, **facts)
        )

    def steps(self):
        yield Step(self.birth(), None, makes=self)
        yield from (Step(deed, self) for deed in self.then)
        for contract in self.contracts:
            yield from contract.steps(self)


def phone(prefix, digits):
    """A number that rings nowhere: 01 99 00 and 06 39 98 are reserved for fiction in France."""
    return to_python(f"{prefix} {digits}") if digits else ""


def _slug(text, mark):
    return re.sub(r"[^a-z0-9]+", mark, plain(text))


# --- What happens again and again -------------------------------------------------------------


def booked(
    title, amount, on, hours, venue, attendees, *,
    support=None, opened=None, then=(), afterwards=(), **facts,
):  # fmt: skip
    """A signed contract, to which ``afterwards`` happens, and its event, to which ``then`` does."""
    opened = opened or on - 90
    if support:
        then = (assigned(opened + 14, support), *then)
    event = Event(on, hours, venue, attendees, created=opened + 11, then=then, **facts)
    return Contract(
        title, amount, opened, expected=on, attendees=attendees, venue=venue,
        then=(signed(opened + 10), *afterwards), event=event,
    )  # fmt: skip


def held(title, amount, on, hours, venue, attendees, *, days=1, then=(), **facts):
    """The same, and it has taken place: support completed it in the days that followed."""
    then = (*then, completed(on + days + 3))
    return booked(title, amount, on, hours, venue, attendees, days=days, then=then, **facts)
