"""
What a person holds, and how it goes to a colleague.

Each app names in its ``workflow.py`` what somebody has to look after. Hand-over, the team page
and the end of an account ask here.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def number_each(records, contact):
    """
    How many of the records name each person of a queryset as ``contact``, as an expression.

    Counted apart and not by a join: of two joins each row would come once for each row of the
    other, and a subquery beside a join would be asked for each of its rows.
    """
    theirs = records.filter(**{contact: OuterRef("pk")}).order_by().values(contact)
    return Coalesce(Subquery(theirs.annotate(number=Count("pk")).values("number")), 0)


class Holding(NamedTuple):
    """A kind of record that is in somebody's hands."""

    label: Any
    records: Callable  # The records that somebody has to look after.
    contact: str  # The field of theirs that names the person.
    takers: Callable  # The people in whose hands they may be, with their ``load``.
    load: Callable  # A number of them as what somebody carries, in words.
    move: Callable  # The verb that names another: record, ``by``, ``to``, who may be nobody.
    over: Callable | None = None  # Those nobody looks after any more, which still name somebody.
    release: Callable | None = None  # The verb by which they name nobody: record, ``by``.

    def of(self, person):
        """The records that ``person`` holds."""
        return self.records().filter(**{self.contact: person})

    def past(self, person):
        """The records that still name ``person``, though there is nothing left to do."""
        return self.over().filter(**{self.contact: person}) if self.over else ()

    def with_load(self, taker):
        """A taker, and what they carry already."""
        return f"{taker} · {self.load(taker.load)}"

    def number(self):
        """How many each person of a queryset holds, as an expression."""
        return number_each(self.records(), self.contact)


portfolio: dict[str, Holding] = {}
