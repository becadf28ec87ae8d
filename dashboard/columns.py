"""
What a list has in a file: which columns, and how a value stands in a cell.

Read by programs. A spreadsheet expects of a file what its country does, so that separator and
decimal sign follow the reader's language; nothing else does. docs/adr/0019.
"""

import csv
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field.phonenumber import to_python

from accounts.querysets import full_name

ROWS = 2000  # Fetched at a time.
# What makes a formula of a cell, also in the width of Asian keyboards.
FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
HOME = 33  # Whoever dials from abroad knows it; the others dial 00 first.


class Far(NamedTuple):
    """A column that another record holds."""

    label: Any
    value: Any  # A path or an expression.


COLUMNS: dict[str, tuple[str | Far, ...]] = {
    "clients": (
        "company_name", "stage", "first_name", "last_name", "job_title", "email", "phone", "mobile",
        "source", Far(_("Sales contact"), full_name("sales_contact")), "converted_at",
        "follow_up_on", "created_at", "updated_at", "archived_at",
    ),
    "contracts": (
        "reference", "title", Far(_("Client"), "client__company_name"), "status", "amount",
        "payment_due", "signed_on", "expected_date", "expected_attendees", "expected_venue",
        Far(_("Sales contact"), full_name("client__sales_contact")),
        Far(_("Event"), "event__name"), "created_at", "updated_at",
    ),
    "events": (
        "name", Far(_("Contract"), "contract__reference"),
        Far(_("Client"), "contract__client__company_name"), "starts_at", "ends_at", "venue",
        "address", "attendees", "onsite_contact", "onsite_phone", "status",
        Far(_("Support contact"), full_name("support_contact")),
        Far(_("Sales contact"), full_name("contract__client__sales_contact")), "completed_at",
    ),
}  # fmt: skip


def labels(kind, model):
    """What stands above each column."""
    return [
        str(column.label)
        if isinstance(column, Far)
        else capfirst(model._meta.get_field(column).verbose_name)
        for column in COLUMNS[kind]
    ]


def write(kind, records):
    """
    A file of ``records`` and how many there are: one query, in chunks, of these columns alone.

    In memory, some 200 bytes a row: nothing of it is left on a disk.
    """
    model, number = records.model, 0
    paths = [each.value if isinstance(each, Far) else each for each in COLUMNS[kind]]
    read = [_reader(model, each) for each in COLUMNS[kind]]
    file = BytesIO()
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    rows = csv.writer(text, delimiter=";" if _french() else ",")
    rows.writerow(map(neutral, labels(kind, model)))
    for values in records.values_list(*paths).iterator(chunk_size=ROWS):
        rows.writerow([reads(value) for reads, value in zip(read, values, strict=True)])
        number += 1
    text.detach()
    file.seek(0)
    return file, number


def _reader(model, column):
    """How the values of a column become cells: a choice by its label, a number as it is dialled."""
    field = None if isinstance(column, Far) else model._meta.get_field(column)
    if getattr(field, "choices", None):
        choices = {value: str(label) for value, label in field.flatchoices}
        return lambda value: cell(choices.get(value, value))
    return cell if not isinstance(field, PhoneNumberField) else lambda value: cell(dialled(value))


def cell(value):
    """
    ``1250.00`` or ``1250,00``, ``2026-09-15``, ``2026-09-15 18:30`` in our time zone; text as it
    is, with an apostrophe in front of what a spreadsheet would take for a formula.
    """
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",") if _french() else f"{value:f}"
    return "" if value is None else neutral(str(value).strip(" "))


def neutral(text):
    """Text that no spreadsheet takes for a formula, whatever white space stands in front."""
    risky = text[:1] in ("\t", "\r", "\n") if text else False
    return f"'{text}" if risky or text.lstrip().startswith(FORMULA) else text


def dialled(number):
    """
    ``01 99 00 41 17``, ``00 32 2 123 45 67``: as one dials it here, and never with the plus of a
    formula. The spaces keep a spreadsheet from making a number of it, without its zeros.
    """
    number = to_python(number)
    if not getattr(number, "country_code", None):
        return str(number or "")
    if number.country_code == HOME:
        return number.as_national
    return f"00 {number.as_international.removeprefix('+')}"


def _french():
    return (get_language() or "fr").startswith("fr")
