"""What has been held for as long as it may be: by kind, after the years of ``RETENTION``."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate, now

from accounts.access import moment
from accounts.models import Session, User
from accounts.people import delete_closed
from clients.models import Client, Stage
from contracts.models import Contract, Status
from events.models import Event
from history import journal
from history.models import Channel, Entry, EntryValue, Note
from history.verbs import Kind as Deed
from history.verbs import verbs

from . import erasure


class Kind(NamedTuple):
    """Some of what is held: which of it is due, and what is done to one of them then."""

    due: Callable[[], Any]
    do: Callable[[Any], Any]
    at_once: bool = False  # Done to all that is due, and how many there were is the answer.


def before(name):
    """The day until which what is held for so many years is due."""
    today, years = localdate(), settings.RETENTION[name]
    if today.year <= years:
        return date.min
    return _years_before(today, years)


def _years_before(day, years):
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # The 29th of February.
        return day.replace(year=day.year - years, day=28)


def silent(stage, name):
    """
    Clients of a stage who gave no sign of themselves for so long, with whom nothing was done, and
    with whom nothing is to come: an event, a payment, a day to get in touch.

    A sign is what a note with a channel tells: a call, a mail, a meeting. What a colleague wrote
    for colleagues, or changed, is none.
    """
    day, today = before(name), localdate()
    since = {"entry__client_id": OuterRef("pk"), "happened_on__gt": day}
    signs = Note.objects.filter(**since).exclude(channel=Channel.NOTE)
    theirs = Contract.objects.filter(client=OuterRef("pk"))
    lately = theirs.filter(Q(signed_on__gt=day) | Q(created_at__date__gt=day))
    wanted = theirs.exclude(status=Status.CANCELLED)
    wanted = wanted.filter(Q(expected_date__gte=today) | Q(payment_due__gte=today))
    events = Event.objects.filter(contract__client=OuterRef("pk"), ends_at__date__gt=day)
    old = Client.objects.filter(moment(erasure.ERASE), stage=stage, created_at__date__lte=day)
    old = old.filter(Q(converted_at=None) | Q(converted_at__date__lte=day))
    old = old.exclude(follow_up_on__gte=today)
    busy = Exists(signs) | Exists(lately) | Exists(wanted) | Exists(events)
    return old.exclude(busy).order_by("pk")


def accounted():
    """
    Erased clients of whom the last document is so old that accounting is over: a signature, an
    invoice, which is due by the day of payment, or what was delivered on the day of the event.
    """
    year = before("contracts").year
    erased = _told("erase_client").values("client_id")
    lately = Q(signed_on__year__gte=year) | Q(payment_due__year__gte=year)
    lately |= Q(event__ends_at__year__gte=year)
    held = Contract.objects.filter(lately, client=OuterRef("pk"))
    clients = Client.objects.filter(~Exists(held), pk__in=erased, erased_at__isnull=False)
    return clients.order_by("pk")


def _told(verb):
    """
    The entries of a verb that are as they were written: what is erased must have been told, and
    not just stand in a table.
    """
    return Entry.objects.filter(pk__in=journal.true(Entry.objects.filter(verb=verb)))


def closed():
    """Accounts that were closed so long ago, and not used since."""
    day = before("accounts")
    lately = Entry.objects.filter(label=User._meta.label_lower, record_id=OuterRef("pk"))
    lately = lately.filter(verb__in=("deactivate", "reactivate"), at__date__gt=day)
    old = User.objects.employees().filter(is_active=False, date_joined__date__lte=day)
    old = old.filter(Q(last_login=None) | Q(last_login__date__lte=day))
    shut = _told("deactivate").values("record_id")
    return old.exclude(Exists(lately)).filter(pk__in=shut).order_by("pk")


def traces():
    """
    What the journal tells of who came in, failed to, or was refused, and of accounts that have
    been gone for so long, but for their names: those stand in every entry of their deeds.
    """
    day = before("traces")
    passing = (Deed.ACCESS, Deed.FAILURE, Deed.REFUSAL)
    codes = [code for code, verb in verbs.items() if verb.kind in passing]
    there = User.objects.filter(pk=OuterRef("entry__record_id"))
    account = {"label": User._meta.label_lower, "record_id": OuterRef("entry__record_id")}
    deleted = _told("delete_user").filter(**account)
    # Not by the missing row alone, which tells neither when nor whether by the CRM.
    gone = Q(entry__label=account["label"]) & ~Exists(there) & Exists(deleted)
    gone &= ~Exists(deleted.filter(at__date__gt=day))
    gone &= ~Q(field__in=("first_name", "last_name"))
    old = EntryValue.objects.filter(entry__at__date__lte=day)
    return _telling(old.filter(Q(entry__verb__in=codes) | gone))


def deleted():
    """What clients that were deleted by hand were called."""
    label, day = Client._meta.label_lower, before("prospects")
    entries = {"entry__verb": "delete", "entry__label": label, "entry__at__date__lte": day}
    return _telling(EntryValue.objects.filter(**entries))


def _telling(values):
    return values.exclude(old__isnull=True, new__isnull=True).order_by("pk")


def _erase(client):
    return erasure.erase(client, by=None, ground=erasure.Ground.TIME)


def _blank(values):
    """Erase values of the journal, and tell how many; return the number."""
    if erased := journal.blank(values):
        journal.record(None, "erase_values", Entry(), {"erased": (None, erased)})
    return erased


KINDS = {
    "prospects": Kind(lambda: silent(Stage.PROSPECT, "prospects"), _erase),
    "clients": Kind(lambda: silent(Stage.CLIENT, "clients"), _erase),
    "contracts": Kind(accounted, erasure.remove),
    "deleted": Kind(deleted, _blank, at_once=True),
    "accounts": Kind(closed, delete_closed),
    "traces": Kind(traces, _blank, at_once=True),
    "sessions": Kind(
        lambda: Session.objects.filter(expire_date__lt=now()).order_by("pk"),
        lambda session: session.delete(),
    ),
}
