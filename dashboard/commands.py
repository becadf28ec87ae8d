"""What the palette of the search offers besides records: where to go, and what to begin."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import policies
from accounts.fields import plain

from .my_views import LISTS, OFFERED
from .navigation import places_of


class Command(NamedTuple):
    label: Any
    icon: str
    url: str


# What one may begin: with the right that it takes from the team.
BEGINNINGS = (
    ("clients.create_client", _("Create a prospect"), "building-add", "clients:create", ""),
    (
        "clients.open_contract_client",
        _("Create a contract: choose a client"),
        "file-earmark-plus",
        "clients:list",
        "?for=contract",
    ),
    (
        "contracts.create_event_contract",
        _("Create an event: choose a signed contract"),
        "calendar-plus",
        "contracts:list",
        "?view=no-event",
    ),
    ("accounts.create_user", _("Create an account"), "person-plus", "admin:accounts_user_add", ""),
)
OWN = (
    (_("Preferences"), "sliders", "account"),
    (_("Who can do what"), "shield-check", "permissions"),
    (_("My absences"), "calendar-x", "account_absence"),
)


def commands(user, words):
    """What this person may do whose name holds every word; all of it if there is none."""
    sought = plain(words).split()
    return [
        command
        for command in _offered(user)
        if all(word in plain(str(command.label)) for word in sought)
    ]


def _offered(user):
    for perm, label, icon, name, query in BEGINNINGS:
        if user.team in policies[perm]:
            yield Command(label, icon, reverse(name) + query)
    for place in places_of().get(user.team, []):
        yield Command(_("Go to: %(place)s") % {"place": place.label}, place.icon, place.url)
    for view in OFFERED.get(user.team, []):
        named = {"field": LISTS[view.list].title, "value": view.label}
        yield Command(_("%(field)s: %(value)s") % named, "funnel", view.url(user))
    for label, icon, name in OWN:
        yield Command(label, icon, reverse(name))
