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


def counts(user, *sets, most=None):
    """How many in each, up to ``most``, in one query; ``user`` gives it its one row."""
    asked = [value_of(each, most) for each in sets]
    return [counted(number, most) for number in _ask(user, asked)]


def counts_and_total(user, sets, among, column, most=None):
    """The same, and for the set at ``among`` the sum of ``column``, still in one query."""
    asked = [value_of(each, most) for each in sets]
    found = _ask(user, [*asked, _Summed(_some(sets[among], most, column), column)])
    numbers = [counted(number, most) for number in found[:-1]]
    if not numbers[among].more:
        numbers[among].total = found[-1] or 0
    return numbers


def value_of(records, most=None):
    """How many, as a value in another query."""
    return _Counted(_some(records, most))


def counted(number, most=None):
    most = most or MOST
    return Count(min(number, most), number > most)


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


def _some(records, most=None, column="pk"):
    return records.order_by().values(column)[: (most or MOST) + 1]
