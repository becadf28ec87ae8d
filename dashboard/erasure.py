"""
To erase what is held about a client's contact person, everywhere; accounting keeps its part.

What was signed is told by a company, a reference, amounts and dates: that much stays. Without
anything signed the client goes as a whole. It stands up here because copies lie in every room.
"""

from urllib.parse import parse_qsl

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts import bulk, sessions
from accounts.access import Moment, WrongMoment, moment, moments, require
from accounts.models import AccessRequest, Delegation
from accounts.records import derived, lock, tell
from clients.models import Client
from contracts.models import Contract
from events.models import ChecklistItem, Event
from history import journal
from history.models import EntryValue, Note
from history.privacy import ACCOUNTING, NEITHER, PERSONAL, tagged, tags
from history.verbs import Kind, Verb, facts, verbs

from .models import Notification, SavedView
from .sought import Person

ERASE = "clients.erase_client"
PLANNED = Event.objects.filter(contract__client=OuterRef("pk"), status="planned")
moments[ERASE] = Moment(
    _("its data must not be erased yet, and its planned events be completed or cancelled first"),
    Q(erased_at=None) & ~Q(Exists(PLANNED)),
)

# Of what an erasure leaves nothing is changed any more, and nothing told: read, and removed in
# the end. What wants an open contract, a planned event or a client in use finds none there.
REACHES = {"client": "", "contract": "client__", "event": "contract__client__"}
LEFT_ALONE = {
    "client": ("assign", "revert", "delegate", "note"),
    "contract": ("change", "amend", "cancel_signed", "reopen", "create_event", "delegate", "note"),
    "event": ("amend", "reopen", "delegate", "note"),
}


def _left_alone(before, kept):
    """The moment of a permission, and not after an erasure."""
    words = _("its personal data must not have been erased")
    if before is None:
        return Moment(words, kept)
    return Moment(format_lazy("{}, {}", before.words, words), before() & kept)


for _name, _actions in LEFT_ALONE.items():
    for _action in _actions:
        _perm = f"{_name}s.{_action}_{_name}"
        _kept = Q(**{f"{REACHES[_name]}erased_at": None})
        moments[_perm] = _left_alone(moments.get(_perm), _kept)


def planned(client):
    """The events of a client that its erasure waits for."""
    return Event.objects.filter(contract__client=client, status="planned").order_by("starts_at")


class Ground(models.TextChoices):
    """Why. To choose from: what is typed freely would name whom nobody shall find any more."""

    ASKED = "asked", _("The person asked for it")
    TIME = "time", _("The time for which it may be held is over")


facts["ground"] = models.CharField(_("reason of the erasure"), choices=Ground)
verbs["erase_client"] = Verb(
    "eraser",
    _("You erased the personal data of %(what)s"),
    _("%(who)s erased the personal data of %(what)s"),
    tells=("ground", "erased"),
    kind=Kind.ADMIN,
)


facts["erased"] = models.PositiveIntegerField(_("values erased in other entries"))
verbs["erase_values"] = Verb(
    "eraser",
    _("You erased values of the journal"),
    _("%(who)s erased values of the journal"),
    tells=("erased",),
    kind=Kind.ADMIN,
    quiet=True,
)


@transaction.atomic
def erase(client, *, by, ground):
    """
    Erase a client's personal data; ``by`` nobody: a command on the server.

    Return it as it is now, or None if nothing of it is left. Whoever calls this calls
    ``search_index.purge`` when all is done.
    """
    client = lock(client)
    if by:
        require(by, ERASE, client)
    elif not Client.objects.filter(moment(ERASE), pk=client.pk).exists():
        raise WrongMoment(client, wanted=moments[ERASE].words)
    contracts = list(client.contracts.select_for_update(no_key=True).order_by("pk"))
    signed = [contract for contract in contracts if contract.signed_on]
    told = {
        "ground": (None, ground),
        "erased": (None, _forget_searches(client, goes=not signed) or None),
    }
    _forget_telling([client, *contracts, *_events(contracts)])
    # Nobody is in charge any more: nothing is left to be done, and nothing to hand over.
    released = {"sales_contact": (client.sales_contact, None)} if signed else {}
    tell(by, "erase_client", client, told | released)
    _remove([contract for contract in contracts if not contract.signed_on])
    if not signed:
        _blank_journal(client)
        client.delete()
        return None
    _blank_journal(client, but=(ACCOUNTING, NEITHER))
    moment_of_it = now()
    archived_at = client.archived_at or moment_of_it
    _clear(client, archived_at=archived_at, erased_at=moment_of_it, sales_contact=None)
    for contract in signed:
        _clear(contract, title=contract.reference)
    for event in _events(signed):
        ChecklistItem.objects.filter(event=event).delete()
        _clear(event, name=event.contract.reference)
    return client


