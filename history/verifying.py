"""Does the journal say what was written into it? Asked by ``manage.py verify_journal``."""

from collections.abc import Iterator
from typing import NamedTuple

from . import journal
from .models import Entry

CHUNK = 1000  # Entries in memory at a time.


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
    last = 0
    while rows := list(_page(last)):
        yield from map(_checked, rows)
        last = rows[-1].pk


def _page(last):
    entries = Entry.objects.filter(pk__gt=last).order_by("pk")
    return entries.prefetch_related("values")[:CHUNK]


def _checked(entry):
    rows = sorted(entry.values.all(), key=lambda row: row.pk)
    broken = [row for row in rows if not _fits(row.seal, journal.seal, entry, row)]
    blanked = [row.field for row in broken if row.old is None and row.new is None]
    fields = [row.field for row in broken if row.old is not None or row.new is not None]
    whole = _fits(entry.digest, journal.digest, entry, rows)
    return Checked(entry, bool(fields) or not whole, fields, blanked)


def _fits(stored, seal, *sealed):
    return any(stored == seal(*sealed, key) for key in journal.sealing_keys())
