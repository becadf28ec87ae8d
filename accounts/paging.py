"""
Pages of a list, and where in it they are.

They go on from a record and not from a number: docs/adr/0005. How many records come before it is
counted along with the list itself, and no further.
"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import F, Q
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

PAGE = 25


class Pages:
    """
    What a list view has of them: ``after`` or ``before`` in its address holds the key of a record.

    Wants ``found`` and ``numbers`` of the list, and of the latter what is ``passed``.
    """

    request: Any
    queryset: Any
    sorts: dict[str, tuple[Any, str]]

    def page(self):
        """The records of this page; ``self.previous`` and ``self.next`` lead to its neighbours."""
        column, place, forward = self.column, self.place, self.forward
        descending = self.sort.startswith("-") is forward
        records = self.with_details(self.found(self.view_code))
        if place:
            records = records.filter(_beyond(column, *place, descending=descending))
        rows = list(self.in_order(records, forward)[: PAGE + 1])
        more, rows = len(rows) > PAGE, rows[:PAGE]
        if not forward:
            rows.reverse()
        back, ahead = (bool(place), more) if forward else (more, bool(place))
        self.previous = self.url(before=rows[0].pk, after=None) if rows and back else ""
        self.next = self.url(after=rows[-1].pk, before=None) if rows and ahead else ""
        return rows

    def in_order(self, records, forward=True):
        """By the column of the list, then by key."""
        descending = self.sort.startswith("-") is forward
        column = F(self.column)
        return records.order_by(*((column.desc(), "-pk") if descending else (column.asc(), "pk")))

    @property
    def column(self):
        return self.sorts[self.sort.lstrip("-")][1]

    @cached_property
    def place(self):
        """The record from which this page goes on: its value in the column, and its key."""
        asked = self.request.GET.get("before", self.request.GET.get("after"))
        if asked is None:
            return None
        if asked.isascii() and asked.isdigit() and len(asked) < 19:
            row = self.queryset.filter(pk=asked).values_list(self.column, "pk").first()
            if row:
                return row
        messages.warning(self.request, _("The place in the list was not found: here is its start."))
        return None

    @property
    def forward(self):
        return not (self.place and "before" in self.request.GET)

    def _passed(self):
        """What comes before the records of this page; going back, what comes before its place."""
        descending = not self.sort.startswith("-")
        return _beyond(self.column, *self.place, descending=descending, also=self.forward)

    def position(self, rows):
        """Where in the list these rows are: ``26 to 50 of 86``."""
        passed, number = self.passed, len(rows)
        if passed and not self.forward:
            passed = replace(passed, number=max(passed.number - number, 0))
        return told(passed, number, self.numbers[self.view_code])


def _beyond(column, value, pk, *, descending, also=False):
    """The rows past this one in the order of ``column``, then key; this one ``also``."""
    way, last = "lt" if descending else "gt", "e" if also else ""
    # The first condition is implied by the second; it lets the index be used as a range.
    return Q(**{f"{column}__{way}e": value}) & (
        Q(**{f"{column}__{way}": value}) | Q(**{column: value, f"pk__{way}{last}": pk})
    )


def told(passed, number, count):
    """
    ``26 to 50 of 86``: ``passed`` records come before these (None: this is the first page),
    ``number`` are shown, and there are ``count`` in all. Of each no more is told than is known.
    """
    if passed and passed.more:
        return _("After the first %(number)s") % {"number": _figure(passed.number)}
    before = passed.number if passed else 0
    last = before + number
    # What is counted a moment before it is read may have grown since.
    named = {"first": before + 1, "last": last, "total": max(count.number, last)}
    figures = {name: _figure(value) for name, value in named.items()}
    if count.more:
        figures["total"] = _figure(count.number)
        return _("%(first)s to %(last)s of more than %(total)s") % figures
    return _("%(first)s to %(last)s of %(total)s") % figures


def _figure(number):
    return number_format(number, use_l10n=True, force_grouping=True)
