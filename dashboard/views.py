from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Team, User
from clients.models import Client
from contracts.models import Contract
from events.models import Event
from history.models import Entry
from history.words import story

from . import steps
from .calendar import Month

FEW = 5  # Lines of a card before its list takes over.


@require_safe
def home(request):
    """The page of the person's team: what to do next comes before any figure."""
    pages = {Team.SALES: sales, Team.SUPPORT: support, Team.MANAGEMENT: management}
    return pages.get(request.user.team, management)(request)


def sales(request):
    user = request.user
    todo = steps.for_sales(user)
    contracts = Contract.objects.visible_to(user).of_sales(user).select_related("client")
    events = Event.objects.visible_to(user).of_sales(user).coming().select_related(*steps.EVENT)
    context = {
        "todo": todo[: steps.MOST],
        "number": len(todo),
        "contracts": contracts.open().order_by("updated_at", "pk")[:FEW],
        "events": events.order_by("starts_at", "pk")[:FEW],
        "activity": story(steps.on_my_records(user).told()[:FEW], user),
    }
    return render(request, "dashboard/home_sales.html", context)


def support(request):
    user = request.user
    todo = steps.for_support(user)
    events = Event.objects.visible_to(user).of_support(user).select_related(*steps.EVENT)
    coming = list(events.coming().order_by("starts_at", "pk")[:25])
    context = {
        "today": [event for event in coming if event.is_today],
        "todo": todo[: steps.MOST],
        "number": len(todo),
        "events": [event for event in coming if not event.is_today],
    }
    return render(request, "dashboard/home_support.html", context)


def management(request):
    user = request.user
    events = Event.objects.visible_to(user).select_related(*steps.EVENT)
    clients = Client.objects.visible_to(user).select_related("sales_contact")
    context = {
        "uncovered": events.without_support().order_by("starts_at", "pk")[:25],
        "orphans": clients.unassigned().order_by("sort_key", "pk")[:25],
        "over": events.over().order_by("ends_at", "pk")[:25],
        "supporters": User.objects.may_support(),
        "sellers": User.objects.may_sell(),
        "activity": story(Entry.objects.told()[:FEW], user),
    }
    return render(request, "dashboard/home_management.html", context)


@require_safe
def agenda(request, year=None, month=None):
    """A month of events, and the open contracts that may become one."""
    try:
        shown = Month.of(year, month)
    except ValueError:
        raise Http404 from None
    user, mine = request.user, request.GET.get("who") == "me"
    events = Event.objects.visible_to(user).select_related(*steps.EVENT)
    options = Contract.objects.visible_to(user).open().select_related("client")
    if mine:
        events, options = events.mine(user), options.mine(user)
    shown.add_events(events.exclude(status="cancelled").during(shown.start, shown.end))
    shown.add_options(options.filter(expected_date__range=(shown.first, shown.last)))
    return render(request, "dashboard/agenda.html", {"month": shown, "mine": mine})


@require_safe
def search(request):
    """Clients, contracts and events that have every word, a few of each."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    groups = []
    if words:
        user = request.user
        clients = Client.objects.visible_to(user).matching(words).order_by("sort_key", "pk")
        contracts = Contract.objects.visible_to(user).matching(words).select_related("client")
        events = Event.objects.visible_to(user).matching(words).select_related(*steps.EVENT)
        groups = [
            (_("Clients"), "clients:list", clients[: FEW + 1]),
            (_("Contracts"), "contracts:list", contracts.order_by("-pk")[: FEW + 1]),
            (_("Events"), "events:list", events.order_by("-starts_at", "-pk")[: FEW + 1]),
        ]
    found = [(label, name, list(rows)) for label, name, rows in groups]
    context = {
        "words": words,
        "few": FEW,
        "groups": [
            (label, name, rows[:FEW], len(rows) > FEW) for label, name, rows in found if rows
        ],
    }
    return render(request, "dashboard/search.html", context)
