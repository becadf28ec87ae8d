"""Does the journal say what was written into it? Asked by ``manage.py verify_journal``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from time import sleep
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.timezone import now

from . import seals
from .models import Checkpoint, Entry

CHUNK = 1000  # Entries in memory at a time.
LEAST = -(2**63)  # Nobody hides an entry before the first.
# A transaction that began before does not last so long: no entry comes any more before these.
SETTLED = timedelta(hours=1)
TRIES = 5  # Seconds, for another run to write its checkpoint.


class Checked(NamedTuple):
    """
    An entry, whether it is as it was written, the fields that were altered or erased, and the keys
    of what was hung on it since and is no part of it.
    """

    entry: Entry
    is_whole: bool
    fields: list[str]
    erased: list[str]
    foreign: list[str]

    @property
    def is_altered(self):
        return not self.is_whole or bool(self.fields)


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
    rows, note, foreign = entry.values.all(), getattr(entry, "note", None), []
    own = seals.own_rows(entry)
    if own is not None:
        foreign = [f"value {row.pk}" for row in rows if row not in own]
        rows = own
    fields = [row.field for row in rows if not seals.is_true(row)]
    erased = [row.field for row in rows if row.is_erased and row.field not in fields]
    is_note = entry.verb == "note"
    if note and not is_note:
        foreign.append(f"note {note.pk}")
    elif is_note and not (note and seals.is_true(note)):  # Erased, it is there without its text.
        fields.append("note")
    return Checked(entry, own is not None, fields, erased, foreign)


def _is_sealed(checkpoint):
    return seals.fits(checkpoint.seal, seals.seal_checkpoint, checkpoint)


@contextmanager
def _alone():
    """
    Whether this run may write a checkpoint, and no other at the same time: SQLite has one writer,
    PostgreSQL is asked, and nobody waits for it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('history_checkpoint'))")
            yield cursor.fetchone()[0]
        else:
            yield True


class Count:
    """Counts entries as they pass, from one checkpoint to the next; says where some are missing."""

    def __init__(self):
        told = [(each, _is_sealed(each)) for each in Checkpoint.objects.order_by("last_id", "pk")]
        self.forged = [checkpoint for checkpoint, fits in told if not fits]
        self.checkpoints = [checkpoint for checkpoint, fits in told if fits]
        self.broken: list[Checkpoint] = []  # Those up to which entries are missing, or too many.
        self.before: Checkpoint | None = None
        self.is_held_up = False  # Somebody else would not let a checkpoint be written.
        self._begin()
        self._settled = now() - SETTLED
        self._open = True

    def _begin(self):
        self.entries, self.last, self._digests = 0, 0, sha256()

    def add(self, entry):
        """One that is as it was written: what was forged is no part of it, and goes one day."""
        while self.checkpoints and entry.pk > self.checkpoints[0].last_id:
            self._close()
        if not self.checkpoints:  # The tail: up to the first that is too young to be sealed.
            self._open = self._open and entry.at <= self._settled
            if not self._open:
                return
        self.entries, self.last = self.entries + 1, entry.pk
        self._digests.update(entry.digest.encode())

    def finish(self, seal=True):
        """``seal`` what came since the last checkpoint; return the latest there is."""
        while self.checkpoints:
            self._close()
        if not (self.entries and seal):
            return self.before
        made = Checkpoint(last_id=self.last, **self._counted())
        made.seal = seals.seal_checkpoint(made)
        for _try in range(TRIES):
            with _alone() as alone:
                if (latest := self._latest()) != self.before:  # Another run was faster.
                    return latest
                if alone:
                    made.save(force_insert=True)
                    return made
            sleep(1)
        self.is_held_up = True
        return self.before

    def _latest(self):
        there = Checkpoint.objects.order_by("-last_id", "-pk")
        return next((each for each in there.iterator() if _is_sealed(each)), None)

    def _close(self):
        told = self.checkpoints.pop(0)
        if any(getattr(told, name) != value for name, value in self._counted().items()):
            self.broken.append(told)
        self.before = told
        self._begin()

    def _counted(self):
        before = self.before.seal if self.before else ""
        return {"before": before, "entries": self.entries, "digests": self._digests.hexdigest()}
