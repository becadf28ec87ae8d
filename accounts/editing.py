"""Two people may edit a record at once: what each changed is written, nothing else is."""

from copy import deepcopy

from django import forms
from django.core.exceptions import BadRequest
from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from history.models import Entry
from history.words import in_words

from .access import Refused, permission, require
from .conflicts import Clash, Conflict, Meanwhile
from .fields import composed
from .forms import ReasonForm, refuse, tell_the_rest
from .layout import GroupedForm
from .reasons import rule
from .records import lock, write

NEVER = _("This never changes.")
KEEP = {"mine", "theirs"}


class RecordForm(GroupedForm, forms.ModelForm):
    """
    Save what a person changed, and only that, on top of what others changed.

    Give it a record ``with_rights`` for the values of ``rights``, the map field → rights: a
    field is built if one of its rights is given here and now, ``as_text`` has it otherwise. A
    right in ``reasoned`` wants a reason. The page carries the values it showed, so that three
    can be compared: shown, stored and typed. Of two people who changed a field, the second is
    asked which value to keep: ``asked`` names those fields, ``keep-…`` answers.
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
        self.meanwhile: list[Meanwhile] = []
        self.asked, self.unanswered = set(), False
        if self.is_bound:
            self._keep_what_was_shown()
            self._follow_choices()

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

    def _follow_choices(self):
        """Where the stored value was chosen nothing was typed; only once all is answered."""
        self.asked = {*self.data.get("asked", "").split(",")} & self.granted.keys()
        self.unanswered = any(self._choice(name) not in KEEP for name in self.asked)
        if self.unanswered:
            return
        for name in self.asked:
            if self._choice(name) == "theirs":
                shown = self._keys(name, self.add_initial_prefix(name))
                for key, source in zip(self._keys(name), shown, strict=True):
                    self.data[key] = self.data.get(source, "")

    def _choice(self, name):
        return self.data.get(f"keep-{name}", "")

    def _keys(self, name, prefix=None):
        """Under which keys a field is posted: several, for one in parts."""
        prefix, widget = prefix or self.add_prefix(name), self.fields[name].widget
        suffixes = widget.widgets_names if isinstance(widget, forms.MultiWidget) else [""]
        return [prefix + suffix for suffix in suffixes]

    def carried(self):
        """All that a page which asks for a choice has to bring along, by key."""
        names = [key for name in self.fields for key in self._keys(name)]
        names += [k for n in self.granted for k in self._keys(n, self.add_initial_prefix(n))]
        return [(name, self.data.get(name, "")) for name in names]

    @classmethod
    def actions(cls):
        """The rights to mark a record with before it is given to this form."""
        return {right for rights in cls.rights.values() for right in rights}

    def fact(self, name):
        """
        Label, value and who may change it, of what this person may not type here; or the page
        where they may.
        """
        if name not in self.rights:
            return None
        model = type(self.instance)
        field = model._meta.get_field(name)
        value = getattr(self.instance, name)
        raw = {"label": str(value)} if field.is_relation and value else value
        if field.is_relation and not value:
            raw = None
        url = self._page(self.rights[name])
        return {
            "label": capfirst(field.verbose_name),
            "value": in_words(model, name, raw),
            "who": "" if url else self._who_may(self.rights[name]),
            "url": url,
        }

    def _page(self, rights):
        """Of the verb by which this person changes what no form does."""
        if not rights or not getattr(self.instance, f"may_{rights[-1]}"):
            return ""
        return reverse(f"{self.instance._meta.app_label}:{rights[-1]}", args=[self.instance.pk])

    def _who_may(self, rights):
        """In a sentence: the last right is the one that remains when the others are over."""
        return rule(permission(type(self.instance), rights[-1])) if rights else NEVER

    def _post_clean(self):
        """
        Leave the instance alone: what is stored and validated is the merged record.

        ModelForm would write the page's values to it, stale ones included, and validate a record
        that nobody is going to save.
        """
        tell_the_rest(self)

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

        stored = {name: composed(record.serializable_value(name)) for name in self.granted}
        new = [name for name in mine if self._differs(name, stored, self._typed(name))]
        moved = set()
        if self.cleaned_data["version"] != record.version:
            moved = {n for n in self.granted if self._differs(n, stored, self._shown(n))}
        again = self.asked if self.unanswered else set()
        if clash := [name for name in new if name in moved | again]:
            clashes = self._compare(clash, record)
            others = [self[name].label for name in new if name not in clash]
            self._rebase(record.version, stored, mine)
            raise Conflict(clashes, others, self.unanswered)
        self.meanwhile = self._tell(record, [n for n in self.granted if n in moved - {*mine}])
        if new:
            values = {name: self.cleaned_data[name] for name in new}
            self.write(record, by=by, reason=self.cleaned_data.get("reason"), **values)
        return record

    def write(self, record, *, by, **values):
        """Write what is new on a locked record; some records want to be looked at first."""
        write(record, "update", by=by, **values)

    def refuse(self, error):
        refuse(self, error)

    def _refuse_what_is_not_offered(self, record, by):
        for name in self.rights:
            if name in self.granted or not self._is_changed(name):
                continue
            if not self.rights[name]:
                raise Refused(permission(record, "change"), record)
            require(by, permission(record, self.rights[name][0]), record)
            raise BadRequest(f"{name} does not change here.")

    def _is_changed(self, name):
        """Posted, and not just as the page showed it when this person might still type it."""
        prefix = self.add_prefix(name)
        posted = [key for key in self.data if key == prefix or key.startswith(f"{prefix}_")]
        shown = self.add_initial_prefix(name).removesuffix(prefix)
        return any(self.data[key] != self.data.get(shown + key) for key in posted)

    def _differs(self, name, stored, raw):
        return self.fields[name].has_changed(stored[name], raw)

    def _typed(self, name):
        widget = self.fields[name].widget
        return widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def _shown(self, name):
        widget = self.fields[name].hidden_widget()
        return widget.value_from_datadict(self.data, self.files, self.add_initial_prefix(name))

    def _compare(self, names, record):
        model, entries = type(record), Entry.objects.last_of(record, names)
        return [
            Clash(
                name,
                self[name].label,
                in_words(model, name, _raw(getattr(record, name))),
                in_words(model, name, _raw(self.cleaned_data[name])),
                entries.get(name),
                self._choice(name) if name in self.asked else "",
            )
            for name in names
        ]

    def _tell(self, record, names):
        """Who changed these, in the order of the form: one for each thing that was done."""
        entries, told = Entry.objects.last_of(record, names) if names else {}, {}
        for name in names:
            entry = entries.get(name)
            told.setdefault(entry and entry.pk, Meanwhile(entry, [])).labels.append(
                self[name].label
            )
        return list(told.values())

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
            text = widget.format_value(value) or ""
            self.data[name] = text[0] if isinstance(text, list) else text  # A choice is a list.
            return
        for part, suffix, piece in zip(
            widget.widgets, widget.widgets_names, widget.decompress(value), strict=True
        ):
            self.data[name + suffix] = part.format_value(piece) or ""


def _raw(value):
    return {"label": str(value)} if hasattr(value, "_meta") else value
