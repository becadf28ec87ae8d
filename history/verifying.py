"""Does the journal say what was written into it? Asked by ``manage.py verify_journal``."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from django.utils.timezone import now

from . import seals
from .models import Checkpoint, Entry

CHUNK = 1000  # Entries in memory at a time.
LEAST = -(2**63)  # Nobody hides an entry before the first.
# A transaction that began before does not last so long: no entry comes any more before these.
SETTLED = timedelta(hours=1)


class Checked(NamedTuple):
    """An entry, whether it was altered, and the fields of it that were altered or blanked."""

    entry: Entry
    altered: bool
    fields: list[str]
    blanked: list[str]


def check() -> Iterator[Checked]:
    """
    Every entry in turn, oldest first.

    Page by page, and not in one cursor: a question must not last longer than the database lets it.
    """
    last = LEAST
    while rows := list(_page(last)):
        yield from map(_checked, rows)
        last = rows[-1].pk


def _page(last):
    entries = Entry.objects.filter(pk__gt=last).order_by("pk")
    return entries.select_related("note").prefetch_related("values")[:CHUNK]


def _checked(entry):
    rows = sorted(entry.values.all(), key=lambda row: row.pk)
    fields = [row.field for row in rows if not _is_true(row)]
    blanked = [row.field for row in rows if row.is_blanked and row.field not in fields]
    note = getattr(entry, "note", None)  # One that was taken back or erased is gone.
    if note and not (_has_its_lock(note) and seals.fits(note.seal, seals.seal_note, entry, note)):
        fields.append("note")
    whole = seals.fits(entry.digest, seals.seal_entry, entry, rows)
    return Checked(entry, bool(fields) or not whole, fields, blanked)


def _is_true(row):
    """As it was written; or erased by who could show the token."""
    if row.is_blanked:
        return seals.fits(row.token, seals.token_of, row)
    return _has_its_lock(row) and seals.fits(row.seal, seals.seal_value, row.entry, row)


def _has_its_lock(row):
    """With another, nobody could erase it; with none, neither."""
    return seals.fits(row.lock, seals.lock_of, row)


class Count:
    """Counts entries as they pass, from one checkpoint to the next; says where some are missing."""

    def __init__(self):
        checkpoints = list(Checkpoint.objects.order_by("last_id", "pk"))
        sealed = [seals.fits(each.seal, seals.seal_checkpoint, each) for each in checkpoints]
        told = list(zip(checkpoints, sealed, strict=True))
        self.forged = [checkpoint for checkpoint, fits in told if not fits]
        self.checkpoints = [checkpoint for checkpoint, fits in told if fits]
        self.broken: list[Checkpoint] = []  # Those up to which entries are missing, or too many.
        self.before: Checkpoint | None = None
        self._begin()
        self._settled = now() - SETTLED
        self._open = True

    def _begin(self):
        self.entries, self.last, self._digests = 0, 0, sha256()

    def add(self, entry):
        while self.checkpoints and entry.pk > self.checkpoints[0].last_id:
            self._close()
        if not self.checkpoints:  # The tail: up to the first that is too young to be sealed.
            self._open = self._open and entry.at <= self._settled
            if not self._open:
                return
        self.entries, self.last = self.entries + 1, entry.pk
        self._digests.update(entry.digest.encode())

    def finish(self):
        """Seal what came since the last checkpoint; return the latest there is."""
        while self.checkpoints:
            self._close()
        if not self.entries:
            return self.before
        made = Checkpoint(last_id=self.last, **self._counted())
        made.seal = seals.seal_checkpoint(made)
        made.save(force_insert=True)
        return made

    def _close(self):
        told = self.checkpoints.pop(0)
        if any(getattr(told, name) != value for name, value in self._counted().items()):
            self.broken.append(told)
        self.before = told
        self._begin()

    def _counted(self):
        before = self.before.seal if self.before else ""
        return {"before": before, "entries": self.entries, "digests": self._digests.hexdigest()}
