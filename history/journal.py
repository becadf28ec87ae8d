"""Write down who did what to which record."""

import json
import logging
from collections.abc import Callable
from itertools import batched
from secrets import token_hex
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Case, CharField, Model, Value, When

from . import seals
from .models import COMMAND, Entry, EntryValue, Note

logger = logging.getLogger("history")
MOST = 200  # Values and notes that are erased in one statement: SQLite counts parameters.

# Who wants to hear of every entry, in its transaction: given the entry, who did it, the subject
# and the changes, as ``record`` got them.
listeners: list[Callable[[Entry, Any, Model, dict], None]] = []


@transaction.atomic
def record(by, verb, subject, changes=None, *, principal=None):
    """
    Note that ``by`` did ``verb`` to ``subject``, for ``principal`` if it was for somebody. No
    ``by``: a command on the server did. One without key: nobody knows who.

    ``changes`` maps a field to its old and new value; the ``client_key`` of the subject says
    whose page tells of it. Call it in the transaction of the change itself, so that there is
    never one without the other.
    """
    changes = changes or {}
    entry = Entry(
        actor_id=by.pk if by else None,
        actor_name=_name(by),
        verb=verb,
        label=subject._meta.label_lower,
        record_id=subject.pk or 0,
        client_id=getattr(subject, "client_key", None),
        principal_id=principal.pk if principal else None,
        principal_name=str(principal) if principal else "",
        nonce=token_hex(16),
    )
    rows = [
        EntryValue(entry=entry, field=field, old=_raw(old), new=_raw(new))
        for field, (old, new) in changes.items()
        if (old, new) != (None, None)  # Nothing to tell; and blanked values look like that.
    ]
    for row in rows:
        row.seal = seals.seal_value(entry, row)
        row.lock = seals.lock_of(row)
    entry.digest = seals.seal_entry(entry, rows)
    entry.save(force_insert=True)
    EntryValue.objects.bulk_create(rows)
    for listen in listeners:
        listen(entry, by, subject, changes)
    return entry


def _name(by):
    if by is None:
        return COMMAND
    return str(by) if by.pk else ""


@transaction.atomic
def blank(values):
    """
    Erase these values, a queryset: what was done stays told, the seals too. No way back.

    Return how many there were that told something. What was forged stays, and is logged: it has no
    token, and ``verify_journal`` names it.
    """
    telling = values.exclude(old__isnull=True, new__isnull=True)
    return sum(
        EntryValue.objects.filter(pk__in=keys).update(old=None, new=None, token=tokens)
        for keys, tokens in _unlocked(telling)
    )


@transaction.atomic
def remove(notes):
    """Erase these notes, a queryset: that there were some stays told. No way back."""
    for keys, tokens in _unlocked(notes):
        Note.objects.filter(pk__in=keys).update(text="", token=tokens)


def attach(note, entry):
    """Write down the note of an entry."""
    note.entry = entry
    note.seal = seals.seal_note(entry, note)
    note.lock = seals.lock_of(note)
    note.save(force_insert=True)


def _unlocked(rows):
    """
    Some of the rows at a time: their keys, and what each of them is unlocked with.

    Only what is true: by a forged copy the token of the original would be read.
    """
    rows = rows.select_related("entry").prefetch_related("entry__values").order_by("pk")
    for some in batched(list(rows), MOST):
        true = [row for row in some if seals.is_true(row) and _is_own(row)]
        if len(true) < len(some):
            forged = len(some) - len(true)
            logger.error("%d parts of the journal do not fit JOURNAL_KEY: not erased.", forged)
        if true:
            tokens = (When(pk=row.pk, then=Value(seals.unlocked(row))) for row in true)
            yield [row.pk for row in true], Case(*tokens, output_field=CharField())


def _is_own(row):
    own = seals.own_rows(row.entry)
    return own is not None and (isinstance(row, Note) or row in own)


def true(entries):
    """The keys of those of these entries, a queryset, that are as they were written."""
    return [entry.pk for entry in entries.prefetch_related("values") if seals.is_whole(entry)]


def _raw(value):
    """As JSON holds it: what cannot be a number, a list or a text there becomes text."""
    if isinstance(value, Model):
        return {"pk": value.pk, "label": str(value)}
    return value if value is None or isinstance(value, int | bool | list) else _text(value)


def _text(value):
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder, default=str))
