"""
When something is to be done for a contract, and how it reads.

One step a contract, the first that applies. Whoever has set a day to call the client again has
set when to chase its contracts too; a date that comes near waits for nobody.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from accounts import steps
from accounts.models import Team
from accounts.steps import Banner, Step, Turn, day_of, days, line, unbroken
from history import formats

from .models import Contract
from .querysets import WITHOUT_EVENT


def marked(contracts):
    """With the step of each and its day."""
    near = Q(status="open", expected_date__lte=localdate() + days("contract_expected"))
    silence = days("contract_chase")
    silent = Q(status="open", updated_at__lte=now() - silence, client__follow_up_on=None)
    return contracts.marked({
        "event_create": (WITHOUT_EVENT, "signed_on"),
        "contract_expected": (near, "expected_date"),
        "contract_chase": (silent, day_of("updated_at", silence)),
    })  # fmt: skip


# --- How each reads ---------------------------------------------------------------------------


def event_create(contract):
    signed = _("signed on %(day)s") % {"day": formats.day(contract.signed_on)}
    title = unbroken(_("Create the event of contract %(contract)s"), contract)
    url, button = reverse("events:create", args=[contract.pk]), _("Create event")
    return _step(contract, "warning", "calendar-plus", title, signed, url, button)


def contract_expected(contract):
    expected = _("event expected on %(day)s (%(distance)s)") % {
        "day": formats.day(contract.expected_date),
        "distance": formats.distance(contract.expected_date),
    }
    title = unbroken(_("Have contract %(contract)s signed"), contract)
    return _read(contract, "warning", "calendar-x", title, expected)


def contract_chase(contract):
    opened = _("open %(since)s") % {"since": formats.since(contract.created_at)}
    title = unbroken(_("Chase contract %(contract)s"), contract)
    return _read(contract, "info", "pen", title, opened)


def _read(contract, tone, icon, title, why):
    url, button = contract.get_absolute_url(), _("Open the contract")
    return _step(contract, tone, icon, title, why, url, button)


def _step(contract, tone, icon, title, why, url, button):
    context, due = line(contract.client, why, formats.money(contract.amount)), contract.step_on
    return Step(
        contract.step, tone, icon, title, context, url, button, due, contract.amount, contract
    )


STEPS = {
    "event_create": event_create,
    "contract_expected": contract_expected,
    "contract_chase": contract_chase,
}


# --- What its page says first -------------------------------------------------------------------


def banner(contract, reader):
    """Of a contract that came ``with_event``, marked with who may sign or create the event."""
    if contract.status == "cancelled":
        return Banner(contract, _("This contract is cancelled"), icon="x-circle")
    if hasattr(contract, "event"):
        vars(contract.event).update(contract.event_marks, step_on=None)  # A banner has no order.
        return steps.banner(contract.event, reader)
    may = contract.may_sign or contract.may_create_event
    is_readers = bool(may) and reader.team == Team.SALES
    if contract.step == "event_create" or (contract.step and is_readers):
        return Turn(steps.told(contract), is_readers, contract.client.sales_contact).told()
    opened = _("open %(since)s") % {"since": formats.since(contract.created_at)}
    return Banner(contract, _("Waiting for the client’s signature."), line(contract.title, opened))


steps.tellers[Contract] = steps.Teller(marked, STEPS, banner)
