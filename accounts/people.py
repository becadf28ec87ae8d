"""
What management does with accounts. Nothing here reaches a superuser, or makes one.

An account's ``heirs`` are those of ``workflow.hand_over``: whoever leaves a team, or us, first
hands over what is in their hands.
"""

from functools import partial

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import journal
from history.verbs import Kind, Verb, verbs

from . import absences, delegations, entrance, sessions, throttle
from .access import Moment, WrongMoment, moments, require
from .models import Team, User
from .portfolio import portfolio
from .records import lock
from .workflow import hand_over, hold

ordinary = Q(is_superuser=False)
moments.update(
    dict.fromkeys(
        ("accounts.change_user", "accounts.move_user", "accounts.delete_user"),
        Moment(gettext_lazy("the account must not be a superuser’s"), ordinary),
    )
    | {
        "accounts.deactivate_user": Moment(
            gettext_lazy("the account must be open, and not a superuser’s"),
            ordinary & Q(is_active=True),
        ),
        "accounts.reactivate_user": Moment(
            gettext_lazy("the account must be closed, and not a superuser’s"),
            ordinary & Q(is_active=False),
        ),
    }
)

verbs.update(
    {
        "change_user": Verb(
            "pencil",
            gettext_lazy("You changed the account of %(what)s"),
            gettext_lazy("%(who)s changed the account of %(what)s"),
            kind=Kind.ADMIN,
        ),
        "set_team": Verb(
            "people",
            gettext_lazy("You changed the team of %(what)s"),
            gettext_lazy("%(who)s changed the team of %(what)s"),
            kind=Kind.ADMIN,
        ),
        "deactivate": Verb(
            "person-slash",
            gettext_lazy("You closed the account of %(what)s"),
            gettext_lazy("%(who)s closed the account of %(what)s"),
            kind=Kind.ADMIN,
        ),
        "reactivate": Verb(
            "person-check",
            gettext_lazy("You reopened the account of %(what)s"),
            gettext_lazy("%(who)s reopened the account of %(what)s"),
            kind=Kind.ADMIN,
        ),
        "unblock": Verb(
            "unlock",
            gettext_lazy("You unblocked the sign-in of %(what)s"),
            gettext_lazy("%(who)s unblocked the sign-in of %(what)s"),
            kind=Kind.ACCESS,
        ),
        "delete_user": Verb(
            "trash",
            gettext_lazy("You deleted the account of %(what)s"),
            gettext_lazy("%(who)s deleted the account of %(what)s"),
            says=("first_name", "last_name"),
            names=("first_name", "last_name"),
            kind=Kind.ADMIN,
        ),
    }
)


TOLD = ("first_name", "last_name", "email", "team")  # Who it was, when the account is gone.


@transaction.atomic
def change_user(person, *, by, **fields):
    """
    Correct name, address or phone. Raise ValidationError if what was typed is not valid.

    Only what differs is written, and told; of a new address, by mail to the one before it.
    """
    person = lock(person)
    require(by, "accounts.change_user", person)
    changes = {
        name: (getattr(person, name), new)
        for name, new in fields.items()
        if getattr(person, name) != new
    }
    for name, (_old, new) in changes.items():
        setattr(person, name, new)
    person.full_clean(exclude={field.name for field in User._meta.fields} - fields.keys())
    if changes:
        person.save(update_fields=list(changes))
        journal.record(by, "change_user", person, changes)
    if "email" in changes and person.last_login and settings.MAIL_IS_SET_UP:
        _tell_at(changes["email"][0], person, by)
    return person


def _tell_at(address, person, by):
    context = {"user": person, "by": by}
    mail = partial(get_adapter().send_mail, "account/email/address_changed", address, context)
    transaction.on_commit(mail)


@transaction.atomic
def set_team(person, *, by, team, **heirs):
    """Move somebody to another team, or to none. They sign in again to what that team may."""
    person, by = _lock(person, by, heirs)
    require(by, "accounts.move_user", person)
    if team == person.team:
        return person
    _leave(person, by=by, heirs=heirs, team=team)
    if person.team == Team.MANAGEMENT:
        _keep_a_manager(person)
    person.groups.set(Group.objects.filter(name=team))
    sessions.end(person)
    journal.record(by, "set_team", person, {"team": (person.team, team or None)})
    person.team = team or None
    return person


