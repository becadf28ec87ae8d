"""What a password may be, beside what Django's validators say."""

import re
import unicodedata

from django.contrib.auth.password_validation import MinimumLengthValidator, get_password_validators
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What somebody who guesses tries first, beside the person's name and address: docs/operations.md.
WORDS = (
    "epicevents", "epic", "events", "event", "crm", "evenements", "evenement", "clients", "client",
    "gestion", "management", "commercial", "sales", "support", "admin", "administrateur",
    "motdepasse", "password", "passwort", "bienvenue", "bonjour", "welcome", "azerty", "qwerty",
)  # fmt: skip
OTHERWISE = 8  # Letters, digits and signs that a password has beside such words.
WRITTEN_FOR = str.maketrans("4@301$57", "aaeoisst")
LONGEST = 256  # Characters: a sentence or two. What nobody types is not worth hashing.


def same(password):
    """What was typed, its accents composed: a Mac writes é in two characters, a PC in one."""
    return unicodedata.normalize("NFC", password)


class LinkGenerator(PasswordResetTokenGenerator):
    """Links by mail: one that was asked for before the account was closed opens nothing."""

    def _make_hash_value(self, user, timestamp):
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"


class FirstReasonValidator:
    """
    Say the first thing that is wrong, and not all: what is short is told to be so before anything
    else is asked of it, and what is made of words that everybody tries has leaked as well.
    """

    def __init__(self, validators):
        self.validators = get_password_validators(validators)

    def validate(self, password, user=None):
        for validator in self.validators:
            validator.validate(password, user)

    def get_help_text(self):
        return ""


class LengthValidator(MinimumLengthValidator):
    """Long enough, however its accents are written; and no longer than a person would type."""

    def validate(self, password, user=None):
        password = same(password)
        super().validate(password, user)
        if len(password) > LONGEST:
            words = _("This password is too long. It must contain at most %(most)d characters.")
            raise ValidationError(words, code="too_long", params={"most": LONGEST})


class OwnWordsValidator:
    """Refuse a password of words that anybody would try here, with a year behind them."""

    def validate(self, password, user=None):
        left = _letters(password)
        for word in sorted({*WORDS, *_names(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < OTHERWISE:
            words = _(
                "This password is made of words that anybody would try first: your name, your"
                " address, ours, or “password”. Add others."
            )
            raise ValidationError(words, code="own_words")

    def get_help_text(self):
        return ""


def _letters(text):
    """Plain and without what stands between: “Épic-Ev3nts” is “epicevents”."""
    split = unicodedata.normalize("NFKD", same(text)).casefold().translate(WRITTEN_FOR)
    return "".join(c for c in split if not unicodedata.combining(c) and (c.isalnum() or c in "!?"))


def _names(user):
    """What a person is called, and the parts of it; not what is too short to mean them."""
    told = [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email")]
    parts = {*told, *(part for text in told for part in re.split(r"[\W_]+", text))}
    return {word for word in map(_letters, parts) if len(word) > 3}
