"""
The second factor: the codes of an app, passkeys, and recovery codes for when both are lost.

allauth keeps them (``Authenticator``) and knows their mathematics; the verbs here change them, and
a code is used up here: once, whichever process it reaches.
"""

import json
import logging
from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import journal
from history.verbs import Kind, Verb, facts, verbs

from . import recovery, sessions
from .access import require
from .adapter import AccountAdapter
from .encryption import MARK, Cipher
from .entrance import NO_FACTOR
from .passkeys import checked
from .records import lock

APP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
CODES = Authenticator.Type.RECOVERY_CODES

verbs["add_factor"] = Verb(
    "shield-lock",
    gettext_lazy("You added a second factor to your account"),
    gettext_lazy("%(who)s added a second factor to their account"),
    kind=Kind.ACCESS,
    own=True,
)
verbs["remove_factor"] = Verb(
    "shield-slash",
    gettext_lazy("You removed a second factor from your account"),
    gettext_lazy("%(who)s removed a second factor from their account"),
    kind=Kind.ACCESS,
    own=True,
)
verbs["renew_codes"] = Verb(
    "shield-lock",
    gettext_lazy("You made new recovery codes for your account"),
    gettext_lazy("%(who)s made new recovery codes for their account"),
    kind=Kind.ACCESS,
    own=True,
)
verbs["reset_factor"] = Verb(
    "shield-slash",
    gettext_lazy("You reset the second factor of %(what)s"),
    gettext_lazy("%(who)s reset the second factor of %(what)s"),
    kind=Kind.ADMIN,
)
facts["factor"] = models.CharField(
    gettext_lazy("second factor"),
    choices=[
        (APP, gettext_lazy("App")),
        (PASSKEY, gettext_lazy("Passkey")),
        (CODES, gettext_lazy("Recovery code")),
        (NO_FACTOR, gettext_lazy("None")),
    ],
)


class FactorAdapter(DefaultMFAAdapter):
    """Seeds and hashes are stored encrypted, with a key that the database does not hold."""

    def encrypt(self, text):
        return _cipher().encrypt(text)

    def decrypt(self, encrypted_text):
        if encrypted_text.startswith(MARK):
            return _cipher().decrypt(encrypted_text)
        return _before().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self):
        """What apps and browsers call this place."""
        return "Epic Events CRM"


def _cipher():
    return Cipher(settings.SECOND_FACTOR_KEY.split(","), "accounts.factors")


def _before():
    """What encrypted until there was ``Cipher``: ``encrypt_anew`` moves what there is."""
    digests = [sha256(key.encode()).digest() for key in settings.SECOND_FACTOR_KEY.split(",")]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


def of(person):
    """The factors of ``person`` that open the account; recovery codes only stand in for one."""
    return Authenticator.objects.filter(user=person).exclude(type=CODES).order_by("type", "pk")


@transaction.atomic
def add_app(person, *, secret, code):
    """
    Raise ValidationError if ``code`` is not what an app with this secret shows now.

    Return the recovery codes that were made with the first factor: they are not shown again.
    """
    step = _step(secret, code)
    if step is None:
        raise wrong_code()
    lock(person)
    if Authenticator.objects.filter(user=person, type=APP).exists():
        raise ValidationError(_("There is an app already: remove it first."))
    return _add(person, APP, {"secret": encrypt(secret), "step": step})


@transaction.atomic
def add_passkey(person, *, name, credential):
    """Return the recovery codes that were made with the first factor."""
    lock(person)
    return _add(person, PASSKEY, {"name": name, "credential": credential})


def _add(person, kind, data):
    Authenticator.objects.create(user=person, type=kind, data=data)
    has_codes = Authenticator.objects.filter(user=person, type=CODES).exists()
    codes = None if has_codes else _make_codes(person)
    journal.record(person, "add_factor", person, {"factor": (None, kind)})
    return codes


def _make_codes(person):
    codes = recovery.make()
    Authenticator.objects.create(user=person, type=CODES, data=recovery.keep(codes))
    return codes


@transaction.atomic
def remove(factor, *, by):
    """Remove one of one's own factors; the last one takes the recovery codes along."""
    lock(by)
    number, _rows = of(by).filter(pk=factor.pk).delete()
    if not number:
        return
    if not of(by).exists():
        Authenticator.objects.filter(user=by).delete()
    journal.record(by, "remove_factor", by, {"factor": (factor.type, None)})


