"""
Put the journal into words, in the language of whoever reads it.

An entry keeps the code of its verb and raw values; each app says in its ``workflow.py`` how its
verbs read, and the model's own fields say how a value does.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from phonenumber_field.modelfields import PhoneNumberField

from . import formats
from .models import ICONS, Entry, Note
from .verbs import Verb, facts, verb_of

LONG = 120  # Characters: what is longer, or has lines, does not stand in a line with others.


class Change(NamedTuple):
    label: str
    old: str  # Empty: no change, a fact.
    new: str

    @property
    def is_long(self):
        return any(len(text) > LONG or "\n" in text for text in (self.old, self.new))


@dataclass
class Line:
    """One line of a story."""

    icon: str
    sentence: str
    at: datetime
    changes: list[Change]
    reason: str = ""
    note: Note | None = None
    part: str = ""
    is_new: bool = False  # Somebody else did it since the reader was here.
    is_gone: bool = False  # Of a note: it was taken back.
    remove: str = ""  # Where the reader can take the note back.


def story(entries, reader=None, known=()):
    """
    Lines for ``entries``, newest first as they come.

    ``known`` are records the page has already: they are not fetched again. ``reader`` is told
    "you".
    """
    entries = list(entries)
    records = _records(entries, known)
    return [_line(entry, reader, records.get((entry.label, entry.record_id))) for entry in entries]


def headline(entry, reader=None, record=None):
    """A line without what changed: for a page about many records."""
    return Line(verb_of(entry.verb).icon, sentence(entry, reader, record), entry.at, [])


def sentence(entry: Entry, reader=None, record=None):
    """Who did what, as HTML."""
    verb = verb_of(entry.verb)
    what = _named(entry, record)
    principal = entry.principal_name and _person(entry.principal_name)
    if reader is not None and entry.actor_id == reader.pk:
        did = _fill(verb.you, what=what)
        told = gettext("%(did)s for %(principal)s")
        return _fill(told, did=did, principal=principal) if principal else did
    who = _person(entry.who)
    if principal and reader is not None and entry.principal_id == reader.pk:
        who = _fill(gettext("%(who)s for you"), who=who)
    elif principal:
        who = _fill(gettext("%(who)s for %(principal)s"), who=who, principal=principal)
    return _fill(verb.they, who=who, what=what)


def _person(name):
    return format_html('<strong class="fw-semibold">{}</strong>', name)


def _fill(phrase, **parts):
    """A translated ``%(who)s`` phrase with HTML parts; the phrase itself is escaped."""
    text = formats.fitted(phrase, parts).replace("{", "{{").replace("}", "}}")
    for name in parts:
        text = text.replace(f"%({name})s", "{" + name + "}")
    return format_html(text, **parts)


def _named(entry, record):
    if record is None:
        return _last_name(entry) or _model_name(entry.label)
    url = getattr(record, "get_absolute_url", None)
    if url is None:
        return format_html("{}", str(record))
    return format_html('<a href="{}">{}</a>', url(), str(record))


def _last_name(entry):
    """What a record that is gone was called, if the entry tells and that was not erased."""
    if not (fields := verb_of(entry.verb).names):
        return ""
    told = {value.field: str(value.old) for value in entry.values.all() if value.old}
    name = " ".join(told[field] for field in fields if told.get(field))
    return _person(name) if name else ""


def _model(label):
    """The model of that name, or None: an entry that was forged may name any."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _model_name(label):
    model = _model(label)
    return model._meta.verbose_name if model else label


def _records(entries, known):
    found = {(record._meta.label_lower, record.pk): record for record in known}
    missing = defaultdict(set)
    for entry in entries:
        if (entry.label, entry.record_id) not in found:
            missing[entry.label].add(entry.record_id)
    for label, keys in missing.items():
        if model := _model(label):
            rows = model._base_manager.in_bulk(keys)
            found |= {(label, pk): record for pk, record in rows.items()}
    return found


def _line(entry, reader, record):
    model = _model(entry.label)
    verb: Verb = verb_of(entry.verb)
    changes, reason, part = [], "", ""
    for value in entry.values.all():
        if value.field in verb.says:
            continue
        if value.field == verb.part:
            part = str(value.new or value.old or "")
            if part and value.old in (None, part):
                continue  # It came, went, or is still called so: that is no change to tell.
        if value.field == "reason":
            reason = str(value.new or "")
        elif value.is_erased:
            changes.append(Change(label(model, value.field), gettext("erased"), gettext("erased")))
        else:
            plain = value.field in verb.tells
            nothing = plain or value.old in (None, "")
            old = "" if nothing else in_words(model, value.field, value.old)
            new = in_words(model, value.field, value.new)
            changes.append(Change(label(model, value.field), old, new))
    note = entry.kept_note
    icon = ICONS.get(note.channel, verb.icon) if note else verb.icon
    line = Line(icon, sentence(entry, reader, record), entry.at, changes, reason, note, part)
    line.is_gone = entry.verb == "note" and note is None
    return line


def _field(model, name):
    if model is None:
        return facts.get(name)
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return facts.get(name)
    return field if field.concrete else facts.get(name)  # Not what refers to the record.


def label(model, name):
    field = _field(model, name)
    return capfirst(field.verbose_name if field else name)


def in_words(model, name, value, style="alone"):
    """
    A stored value as its field reads: a choice by its label, a date as a date, a moment in this
    ``style`` of ``formats.moment``.
    """
    if isinstance(value, dict):
        return str(value.get("label", value))
    if value in (None, ""):
        return gettext("Not provided")
    field = _field(model, name)
    if field is None:
        return str(value)
    try:
        value = field.to_python(value)
    except (
        ValidationError,
        TypeError,
    ):  # The field has changed since: what was stored still reads.
        return str(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if getattr(field, "choices", None):
        return str(next((label for key, label in field.flatchoices if key == value), value))
    if isinstance(field, models.DecimalField):
        return formats.money(value)
    if isinstance(value, datetime):
        return formats.moment(value, style)
    if isinstance(value, date):
        return formats.day(value)
    return formats.phone(value) if isinstance(field, PhoneNumberField) else str(value)
