"""Write down who did what to which record."""

import json
from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils.crypto import salted_hmac

from .models import COMMAND, Entry, EntryValue

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
    )
    rows = [
        EntryValue(entry=entry, field=field, old=_raw(old), new=_raw(new))
        for field, (old, new) in changes.items()
        if (old, new) != (None, None)  # Nothing to tell; and blanked values look like that.
    ]
    for row in rows:
        row.seal = seal(entry, row)
    entry.digest = digest(entry, rows)
    entry.save(force_insert=True)
    EntryValue.objects.bulk_create(rows)
    for listen in listeners:
        listen(entry, by, subject, changes)
    return entry


def _name(by):
    if by is None:
        return COMMAND
    return str(by) if by.pk else ""


def blank(values):
    """
    Erase these values, a queryset: what was done stays told, the seals too. No way back.

    Return how many there were that told something.
    """
    telling = values.exclude(old__isnull=True, new__isnull=True)
    return telling.update(old=None, new=None)


def digest(entry, rows, key=None):
    """
    Seal an entry and the seals of its values, in their order, with a key that the database does
    not hold: whoever writes to the database cannot forge it.

    What a value was is not needed: blanked ones leave it as it is.
    """
    return _sealed("entry", [*_head(entry), [[row.field, row.seal] for row in rows]], key)


def seal(entry, row, key=None):
    """
    Seal one value of an entry.

    With a plain hash, whoever reads the database could confirm a guess at a value that was
    blanked; without the entry in it, two that are alike would show.
    """
    return _sealed("value", [*_head(entry), row.field, row.old, row.new], key)


def seal_note(entry, note, key=None):
    """Seal the text of a note, which hangs on its entry and is in none of its values."""
    return _sealed("note", [*_head(entry), note.channel, note.happened_on, note.text], key)


def seal_checkpoint(before, checkpoint, digests, key=None):
    """Seal how many entries lie between two checkpoints, and which: their hashed digests."""
    told = [before.seal if before else "", checkpoint.at.astimezone(UTC).isoformat()]
    told += [checkpoint.last_id, checkpoint.entries, digests]
    return _sealed("checkpoint", told, key)


def sealing_keys():
    """The first seals; each tells whether something was sealed with it."""
    return [key.strip() for key in settings.JOURNAL_KEY.split(",") if key.strip()]


def _head(entry):
    """Everything an entry says of itself."""
    return [
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.actor_name,
        entry.principal_id,
        entry.principal_name,
        entry.verb,
        entry.label,
        entry.record_id,
        entry.client_id,
    ]


def _sealed(what, facts, key):
    text = json.dumps(facts, cls=DjangoJSONEncoder, sort_keys=True)
    return salted_hmac(
        f"history.{what}", text, key or sealing_keys()[0], algorithm="sha256"
    ).hexdigest()


def _raw(value):
    """As JSON holds it: what cannot be a number, a list or a text there becomes text."""
    if isinstance(value, Model):
        return {"pk": value.pk, "label": str(value)}
    return value if value is None or isinstance(value, int | bool | list) else _text(value)


def _text(value):
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder, default=str))
