"""
What comes next for a record, as home pages and record pages tell it.

Each app says in its ``steps.py`` when which step is next, and how it reads; ``dashboard.steps``
gives everybody theirs, and the page of a record begins with its ``Banner``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils.html import format_html
from django.utils.translation import gettext as _


@dataclass
class Step:
    """
    One thing to do: what, about which record, and where.

    ``due`` and ``amount`` (in euros, of what hangs on it) order the steps of one urgency.
    """

    code: str
    tone: str
    icon: str
    title: str
    context: str
    url: str
    button: str
    due: date
    amount: Decimal
    record: Any

    @property
    def urgency(self):
        """Danger, then a call whose day has come; then day, then amount."""
        urgent = self.record.urgent
        return self.tone != "danger", not urgent, self.due, -self.amount, self.record.pk

    @property
    def inline(self):
        """The title within a sentence."""
        return type(self.title)(self.title[:1].lower() + self.title[1:])


@dataclass
class Banner:
    """
    What the page of a record says first, about this ``record`` or one that belongs to it.

    It has a button if it is the reader's turn.
    """

    record: Any
    heading: str
    text: str = ""
    icon: str = "hourglass-split"
    url: str = ""
    button: str = ""


class Turn(NamedTuple):
    """A step that is next, whether it is the reader's, and otherwise whose: None, management's."""

    step: Step
    is_readers: bool
    whose: Any

    def told(self):
        step = self.step
        if self.is_readers:
            heading = worded(_("Next step: %(step)s"), step=step.inline)
            button = step.button
            if step.url.startswith(f"{step.record.get_absolute_url()}?"):
                button = _("Add note")  # One is there: what was said is noted.
            return Banner(step.record, heading, step.context, step.icon, step.url, button)
        heading = worded(
            _("Waiting for %(who)s: %(step)s."),
            who=self.whose or _("the management team"),
            step=step.inline,
        )
        return Banner(step.record, heading, step.context)


def most_pressing(turns):
    """The reader's first, or the first of somebody else; None if there is none."""
    found = list(turns)
    return next((turn for turn in found if turn.is_readers), found[0] if found else None)


class Teller(NamedTuple):
    """
    How an app tells what comes next for its records.

    ``marked`` gives a queryset of them the conditions, ``codes`` how each step reads, ``banner``
    what a record so marked says to a reader.
    """

    marked: Callable
    codes: dict[str, Callable]
    banner: Callable


tellers: dict[type, Teller] = {}  # By model: each app's ``steps.py`` adds its own.


def told(record):
    """The step of a record that has one."""
    return tellers[type(record)].codes[record.step](record)


def banner(record, reader):
    """What the page of this marked record says first to ``reader``."""
    return tellers[type(record)].banner(record, reader)


def days(name):
    """A threshold of the settings."""
    return timedelta(settings.STEP_DAYS[name])


def day_of(moment, later=None):
    """In a query: the day of a moment of the record, or so much later."""
    return TruncDate(F(moment) + later if later else F(moment))


def worded(phrase, **parts):
    """The phrase with what it names, as HTML: a part may be some already."""
    return format_html(phrase % {name: f"{{{name}}}" for name in parts}, **parts)


def unbroken(phrase, contract):
    """``%(contract)s`` in the phrase: a reference does not break at the end of a line."""
    return worded(phrase, contract=format_html('<span class="ee-nowrap">{}</span>', contract))


def line(*parts):
    return " · ".join(str(part) for part in parts)
