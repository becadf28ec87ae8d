"""
What each person has to do next, computed from what is stored.

When a record has which step, and how it reads, stands in the ``steps.py`` of its app; here is
whose step it is, and which comes first. Management's own (whom to assign) are tables of its home
page: the sets ``without_support`` and ``unassigned``, and nobody puts them off.
"""

from itertools import islice

from django.utils.timezone import localdate

from accounts.steps import tellers, told
from clients.models import Client
from contracts.models import Contract
from events.models import Event
from events.steps import pointed_out

from .models import Snooze

EVENT = ("contract__client", "support_contact")  # What a line about an event shows.


def of_sales(user):
    """One's clients and contracts, and facts of one's events as long as nobody supports them."""
    uncovered = Event.objects.visible_to(user).of_sales(user).without_support()
    return [
        Client.objects.visible_to(user).mine(user).with_steps().to_do(),
        Contract.objects.visible_to(user).of_sales(user).with_steps().to_do(),
        uncovered.with_steps().to_do(),
        _of_colleagues(user),
    ]


def of_support(user):
    """Events to complete, facts that are missing soon, and what is due of the checklists."""
    events = Event.objects.visible_to(user).of_support(user)
    return [events.with_steps().to_do(), _of_colleagues(user)]


def _of_colleagues(user):
    """What is due, and theirs, of the checklists of events in other hands."""
    return pointed_out(Event.objects.visible_to(user), user).to_do()


def without_snoozed(sets, user):
    """Without what ``user`` has put off until a later day: one query."""
    snoozed: dict[str, list[int]] = {}
    put_off = Snooze.objects.filter(person=user, until__gt=localdate())
    for code, pk in put_off.values_list("code", "record_id"):
        snoozed.setdefault(code, []).append(pk)
    return [_without(records, snoozed) for records in sets]


def _without(records, snoozed):
    for code in snoozed.keys() & tellers[records.model].codes.keys():
        records = records.exclude(step=code, pk__in=snoozed[code])
    return records


def first(sets, most):
    """The most urgent steps of all sets, at most so many: one query a set."""
    found = [told(record) for records in sets for record in _first(records, most)]
    return list(islice(sorted(found, key=lambda step: step.urgency), most))


def _first(records, most):
    """As ``Step.urgency`` has it: what is urgent, then by day, then by amount."""
    amounts = {Contract: ["-amount"], Event: ["-contract__amount"]}.get(records.model, [])
    brought = {Contract: ["client"], Event: EVENT}.get(records.model)
    if brought:
        records = records.select_related(*brought)
    return records.order_by("-urgent", "step_on", *amounts, "pk")[:most]