@transaction.atomic
def remove(client):
    """Remove the rest of an erased client: the time of its accounting is over."""
    client = lock(client)
    contracts = list(client.contracts.select_for_update(no_key=True).order_by("pk"))
    told = {
        "ground": (None, Ground.TIME),
        "erased": (None, _forget_searches(client, goes=True) or None),
    }
    _blank_journal(client)
    tell(None, "erase_client", client, told)
    _remove(contracts)
    client.delete()


def forget_deleted(entry, by, client, changes):
    """
    A listener of the journal: a client that is deleted by hand is erased, too, in what tells of it.

    What it was called stands in the entry of its deletion until retention comes by.
    """
    if entry.verb == "delete" and isinstance(client, Client):
        _forget_searches(client, goes=True)
        _forget_telling([client])
        _blank_journal(client, last=entry)


def _events(contracts):
    events = Event.objects.filter(contract__in=contracts).select_related("contract")
    return events.select_for_update(of=("self",), no_key=True).order_by("pk")


def _remove(contracts):
    Event.objects.filter(contract__in=contracts).delete()
    Contract.objects.filter(pk__in=[contract.pk for contract in contracts]).delete()


def _clear(record, **instead):
    """Empty the personal fields of a record; ``instead`` says what takes the place of some."""
    model = type(record)
    copied = derived(record)
    for name in set(tagged(model, PERSONAL)) - {*copied, *instead}:
        instead[name] = None if model._meta.get_field(name).null else ""
    for name, value in instead.items():
        setattr(record, name, value)
    record.version += 1
    # Not through ``store``: an erased record is valid no more, it has no name and no address.
    record.save(update_fields=[*instead, *copied, "version", "updated_at"])


def _blank_journal(client, but=(), last=None):
    """
    Erase what entries about a client, its contracts and its events tell, and their notes; the
    ``last`` of them keeps what it tells.
    """
    journal.remove(Note.objects.filter(entry__client_id=client.pk))
    values = EntryValue.objects.filter(entry__client_id=client.pk)
    values = values.exclude(field__in=("ground", "erased"))
    values = values.exclude(entry=last)
    for label in set(values.values_list("entry__label", flat=True)):
        kept = tagged(apps.get_model(label), *but) if label in tags else ()
        journal.blank(values.filter(entry__label=label).exclude(field__in=kept))


def _forget_telling(records):
    """What people wrote when they asked for one of these, were lent of it and told about it."""
    sessions.forget(bulk.KEPT)  # What became of many records names them, for as long as a session.
    for record in records:
        about = {"label": record._meta.label_lower, "record_id": record.pk}
        AccessRequest.objects.filter(**about).delete()
        Notification.objects.filter(**about).delete()
        Delegation.tables()[type(record)].objects.filter(content_object=record).delete()


def _forget_searches(client, *, goes):
    """
    Views that were kept, and what the journal tells of exports, if they look for the person; for
    the company too, if it ``goes``. Before the journal is blanked: it knows earlier names.

    Return how much of the journal that was: other people's entries, which the one of the erasure
    has to tell of.
    """
    person = Person(client, goes=goes)
    kept = [
        view.pk
        for view in SavedView.objects.all()
        if person.is_named(view.name) or person.is_sought(dict(parse_qsl(view.query)).get("q", ""))
    ]
    SavedView.objects.filter(pk__in=kept).delete()
    exports = EntryValue.objects.filter(entry__verb__startswith="export_")
    words = exports.filter(field="words", new__isnull=False)
    told = [v.pk for v in words if isinstance(v.new, str) and person.is_sought(v.new)]
    if goes:  # Lists of one client's contracts and events tell its name.
        lists = exports.filter(field__endswith="_client", new__pk=client.pk)
        told += lists.values_list("pk", flat=True)
    return journal.blank(EntryValue.objects.filter(pk__in=told))
