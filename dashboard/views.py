from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.counting import counts
from accounts.models import Team
from accounts.requests import reaching
from clients.models import Client
from contracts.models import Contract
from events.models import Event

from . import homes, steps

HOMES = {
    Team.SALES: ("dashboard/home_sales.html", homes.sales),
    Team.SUPPORT: ("dashboard/home_support.html", homes.support),
    Team.MANAGEMENT: ("dashboard/home_management.html", homes.management),
}
STEPS = 7  # Shown on a home page; ``?todo=all`` has the others.
ALL_STEPS = 200
FOUND = 5  # Of each kind on the search page, before its list takes over.


@require_safe
def home(request):
    """The page of the person's team: what to do next comes before any figure."""
    template, tell = HOMES[request.user.team or Team.MANAGEMENT]
    most = ALL_STEPS if request.GET.get("todo") == "all" else STEPS
    context = tell(request.user, most) | {"today_date": localdate()}
    context["requests"] = reaching(request.user).count()
    return render(request, template, context)


@require_safe
def search(request):
    """Clients, contracts and events that have every word, a few of each."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    groups = _find(request.user, words) if words else []
    context = {"words": words, "groups": [group for group in groups if group["records"]]}
    return render(request, "dashboard/search.html", context)


def _find(user, words):
    """What the lists find in their view of all records, a few of each and how many in all."""

    def every(records):
        return records.objects.visible_to(user).everybodys(user).matching(words)

    clients, contracts, events = every(Client), every(Contract), every(Event)
    few = (
        clients.order_by("sort_key", "pk"),
        contracts.select_related("client").order_by("-pk"),
        events.select_related(*steps.EVENT).order_by("-starts_at", "-pk"),
    )
    kinds = (("clients", _("Clients")), ("contracts", _("Contracts")), ("events", _("Events")))
    found = zip(kinds, few, counts(user, clients, contracts, events), strict=True)
    return [
        {"kind": kind, "label": label, "records": records[:FOUND], "count": count}
        for (kind, label), records, count in found
    ]
