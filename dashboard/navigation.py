"""What the shell of every page shows: where one can go, by team."""

from functools import partial
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team

from . import my_views


class Place(NamedTuple):
    label: object
    icon: str
    url: str
    name: str  # The namespace or view it stands for, to mark the current one.
    key: str = ""  # After "g", for those who have shortcuts.


def places_of():
    home = Place(_("Home"), "house", reverse("dashboard:home"), "dashboard:home", "h")
    clients = Place(_("Clients"), "people", reverse("clients:list"), "clients", "c")
    contracts = Place(
        _("Contracts"), "file-earmark-text", reverse("contracts:list"), "contracts", "k"
    )
    events = Place(_("Events"), "calendar-event", reverse("events:list"), "events", "e")
    team = Place(_("Team"), "person-lines-fill", reverse("dashboard:team"), "dashboard:team")
    figures = Place(_("Figures"), "bar-chart", reverse("dashboard:figures"), "dashboard:figures")
    journal = Place(_("Journal"), "journal-text", reverse("dashboard:journal"), "dashboard:journal")
    agenda = Place(_("Agenda"), "calendar3", reverse("dashboard:agenda"), "dashboard:agenda", "a")
    return {
        Team.SALES: [home, clients, contracts, events, agenda],
        Team.SUPPORT: [home, events, agenda, clients, contracts],
        Team.MANAGEMENT: [home, clients, contracts, events, agenda, team, figures, journal],
    }


def navigation(request):
    """Context of ``base.html``."""
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated and user.team):
        return {}
    match = request.resolver_match
    here = {match.namespace, match.view_name} if match else set()
    offered, saved = my_views.of_page(request)
    return {
        "places": [(place, place.name in here) for place in places_of()[user.team]],
        "views_offered": offered,
        "views_counted": partial(my_views.counted_again, request),
        "views_saved": saved,
        "view_here": next((view for view in saved if view.current), None),
        "may_create": user.team in (Team.SALES, Team.MANAGEMENT),
    }
