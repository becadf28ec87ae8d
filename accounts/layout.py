"""How a form is laid out: crispy-forms renders it as cards of named groups of fields."""

import logging

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from crispy_forms.utils import render_field
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from .fields import composed, readable

# In place of sentences that do not say which field they are about; without one of its own here,
# the field is put in front.
SENTENCES = {
    "max_length": _("%(field)s: %(limit_value)d characters at most (you have %(show_value)d)."),
    "ambiguous_timezone": _(
        "%(field)s: the clocks change that night, and this hour is skipped or comes twice. "
        "Choose another one."
    ),
    "invalid_choice": _("%(field)s: choose one from the list."),
    "null_characters_not_allowed": _("%(field)s: remove the characters that cannot be seen."),
    "year": None,
    "lines": None,
    "unseen": None,
}


class Fact:
    """
    A line of a form that is read and not typed, with a word on who may change it.

    What was ``said`` of a line above is not said again.
    """

    def __init__(self, name, said):
        self.name, self.said = name, said

    def render(self, form, context, template_pack=None, **kwargs):
        fact = form.fact(self.name)
        if not fact:
            return ""
        who = "" if fact["who"] in self.said else fact["who"]
        self.said.add(who)
        return render_to_string("components/fact.html", fact | {"who": who})


class GroupedForm:
    """
    A form rendered by crispy-forms as named groups of fields, each a card.

    ``groups`` holds a legend and the names of the fields; two short ones side by side are a
    pair. A name that is no field of this form, here and now, is shown as text.
    """

    groups: tuple = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea) and field.max_length:
                field.widget.attrs["data-left"] = _("Characters left:")
        if self.is_bound:
            self._compose()

    def _compose(self):
        """Passwords alone are taken as they are typed."""
        data = {key: composed(value) for key, value in self.data.items()}
        secret = {
            self.add_prefix(name)
            for name, field in self.fields.items()
            if isinstance(field.widget, forms.PasswordInput)
        }
        changed = {key for key, value in data.items() if value != self.data[key]} - secret
        if changed:
            self.data = self.data.copy()
            for key in changed:
                self.data[key] = data[key]

    @property
    def helper(self):
        helper = FormHelper(self)
        helper.form_tag = helper.disable_csrf = False
        helper.include_media = helper.form_show_errors = False  # base.html shows them.
        helper.layout = Layout(*self._layout())
        return helper

    def _layout(self):
        groups = self.groups or ((None, list(self.fields)),)
        named, said = set(), set()
        for legend, names in groups:
            rows = []
            for name in names:
                pair = name if isinstance(name, tuple) else (name,)
                named |= set(pair)
                rows.append(self._row([part for part in pair if self._shows(part)], said))
            if any(rows):
                yield Fieldset(legend or "", *filter(None, rows))
        rest = [name for name in self.fields if name not in named]
        yield from (name for name in rest if self.fields[name].widget.is_hidden)
        if shown := [name for name in rest if not self.fields[name].widget.is_hidden]:
            yield Fieldset("", *shown)

    def _shows(self, name):
        return name in self.fields or self.fact(name)

    def _row(self, names, said):
        parts = [name if name in self.fields else Fact(name, said) for name in names]
        return Row(*parts) if len(parts) > 1 else next(iter(parts), None)

    def fact(self, name):
        return None

    def add_error(self, field, error):
        """Each sentence names its field: they stand in one list on top of the page."""
        self._log(field, error)
        for each in getattr(error, "error_list", []) if field else []:
            if each.code in SENTENCES:
                params = (each.params or {}) | {"field": self[field].label}
                if sentence := SENTENCES[each.code]:
                    each.message, each.params = sentence, params
                else:
                    problem = each.message % params
                    each.message = _("%(field)s: %(problem)s")
                    each.params = params | {"problem": problem}
        super().add_error(field, error)

    def _log(self, field, error):
        """Field and kind of what is refused, in the log; never what was typed."""
        told = error if isinstance(error, ValidationError) else ValidationError(error)
        told = told.error_dict if hasattr(told, "error_dict") else {field or "all": told.error_list}
        for name, errors in told.items():
            kinds = ", ".join(sorted({each.code or "invalid" for each in errors}))
            logging.getLogger("accounts.input").info(
                "Refused in %s: %s (%s)", type(self).__name__, name, kinds
            )

    def _clean_fields(self):
        super()._clean_fields()
        for name, value in list(self.cleaned_data.items()):
            widget = self.fields[name].widget
            if isinstance(value, str) and not isinstance(widget, forms.PasswordInput):
                one_line = not isinstance(widget, forms.Textarea)
                try:
                    self.cleaned_data[name] = readable(value, one_line=one_line)
                except ValidationError as error:
                    self.add_error(name, error)


class Row:
    """Fields side by side from 576 px on."""

    def __init__(self, *parts):
        self.parts = parts

    def render(self, form, context, template_pack=None, **kwargs):
        cells = [render_field(part, form, context) for part in self.parts]
        return render_to_string(
            "components/form_row.html", {"cells": [c for c in cells if c.strip()]}
        )
