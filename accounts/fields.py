"""Fields that every record shares: how text is sorted and found, phones and moments are typed."""

import re
import unicodedata
from operator import attrgetter

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from phonenumber_field import formfields, modelfields, widgets
from phonenumber_field.phonenumber import to_python


def plain(text):
    """Lower case without accents or compatibility forms: how names are compared and sorted."""
    # Decomposed twice: a letter as a sign (ℋ, ™) is a capital only once it is taken apart.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.replace("’", "'").split())


TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
LOST = "\ufffd"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def readable(text, *, one_line):
    """
    The text with its accents composed, so that it compares as it looks.

    Raise ValidationError for what does not look as it is: turned round, control characters,
    several lines where there is one, nothing that can be seen, a letter lost on the way.
    """
    text = unicodedata.normalize("NFC", text)
    if one_line and re.search(r"[\r\n]", text):
        raise ValidationError(_("Write this on one line."), code="lines")
    seen = any(unicodedata.category(character)[0] not in "CZM" for character in text)
    if TURNING.search(text) or CONTROL.search(text) or (text and not seen):
        raise ValidationError(_("Remove the characters that cannot be seen."), code="unseen")
    if LOST in text:  # Of bytes that are no text: what stood there is not known any more.
        raise ValidationError(_("Type again what has become “%s”.") % LOST, code="unseen")
    return text


def composed(value):
    """
    Text as it is stored: its accents composed, and one newline where browsers send two characters.

    So it is counted and compared: a text of 250 letters fits where there is room for 250.
    """
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


class PlainField(models.CharField):
    """
    The plain text of other fields, kept in step by ``pre_save``.

    Computed here and not by the database, so that order and matches are the same on each engine.
    ``of``: the names of the fields, joined by a space; a phone counts by its digits. A name such
    as ``client.search_text`` copies from the record above: ``copies`` keeps it in step.
    ``reduce`` makes their text plain.
    """

    reduce = staticmethod(plain)

    def __init__(self, *args, of, **kwargs):
        self.of = of
        super().__init__(*args, **{"editable": False, "default": "", "blank": True} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, instance, add):
        parts = [searchable(attrgetter(name)(instance)) for name in self.of]
        value = self.reduce(" ".join(part for part in parts if part))[: self.max_length]
        if value != instance.__dict__.get(self.attname):
            instance.text_changed = True  # For ``copies``.
            setattr(instance, self.attname, value)
        return value

    def db_parameters(self, connection):
        """Byte order on PostgreSQL, as SQLite has it: sorting must not depend on the cluster."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def searchable(value):
    """The text of a field as one looks for it: a number in both of its spellings."""
    if value in (None, ""):
        return ""
    if hasattr(value, "as_e164") and hasattr(value, "country_code"):
        # Both as it is dialled from abroad and at home: +33199004117 0199004117.
        national = phonenumbers.format_number(value, phonenumbers.PhoneNumberFormat.NATIONAL)
        return f"{value.as_e164} {re.sub(r'[^0-9]', '', national)}"
    return str(value)


PHONE_WANTED = _("Enter a phone number, for example 01 23 45 67 89 or +32 2 123 45 67.")


AS_DIALLED = re.compile(r"[\d +＋().\-/\u2010-\u2015\u2212]*")


def possible_phone(value):
    """
    Refuse what no telephone could have.

    Possible, not valid: libphonenumber finds the numbers reserved for fiction invalid, and new
    ranges too until its next release.
    """
    number = to_python(value)
    if number and not (hasattr(number, "country_code") and phonenumbers.is_possible_number(number)):
        raise ValidationError(PHONE_WANTED, code="invalid")


def one_spelling(value):
    """The number as +33199004117; what nobody could dial stays as it was typed."""
    number = to_python(value)
    return number.as_e164 if number and number.country_code else value


class PhoneWidget(widgets.RegionalPhoneNumberWidget):
    """A stored number shows as it is dialled at home; what was typed shows as it was typed."""

    def format_value(self, value):
        return value if isinstance(value, str) else super().format_value(value)


class PhoneFormField(formfields.PhoneNumberField):
    default_validators = [possible_phone]
    widget = PhoneWidget

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.widget.input_type = "tel"
        self.error_messages["invalid"] = PHONE_WANTED  # The package sets its own by now.

    def to_python(self, value):
        """
        The number in one spelling, or what was typed if no telephone could have it.

        Pasted from a French page, its spaces may be narrow and not break. Letters are refused:
        they would become digits, and an extension behind the number would be lost.
        """
        typed = " ".join(value.split()) if isinstance(value, str) else value
        if isinstance(typed, str) and not AS_DIALLED.fullmatch(typed):
            raise ValidationError(PHONE_WANTED, code="invalid")
        return to_python(one_spelling(super().to_python(typed)))


class PhoneField(modelfields.PhoneNumberField):
    """A phone number in any spelling, stored as +33199004117."""

    default_validators = [possible_phone]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 32} | kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PhoneFormField} | kwargs)

    def get_prep_value(self, value):
        """
        The package keeps what it finds invalid as it was typed; typed in two spellings, one
        number would be a change.
        """
        return one_spelling(super().get_prep_value(value))


def in_our_time(value):
    """Refuse 1926, 2062 and the year 1: slips of the keyboard, not a plan."""
    last = localdate().year + 20
    if not 2000 <= value.year <= last:
        wanted = _("Enter a year between 2000 and %(last)d.")
        raise ValidationError(wanted, code="year", params={"last": last})


DATE_WANTED = _("Enter a date, for example 26/09/2026.")


def date_widget():
    """A date input: browsers take no other format than ISO, whatever the language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ToTheMinute:
    """The page shows no seconds: they must not look like a change, shown or not."""

    def decompress(self, value):
        return super().decompress(value and value.replace(second=0, microsecond=0))


class HiddenMomentWidget(ToTheMinute, forms.SplitHiddenDateTimeWidget):
    pass


class MomentWidget(ToTheMinute, forms.SplitDateTimeWidget):
    """A date and a time, each in its own input."""

    template_name = "components/moment_widget.html"

    def __init__(self):
        super().__init__(
            date_attrs={"type": "date", "class": "form-control"},
            time_attrs={"type": "time", "class": "form-control"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )


class MomentField(forms.SplitDateTimeField):
    """A moment in the time zone of the agency; one that the clocks skip or repeat is refused."""

    default_error_messages = {
        "invalid_date": DATE_WANTED,
        "invalid_time": _("Enter a time, for example 18:30."),
    }
    widget = MomentWidget
    hidden_widget = HiddenMomentWidget

    def __init__(self, **kwargs):
        super().__init__(
            input_date_formats=["%Y-%m-%d", "%d/%m/%Y"],
            input_time_formats=["%H:%M", "%H:%M:%S", "%Hh%M"],
            **kwargs,
        )
