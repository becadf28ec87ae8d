"""What was typed on a page that can no longer be sent: it is shown, to be copied."""

from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError

from history import formats


def typed(form_class, data):
    """Label and text of what was typed on such a page: for whoever may no longer send it."""
    told = []
    for name, field in form_class.base_fields.items():
        widget, key = field.widget, f"initial-{name}"
        if widget.is_hidden or isinstance(field, forms.ModelChoiceField):
            continue
        value = widget.value_from_datadict(data, {}, name)
        shown = field.hidden_widget().value_from_datadict(data, {}, key)
        if isinstance(value, list):
            value, shown = (" ".join(filter(None, parts)) for parts in (value, shown))
        if value and value != shown:
            told.append((field.label, _as_read(field, value)))
    return told


def _as_read(field, value):
    """A choice by its label, a date as it reads; anything else as it was typed."""
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value, value)
    if isinstance(field, forms.DateField):
        with suppress(ValidationError):
            return formats.day(field.to_python(value))
    return value
