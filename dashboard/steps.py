"""
What each person has to do next, computed from what is stored.

When a record has which step, and how it reads, stands in the ``steps.py`` of its app; here is
whose step it is, and which comes first. Management's own (whom to assign) are tables of its home
page: the sets ``without_support`` and ``unassigned``, and nobody puts them off.
"""

from itertools import islice

from django.utils.timezone import localdate

from clients import steps as clients
from clients.models import Client
from contracts import steps as contracts
from contracts.models import Contract
from events import steps as events
from events.models import Event

from .models import Snooze

EVENT = ("contract__client", "support_contact")  # What a line about an event shows.
CODES = {Client: clients.STEPS, Contract: contracts.STEPS, Event: events.STEPS}
TOLD = {Client: clients.told, Contract: contracts.told, Event: events.told}


def of_sales(user):
    """One's clients and contracts, and facts of one's events as long as nobody supports them."""
    uncovered = Event.objects.visible_to(user).of_sales(user).without_support()
    return [
        clients.marked(Client.objects.visible_to(user).mine(user)).to_do(),
        contracts.marked(Contract.objects.visible_to(user).of_sales(user)).to_do(),
        events.marked(uncovered).to_do(),
    ]


def of_support(user):
    """Events to complete, and facts that are missing soon."""
    return [events.marked(Event.objects.visible_to(user).of_support(user)).to_do()]


def without_snoozed(sets, user):
    """Without what ``user`` has put off until a later day: one query."""
    snoozed: dict[str, list[int]] = {}
    put_off = Snooze.objects.filter(person=user, until__gt=localdate())
    for code, pk in put_off.values_list("code", "record_id"):
        snoozed.setdefault(code, []).append(pk)
    return [_without(records, snoozed) for records in sets]


def _without(records, snoozed):
    for code in snoozed.keys() & CODES[records.model].keys():
        records = records.exclude(step=code, pk__in=snoozed[code])
    return records


def first(sets, most):
    """The most urgent steps of all sets, at most so many: one query a set."""
    found = [TOLD[records.model](record) for records in sets for record in _first(records, most)]
    return list(islice(sorted(found, key=lambda step: step.urgency), most))


def _first(records, most):
    """As ``Step.urgency`` has it: what is urgent, then by day, then by amount."""
    amounts = {Contract: ["-amount"], Event: ["-contract__amount"]}.get(records.model, [])
    brought = {Contract: ["client"], Event: EVENT}.get(records.model)
    if brought:
        records = records.select_related(*brought)
    return records.order_by("-urgent", "step_on", *amounts, "pk")[:most]
