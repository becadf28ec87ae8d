"""Numbers as people type and paste them: euros, and how many of something."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SPACES = re.compile("[ \u00a0\u202f\u2009'’]")
GROUPED = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}({SPACES.pattern}\d{{3}})+(?!\d)", re.ASCII)
GROUPS = {
    mark: re.compile(rf"^-?[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})+$", re.ASCII) for mark in ".,"
}
NUMBER = re.compile(r"^-?\d+(\.\d+)?$", re.ASCII)
DIGITS = re.compile(r"^\d+$", re.ASCII)


def ungrouped(text):
    """
    ``12 500`` as ``12500``. Any other space stays: nobody knows what ``12 50`` is.
    """
    return GROUPED.sub(lambda found: SPACES.sub("", found[0]), text.strip())


class WholeField(forms.IntegerField):
    """
    How many, in digits alone: ``1 200``. Python would read ``1.000`` as one, and ``1_0`` as ten.

    Wants a ``max_value``: the column's own differs from engine to engine.
    """

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = ungrouped(str(value))
        if not DIGITS.match(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text.lstrip("0")[:19] or 0)  # More of them are too many, whatever they are.


class AmountField(forms.DecimalField):
    """
    Euros as people type and paste them in both languages: ``12 500,50 €``, ``€12,500.50``.

    The last of a comma and a point is the decimal mark. A lone mark before three digits is
    refused where it may mean two things (``12,500`` in French), and ``12€50`` everywhere.
    """

    default_error_messages = {
        "invalid": _("Enter an amount in figures, above zero, for example 12,500.00."),
        "required": _("Enter the amount."),
        "max_digits": _("Enter an amount up to 9,999,999,999.99."),
        "max_whole_digits": _("Enter an amount up to 9,999,999,999.99."),
        "max_decimal_places": _("Enter an amount with two decimals at most."),
    }
    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "class": "ee-num"}
    )
    unit = "€"

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = str(value).strip().removeprefix(self.unit).removesuffix(self.unit)
        text = self._pointed(ungrouped(text))
        if not NUMBER.match(text) or Decimal(text) <= 0:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text)

    def _pointed(self, text):
        text = text.replace("\u2212", "-")
        last = max(text.rfind(","), text.rfind("."))
        if last < 0:
            return text
        decimal, other = text[last], "," if text[last] == "." else "."
        if other not in text and GROUPS[decimal].match(text):
            english = decimal == "," and (get_language() or "").startswith("en")
            thousands = text.count(decimal) > 1 or english
            return text.replace(decimal, "") if thousands else "ambiguous"
        whole, rest = text[:last], text[last + 1 :]
        if other in whole and not GROUPS[other].match(whole):
            return "misgrouped"
        return f"{whole.replace(other, '')}.{rest}"

    def prepare_value(self, value):
        """An amount shows as it is written; what was typed shows as it was typed."""
        if isinstance(value, Decimal):
            text = f"{value:,.2f}"
            french = (get_language() or "fr").startswith("fr")
            return text.replace(",", " ").replace(".", ",") if french else text
        return value
