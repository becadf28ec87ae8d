"""What was delegated to somebody, in one query, however many kinds of record there are."""

from typing import Any, NamedTuple

from django.db.models import F, Value
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Absence, Delegation, Team, User
from accounts.querysets import full_name
from clients.models import Client
from contracts.models import Contract
from events.models import Event

NAMES = {Client: "company_name", Contract: "reference", Event: "name"}
LISTS = {Team.SUPPORT: "events:list"}  # What somebody who is away holds; the others: clients.


class Line(NamedTuple):
    """A record lent to a person, or a colleague (``away``) in whose place they stand."""

    name: str
    url: str
    lender: str
    until: Any
    away: bool


def to(user):
    """The first to end comes first. Nothing is asked for somebody who has nothing."""
    if not any(user.delegated_keys.values()):
        return []
    rows = _absences(user).union(*(_loans(user, model) for model in NAMES), all=True)
    return sorted((_line(user, *row) for row in rows), key=lambda line: line.until)


def _loans(user, model):
    loans = Delegation.tables()[model].objects.filter(user=user, until__gte=localdate())
    return loans.order_by().values_list(
        Value(model._meta.label_lower),
        "content_object_id",
        F(f"content_object__{NAMES[model]}"),
        full_name("granted_by"),
        "until",
    )


def _absences(user):
    away = Absence.objects.on(localdate()).of_same_work().filter(delegate=user)
    return away.values_list(
        Value(User._meta.label_lower),
        "person_id",
        full_name("person"),
        full_name("person"),
        F("ends_on"),
    )


def _line(user, label, pk, name, lender, until):
    if label == User._meta.label_lower:
        url = f"{reverse(LISTS.get(user.team, 'clients:list'))}?view=delegated"
        return Line(name, url, lender, until, away=True)
    app_label = label.split(".")[0]
    url = reverse(f"{app_label}:detail", args=[pk])
    return Line(name, url, lender.strip(), until, away=False)
