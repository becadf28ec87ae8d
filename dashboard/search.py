"""What is found of each kind: a few records and how many there are, or names that are near."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Value, When
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import brake
from accounts.counting import Count, counts
from accounts.nearness import by_index, near_words
from accounts.querysets import FOUND
from accounts.searching import DIALLED, PAIRS, begins, reference, search_words
from clients.models import Client
from contracts.models import Contract
from events.models import Event

from .commands import commands
from .steps import EVENT

FEW = 5  # Of each kind, before its list takes over.
ENOUGH = 3  # From so many on nobody has mistyped.


@dataclass
class Group:
    kind: str
    label: Any
    records: list
    count: Count
    is_near: bool = False


KINDS = (
    ("clients", _("Clients"), Client.objects.all(), ("sort_key", "pk")),
    ("contracts", _("Contracts"), Contract.objects.select_related("client"), ("-pk",)),
    ("events", _("Events"), Event.objects.select_related(*EVENT), ("-starts_at", "-pk")),
)


@require_safe
def search(request):
    """Clients, contracts and events that have every word, or nearly; while one types, a part."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    brake.search(request.user, int(bool(words)))
    context = {"words": words, "groups": find(request.user, words) if words else []}
    context["is_number"] = bool(DIALLED.fullmatch(words) or PAIRS.fullmatch(words))
    if request.htmx:
        context["commands"] = commands(request.user, words)
    page = "dashboard/palette.html" if request.htmx else "dashboard/search.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def find(user, words):
    """The groups in which something is found. A near name only where little else is found."""
    every = [records.visible_to(user).everybodys(user) for _kind, _label, records, _order in KINDS]
    numbers = counts(user, *(records.matching(words) for records in every), most=FOUND)
    exact = sum(count.number for count in numbers)
    sought = list(zip(KINDS, every, numbers, strict=True))
    groups = {}
    for (kind, label, _records, order), records, count in sought:
        if count.number:
            groups[kind] = Group(kind, label, _few(records, words, order, count), count)
    if exact < ENOUGH and near_words(words):
        with by_index():
            for (kind, label, _records, _order), records, count in sought:
                if not count.number and (near := records.near(words, FEW, whole=exact > 0)):
                    count = Count(len(near), False)
                    groups[kind] = Group(kind, label, near, count, is_near=True)
    return [groups[kind] for kind, *_rest in KINDS if kind in groups]


def _few(records, words, order, count):
    """The first ones, those first whose name begins so: even if the search stopped before them."""
    found = list(records.beginning(words)[:FEW]) if count.more else []
    if len(found) < FEW:
        name_first = Case(When(begins(words), then=Value(0)), default=Value(1))
        others = records.matching(words).exclude(pk__in=[record.pk for record in found])
        found += others.order_by(name_first, *order)[: FEW - len(found)]
    sought = [*search_words(words), *filter(None, [reference(words)])]
    for record in found:
        record.likes = sought
    return found
