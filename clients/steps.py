"""
When something is to be done for a client, and how it reads.

One step a client, the first that applies. A day that somebody has set to get in touch again goes
before whatever the calendar would propose: until then the client is in hand, and nothing else is
said of it. One asks how an event went before one proposes another. Another one right after the
last goes before its next edition. A prospect with an open contract is not chased: the contract is.
"""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from accounts import steps
from accounts.models import Team
from accounts.steps import Banner, Step, Turn, day_of, days, line
from history import formats
from history.models import Channel, Entry

from .models import Client

YEAR = timedelta(days=365)
HELD = ("planned", "completed")


def marked(clients):
    """With the step of each and its day, and the last event that is over."""
    contracts = clients.model._meta.get_field("contracts").related_model.objects
    theirs = contracts.filter(client=OuterRef("pk")).order_by()
    over = theirs.filter(event__status__in=HELD, event__ends_at__lt=now())
    last = over.order_by("-event__ends_at")
    clients = clients.annotate(
        last_event=Subquery(last.values("event__name")[:1]),
        last_start=Subquery(last.values("event__starts_at")[:1]),
        last_end=Subquery(last.values("event__ends_at")[:1]),
        last_closed=Subquery(last.values("event__completed_at")[:1]),
    )
    called = Q(follow_up_on__lte=localdate())
    left = Q(follow_up_on=None)
    in_work = Q(status="open") | Q(status="signed", event=None) | Q(event__status="planned")
    idle = left & ~Exists(theirs.filter(in_work))
    silent = Exists(over.filter(event__ends_at__gte=_ago("debrief_to")).exclude(_discussed()))
    debrief = left & Q(last_end__range=(_ago("debrief_to"), _ago("debrief")))
    again = Q(last_closed__range=(_ago("client_again_to"), _ago("client_again")))
    edition = Q(last_start__gt=_year_before(now()))
    edition &= Q(last_start__lte=_year_before(now() + days("client_edition")))
    first = Q(stage="client", converted_at__lte=_ago("contract_first")) & ~Exists(theirs)
    chase = Q(stage="prospect", updated_at__lte=_ago("prospect_chase"))
    return clients.marked({
        "client_call": (called, "follow_up_on"),
        "client_debrief": (debrief & silent, day_of("last_end", days("debrief"))),
        "client_again": (idle & again, day_of("last_closed", days("client_again"))),
        "client_edition": (idle & edition, day_of("last_start", YEAR - days("client_edition"))),
        "contract_first": (left & first, day_of("converted_at", days("contract_first"))),
        "prospect_chase": (idle & chase, day_of("updated_at", days("prospect_chase"))),
    }, urgent=called, orphaned=clients.orphaned())  # fmt: skip


def _ago(name):
    return now() - days(name)


def _year_before(moment):
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:  # The 29th of February.
        return moment.replace(year=moment.year - 1, day=28)


def _discussed():
    """
    Of a contract: somebody has talked with its client since its event was over.

    Not its support contact, who has the last details of it to settle.
    """
    support = Coalesce(OuterRef("event__support_contact"), 0)
    talks = Entry.objects.filter(
        client_id=OuterRef("client"),
        at__gte=OuterRef("event__ends_at"),
        note__token="",
        note__channel__in=[channel for channel in Channel if channel != Channel.NOTE],
    )
    return Exists(talks.exclude(actor_id=support))


# --- How each reads ---------------------------------------------------------------------------


def sales_assign(client):
    url, button = reverse("clients:assign", args=[client.pk]), _("Assign")
    title = _("Assign a sales contact to %(client)s") % {"client": client}
    return Step(
        "sales_assign", "warning", "person-exclamation", title, client.contact_name, url, button,
        localdate(), Decimal(0), client,
    )  # fmt: skip


def client_call(client):
    planned = _("planned for %(day)s") % {"day": formats.day(client.follow_up_on)}
    tone = "warning" if client.follow_up_on < localdate() else "info"
    if client.follow_up_on < localdate():
        planned = line(_("overdue"), planned)
    title = _("Get in touch with %(client)s") % {"client": client}
    return _talk(client, tone, "telephone", title, planned)


def client_debrief(client):
    ended = _("ended on %(day)s") % {"day": formats.day(client.last_end)}
    names = {"event": client.last_event, "client": client}
    title = _("Talk “%(event)s” over with %(client)s") % names
    return _talk(client, "info", "chat-dots", title, ended)


