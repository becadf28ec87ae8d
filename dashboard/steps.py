"""What each person has to do next, computed from what is stored."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from clients.models import Client
from contracts.models import Contract
from events.models import Event
from history import formats
from history.models import Entry

MOST = 7  # Steps shown on a home page.
FACTS_WANTED = timedelta(days=14)  # Before its start, an event should have all its facts.
CHASED_AFTER = timedelta(days=14)  # An open contract nobody has touched for so long.
EVENT = ("contract__client", "support_contact")  # What a line about an event shows.


@dataclass
class Step:
    """One thing to do: in words, about what, and where."""

    tone: str
    icon: str
    title: str
    context: str
    url: str
    button: str


def for_sales(user):
    """Events to create, facts to complete, clients to call, contracts to chase; urgent first."""
    contracts = Contract.objects.visible_to(user).of_sales(user).select_related("client")
    clients = Client.objects.visible_to(user).mine(user)
    events = Event.objects.visible_to(user).of_sales(user).select_related(*EVENT)
    silent = contracts.open().filter(updated_at__lt=now() - CHASED_AFTER)
    return [
        *(_create_event(contract) for contract in contracts.without_event().order_by("signed_on")),
        *(_complete_facts(event) for event in _lacking(events) if not event.is_covered),
        *(_call(client) for client in clients.to_call()),
        *(_chase(contract) for contract in silent.order_by("updated_at")),
    ]


def for_support(user):
    """Events to complete, then facts that are missing soon."""
    events = Event.objects.visible_to(user).of_support(user).select_related(*EVENT)
    return [
        *(_complete(event) for event in events.over().order_by("ends_at")),
        *(_complete_facts(event) for event in _lacking(events)),
    ]


def on_my_records(user):
    """What others did to the clients of a salesperson, newest first."""
    mine = Client.objects.mine(user).values("pk")
    return Entry.objects.filter(client_id__in=mine).exclude(actor_id=user.pk)


def _lacking(events):
    return events.lacking_facts().filter(starts_at__lte=now() + FACTS_WANTED).order_by("starts_at")


def _create_event(contract):
    title = _("Create the event of contract %(contract)s") % {"contract": contract}
    signed = _("signed on %(day)s") % {"day": formats.day(contract.signed_on)}
    context = f"{contract.client} · {signed}"
    url = reverse("events:create", args=[contract.pk])
    return Step("warning", "calendar-plus", title, context, url, _("Create event"))


def _complete_facts(event):
    title = _("Fill in “%(event)s”") % {"event": event}
    facts = ", ".join(str(fact) for fact in event.missing)
    lacking = _("missing: %(facts)s") % {"facts": facts}
    context = f"{event.contract.client} · {formats.distance(event.starts_at)} · {lacking}"
    url = reverse("events:update", args=[event.pk])
    return Step("warning", "exclamation-triangle", title, context, url, _("Fill in"))


def _call(client: Any):
    title = _("Get in touch with %(client)s") % {"client": client}
    late = client.follow_up_on < localdate()
    planned = _("planned for %(day)s") % {"day": formats.day(client.follow_up_on)}
    context = f"{client.contact_name} · {planned}"
    tone = "warning" if late else "info"
    return Step(tone, "telephone", title, context, client.get_absolute_url(), _("Open the record"))


def _chase(contract):
    title = _("Chase contract %(contract)s") % {"contract": contract}
    opened = _("open %(since)s") % {"since": formats.since(contract.created_at)}
    context = f"{contract.client} · {opened} · {formats.money(contract.amount)}"
    return Step("info", "pen", title, context, contract.get_absolute_url(), _("Open the contract"))


def _complete(event):
    title = _("Complete “%(event)s”") % {"event": event}
    ended = _("ended on %(day)s") % {"day": formats.day(event.ends_at)}
    context = f"{event.contract.client} · {ended}"
    url = reverse("events:complete", args=[event.pk])
    return Step("warning", "flag", title, context, url, _("Complete event"))
