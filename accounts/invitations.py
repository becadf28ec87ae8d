"""
A link with which somebody chooses a password: good for 24 hours, once, and only the newest.

Management makes it and never sees or sets a password. Nothing in the database opens it: it is
sealed with ``SECRET_KEY`` over what changes when it is used or replaced.
"""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import journal
from history.verbs import Kind, Verb, verbs

from . import sessions
from .access import Moment, moments, require
from .encryption import Cipher
from .models import User
from .records import lock

GOOD_FOR = timedelta(hours=24)

moments["accounts.invite_user"] = Moment(
    gettext_lazy("the account must be open, and not a superuser’s"),
    Q(is_active=True, is_superuser=False),
)
verbs["invite_user"] = Verb(
    "envelope",
    gettext_lazy("You made a link for %(what)s to choose a password"),
    gettext_lazy("%(who)s made a link for %(what)s to choose a password"),
    kind=Kind.ADMIN,
)
verbs["accept_invitation"] = Verb(
    "key",
    gettext_lazy("You chose the password of your account"),
    gettext_lazy("%(who)s chose the password of their account"),
    kind=Kind.ACCESS,
    own=True,
)


@transaction.atomic
def invite(person, *, by):
    """Make a link for ``person``; one that was made before is void. Return its token."""
    person = lock(person)
    require(by, "accounts.invite_user", person)
    person.invited_at = now()
    person.save(update_fields=["invited_at"])
    journal.record(by, "invite_user", person)
    return token(person)


def mail(person, url):
    """Send the link to the person, where mail is set up; tell whether it is on its way."""
    if settings.MAIL_IS_SET_UP:
        context = {"user": person, "url": url}
        get_adapter().send_mail("account/email/invitation", person.email, context)
    return settings.MAIL_IS_SET_UP


def token(person):
    """What the newest link of ``person`` carries."""
    sealed = f"{person.pk} {person.email} {person.password} {person.invited_at.timestamp()}"
    return salted_hmac("accounts.invitations", sealed, algorithm="sha256").hexdigest()


def hide(text):
    """A token, or the link with it, for a session: whoever reads the table must not use it."""
    return _cipher().encrypt(text)


def shown(hidden):
    """What was hidden; nothing if it was not, or with another key."""
    try:
        return _cipher().decrypt(hidden)
    except InvalidToken:
        return ""


def _cipher():
    return Cipher([settings.SECRET_KEY], "accounts.invitations")


def invited(pk, given):
    """The person whose link this is, or None if it is not, not any more, or too old."""
    person = User.objects.active().filter(pk=pk, invited_at__gt=now() - GOOD_FOR).first()
    return person if person and constant_time_compare(token(person), given) else None


@transaction.atomic
def accept(person, *, given, password):
    """
    Choose the password, once. Raise ValidationError if it is too weak or the link is used up.

    Sessions that were open end: a link is also made for somebody who forgot a password.
    """
    person = lock(person)
    if not invited(person.pk, given):
        raise ValidationError(_("This link is no longer valid."))
    validate_password(password, person)
    person.set_password(password)
    person.invited_at = None
    person.save(update_fields=["password", "invited_at"])
    sessions.end(person)
    journal.record(person, "accept_invitation", person)
