"""
security.md's section "Input" as a table: what is typed where, and what must come of it.

A row: field, what is typed in it, and either what is kept, exactly, or the words of the refusal
that stand at the field. A moment is typed as a pair, a day and a time. Everything else on the
page is valid. Management types, and reads French.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.timezone import localdate

from accounts.models import User
from clients.models import Client
from contracts.models import Contract
from events.models import ChecklistItem, Event, TemplateItem
from history.models import Note

TODAY, DAY = localdate(), timedelta(days=1)


class Says(str):
    """A refusal, in these words, at the field."""


class Page(NamedTuple):
    """A form: its record of the world, and where to look for what is kept."""

    on: Any = None
    kept: Any = None  # A model; nothing: the last entry of the journal.
    beside: Any = {}  # What the other fields have to be for that.


PAGES = {
    "clients:create": Page(kept=Client),
    "clients:update": Page("client", Client),
    "clients:assign": Page("client", Client),
    "clients:note": Page("client", Note),
    "clients:revert": Page("fresh"),
    "clients:delegate": Page("client"),
    "contracts:create": Page("client", Contract),
    "contracts:update": Page("contract", Contract),
    "contracts:sign": Page("contract", Contract),
    "contracts:cancel": Page("signed"),
    "contracts:reopen": Page("signed"),
    "events:create": Page("signed", Event, {"ends_at_0": "2027-12-31"}),
    "events:update": Page("event", Event),
    "events:assign": Page("event", Event),
    "events:cancel": Page("event"),
    "events:reopen": Page("cancelled"),
    "events:add_item": Page("event", ChecklistItem),
    "events:change_item": Page("item", ChecklistItem),
    "events:template": Page(kept=TemplateItem),
    "events:template_item": Page("point", TemplateItem),
    "access_grant": Page("request"),
    "access_decline": Page("request"),
    "account": Page(),
    "account_absence": Page(),
    "account_change_password": Page(),
    "dashboard:absence": Page("support"),
    "dashboard:transfer": Page("support"),
    "admin:accounts_user_add": Page(kept=User),
    "admin:accounts_user_change": Page("person", User),
    "admin:accounts_user_team": Page("person"),
    "admin:accounts_user_deactivate": Page("support"),
}

UNSEEN = Says("etirez les caractères invisibles.")
LOST = Says("Retapez ce qui est devenu «\u00a0\ufffd\u00a0».")
LINES = Says("Écrivez ce texte sur une seule ligne.")
TOO_LONG = Says("caractères au plus (vous en avez")

# What is typed in any text, of one line or of several; ``None``: kept as it is typed.
TEXT = {
    "Cafe\u0301 Zoe\u0308 & Cie": "Café Zoë & Cie",
    "\u1112\u1161\u11ab": "한",
    "<script>alert(1)</script>": None,
    "{{ 7|add:7 }} {% now 'Y' %}": None,
    "=HYPERLINK(\"http://evil.example\")": None,
    "+33 @SUM(A1) -1": None,
    "'; DROP TABLE clients_client; --": None,
    "100 % _ \\ %s %(x)s": None,
    "&amp; &lt;b&gt;": None,
    "👩\u200d💻 株式会社": None,
    "Élodie O’Hara «\u00a0Éclat\u00a0»": None,
    "a\0b": UNSEEN,
    "\u200b\u200c\u2060": UNSEEN,
    "facture\u202egnp.exe": UNSEEN,
    "a\u2066b\u2069": UNSEEN,
    "\x1b[31mrouge": UNSEEN,
    "Caf\ufffd": LOST,
    b"Caf\xe9": LOST,
    b"\xed\xa0\x80": LOST,
}  # fmt: skip
SOME = dict(list(TEXT.items())[:3] + list(TEXT.items())[-4:])
ONE_LINE = TEXT | {
    "a\r\nb": LINES,
    "a\nb": LINES,
    "a\u2028b": UNSEEN,
    "a\tb": None,
    "x" * 1_000_000: TOO_LONG,
}
SEVERAL = TEXT | {
    "x" * 1_000_000: TOO_LONG,
    "  deux\r\nlignes\r\n\r\nfin": "deux\nlignes\n\nfin",
    "a\rb": "a\nb",
}


def any_text(field, texts):
    return [(field, typed, typed if must is None else must) for typed, must in texts.items()]


WHOLE = Says("Saisissez un nombre entier")
CROWD = Says("Saisissez un nombre de participants, 1\u00a0000\u00a0000 au plus.")
EUROS = Says("supérieur à zéro, par exemple")
MOST_EUROS = Says("Saisissez un montant jusqu’à")
PHONE = Says("Saisissez un numéro de téléphone, par exemple")
MAIL = Says("Saisissez une adresse e-mail complète")
DATE = Says("Saisissez une date, par exemple 26/09/2026.")
TIME = Says("Saisissez une heure, par exemple 18:30.")
FUTURE = Says("dans le futur")
YEAR = Says("Saisissez une année entre 2000 et")
CLOCKS = Says("cette heure n’existe pas ou revient deux fois.")
LIST = Says("choisissez dans la liste.")


def numbers(field):
    return [
        (field, "120", 120), (field, " 007 ", 7), (field, "1 000", 1000),
        (field, "12\u202f000", 12000), (field, "12\u00a0000", 12000), (field, "1000000", 1_000_000),
        *((field, typed, WHOLE) for typed in (
            "-1", "\u22125", "+5", "1.000", "12.0", "1,000", "12,5", "1e3", "1_000", "0x10", "NaN",
            "Infinity", "１２０", "١٢٠", "½", "1 00", "120 personnes",
        )),
        *((field, typed, CROWD) for typed in (
            "1000001", "2147483648", str(2**63), str(10**30), "9" * 5000,
        )),
    ]  # fmt: skip


def moments(field):
    """Around both changes of the clocks in Paris."""
    at = "2027-03-28"
    return [
        (field, (at, "01:59"), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (field, (at, "02:00"), CLOCKS),
        (field, (at, "02:59"), CLOCKS),
        (field, (at, "03:00"), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (field, ("2027-10-31", "01:59"), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (field, ("2027-10-31", "02:00"), CLOCKS),
        (field, ("2027-10-31", "02:59"), CLOCKS),
        (field, ("2027-10-31", "03:00"), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
        (field, ("28/03/2027", "9h30"), datetime(2027, 3, 28, 7, 30, tzinfo=UTC)),
        *((field, (day, "10:00"), must) for day, must in (
            ("0001-01-01", YEAR), ("1999-12-31", YEAR), ("9999-12-31", YEAR), ("2027-02-30", DATE),
            ("2027-13-01", DATE), ("10000-01-01", DATE), ("0000-01-01", DATE), ("demain", DATE),
            ("2027-03-01\0", DATE),
        )),
        *((field, ("2027-03-01", time), TIME) for time in ("24:00", "25:61", "-1:00", "midi")),
    ]  # fmt: skip


def dates(field, day=date(2027, 3, 1), never=YEAR, past=YEAR):
    return [
        *((field, typed, day) for typed in (
            f"{day}", f"{day:%d/%m/%Y}", f" {day} ", f"{day.day}/{day.month}/{day.year}",
        )),
        (field, "9999-12-31", never),
        *((field, typed, past) for typed in ("0001-01-01", "1999-12-31")),
        *((field, typed, DATE) for typed in (
            "2027-02-30", "30/02/2027", "03/13/2027", "2027-02-29", "0000-00-00", "10000-01-01",
            "-2027-03-01", "2027-03-01T10:00", "20270301", "hier", "1772323200", "a\0b",
            "x" * 100_000,
        )),
    ]  # fmt: skip


def keys(field, says):
    """What is no key of somebody who may be chosen."""
    return [(field, typed, says) for typed in (
        "0", "-1", "1.5", "abc", str(2**31), str(2**63), str(10**30), "9" * 5000, "1 OR 1=1",
        "[]", "None",
    )]  # fmt: skip


CONTACT = [
    *any_text("company_name", ONE_LINE),
    ("company_name", "", Says("Saisissez le nom de l’entreprise.")),
    ("company_name", " \u00a0\t ", Says("Saisissez le nom de l’entreprise.")),
    ("company_name", "é" * 250, "é" * 250),
    ("company_name", "e\u0301" * 250, "é" * 250),
    ("company_name", "é" * 251, TOO_LONG),
    ("first_name", "", Says("Saisissez le prénom.")),
    ("first_name", "a\0b", UNSEEN),
    ("last_name", "Nguye\u0302\u0303n", "Nguyễn"),
    ("last_name", "a\u202eb", UNSEEN),
    ("job_title", "x" * 151, TOO_LONG),
    ("job_title", "Responsable\r\nachats", LINES),
    ("email", "kev@startup.example", "kev@startup.example"),
    ("email", " kev@startup.example ", "kev@startup.example"),
    *(("email", typed, MAIL) for typed in (
        "kev", "kev@", "@startup.example", "kev@startup", "a b@c.example",
        "kev@startup.example\nBcc: x@y.example",
        "<kev@startup.example>", "kev@startup..example", "é@startup.example", "javascript:alert(1)",
    )),
    ("email", "k@" + "x" * 300 + ".example", TOO_LONG),
    *(("phone", typed, "+33199004117") for typed in (
        "01 99 00 41 17", "01.99.00.41.17", "0033199004117", "+33 (0)1 99 00 41 17",
        "\u00a001\u202f99\u202f00\u202f41\u202f17", "０１９９００４１１７",
    )),
    *(("phone", typed, PHONE) for typed in (
        "12", "abc", "+999 12 34", "0" * 30, "01 99 00 41 17 ou 18", "01 99 00 41 17 ext 12",
        "0199004ABC",
        "01 99 00 41 17 #3", "<b>01</b>", "1" * 10_000, "01 99\0", "01\r\n99",
    )),
    ("mobile", "06 39 98 20 64", "+33639982064"),
    ("source", "phone", "phone"),
    *(("source", typed, LIST) for typed in ("fax", "PHONE", "Téléphone", "a\0b", "x" * 5000)),
    *dates("follow_up_on", past=Says("Choisissez une date à venir.")),
]  # fmt: skip

TERMS = [
    *any_text("title", SOME | {"a\r\nb": LINES}),
    ("title", "", Says("Saisissez l’objet.")),
    ("title", "x" * 121, TOO_LONG),
    *(("amount", typed, Decimal(value)) for typed, value in (
        ("1 234,56 €", "1234.56"), ("1\u00a0234,56\u00a0€", "1234.56"), ("1\u202f234,56 €",
        "1234.56"),
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("€1234.56", "1234.56"), ("0,01", "0.01"),
        ("12", "12"), ("012,5", "12.5"), ("9 999 999 999,99", "9999999999.99"), ("1'234.50",
        "1234.5"),
    )),
    *(("amount", typed, EUROS) for typed in (
        "0", "0,00", "-1", "\u22121", "-0,01", "NaN", "Infinity", "-inf", "1e5", "1E400", "0x10",
        "1_000",
        "１２", "١٢٣", "½", "12,500", "12.500", "1,23,456", "12€50", "12 50",
        "0 500", "1 2345", "12 €uros",
        "$12",
        "1/2", "12%", "=1+1", "a\0b", "deux mille", "--1", "€",
    )),
    ("amount", "", Says("Saisissez le montant.")),
    ("amount", "10 000 000 000", MOST_EUROS),
    ("amount", "9" * 5000, MOST_EUROS),
    ("amount", str(2**63), MOST_EUROS),
    *(("amount", typed, Says("deux décimales au plus")) for typed in ("0,001", "0,500", "12,5000")),
    *dates("payment_due"),
    ("payment_due", "", Says("Saisissez l’échéance de paiement.")),
    ("expected_date", "2027-02-30", DATE),
    ("expected_date", "0001-01-01", YEAR),
    *numbers("expected_attendees"),
    ("expected_venue", "Caf\u0065\u0301", "Café"),
    ("expected_venue", "x" * 201, TOO_LONG),
    *any_text("notes", SOME),
    ("notes", "x" * 5001, TOO_LONG),
]  # fmt: skip

FACTS = [
    *any_text("name", SOME | {"a\r\nb": LINES}),
    ("name", "", Says("Saisissez le nom de l’événement.")),
    ("name", "x" * 121, TOO_LONG),
    *numbers("attendees"),
    ("venue", "Ope\u0301ra", "Opéra"),
    ("venue", "a\u202eb", UNSEEN),
    ("address", "12 rue\nde Lyon", LINES),
    ("address", "x" * 301, TOO_LONG),
    ("onsite_contact", "x" * 151, TOO_LONG),
    ("onsite_phone", "01.99.00.41.17", "+33199004117"),
    ("onsite_phone", "12", PHONE),
    *any_text("instructions", SOME),
    ("instructions", "x" * 10_001, TOO_LONG),
    ("starts_at", ("", ""), Says("Saisissez la date et l’heure de début.")),
    ("starts_at", ("2027-02-01", ""), Says("Saisissez la date et l’heure de début.")),
    ("starts_at", ("", "10:00"), Says("Saisissez la date et l’heure de début.")),
]  # fmt: skip

REASON = [
    *any_text("reason", SOME),
    ("reason", "", Says("Saisissez le motif.")),
    ("reason", " \u00a0 ", Says("Saisissez le motif.")),
    ("reason", "x" * 501, TOO_LONG),
]

NOTE = [
    *any_text("text", SEVERAL),
    ("text", "", Says("Saisissez la note.")),
    ("text", "x" * 5001, TOO_LONG),
    ("channel", "fax", LIST),
    ("channel", "", Says("Choisissez un canal.")),
    *dates("happened_on", date(2026, 3, 4), FUTURE),
]

LOAN = [
    *keys("user", LIST),
    ("user", "", Says("Choisissez un collègue.")),
    ("until", "", Says("Saisissez la date.")),
    *(("until", str(TODAY + days * DAY), Says("60 jours à venir")) for days in (-1, 61, 3650)),
    *(("until", typed, DATE) for typed in ("2027-02-30", "10000-01-01", "toujours", "a\0b")),
    ("until", "0001-01-01", Says("60 jours à venir")),
    ("until", "9999-12-31", Says("60 jours à venir")),
]

AWAY = [
    *keys("delegate", LIST),
    ("starts_on", "2027-02-30", DATE),
    ("starts_on", "0001-01-01", Says("12 mois à venir")),
    ("starts_on", str(TODAY - DAY), Says("12 mois à venir")),
    ("ends_on", str(TODAY - DAY), Says("Le dernier jour ne peut pas précéder le premier.")),
    ("ends_on", "9999-12-31", Says("60 jours au plus")),
    ("ends_on", "", Says("Saisissez la date.")),
]

ITEM = [
    *any_text("what", SOME | {"a\r\nb": LINES}),
    ("what", "", Says("Saisissez ce qui est à faire.")),
    ("what", "x" * 201, TOO_LONG),
]

PERSON = [
    *any_text("first_name", SOME | {"a\r\nb": LINES}),
    ("last_name", "a\0b", UNSEEN),
    ("last_name", "x" * 151, TOO_LONG),
    ("email", "NINA@Agency.Example", "nina@agency.example"),
    ("email", "nina", MAIL),
    ("email", "nina@agency.example\r\nBcc: x@y.example", MAIL),
    ("phone", "12", PHONE),
    ("phone", "01 99 00 41 17", "+33199004117"),
]

CASES = {
    "clients:create": [
        *CONTACT,
        *(("stage", typed, LIST) for typed in ("won", "CLIENT", "a\0b")),
        ("stage", "", Says("Choisissez prospect ou client.")),
        *keys("sales_contact", LIST),
    ],
    "clients:update": [
        ("company_name", "Cafe\u0301", "Café"),
        ("company_name", b"Caf\xe9", LOST),
        ("email", "kev", MAIL),
        ("phone", "12", PHONE),
        ("follow_up_on", "2027-02-30", DATE),
        ("source", "fax", LIST),
    ],
    "clients:assign": keys("sales_contact", LIST),
    "clients:note": [*NOTE, ("follow_up_on", "2027-02-30", DATE), ("follow_up_on", "2027-03-01",
    date(2027, 3, 1))],
    "clients:revert": REASON,
    "clients:delegate": LOAN,
    "contracts:create": TERMS,
    "contracts:update": [
        ("title", "Cafe\u0301", "Café"),
        ("amount", "1 234,56 €", Decimal("1234.56")),
        ("amount", "1e5", EUROS),
        ("expected_attendees", "1.000", WHOLE),
        ("payment_due", "2027-02-30", DATE),
    ],
    "contracts:sign": [
        ("signed_on", str(TODAY), TODAY),
        ("signed_on", str(TODAY - 400 * DAY), TODAY - 400 * DAY),
        ("signed_on", "", Says("Saisissez la date de signature.")),
        ("signed_on", str(TODAY + DAY), FUTURE),
        ("signed_on", "9999-12-31", FUTURE),
        ("signed_on", "0001-01-01", YEAR),
        ("signed_on", "2026-02-30", DATE),
        ("signed_on", "a\0b", DATE),
    ],
    "contracts:cancel": REASON,
    "contracts:reopen": REASON,
    "events:create": [*FACTS, *moments("starts_at"), *keys("support_contact", LIST)],
    "events:update": [
        ("name", "Cafe\u0301", "Café"),
        *moments("ends_at"),
        ("ends_at", ("2027-02-01", "19:00"), Says("La fin doit être après le début.")),
        ("ends_at", ("2027-01-31", "23:30"), Says("La fin doit être après le début.")),
        ("attendees", "12.0", WHOLE),
    ],
    "events:assign": keys("support_contact", LIST),
    "events:cancel": [*REASON, *any_text("reason", SEVERAL)],
    "events:reopen": REASON,
    "events:add_item": [
        *ITEM,
        *dates("due_on", date(2026, 12, 1), Says("après l’événement"), Says("est passée")),
        *keys("in_charge", LIST),
    ],
    "events:change_item": [("what", "Cafe\u0301", "Café"), ("what", "a\u202eb", UNSEEN)],
    "events:template": [
        *ITEM,
        ("days_before", "0", 0),
        ("days_before", "365", 365),
        *(("days_before", typed, Says("365 au plus")) for typed in ("366", str(2**31), "9" * 5000)),
        *(("days_before", typed, Says("Saisissez un nombre de jours")) for typed in (
            "", "-1", "7.0", "1_0", "1e2", "0x7", "７", "NaN", "a\0b",
        )),
        ("role", "boss", LIST),
    ],
    "events:template_item": [("what", "Cafe\u0301", "Café"), ("days_before", "7.0", Says("jours"))],
    "access_grant": [row for row in LOAN if row[0] == "until"],
    "access_decline": REASON,
    "account": [
        *(("language", typed, LIST) for typed in ("de", "FR", "a\0b", "x" * 5000)),
        ("theme", "noir", LIST),
    ],
    "account_absence": AWAY,
    "account_change_password": [
        ("oldpassword", "", Says("Saisissez votre mot de passe actuel.")),
        ("oldpassword", "a\0b", UNSEEN),
        ("password1", "court", Says("12 caractères")),
        ("password1", "123456789012345", Says("entièrement numérique")),
        ("password1", "a\0b" * 10, UNSEEN),
        ("password2", "", Says("une seconde fois")),
    ],
    "dashboard:absence": AWAY,
    "dashboard:transfer": keys("events", LIST),
    "admin:accounts_user_add": [
        *PERSON,
        *(("team", typed, LIST) for typed in ("root", "nobody", "1", "a\0b")),
        ("team", "", Says("Choisissez l’équipe.")),
    ],
    "admin:accounts_user_change": PERSON,
    "admin:accounts_user_team": [("team", typed, LIST) for typed in ("root", "support", "a\0b",
    "1")],
    "admin:accounts_user_deactivate": keys("events", LIST),
}  # fmt: skip
