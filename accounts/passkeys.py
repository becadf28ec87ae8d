"""What a browser says for a passkey: anything may come, and what allauth trips over is refused."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

SILENT = gettext_lazy("The passkey did not answer. Try again.")


class CredentialField(forms.JSONField):
    """What static/js/passkeys.js fills in. Refused, it is not shown again."""

    widget = forms.HiddenInput
    default_error_messages = {"required": SILENT, "invalid": SILENT}

    def to_python(self, value):
        try:
            said = super().to_python(value)
            json.dumps(said, ensure_ascii=False).encode()
        except (ValueError, RecursionError):  # Digits without end, brackets, half a character.
            raise ValidationError(SILENT, code="invalid") from None
        return said

    def bound_data(self, data, initial):
        return data

    def prepare_value(self, value):
        return ""


def checked(look, *args):
    """Have allauth look at an answer; what it does not expect is refused as what it does."""
    try:
        return look(*args)
    except (ValidationError, ValueError, TypeError, LookupError, AttributeError):
        raise ValidationError(SILENT) from None
