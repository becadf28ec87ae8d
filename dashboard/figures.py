"""
The chain in figures: by month and by salesperson, each number with the list that it counts.

Everything is asked by month and salesperson at once and added up here, so that the number of
queries is fixed. Amounts are in euros without tax.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import require
from accounts.models import Team, User
from accounts.querysets import AHEAD
from clients.models import Client
from contracts.models import Contract
from events.models import Event
from history import formats

from .charts import Chart, Series
from .homes import is_busy, quarter

FEW = 5  # Clients that are named, before their list takes over.
DAY = timedelta(days=1)
# Whoever is entered as a client was never a prospect: no conversion.
WON_AT_ONCE = Q(converted_at__lt=F("created_at") + timedelta(minutes=1))
PERIODS = [
    ("quarter", _("This quarter")),
    ("last-quarter", _("Last quarter")),
    *((n, label) for n, label in (
        (3, _("3 months")), (6, _("6 months")), (12, _("12 months")), (24, _("24 months")),
    )),
]  # fmt: skip
SELLERS = (Team.SALES, Team.MANAGEMENT)

# What is counted → its list, what that list is asked for besides, its period and its person.
HOLDS, SOLD = "sales_contact", "sold_by"
LISTS = {
    "added": ("clients:list", {"view": "ever"}, "created", HOLDS),
    "converted": ("clients:list", {"view": "ever", "stage": "client"}, "created", HOLDS),
    "won": ("clients:list", {"view": "ever"}, "converted", HOLDS),
    "open": ("contracts:list", {"view": "all", "status": "open"}, "created", HOLDS),
    "signed": ("contracts:list", {"view": "all", "status": "signed"}, "signed", SOLD),
    "events": ("events:list", {"view": "all", "status": "live"}, "starts", HOLDS),
    "silent": ("clients:list", {"view": "silent"}, None, HOLDS),
}


def months_of(period):
    """The first days of the months of a period, the oldest first; none is still to come."""
    this = quarter()
    if period == "quarter":
        return last_months(localdate().month - this.month + 1)
    if period == "last-quarter":
        return last_months(3, until=this - DAY)
    return last_months(int(period))


class FiguresForm(forms.Form):
    """How far back, and of whom."""

    months = forms.TypedChoiceField(label=_("Period"), coerce=months_of, choices=PERIODS)
    sales_contact = forms.ModelChoiceField(
        label=_("Sales contact"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Everybody"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sales_contact"].queryset = User.objects.in_team(*SELLERS)


@require_safe
def figures(request):
    """What came of the chain lately, and where it is about to break."""
    require(request.user, "accounts.measure_user")
    form = FiguresForm({"months": 12} | request.GET.dict())
    form.is_valid()  # What makes no sense is left out, and the form says so.
    months = form.cleaned_data.get("months") or last_months(12)
    told = Chain(request.user, months, form.cleaned_data.get("sales_contact")).told()
    last = last_day(months[-1])
    told |= {"form": form, "since": months[0], "until": last if last < localdate() else None}
    return render(request, "dashboard/chain.html", told)


def last_months(number, until=None):
    """The first days of this month, or that of ``until``, and of those before, oldest first."""
    until = until or localdate()
    this = until.year * 12 + until.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(this - number + 1, this + 1)]


@dataclass
class Line:
    """A month, a person, or all of them: each kind of number is a dictionary of these."""

    label: Any
    first: date
    last: date
    person: Any = ""  # Key of whose they are; "null": of nobody; empty: whoever it is.

    def __post_init__(self):
        self.number, self.amount = defaultdict(int), defaultdict(int)

    def add(self, kind, number, amount=0):
        self.number[kind] += number
        self.amount[kind] += amount or 0

    @cached_property
    def url(self):
        """Of each kind, the list of what is counted."""
        return {kind: self._url(*LISTS[kind]) for kind in LISTS}

    def _url(self, page, query, period, person):
        if period:
            query = query | {f"{period}_from": self.first, f"{period}_to": self.last}
        if self.person:
            query = query | {person: self.person}
        return f"{reverse(page)}?{urlencode(query)}"

    @property
    def rate(self):
        """Of a hundred prospects that were added, how many are clients today; None of none."""
        began = self.number["prospects"]
        return round(100 * self.number["conversions"] / began) if began else None

    @property
    def days(self):
        """From prospect to client, on average."""
        won = self.number["won_later"]
        return round(self.amount["won_later"] / won) if won else None


class Chain:
    """The numbers of some ``months``, of one ``seller`` or of everybody."""

    def __init__(self, user, months, seller):
        self.user, self.months, self.seller = user, months, seller
        self.first, self.last = months[0], last_day(months[-1])
        person = seller.pk if seller else ""
        self.total = Line(gettext("In all"), self.first, self.last, person)
        self.by_month = {day: Line(day, day, last_day(day), person) for day in months}
        self.by_person = {}

    def told(self):
        self.names = {person.pk: person for person in self._sellers()}
        for kind, month, person, number, amount in self._found():
            for line in self._lines(month, person):
                line.add(kind, number, amount)
        people = sorted(self.by_person.values(), key=lambda line: -line.amount["signed"])
        return {
            "total": self.total,
            "months": list(self.by_month.values())[::-1],
            "people": people,
            "charts": self._charts(),
            **self._load(),
            "silent": self._silent().order_by("sort_key", "pk")[:FEW],
        }

    def _lines(self, month, person):
        """Where a number is added: to all, to its person, and to its month if it has one."""
        key = person if person in self.names else "null"
        label = self.names.get(person, gettext("Without sales contact"))
        if key not in self.by_person:
            self.by_person[key] = Line(label, self.first, self.last, key)
        lines = [self.total, self.by_person[key]]
        return [*lines, self.by_month[month]] if month else lines

    # --- What is asked of the database: one query each ---------------------------------------

    def _found(self):
        """Kind, month, key of the sales contact or seller, number, and amount or days."""
        began, waited = ~WON_AT_ONCE | Q(converted_at=None), F("converted_at") - F("created_at")
        clients = Client.objects.visible_to(self.user).ever(self.user)
        for month, person, number, prospects, converted in self._by_month(
            clients, "created_at", "sales_contact",
            Count("pk"), Count("pk", filter=began), Count("pk", filter=began & Q(stage="client")),
        ):  # fmt: skip
            yield "added", month, person, number, 0
            yield "prospects", month, person, prospects, 0
            yield "conversions", month, person, converted, 0
        for month, person, number, later, time in self._by_month(
            clients, "converted_at", "sales_contact",
            Count("pk"), Count("pk", filter=~WON_AT_ONCE), Sum(waited, filter=~WON_AT_ONCE),
        ):  # fmt: skip
            yield "won", month, person, number, 0
            yield "won_later", month, person, later, (time or timedelta()) / DAY
        contracts = Contract.objects.visible_to(self.user)
        for kind, records, day, seller in (
            ("open", contracts.open(), "created_at", "client__sales_contact"),
            ("signed", contracts.signed(), "signed_on", SOLD),
        ):
            for row in self._by_month(records, day, seller, Count("pk"), Sum("amount")):
                yield kind, *row
        events = Event.objects.visible_to(self.user).live()
        for row in self._by_month(
            events, "starts_at", "contract__client__sales_contact", Count("pk")
        ):
            yield "events", *row, 0
        for person, number in (
            self._silent().order_by().values_list("sales_contact").annotate(Count("pk"))
        ):
            yield "silent", None, person, number, 0

    def _silent(self):
        return self._of(Client.objects.visible_to(self.user).silent(self.user))

    def _by_month(self, records, day, seller, *numbers):
        field = records.model._meta.get_field(day)
        days = day if field.get_internal_type() == "DateField" else f"{day}__date"
        records = self._of(records, seller).filter(**{f"{days}__range": (self.first, self.last)})
        names = {f"number_{n}": number for n, number in enumerate(numbers)}
        rows = records.order_by().annotate(month=TruncMonth(day)).values_list("month", seller)
        for month, *row in rows.annotate(**names):
            yield localdate(month) if isinstance(month, datetime) else month, *row

    def _of(self, records, seller="sales_contact"):
        return records.filter(**{seller: self.seller}) if self.seller else records

    def _sellers(self):
        return User.objects.in_team(*SELLERS)

    def _load(self):
        """Who looks after events that begin in the next days, with their list; and who does not."""
        until = localdate() + AHEAD
        people = list(User.objects.may_support().with_month())
        query = {"view": "upcoming", "starts_to": until}
        for person in people:
            named = query | {"support_contact": person.pk}
            person.url = f"{reverse('events:list')}?{urlencode(named)}"
        busy = sorted(filter(is_busy, people), key=lambda person: -person.month)
        return {"busy": busy, "free": [person for person in people if not is_busy(person)]}

    # --- What is drawn -------------------------------------------------------------------------

    def _charts(self):
        months = [(formats.day(day, "month"), formats.month(day)) for day in self.months]

        def drawn(title, what, show, **kinds):
            lines = self.by_month.values()
            return Chart(title, months, [
                Series(label, [getattr(line, what)[kind] for line in lines], show)
                for kind, label in kinds.items()
            ])  # fmt: skip

        return [
            drawn(gettext("Amounts"), "amount", lambda value: formats.money(value, 0),
                  signed=gettext("Signed"), open=gettext("Opened and still open")),
            drawn(gettext("Prospects and clients"), "number", str,
                  added=gettext("Added"), won=gettext("Became clients")),
            drawn(gettext("Events"), "number", str, events=gettext("Taking place")),
        ]  # fmt: skip


def last_day(month):
    return (month + 31 * DAY).replace(day=1) - DAY
