"""
The agenda: events, and beside them the open contracts that may become one.

Its whole state is the address: the period in its path, ``who`` and ``options`` behind it.
"""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import brake
from accounts.models import Absence, Team, User
from contracts.models import Contract
from events.models import Event

from . import steps
from .calendar import FIRST, LAST, Month, Run, Week


@require_safe
def now(request):
    return _page(request, Month.on(localdate()))


@require_safe
def month(request, year, month):
    return _page(request, _period(Month.of, year, month))


@require_safe
def week(request, year, week):
    return _page(request, _period(Week.of, year, week))


@require_safe
def run(request):
    """The days on which there is something, from a day on; an unknown one is today."""
    asked = request.GET.get("from")
    if asked is None:
        return _page(request, Run.on(localdate()))
    try:
        first = date.fromisoformat(asked)
        if not FIRST <= first <= LAST:
            raise ValueError(first)
    except ValueError:
        _ignored(request)
        first = localdate()
    return _page(request, Run.on(first))


def _period(make, *numbers):
    """That period, if the calendar and our records have it."""
    try:
        return make(*numbers)
    except (ValueError, OverflowError):
        raise Http404 from None


def _ignored(request):
    messages.warning(request, _("A choice that does not exist was ignored."))


class Whose:
    """Whose agenda is asked for: one's own, a colleague's, or everybody's (no ``person``)."""

    def __init__(self, request):
        self.user = request.user
        self.asked = request.GET.get("who") or self._usual
        if self.asked not in ("me", "all", *self._by_key):
            _ignored(request)
            self.asked = self._usual
        self.person = {"me": self.user, "all": None, **self._by_key}[self.asked]

    @property
    def _usual(self):
        """Management has no events of its own."""
        return "all" if self.user.team in (Team.MANAGEMENT, None) else "me"

    @cached_property
    def _by_key(self):
        return {str(person.pk): person for person in self.colleagues}

    @cached_property
    def colleagues(self):
        """Who else has an agenda, by team."""
        people = User.objects.active().employees().with_team().exclude(pk=self.user.pk)
        order = {Team.SUPPORT: 1, Team.SALES: 2, Team.MANAGEMENT: 3}
        there = [person for person in people if person.team]
        return sorted(there, key=lambda person: order[person.team])

    def absences(self):
        people = User.objects.active().employees()
        people = people.filter(pk=self.person.pk) if self.person else people
        return Absence.objects.filter(person__in=people).select_related("person")

    def of(self, records):
        return records.mine(self.person) if self.person else records


def _page(request, period):
    user, whose = request.user, Whose(request)
    today = localdate()
    if whose.person != user and not period.first <= today <= period.last:
        brake.search(user)
    query = {"who": whose.asked}
    with_options = request.GET.get("options") != "0"
    events = whose.of(Event.objects.visible_to(user)).exclude(status="cancelled")
    events = events.during(period.start, period.end).with_overlaps().with_absences()
    period.add_events(events.select_related(*steps.EVENT).order_by("starts_at", "pk"))
    period.add_absences(whose.absences().during(period.first, period.last))
    if with_options:
        options = whose.of(Contract.objects.visible_to(user)).open()
        options = options.filter(expected_date__range=(period.first, period.last))
        period.add_options(options.select_related("client").order_by("expected_date", "pk"))
    else:
        query["options"] = "0"
    turned = {"who": whose.asked} | ({"options": "0"} if with_options else {})
    kinds = ((Month, _("Month")), (Week, _("Week")), (Run, _("List")))
    context = {
        "period": period,
        "whose": whose,
        "with_options": with_options,
        "query": f"?{urlencode(query)}",
        "previous": _link(period.previous, query),
        "next": _link(period.next, query),
        "today_url": period.on(localdate()).url(query),
        "me_url": period.url(query | {"who": "me"}),
        "all_url": period.url(query | {"who": "all"}),
        "options_url": period.url(turned),
        "kinds": [
            (label, kind.on(period.here).url(query), kind is type(period)) for kind, label in kinds
        ],
    }
    return render(request, period.template, context)


def _link(period, query):
    return period and {"title": period.title, "url": period.url(query)}