@transaction.atomic
def deactivate(person, *, by, **heirs):
    """Close an account. Its sessions end with their next click; nothing of its deeds is lost."""
    person, by = _lock(person, by, heirs)
    require(by, "accounts.deactivate_user", person)
    _leave(person, by=by, heirs=heirs)
    _keep_a_manager(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end(person)  # Reopening the account does not bring them back.
    journal.record(by, "deactivate", person, {"is_active": (True, False)})
    return person


@transaction.atomic
def reactivate(person, *, by):
    """Open a closed account again, in the team it was in."""
    person, by = _lock(person, by, {})
    require(by, "accounts.reactivate_user", person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    journal.record(by, "reactivate", person, {"is_active": (False, True)})
    return person


@transaction.atomic
def unblock(person, *, by):
    """
    Whoever was refused after too many attempts may try again at once: password and second factor,
    in whatever browser. Return whether anybody was.
    """
    person = lock(person)
    require(by, "accounts.manage_user", person)
    was_blocked = throttle.unblock(person.email)
    if was_blocked:
        entrance.lock_out_anew(person.email)
        journal.record(by, "unblock", person)
    return was_blocked


@transaction.atomic
def sign_out(person, *, by):
    """
    End all sessions of somebody, and the feed of their agenda; ``by`` nobody: a command on the
    server. Return how many sessions there were.
    """
    person = lock(person)
    if by:
        require(by, "accounts.sign_out_user", person)
    number = sessions.end(person)
    if number:
        journal.record(by, "end_sessions", person)
    return number


@transaction.atomic
def delete_user(person, *, by, **heirs):
    """
    Delete an account. The journal keeps the name; what is over no longer names it.

    Raise ValidationError if a record still does.
    """
    person, by = _lock(person, by, heirs)
    require(by, "accounts.delete_user", person)
    _leave(person, by=by, heirs=heirs)
    _keep_a_manager(person)
    _delete(person, by=by)


@transaction.atomic
def delete_closed(person):
    """
    Delete an account that has been closed for long; a command on the server does.

    Raise WrongMoment if it is open again, ValidationError if a record still names it.
    """
    person = lock(person)
    if person.is_active or person.is_superuser:
        raise WrongMoment(person, wanted=_("the account must be closed, and not a superuser’s"))
    _delete(person, by=None)


def _delete(person, *, by):
    for holding in portfolio.values():
        for record in holding.past(person):
            holding.release(record, by=by)
    told = {name: (getattr(person, name), None) for name in TOLD}
    journal.record(by, "delete_user", person, told)
    try:
        person.delete()
    except ProtectedError:
        raise ValidationError(_("Something was assigned to this person meanwhile.")) from None


def _lock(person, by, heirs):
    """
    Hold the accounts, after the group of the managers: in a row, two of them demote each other.

    Locking both accounts would not do: the second would count before it sees what the first
    did. Return who asks too, as they are by now: whoever had to wait may be no manager any more.
    """
    list(Group.objects.select_for_update(no_key=True).filter(name=Team.MANAGEMENT))
    return hold(person, heirs), get_object_or_404(User.objects.with_team(), pk=by.pk)


def _keep_a_manager(person):
    others = User.objects.active().in_team(Team.MANAGEMENT).exclude(pk=person.pk)
    if not others.exists():
        raise ValidationError(_("At least one active account has to remain in management."))


def _leave(person, *, by, heirs, team=None):
    """Hand over what is theirs, and give back what was lent to them."""
    hand_over(person, by=by, **heirs)
    left = [name for name, holding in portfolio.items() if holding.of(person).exists()]
    if left:
        wanted = _("Choose who takes this over, or leave it unassigned.")
        raise ValidationError(dict.fromkeys(left, wanted))
    delegations.give_back(person, by=by)
    absences.stand_in_no_more(person, by=by, team=team)