def client_again(client):
    closed = _("“%(event)s” completed on %(day)s") % {
        "event": client.last_event,
        "day": formats.day(client.last_closed),
    }
    title = _("Propose another event to %(client)s") % {"client": client}
    return _contract(client, "petrol", "arrow-repeat", title, closed)


def client_edition(client):
    took_place = _("“%(event)s” took place on %(day)s") % {
        "event": client.last_event,
        "day": formats.day(client.last_start),
    }
    title = _("Propose the next edition to %(client)s") % {"client": client}
    return _contract(client, "petrol", "calendar-heart", title, took_place)


def contract_first(client):
    since = _("client since %(day)s") % {"day": formats.day(client.converted_at)}
    title = _("Create the first contract of %(client)s") % {"client": client}
    return _contract(client, "info", "file-earmark-plus", title, since)


def prospect_chase(client):
    silent = _("no news %(since)s") % {"since": formats.since(client.updated_at)}
    title = _("Get in touch with %(client)s") % {"client": client}
    return _talk(client, "info", "telephone", title, silent)


def _talk(client, tone, icon, title, why):
    """What is said is noted: the form is set for a call, and the fragment focuses its text."""
    url = f"{client.get_absolute_url()}?channel={Channel.PHONE}#id_text"
    button = _("Open the record")
    return _step(client, tone, icon, title, why, url, button)


def _contract(client, tone, icon, title, why):
    url, button = reverse("contracts:create", args=[client.pk]), _("New contract")
    return _step(client, tone, icon, title, why, url, button)


def _step(client, tone, icon, title, why, url, button):
    context, nothing = line(client.contact_name, why), Decimal(0)
    return Step(
        client.step, tone, icon, title, context, url, button, client.step_on, nothing, client
    )


STEPS = {
    "client_call": client_call,
    "client_debrief": client_debrief,
    "client_again": client_again,
    "client_edition": client_edition,
    "contract_first": contract_first,
    "prospect_chase": prospect_chase,
}


# --- What its page says first -------------------------------------------------------------------


def banner(client, reader):
    """
    Of a client that came ``with_contracts``, marked with who may do what.

    Its own step goes first for whoever has to take it, and before nothing in particular for the
    others: what its pressing contract waits for may be theirs.
    """
    if client.archived_at:
        return _archived(client)
    turn = steps.most_pressing(_turns(client, reader))
    if turn and turn.is_readers:
        return turn.told()
    contract = pressing(client)
    of_contract = contract and steps.banner(contract, reader)
    if of_contract and (of_contract.url or not turn):
        return of_contract
    if turn and turn.step.code == "sales_assign":
        return Banner(client, _("Waiting for management to assign a sales contact."))
    return turn.told() if turn else _first(client, reader)


def pressing(client):
    """The contract that its page tells of; one that is cancelled tells nothing."""
    contract = next(iter(client.contracts.all()), None)
    return contract if contract and contract.status != "cancelled" else None


def _turns(client, reader):
    if client.orphaned:
        yield Turn(sales_assign(client), bool(client.may_assign), None)
    if client.step:
        is_readers = reader.team == Team.SALES and bool(client.may_change)
        yield Turn(steps.told(client), is_readers, client.sales_contact)


def _archived(client):
    if client.erased_at:
        said = _("The personal data was erased on %(day)s. What is left is kept for accounting.")
        said %= {"day": formats.day(client.erased_at)}
        return Banner(client, _("Personal data erased"), said, "eraser")
    since = _("Since %(day)s. Restore it to work with it again.")
    text, icon = since % {"day": formats.day(client.archived_at)}, "archive"
    banner = Banner(client, _("This client is archived"), text, icon)
    if client.may_restore:
        banner.url = reverse("clients:restore", args=[client.pk])
        banner.button = _("Restore the client")
    return banner


def _first(client, reader):
    """Of the chain, where no day has come yet on which a home page tells it."""
    if client.stage == "prospect":
        title = button = _("Convert to client")
        url, may = reverse("clients:convert", args=[client.pk]), client.may_convert
        text = _(
            "Has this prospect agreed to work with us? "
            "Convert it, or open its first contract: signing converts."
        )
    else:
        title, button = _("Open the first contract"), _("New contract")
        url, may = reverse("contracts:create", args=[client.pk]), client.may_open_contract
        text = _("It puts in writing which event the client wants, and for how much.")
    step = Step(
        "first", "petrol", "signpost-split", title, text, url, button,
        localdate(), Decimal(0), client,
    )  # fmt: skip
    return Turn(step, reader.team == Team.SALES and bool(may), client.sales_contact).told()


steps.tellers[Client] = steps.Teller(marked, STEPS, banner)
