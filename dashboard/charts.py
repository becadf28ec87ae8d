"""Columns over months, as an SVG that a template draws. Whole numbers: no language breaks them."""

from dataclasses import dataclass
from typing import Any

WIDTH = 320  # As the template's viewBox has it: on a phone, letters stay as large as they are.
TOP, FLOOR = 26, 160
LABELS = 4  # Months with their name below: more would touch one another.


@dataclass
class Column:
    x: int
    y: int
    width: int
    height: int
    told: str


@dataclass
class Series:
    label: Any
    values: list
    show: Any  # A value as people read it.


@dataclass
class Chart:
    """Several series over the same months; ``months`` are their names, short and long."""

    title: Any
    months: list
    series: list[Series]

    @property
    def top(self):
        """The highest value: every column is measured by it."""
        return max((value for each in self.series for value in each.values), default=0)

    @property
    def highest(self):
        return self.series[0].show(self.top)

    @property
    def columns(self):
        """Of each series, one a month."""
        width = WIDTH // len(self.months)
        slim = max(width * 4 // 5 // len(self.series), 2)
        for n, each in enumerate(self.series):
            columns = []
            for month, value in enumerate(each.values):
                height = round((FLOOR - TOP) * float(value) / float(self.top or 1))
                told = f"{self.months[month][1]} · {each.label} · {each.show(value)}"
                x = month * width + width // 10 + n * slim
                columns.append(Column(x, FLOOR - height, slim - 1, height, told))
            yield columns

    @property
    def names(self):
        """Where the names of some months stand."""
        width, step = WIDTH // len(self.months), -(-len(self.months) // LABELS)
        return [
            (n * width + width // 10, self.months[n][0]) for n in range(0, len(self.months), step)
        ]
