"""
What comes next for a record, as home pages and record pages tell it.

Each app says in its ``steps.py`` when which step is next, and how it reads; ``dashboard.steps``
gives everybody theirs.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils.html import format_html


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
        return self.tone != "danger", self.due, -self.amount, self.record.pk


def days(name):
    """A threshold of the settings."""
    return timedelta(settings.STEP_DAYS[name])


def day_of(moment, later=None):
    """In a query: the day of a moment of the record, or so much later."""
    return TruncDate(F(moment) + later if later else F(moment))


def unbroken(phrase, contract):
    """``%(contract)s`` in the phrase: a reference does not break at the end of a line."""
    reference = format_html('<span class="ee-nowrap">{}</span>', contract)
    return format_html(phrase.replace("%(contract)s", "{}"), reference)


def line(*parts):
    return " · ".join(str(part) for part in parts)
