"""
The views beside every page: those that a team is offered, with how many records each has now, and
those that a person saved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.counting import Count, counted, value_of
from accounts.models import Team, User
from clients.models import Client
from clients.views import ClientList
from contracts.models import Contract
from contracts.views import ContractList
from events.models import Event
from events.views import EventList

LISTS = {"clients": ClientList, "contracts": ContractList, "events": EventList}
MOST = 99  # Counted exactly up to here, on every page.


class Offered(NamedTuple):
    """A view of a team; ``{me}`` in its query is the person, ``records`` what it shows them."""

    label: Any
    list: str
    query: str
    records: Callable[[User], Any]

    def url(self, user):
        return address(self.list, self.query.format(me=user.pk))


OFFERED = {
    Team.SALES: [
        Offered(
            _("My prospects"), "clients", "view=mine&stage=prospect",
            lambda user: Client.objects.mine(user).prospects(user),
        ),
        Offered(
            _("My open contracts"), "contracts", "view=mine&status=open",
            lambda user: Contract.objects.mine(user).open(),
        ),
        Offered(
            _("Events with facts missing"), "events", "view=mine&facts=missing",
            lambda user: Event.objects.in_hand(user).lacking_facts(),
        ),
    ],
    Team.SUPPORT: [
        Offered(
            _("My events"), "events", "view=mine", lambda user: Event.objects.in_hand(user)
        ),
        Offered(
            _("To complete"), "events", "view=to-complete&support_contact={me}",
            lambda user: Event.objects.over().of_support(user),
        ),
    ],
    Team.MANAGEMENT: [
        Offered(
            _("Without support"), "events", "view=unassigned",
            lambda user: Event.objects.without_support(user),
        ),
        Offered(
            _("Without sales contact"), "clients", "view=unassigned",
            lambda user: Client.objects.unassigned(user),
        ),
        Offered(
            _("To complete"), "events", "view=to-complete", lambda user: Event.objects.over()
        ),
    ],
}  # fmt: skip


@dataclass
class MyView:
    """``pk`` is that of a saved view, ``count`` that of an offered one; None for the other."""

    label: Any
    list: str
    query: str
    current: bool
    pk: int | None = None
    count: Count | None = None

    @property
    def url(self):
        return address(self.list, self.query)

    @property
    def list_title(self):
        return LISTS[self.list].title


def address(name, query):
    """Where the list of that name is, asked for this: a place of ours, whatever ``query`` is."""
    return f"{reverse(f'{name}:list')}?{query}"


def of_page(request):
    """
    What is offered to whoever looks at this page, and what they saved: two lists, in one query.

    Asked once a request. The person gives the query its one row when nothing is saved.
    """
    if not hasattr(request, "_my_views"):
        # A part of a page, that htmx asks for, has no side: what stands there is not counted.
        offers = [] if request.htmx else OFFERED[request.user.team]
        request._my_views = _ask(request.user, offers, _here(request))
    return request._my_views


def counted_again(request):
    """What is offered, for the part of a page around a deed, which may have changed the counts."""
    offered, _saved = _ask(request.user, OFFERED[request.user.team], _here(request))
    return offered


def _ask(user, offers, here):
    numbers = [value_of(offer.records(user).visible_to(user), MOST) for offer in offers]
    saved = [f"saved_views__{field}" for field in ("pk", "list", "name", "query")]
    rows = list(User.objects.filter(pk=user.pk).values_list(*saved, *numbers))
    offered = [
        _offer(user, here, offer, counted(number, MOST))
        for offer, number in zip(offers, rows[0][4:], strict=True)
    ]
    views = [
        MyView(name, list_, query, here == (list_, query), pk=pk)
        for pk, list_, name, query, *_numbers in rows
        if list_ in LISTS
    ]
    return offered, sorted(views, key=lambda view: (view.label.casefold(), view.pk))


def _offer(user, here, offer, count):
    query = offer.query.format(me=user.pk)
    current = here == (offer.list, own_query(offer.list, QueryDict(query), user))
    return MyView(offer.label, offer.list, query, current, count=count)


def own_query(name, query, user):
    """What of a query string the list of that name goes by, in the one way it is kept."""
    return LISTS[name]().own_query(query, user)


def _here(request):
    """The list that the page is, and what it is asked for; None if it is none."""
    match = request.resolver_match
    if match and match.view_name in {f"{name}:list" for name in LISTS}:
        name = match.namespace
        return name, own_query(name, request.GET, request.user)
    return None
