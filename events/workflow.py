"""What happens to an event, step by step."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Moment, Refused, firsts, moments, require
from accounts.models import User
from accounts.portfolio import Holding, portfolio
from accounts.records import add, lock, write
from history.models import Entry
from history.verbs import Verb, facts, verbs

from .engagements import refuse_engaged
from .models import Event, Status

planned = Moment(_("the event must be planned"), Q(status=Status.PLANNED))
moments.update({
    "contracts.create_event_contract": Moment(
        _("the contract must be signed, without an event"), Q(status="signed", event=None)
    ),
    "events.change_event": planned,
    "events.amend_event": Moment(
        _("the event must be completed or cancelled"), ~Q(status=Status.PLANNED)
    ),
    "events.assign_event": planned,
    "events.complete_event": Moment(
        _("the event must be planned and have started"),
        lambda: Q(status=Status.PLANNED, starts_at__lte=now()),
    ),
    "events.cancel_event": planned,
    "events.prepare_event": planned,
    "events.reopen_event": Moment(
        _("the event must be completed or cancelled, its contract signed"),
        ~Q(status=Status.PLANNED) & Q(contract__status="signed"),
    ),
})  # fmt: skip


def event_came_first(contract):
    """Why a contract takes no (other) event, or cannot be undone: it has one already."""
    event = Event.objects.filter(contract=contract).first()
    return event and Entry.objects.about(event).filter(verb="create_event").first()


firsts.update(
    dict.fromkeys(
        (
            "contracts.create_event_contract",
            "contracts.cancel_signed_contract",
            "contracts.reopen_contract",
        ),
        event_came_first,
    )
)

verbs.update(
    {
        "create_event": Verb(
            "calendar-plus",
            _("You created the event %(what)s"),
            _("%(who)s created the event %(what)s"),
        ),
        "assign_event": Verb(
            "person-check",
            _("You named the support contact of %(what)s"),
            _("%(who)s named the support contact of %(what)s"),
        ),
        "release_event": Verb(
            "person-slash",
            _("You took the support contact off %(what)s, whose account goes"),
            _("%(who)s took the support contact off %(what)s, whose account goes"),
        ),
        "complete": Verb(
            "flag",
            _("You completed %(what)s"),
            _("%(who)s completed %(what)s"),
            says=("status", "completed_at"),
        ),
        "cancel_event": Verb(
            "x-circle",
            _("You cancelled %(what)s"),
            _("%(who)s cancelled %(what)s"),
            says=("status",),
        ),
        "reopen_event": Verb(
            "arrow-counterclockwise",
            _("You reopened %(what)s"),
            _("%(who)s reopened %(what)s"),
            says=("status", "completed_at"),
        ),
    }
)


@transaction.atomic
def create(contract, *, by, support_contact=None, despite_overlap=False, **facts):
    """
    The event of a signed contract, once. Management may name its support contact at once.

    Raise ValidationError as ``assign`` does, Refused if ``by`` may not name one.
    """
    if support_contact:
        lock(support_contact)
    _client, contract = lock(contract.client), lock(contract)
    require(by, "contracts.create_event_contract", contract)
    if support_contact and not by.has_perm("events.assign_event"):
        raise Refused("events.assign_event")
    event = Event(contract=contract, support_contact=_may_support(support_contact), **facts)
    add(event, "create_event", by=by)
    if support_contact and not despite_overlap:
        refuse_engaged(event, support_contact)
    return event


@transaction.atomic
def assign(event, *, by, support_contact, despite_overlap=False):
    """
    Name the support contact.

    Raise ValidationError if that person does not support, or, unless ``despite_overlap``, is
    away then or has another event at the same time.
    """
    if support_contact:
        lock(support_contact)
    event = lock(event)
    require(by, "events.assign_event", event)
    if event.support_contact == _may_support(support_contact):
        return event
    if support_contact and not despite_overlap:
        refuse_engaged(event, support_contact)
    return write(event, "assign_event", by=by, support_contact=support_contact)


@transaction.atomic
def release(event, *, by):
    """
    The account of who looked after it goes: the journal alone keeps the name.

    What follows from deleting the account asks no right of its own.
    """
    return write(lock(event), "release_event", by=by, support_contact=None)


portfolio["events"] = Holding(
    label=_("Planned events"),
    records=Event.objects.planned,
    contact="support_contact",
    takers=User.objects.may_support,
    load=lambda count: ngettext("%(count)d coming", "%(count)d coming", count) % {"count": count},
    # Who takes over what was planned already: two events at once are seen to afterwards.
    move=lambda event, *, by, to: assign(event, by=by, support_contact=to, despite_overlap=True),
    over=lambda: Event.objects.exclude(status=Status.PLANNED),
    release=release,
)
facts["events"] = Event._meta.get_field("support_contact")
facts["events_left"] = models.PositiveIntegerField(_("left without support contact"))


@transaction.atomic
def complete(event, *, by):
    """It has taken place. Raise WrongMoment before its start."""
    event = lock(event)
    require(by, "events.complete_event", event)
    return write(event, "complete", by=by, status=Status.COMPLETED, completed_at=now())


@transaction.atomic
def cancel(event, *, by, reason):
    """It will not take place. It is reopened rather than replaced by a second one."""
    event = lock(event)
    require(by, "events.cancel_event", event)
    return write(event, "cancel_event", by=by, reason=reason, status=Status.CANCELLED)


@transaction.atomic
def reopen(event, *, by, reason):
    """Completed or cancelled by mistake, or it takes place after all."""
    event = lock(event)
    require(by, "events.reopen_event", event)
    return write(
        event, "reopen_event", by=by, reason=reason, status=Status.PLANNED, completed_at=None
    )


def _may_support(person):
    if person and not User.objects.may_support().filter(pk=person.pk).exists():
        problem = gettext("Choose an active member of the support team.")
        raise ValidationError({"support_contact": problem})
    return person
