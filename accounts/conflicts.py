"""What an edit meets that somebody else did meanwhile: another value, or another field."""

from typing import Any, NamedTuple

from history.models import Entry


class Clash(NamedTuple):
    """A field that two people changed: what is stored, since whose change, and what was typed."""

    name: str
    label: str
    stored: str
    typed: str
    entry: Entry | None
    keep: str  # What is chosen on the page so far: mine, theirs or nothing.


class Conflict(Exception):
    """
    Somebody else changed a field that was typed here too. Nothing was written.

    ``others``: labels of what only this person changed. ``unanswered``: it was asked already
    which value to keep, and not answered everywhere.
    """

    def __init__(self, clashes, others, unanswered=False):
        super().__init__([clash.name for clash in clashes])
        self.clashes, self.others, self.unanswered = clashes, others, unanswered
        entries = [clash.entry for clash in clashes if clash.entry]
        self.entry = max(entries, key=lambda entry: entry.pk, default=None)


class Meanwhile(NamedTuple):
    """What somebody else changed of a record while it was edited here, and was left as it is."""

    entry: Entry | None
    labels: list[Any]
