"""How many records, and what they come to: exactly up to a thousand."""

from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Subquery

from .models import User

MOST = 1000  # Counted exactly up to here: a count reads every row it counts.


@dataclass
class Count:
    """``total`` is that of the column one asked for; of more than a thousand there is none."""

    number: int
    more: bool
    total: Any = None


def counts(user, *sets):
    """How many in each, in one query; ``user`` gives it its one row."""
    return [counted(number) for number in _ask(user, [value_of(each) for each in sets])]


def counts_and_total(user, sets, among, column):
    """The same, and for the set at ``among`` the sum of ``column``, still in one query."""
    asked = [value_of(each) for each in sets]
    found = _ask(user, [*asked, _Summed(_some(sets[among], column), column)])
    numbers = [counted(number) for number in found[:-1]]
    if not numbers[among].more:
        numbers[among].total = found[-1] or 0
    return numbers


def value_of(records):
    """How many, as a value in another query."""
    return _Counted(_some(records))


def counted(number):
    return Count(min(number, MOST), number > MOST)


def _ask(user, values):
    return User.objects.filter(pk=user.pk).values_list(*values).get()


class _Counted(Subquery):
    """How many rows a query has, as a value."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0  # Django knows, and does not ask, of a set that holds nothing.


class _Summed(Subquery):
    """What a column of a query comes to, as a value."""

    template = "(SELECT SUM(%(column)s) FROM (%(subquery)s) AS summed)"

    def __init__(self, queryset, column):
        super().__init__(queryset, column=column)


def _some(records, column="pk"):
    return records.order_by().values(column)[: MOST + 1]
