"""
What each person has to do next, computed from what is stored.

A rule is a named set of records, the most urgent first, and how one of them reads as a step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from clients.models import Client
from contracts.models import Contract
from events.models import Event
from history import formats

FACTS_WANTED = timedelta(days=14)  # Before its start, an event should have all its facts.
FACTS_URGENT = timedelta(days=2)
CHASED_AFTER = timedelta(days=14)  # An open contract nobody has touched for so long.
TONES = ("danger", "warning", "info")  # The first is the most urgent.
EVENT = ("contract__client", "support_contact")  # What a line about an event shows.


@dataclass
class Step:
    """
    One thing to do: what, about whom, and where.

    ``due`` and ``amount`` (in euros, of what hangs on it) order the steps of one tone.
    """

    code: str
    tone: str
    icon: str
    title: str
    context: str
    url: str
    button: str
    due: date
    amount: Decimal

    @property
    def urgency(self):
        return TONES.index(self.tone), self.due, -self.amount


class Rule(NamedTuple):
    records: QuerySet
    step: Callable[[Any], Step]


def for_sales(user):
    """Events to create and their facts, clients to call, contracts to chase."""
    contracts = Contract.objects.visible_to(user).of_sales(user).select_related("client")
    clients = Client.objects.visible_to(user).mine(user)
    events = Event.objects.visible_to(user).of_sales(user).without_support()
    silent = contracts.open().filter(updated_at__lte=now() - CHASED_AFTER)
    return [
        Rule(contracts.without_event().order_by("signed_on", "pk"), event_create),
        Rule(_lacking(events), event_details),
        Rule(clients.to_call(), client_call),
        Rule(silent.order_by("updated_at", "pk"), contract_chase),
    ]


def for_support(user):
    """Events to complete, and facts that are missing soon."""
    events = Event.objects.visible_to(user).of_support(user)
    over = events.over().select_related(*EVENT).order_by("ends_at", "pk")
    return [Rule(over, event_complete), Rule(_lacking(events), event_details)]


def first(rules, most):
    """The most urgent steps, at most so many: one query a rule."""
    found = [rule.step(record) for rule in rules for record in rule.records[:most]]
    return list(islice(sorted(found, key=lambda step: step.urgency), most))


def _lacking(events):
    soon = events.lacking_facts().filter(starts_at__lte=now() + FACTS_WANTED)
    return soon.select_related(*EVENT).order_by("starts_at", "pk")


# --- How each reads ---------------------------------------------------------------------------


def event_create(contract):
    signed = _("signed on %(day)s") % {"day": formats.day(contract.signed_on)}
    return Step(
        "event_create", "warning", "calendar-plus",
        _unbroken(_("Create the event of contract %(contract)s"), contract),
        _line(contract.client, signed, formats.money(contract.amount)),
        reverse("events:create", args=[contract.pk]), _("Create event"),
        contract.signed_on, contract.amount,
    )  # fmt: skip


def event_details(event):
    tone = "danger" if event.starts_at <= now() + FACTS_URGENT else "warning"
    day = f"{formats.day(event.starts_at)} ({formats.distance(event.starts_at)})"
    lacking = _("missing: %(facts)s") % {"facts": ", ".join(str(fact) for fact in event.missing)}
    return Step(
        "event_details", tone, "exclamation-triangle",
        _("Fill in “%(event)s”") % {"event": event},
        _line(event.contract.client, day, lacking),
        reverse("events:update", args=[event.pk]), _("Fill in"),
        _day(event.starts_at), event.contract.amount,
    )  # fmt: skip


def event_complete(event):
    ended = _("ended on %(day)s") % {"day": formats.day(event.ends_at)}
    return Step(
        "event_complete", "warning", "flag",
        _("Complete “%(event)s”") % {"event": event},
        _line(event.contract.client, ended),
        reverse("events:complete", args=[event.pk]), _("Complete event"),
        _day(event.ends_at), event.contract.amount,
    )  # fmt: skip


def client_call(client):
    planned = _("planned for %(day)s") % {"day": formats.day(client.follow_up_on)}
    return Step(
        "client_call", "warning" if client.follow_up_on < localdate() else "info", "telephone",
        _("Get in touch with %(client)s") % {"client": client},
        _line(client.contact_name, planned),
        client.get_absolute_url(), _("Open the record"),
        client.follow_up_on, Decimal(0),
    )  # fmt: skip


def contract_chase(contract):
    opened = _("open %(since)s") % {"since": formats.since(contract.created_at)}
    return Step(
        "contract_chase", "info", "pen",
        _unbroken(_("Chase contract %(contract)s"), contract),
        _line(contract.client, opened, formats.money(contract.amount)),
        contract.get_absolute_url(), _("Open the contract"),
        _day(contract.updated_at + CHASED_AFTER), contract.amount,
    )  # fmt: skip


def _unbroken(phrase, contract):
    """A reference does not break at the end of a line."""
    reference = format_html('<span class="ee-nowrap">{}</span>', contract)
    return format_html(phrase.replace("%(contract)s", "{}"), reference)


def _line(*parts):
    return " · ".join(str(part) for part in parts)


def _day(moment: datetime):
    return localdate(moment)
