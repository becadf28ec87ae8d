"""What a password may be, beside what Django's validators say."""

import unicodedata

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 256  # Characters: a sentence or two. What nobody types is not worth hashing.


def same(password):
    """The password in one spelling: a Mac and a PC write é, and full-width letters, differently."""
    return unicodedata.normalize("NFKC", password)


class LengthValidator(MinimumLengthValidator):
    """Long enough, however its accents are written; and no longer than a person would type."""

    def validate(self, password, user=None):
        password = same(password)
        super().validate(password, user)
        if len(password) > LONGEST:
            words = _("This password is too long. It must contain at most %(most)d characters.")
            raise ValidationError(words, code="too_long", params={"most": LONGEST})
