"""
Seals: whoever writes to the database, and has not ``JOURNAL_KEY``, can forge nothing in the
journal and erase nothing of it. docs/adr/0037.
"""

import json
from datetime import UTC
from hashlib import sha256

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import salted_hmac


def keys():
    """The first seals; each tells whether something was sealed with it."""
    return [key.strip() for key in settings.JOURNAL_KEY.split(",") if key.strip()]


def fits(stored, seal, *sealed):
    """Whether it was sealed with one of the keys."""
    return any(stored == seal(*sealed, key) for key in keys())


def seal_entry(entry, rows, key=None):
    """
    Seal an entry and the seals of its values, in their order.

    What a value was is not needed: erased ones leave it as it is.
    """
    return _sealed("entry", [*_head(entry), [[row.field, row.seal] for row in rows]], key)


def seal_value(entry, row, key=None):
    """
    Seal one value of an entry.

    With a plain hash, whoever reads the database could confirm a guess at a value that was
    erased; without the entry in it, two that are alike would show.
    """
    return _sealed("value", [*_head(entry), row.field, row.old, row.new], key)


def seal_note(entry, note, key=None):
    """Seal the text of a note, which hangs on its entry and is in none of its values."""
    return _sealed("note", [*_head(entry), note.channel, note.happened_on, note.text], key)


def seal_checkpoint(checkpoint, key=None):
    """Seal how many entries lie between two checkpoints, and which: their hashed digests."""
    told = [checkpoint.before, checkpoint.at.astimezone(UTC).isoformat()]
    told += [checkpoint.last_id, checkpoint.entries, checkpoint.digests]
    return _sealed("checkpoint", told, key)


def token_of(row, key=None):
    """What nobody knows without the key until it is shown, to erase a value or a note."""
    return _sealed("token", [*_head(row.entry), row._meta.label_lower, row.seal], key)


def lock_of(row, key=None):
    """What the database shows of the token from the start: enough to know it by."""
    return sha256(token_of(row, key).encode()).hexdigest()


def unlocked(row):
    """The token, made with the key that locked this, which may have been replaced since."""
    return next((token_of(row, key) for key in keys() if lock_of(row, key) == row.lock), "")


def own_rows(entry):
    """
    The values that an entry was written with, in their order; None if it is not as it was written.

    Whoever may add may hang another value on it, or a copy of its own: that is no part of it.
    """
    rows = sorted(entry.values.all(), key=lambda row: row.pk)
    first = {row.seal: row for row in reversed(rows) if is_true(row)}
    true = [row for row in rows if first.get(row.seal) is row]
    return next(
        (some for some in (rows, true) if fits(entry.digest, seal_entry, entry, some)), None
    )


def is_whole(entry):
    """Whether it is as it was written, whatever was hung on it since."""
    return own_rows(entry) is not None


def is_true(row):
    """
    Whether a value or a note is as it was written, with the lock that it was given; or was erased
    by who could show the token.
    """
    if not fits(row.lock, lock_of, row):
        return False
    if row.is_erased:
        return fits(row.token, token_of, row)
    return not row.token and fits(row.seal, _seal_of(row), row.entry, row)


def _seal_of(row):
    return {"entryvalue": seal_value, "note": seal_note}[row._meta.model_name]


def _head(entry):
    """Everything an entry says of itself; those of before there was a nonce have none."""
    nonce = filter(None, [getattr(entry, "nonce", "")])  # Migrations know entries without one.
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
        *nonce,
    ]


def _sealed(what, facts, key):
    text = json.dumps(facts, cls=DjangoJSONEncoder, sort_keys=True)
    return salted_hmac(f"history.{what}", text, key or keys()[0], algorithm="sha256").hexdigest()
