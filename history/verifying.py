"""Does the journal say what was written into it? Asked by ``manage.py verify_journal``."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from django.utils.timezone import now

from . import journal
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
    broken = [row for row in rows if not _fits(row.seal, journal.seal, entry, row)]
    blanked = [row.field for row in broken if row.old is None and row.new is None]
    fields = [row.field for row in broken if row.old is not None or row.new is not None]
    note = getattr(entry, "note", None)  # One that was taken back or erased is gone.
    if note and not _fits(note.seal, journal.seal_note, entry, note):
        fields.append("note")
    whole = _fits(entry.digest, journal.digest, entry, rows)
    return Checked(entry, bool(fields) or not whole, fields, blanked)


def _fits(stored, seal, *sealed):
    return any(stored == seal(*sealed, key) for key in journal.sealing_keys())


class Count:
    """Counts entries as they pass, from one checkpoint to the next; says where some are missing."""

    def __init__(self):
        self.checkpoints = list(Checkpoint.objects.order_by("last_id"))
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
        made = Checkpoint(last_id=self.last, entries=self.entries)
        made.seal = journal.seal_checkpoint(self.before, made, self._digests.hexdigest())
        made.save(force_insert=True)
        return made

    def _close(self):
        told = self.checkpoints.pop(0)
        digests = self._digests.hexdigest()
        counted = Checkpoint(at=told.at, last_id=told.last_id, entries=self.entries)
        if not _fits(told.seal, journal.seal_checkpoint, self.before, counted, digests):
            self.broken.append(told)
        self.before = told
        self._begin()
