"""
To ask for a record one may not touch. Whoever may delegate it lends it until a day, or declines.
"""

from functools import reduce
from operator import or_

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import journal
from history.models import Entry
from history.verbs import Kind, Verb, verbs

from .access import Refused, WrongMoment, allows, nothing, permission, policies, require, scope
from .delegations import LONGEST, colleagues, delegate
from .models import Absence, AccessRequest, Delegation, Team, User
from .records import lock

State = AccessRequest.State

verbs["ask_access"] = Verb(
    "hand-index",
    gettext_lazy("You asked to work on %(what)s"),
    gettext_lazy("%(who)s asked to work on %(what)s"),
    kind=Kind.LOAN,
)
verbs["decline_access"] = Verb(
    "x-circle",
    gettext_lazy("You declined a request to work on %(what)s"),
    gettext_lazy("%(who)s declined a request to work on %(what)s"),
    kind=Kind.LOAN,
)


def may_ask(user, perm, record):
    """Would a loan of the record give this person this right?"""
    table = Delegation.tables().get(type(record))
    rule = policies[perm].get(user.team, nothing)
    return bool(table and user.team in table.teams and any(part.is_loan for part in rule.parts))


@transaction.atomic
def ask(record, perm, *, by, reason, until):
    """
    Ask for ``record``, to do there what ``perm`` lets one do.

    Raise Refused where no loan would help, ValidationError for who holds it or has asked already.
    """
    record = lock(record)
    require(by, permission(record, "view"), record)
    if not may_ask(by, perm, record):
        raise Refused(perm, record)
    if allows(by, perm, record):
        raise ValidationError(_("You may do this already."))
    if not localdate() <= until <= localdate() + LONGEST:
        raise ValidationError({"until": _("Choose a day within the next 60 days.")})
    request = AccessRequest(
        person=by,
        permission=perm,
        label=record._meta.label_lower,
        record_id=record.pk,
        reason=reason,
        until=until,
    )
    if (
        _open()
        .filter(person=by, permission=perm, label=request.label, record_id=record.pk)
        .exists()
    ):  # The record is locked: nobody asks in between.
        raise ValidationError(_("You have asked already. The request is waiting for an answer."))
    request.full_clean()
    request.save(force_insert=True)
    journal.record(by, "ask_access", record, {"until": (None, until), "reason": (None, reason)})
    return request


@transaction.atomic
def grant(request, *, by, until):
    """Lend the record until that day: what else the person asked for there is granted too."""
    to = lock(request.person)  # People before records, as delegate does.
    record, request = _take(request, by)
    loan = delegate(record, by=by, to=to, until=until)
    same = _open().filter(person=to, label=request.label, record_id=record.pk)
    same.update(state=State.GRANTED, answered_by=by, answered_at=now(), until=until)
    return loan


@transaction.atomic
def decline(request, *, by, reason):
    """Say no, and why."""
    record, request = _take(request, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Enter the reason.")})
    request.state, request.answered_by, request.answered_at = State.DECLINED, by, now()
    request.save(update_fields=["state", "answered_by", "answered_at"])
    told = {"delegate": (request.person, None), "reason": (None, reason)}
    journal.record(by, "decline_access", record, told)
    return request


def with_records(requests):
    """These with the record of each at hand, without those whose record is deleted."""
    requests = list(requests)
    for label in {request.label for request in requests}:
        keys = [request.record_id for request in requests if request.label == label]
        records = apps.get_model(label)._base_manager.in_bulk(keys)
        for request in requests:
            if request.label == label:
                request.record = records.get(request.record_id)
    return [request for request in requests if request.record]


def may_answer(request, record, by):
    """Who could lend it to that person."""
    return (
        allows(by, permission(record, "delegate"), record)
        and colleagues(record, by).filter(pk=request.person_id).exists()
    )


def answerable(user):
    """The open requests that this person may grant or decline."""
    return _open().filter(
        _any(
            Q(label=model._meta.label_lower, record_id__in=_keys(model, _lendable(model, user)))
            & _askers(user, table)
            for model, table in Delegation.tables().items()
        )
    )


def reaching(user):
    """
    Those that wait for this person: about what is in their hands. For management also those
    about what is in the hands of nobody who could answer.
    """
    return answerable(user).filter(
        _any(
            Q(label=model._meta.label_lower)
            & (Q(record_id__in=_keys(model, _held(model, user))) | _left(model, user))
            for model in Delegation.tables()
        )
    )


def _open():
    return AccessRequest.objects.filter(state=State.OPEN, person__is_active=True)


def _lendable(model, user):
    return scope(user, permission(model, "delegate"))


def _askers(user, table):
    """A team lends within itself, management to all who do this work."""
    return Q(person__groups__name__in=[user.team] if user.team in table.teams else table.teams)


def _held(model, user):
    """What is this person's own, whatever their team."""
    return _any(part.records(user) for _team, part in _holders(model))


def _left(model, user):
    """For management: those about what nobody holds who is there and in the team of who asks."""
    if user.team != Team.MANAGEMENT:
        return Q(pk__in=[])
    away = Absence.objects.on(localdate()).values("person")
    there = User.objects.active().exclude(pk__in=away)
    held = (
        Q(
            person__groups__name=team,
            record_id__in=_keys(
                model,
                Q(**{f"{part.path}__in": there.in_team(team).order_by().values("pk")}),
            ),
        )
        for team, part in _holders(model)
    )
    return ~_any(held)


def _holders(model):
    """By team, the parts of the rule on delegating that name somebody on the record."""
    rules = policies[permission(model, "delegate")]
    return [(team, part) for team, rule in rules.items() for part in rule.parts if part.path]


def _keys(model, condition):
    return model._base_manager.filter(condition).order_by().values("pk")


def _any(conditions):
    return reduce(or_, conditions, Q(pk__in=[]))


def _take(request, by):
    """Hold the record and the open request. Raise Refused or WrongMoment: who, then when."""
    if request.record is None:
        raise ValidationError(_("The record has been deleted."))
    record = lock(request.record)
    if not may_answer(request, record, by):
        raise Refused(permission(record, "delegate"), record)
    request = AccessRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    refuse_answered(request, record)
    return record, request


def refuse_answered(request, record):
    """Raise WrongMoment if somebody answered first."""
    if request.state != State.OPEN:
        answers = Entry.objects.about(record).filter(verb__in=["delegate", "decline_access"])
        raise WrongMoment(record, answers.first())