@transaction.atomic
def renew_codes(person):
    """Make ten recovery codes, and return them; those from before open nothing any more."""
    lock(person)
    Authenticator.objects.filter(user=person, type=CODES).delete()
    codes = _make_codes(person)
    journal.record(person, "renew_codes", person)
    return codes


def codes_left(person):
    """How many recovery codes are not used up, or None if ``person`` has no factor."""
    row = Authenticator.objects.filter(user=person, type=CODES).first()
    try:
        return row and recovery.left(row.data)
    except InvalidToken:
        _log_lost_key(row)
        return 0  # New ones can be made.


@transaction.atomic
def reset(person, *, by):
    """
    Take all factors from ``person``, who lost them, and end their sessions.

    ``by`` nobody: a command on the server. The person is told by mail where there is mail: if it
    was not them who asked, they know.
    """
    if by:
        require(by, "accounts.reset_factor_user", person)
    person = lock(person)
    Authenticator.objects.filter(user=person).delete()
    sessions.end(person)
    journal.record(by, "reset_factor", person)
    if settings.MAIL_IS_SET_UP:
        context = {"user": person, "by": by}
        transaction.on_commit(
            lambda: AccountAdapter().send_mail("account/email/factor_reset", person.email, context)
        )


def question(person):
    """What a browser asks the passkeys of ``person``, as JSON; None: they have none."""
    if not of(person).filter(type=PASSKEY).exists():
        return None
    return json.dumps(webauthn.begin_authentication(person), default=dict)


def use(person, *, code="", credential=None):
    """
    The factor that the code, or else the answer of a passkey, belongs to.

    Raise ValidationError if it is none of theirs; a code is used up.
    """
    if code:
        if factor := use_up(person, code):
            return factor
        raise wrong_code()
    checked(webauthn.parse_authentication_response, credential)
    return checked(webauthn.complete_authentication, person, credential)


@transaction.atomic
def encrypt_anew():
    """
    Encrypt all seeds and hashes with the first of the keys, so that the others can go.

    Return how many, and how many no key opens: those stay as they are.
    """
    done = lost = 0
    for row in Authenticator.objects.select_for_update().filter(type__in=[APP, CODES]):
        [name] = {"secret", "hashes"} & row.data.keys()
        try:
            row.data[name] = encrypt(decrypt(row.data[name]))
        except InvalidToken:
            _log_lost_key(row)
            lost += 1
        else:
            row.save(update_fields=["data"])
            done += 1
    return done, lost


@transaction.atomic
def use_up(person, code):
    """
    Take a code of the app or a recovery code: the authenticator it belongs to, or None.

    The row is locked and remembers the step of the last code, so of two requests with the same
    code one is refused; neither is an older code taken after a newer one (RFC 6238, 5.2).
    """
    rows = Authenticator.objects.select_for_update().filter(user=person, type__in=[APP, CODES])
    for row in rows.order_by("-type"):
        try:
            if _opens(row, code):
                return row
        except InvalidToken:
            _log_lost_key(row)
    return None


def _log_lost_key(row):
    words = "SECOND_FACTOR_KEY does not open authenticator %s."
    logging.getLogger("accounts.factors").error(words, row.pk)


def _opens(row, code):
    if row.type == CODES:
        data = recovery.strike_out(row.data, code)
        if data is None:
            return False
        row.data = data
        row.save(update_fields=["data"])
        return True
    step = _step(decrypt(row.data["secret"]), code)
    if step is None or step <= row.data["step"]:
        return False
    row.data["step"] = step
    row.save(update_fields=["data"])
    return True


def _step(secret, code):
    """The half minute in which an app with this secret shows ``code``, among those near now."""
    for step in totp.yield_hotp_counters_from_time():
        shown = totp.format_hotp_value(totp.hotp_value(secret, step))
        if compare_user_code(actual=code, expected=shown):
            return step
    return None


def wrong_code():
    """What to say to it; the same whether it is wrong, too old, or was used."""
    return ValidationError({"code": _("This code is not right, or was used already.")})
