"""Two people may edit a record at once: what each changed is written, nothing else is."""

from copy import deepcopy

from django import forms
from django.core.exceptions import BadRequest
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from history.words import in_words

from .access import Refused, permission, require
from .forms import ReasonForm, refuse
from .layout import GroupedForm
from .reasons import rule
from .records import lock, write

NEVER = _("This never changes.")


class Conflict(Exception):
    """Somebody else changed a field that was typed here too. Nothing was written."""

    def __init__(self, fields):
        super().__init__(fields)
        self.fields = fields  # Label, stored value and typed value of each.


class RecordForm(GroupedForm, forms.ModelForm):
    """
    Save what a person changed, and only that, on top of what others changed.

    Give it a record ``with_rights`` for the values of ``rights``, the map field → rights: a
    field is built if one of its rights is given here and now, ``as_text`` has it otherwise. A
    right in ``reasoned`` wants a reason. The page carries the values it showed, so that three
    can be compared: shown, stored and typed.
    """

    rights: dict[str, tuple[str, ...]] = {}
    reasoned: set[str] = set()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.granted = {}
        for name, rights in self.rights.items():
            held = [right for right in rights if getattr(self.instance, f"may_{right}")]
            if held and name in self.fields:
                self.granted[name] = held[0]
                self.fields[name].show_hidden_initial = True
            else:
                self.fields.pop(name, None)
        if self.reasoned & set(self.granted.values()):
            self.fields["reason"] = deepcopy(ReasonForm.base_fields["reason"])
        if self.is_bound:
            self._keep_what_was_shown()

    def _keep_what_was_shown(self):
        """
        Of a field in parts Django forgets the hidden value on a page that comes back, and puts
        there what was typed: saved again, that would pass for unchanged. A key of the whole name
        keeps it.
        """
        self.data = self.data.copy()
        for name in self.granted:
            if isinstance(self.fields[name].widget, forms.MultiWidget):
                self.data[self.add_initial_prefix(name)] = ""

    @classmethod
    def actions(cls):
        """The rights to mark a record with before it is given to this form."""
        return {right for rights in cls.rights.values() for right in rights}

    def fact(self, name):
        """Label, value and who may change it, of what this person may not type here."""
        if name not in self.rights:
            return None
        model = type(self.instance)
        field = model._meta.get_field(name)
        value = getattr(self.instance, name)
        raw = {"label": str(value)} if field.is_relation and value else value
        if field.is_relation and not value:
            raw = None
        return {
            "label": capfirst(field.verbose_name),
            "value": in_words(model, name, raw),
            "who": self._who_may(self.rights[name]),
        }

    def _who_may(self, rights):
        """In a sentence: the last right is the one that remains when the others are over."""
        return rule(permission(type(self.instance), rights[-1])) if rights else NEVER

    def _post_clean(self):
        """
        Leave the instance alone: what is stored and validated is the merged record.

        ModelForm would write the page's values to it, stale ones included, and validate a record
        that nobody is going to save.
        """

    @transaction.atomic
    def save(self, *, by):
        """
        Merge and write. Return the record.

        Raise Conflict if somebody else changed the same field, ValidationError if the merged
        record is not valid, Refused or WrongMoment if a field that was posted may not be changed
        (any more).
        """
        record = lock(self.instance)
        mine = [name for name in self.granted if name in self.changed_data]
        for right in sorted({self.granted[name] for name in mine}):
            require(by, permission(record, right), record)
        self._refuse_what_is_not_offered(record, by)

        stored = {name: record.serializable_value(name) for name in self.granted}
        new = [name for name in mine if self._differs(name, stored, self._typed(name))]
        if self.cleaned_data["version"] != record.version:
            clash = [name for name in new if self._differs(name, stored, self._shown(name))]
            if clash:
                self._rebase(record.version, stored, mine)
                raise Conflict([self._compare(name, record) for name in clash])
        if new:
            values = {name: self.cleaned_data[name] for name in new}
            reason = self.cleaned_data.get("reason")
            write(record, "update", by=by, reason=reason, **values)
        return record

    def refuse(self, error):
        refuse(self, error)

    def _refuse_what_is_not_offered(self, record, by):
        for name in self.rights:
            if name in self.granted or not self._is_posted(name):
                continue
            if not self.rights[name]:
                raise Refused(permission(record, "change"), record)
            require(by, permission(record, self.rights[name][0]), record)
            raise BadRequest(f"{name} does not change here.")

    def _is_posted(self, name):
        prefix = self.add_prefix(name)
        return any(key == prefix or key.startswith(f"{prefix}_") for key in self.data)

    def _differs(self, name, stored, raw):
        return self.fields[name].has_changed(stored[name], raw)

    def _typed(self, name):
        widget = self.fields[name].widget
        return widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def _shown(self, name):
        widget = self.fields[name].hidden_widget()
        return widget.value_from_datadict(self.data, self.files, self.add_initial_prefix(name))

    def _compare(self, name, record):
        model = type(record)
        typed = self.cleaned_data[name]
        stored, typed = (
            in_words(model, name, _raw(getattr(record, name))),
            in_words(model, name, _raw(typed)),
        )
        return self[name].label, stored, typed

    def _rebase(self, version, stored, mine):
        """Set the page on what is stored now, and keep what was typed."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = version
        for name in self.granted:
            field = self.fields[name]
            value = field.prepare_value(stored[name])
            self._put(field.hidden_widget(), self.add_initial_prefix(name), value)
            if name not in mine:
                self._put(field.widget, self.add_prefix(name), value)

    def _put(self, widget, name, value):
        if not isinstance(widget, forms.MultiWidget):
            self.data[name] = widget.format_value(value) or ""
            return
        for part, suffix, piece in zip(
            widget.widgets, widget.widgets_names, widget.decompress(value), strict=True
        ):
            self.data[name + suffix] = part.format_value(piece) or ""


def _raw(value):
    return {"label": str(value)} if hasattr(value, "_meta") else value
