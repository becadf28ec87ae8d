"""A record lent to a colleague: from a day to a day, or until somebody ends it."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import journal
from history.models import Entry
from history.verbs import Kind, Verb, facts, verbs

from .access import Refused, WrongMoment, allows, permission, require
from .models import Delegation, User
from .records import lock

LONGEST = timedelta(days=60)

verbs["delegate"] = Verb(
    "person-plus",
    gettext_lazy("You delegated %(what)s"),
    gettext_lazy("%(who)s delegated %(what)s"),
    kind=Kind.LOAN,
)
verbs["end_delegation"] = Verb(
    "person-dash",
    gettext_lazy("You ended the delegation of %(what)s"),
    gettext_lazy("%(who)s ended the delegation of %(what)s"),
    kind=Kind.LOAN,
)
facts["delegate"] = models.CharField(gettext_lazy("delegated to"))
facts["until"] = Delegation._meta.get_field("until")


def colleagues(record, by):
    """Who may take it from ``by``: those of their team; from management, all who do this work."""
    teams = Delegation.tables()[type(record)].teams
    teams = [by.team] if by.team in teams else teams
    holders = [person.pk for _role, person in record.contacts() if person]
    return User.objects.active().in_team(*teams).exclude(pk__in=[by.pk, *holders])


def loans(record):
    """The current delegations of a record, the first to end first."""
    table = Delegation.tables()[type(record)]
    current = table.objects.filter(content_object=record, until__gte=localdate())
    return current.select_related("user", "granted_by").order_by("until", "pk")


@transaction.atomic
def delegate(record, *, by, to, until):
    """
    Let ``to`` act on ``record`` until that day, included; a second time moves the day.

    Raise ValidationError if ``to`` does not do this work, or ``until`` is past or further than
    60 days away.
    """
    to = lock(to)  # People before records, as a hand-over does: neither waits for the other.
    record = lock(record)
    require(by, permission(record, "delegate"), record)
    if not colleagues(record, by).filter(pk=to.pk).exists():
        raise ValidationError({"user": _("This colleague does not do this work.")})
    if not localdate() <= until <= localdate() + LONGEST:
        raise ValidationError({"until": _("Choose a day within the next 60 days.")})
    table = Delegation.tables()[type(record)]
    loan = table.objects.filter(user=to, content_object=record).first()
    loan = loan or table(user=to, content_object=record, permission=_change_permission(record))
    changes = {"delegate": (None, to), "until": (loan.until, until)}
    loan.until, loan.granted_by = until, by
    loan.save()
    journal.record(by, "delegate", record, changes)
    return loan


def may_end(loan, by):
    """Who lent it and who holds it, as long as they see the record; who may delegate it."""
    record = loan.content_object
    if by.pk in (loan.user_id, loan.granted_by_id):
        return allows(by, permission(record, "view"), record)
    return allows(by, permission(record, "delegate"), record)


@transaction.atomic
def end(loan, *, by):
    """Before its day. Raise WrongMoment if it has ended already."""
    record = lock(loan.content_object)
    if not may_end(loan, by):
        raise Refused(permission(record, "delegate"), record)
    current = _held(loans(record).filter(pk=loan.pk)).first()
    if current is None:
        ended = Entry.objects.about(record).filter(verb="end_delegation").first()
        raise WrongMoment(record, ended)
    _end(current, record, by)
    return record


def give_back(person, *, by):
    """
    What is lent to somebody who leaves their team, or us, is lent no more: coming back does not
    bring it back.

    Call it in the verb's transaction, with the person locked: nothing new is lent to them then.
    The loans are held and not the records, for whose holders the verb may have waited already.
    """
    for table in Delegation.tables().values():
        lent = table.objects.filter(user=person, until__gte=localdate())
        for loan in _held(lent.select_related("user", "content_object").order_by("pk")):
            _end(loan, loan.content_object, by)


def _held(lent):
    """Who ends a loan at the same moment waits, and finds it gone."""
    return lent.select_for_update(of=("self",))


def _end(loan, record, by):
    changes = {"delegate": (loan.user, None), "until": (loan.until, None)}
    loan.delete()
    journal.record(by, "end_delegation", record, changes)


def _change_permission(record):
    app_label, codename = permission(record, "change").split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)
