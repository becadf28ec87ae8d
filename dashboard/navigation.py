"""What the shell of every page shows: where one can go, by team."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import Team


class Place(NamedTuple):
    label: object
    icon: str
    url: str
    name: str  # The namespace or view it stands for, to mark the current one.


def _places():
    home = Place(_("Home"), "house", reverse("dashboard:home"), "dashboard:home")
    clients = Place(_("Clients"), "people", reverse("clients:list"), "clients")
    contracts = Place(_("Contracts"), "file-earmark-text", reverse("contracts:list"), "contracts")
    events = Place(_("Events"), "calendar-event", reverse("events:list"), "events")
    agenda = Place(_("Agenda"), "calendar3", reverse("dashboard:agenda"), "dashboard:agenda")
    return {
        Team.SALES: [home, clients, contracts, events, agenda],
        Team.SUPPORT: [home, events, agenda, clients, contracts],
        Team.MANAGEMENT: [home, clients, contracts, events, agenda],
    }


# The views one is offered at the side: label, list, view.
VIEWS = {
    Team.SALES: [
        (_("My clients"), "clients:list", "mine"),
        (_("Contracts without event"), "contracts:list", "no-event"),
        (_("Events to complete"), "events:list", "to-complete"),
    ],
    Team.SUPPORT: [
        (_("My events"), "events:list", "mine"),
        (_("Events to complete"), "events:list", "to-complete"),
    ],
    Team.MANAGEMENT: [
        (_("Events without support"), "events:list", "unassigned"),
        (_("Clients without sales contact"), "clients:list", "unassigned"),
        (_("Events to complete"), "events:list", "to-complete"),
    ],
}


def navigation(request):
    """Context of ``base.html``."""
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated and user.team):
        return {}
    match = request.resolver_match
    here = {match.namespace, match.view_name} if match else set()
    return {
        "places": [(place, place.name in here) for place in _places()[user.team]],
        "views_offered": [
            (label, f"{reverse(name)}?view={view}") for label, name, view in VIEWS[user.team]
        ],
        "today_date": localdate(),
        "may_create": user.team in (Team.SALES, Team.MANAGEMENT),
    }
