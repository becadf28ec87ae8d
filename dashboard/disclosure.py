"""
The file of what is held about a client's contact person, in words: what, why, and for how long.

Management reads it, and hands it out as PDF, or as JSON as ``held`` has it, to whoever asks what
we hold about them (GDPR, article 15). A file that leaves is an export: asked again, counted by the
brake, and in the journal before the first byte. docs/adr/0028.
"""

import json
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from accounts import brake
from accounts.access import require
from clients.models import Client
from contracts.models import Contract
from events.models import ChecklistItem, Event
from history import formats, journal
from history.models import Note
from history.verbs import Kind, Verb, facts, verbs
from history.words import in_words, label

from .held import as_json, file_of

DISCLOSE = "clients.disclose_client"
PAPER = Path(__file__).with_name("disclosure.typ")


class Format(models.TextChoices):
    PDF = "pdf", "PDF"
    JSON = "json", "JSON"


facts["format"] = models.CharField(gettext_lazy("file format"), choices=Format)
verbs["export_person"] = Verb(
    "person-vcard",
    gettext_lazy("You exported the personal file of %(what)s"),
    gettext_lazy("%(who)s exported the personal file of %(what)s"),
    tells=("format",),
    kind=Kind.EXPORT,
)


class Part(NamedTuple):
    """What is held of one kind; each of its ``tables`` a name and rows of label and value."""

    title: str
    why: str
    law: str
    kept: str
    tables: list[tuple[str, list[tuple[str, str]]]]
    nothing: Any = gettext_lazy("Nothing is held.")  # What stands there without tables.


def parts(client):
    """What is held about a client and its contact person, in the language of whoever reads."""
    told = file_of(client)
    interest = _("Legitimate interest (GDPR, article 6(1)(f))")
    accounts = _("Legal obligation (GDPR, article 6(1)(c); commercial code, article L123-22)")
    years = settings.RETENTION
    as_long = _("As long as the contact details.")
    accounted = _(
        "Once signed: company, reference, amount and dates until %(years)d years after the end of"
        " the year of the last document: signature, payment due or event. All the rest as long as"
        " the contact details."
    ) % {"years": years["contracts"]}
    return [
        Part(
            _("Company and contact details"),
            _("To answer the company, to work for it, and to propose its next event"),
            interest,
            _kept(client, years),
            [(str(client), [*_facts(Client, told), _since(client)])],
        ),
        Part(
            _("Contracts"),
            _("To agree on an event, to be paid, and to keep the accounts"),
            f"{interest}. {accounts}",
            accounted,
            [(row["reference"], _facts(Contract, row)) for row in told["contracts"]],
        ),
        Part(
            _("Events"),
            _("To prepare an event and to run it on the day"),
            f"{interest}. {accounts}",
            accounted,
            [
                *((row["name"], _facts(Event, row)) for row in told["events"]),
                *_one(pgettext("of events", "Checklists"), _todo(told["checklists"])),
            ],
        ),
        Part(
            _("Notes"),
            _("To remember what was said, so that colleagues can take over"),
            interest,
            as_long,
            [(_("Note"), _facts(Note, row)) for row in told["notes"]],
        ),
        Part(
            _("History"),
            _("To know who changed what, and to protect the data (GDPR, article 32)"),
            interest,
            as_long,
            [
                *_one(_("Changes"), [_change(change) for change in told["history"]]),
                *_one(
                    _("Why a colleague asked for access"),
                    [(_("Reason"), why) for why in told["reasons of access requests"]],
                ),
            ],
            _("The history (who did what, and when) holds no other data about this person."),
        ),
    ]  # fmt: skip


def _kept(client, years):
    if client.erased_at:
        return _(
            "The personal data was erased on %(day)s. What is left is kept for accounting."
        ) % {"day": formats.day(client.erased_at)}
    return _(
        "Until %(years)d years after the last contact that came from the person, or after the last"
        " contract or event."
    ) % {"years": years["clients" if client.stage == "client" else "prospects"]}


def _facts(model, row):
    """What a row tells, without what is empty and what only leads to another record."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    return [
        (label(model, name), in_words(model, name, _raw(row[name]), "dated"))
        for name, field in fields.items()
        if not field.is_relation and row.get(name) not in (None, "")
    ]


def _since(client):
    return label(Client, "created_at"), formats.day(client.created_at)


def _todo(rows):
    return [(label(ChecklistItem, "what"), row["what"]) for row in rows]


def _one(name, rows):
    """A table, unless it would be empty."""
    return [(name, rows)] if rows else []


def _change(change):
    model, field = apps.get_model(change["record"]), change["field"]
    old, new = (in_words(model, field, change[side], "dated") for side in ("old", "new"))
    nothing = change["old"] in (None, "")
    what = f"{formats.day(change['at'])} · {label(model, field)}"
    return what, new if nothing else f"{old} → {new}"


def _raw(value):
    return value.as_e164 if hasattr(value, "as_e164") else value


def rights(client):
    """What article 15 wants told beside the data."""
    return [
        _("Who reads it: the management team of Epic Events alone.")
        if client.erased_at
        else _("Who reads it: the sales, support and management teams of Epic Events."),
        _("Where it comes from: the person, the company, and what our teams noted."),
        _(
            "The person may ask us to correct or erase it, to restrict its use, or may object to"
            " it; and may complain to the CNIL (www.cnil.fr)."
        ),
    ]


def copy_out(client, *, by, format):
    """
    The file, and its entry in the journal: it is there before anybody has a byte of it.

    Raise Refused for who may not, TooMuch if it is one export too many in this hour.
    """
    require(by, DISCLOSE, client)
    brake.export(by)
    made = paper(client) if format == Format.PDF else as_json(file_of(client)).encode()
    with transaction.atomic():
        journal.record(by, "export_person", client, {"format": (None, format)})
    return BytesIO(made)


def paper(client):
    """The PDF, for screen readers too where the fonts of this machine have every character."""
    import typst  # 30 MB, for a page that is asked for twice a year.

    data = {
        "lang": (get_language() or "fr")[:2],
        "title": _("What we hold about you"),
        "subtitle": f"{client.contact_name} · {client}".strip(" ·"),
        "day": formats.day(localdate(), "long"),
        "rights": rights(client),
        "rights_title": _("Your rights"),
        "words": [_("Why"), _("On which ground"), _("For how long")],
        "parts": [part._asdict() for part in parts(client)],
    }
    printed = partial(
        typst.compile,
        PAPER.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, cls=DjangoJSONEncoder)},
    )
    try:
        return printed(pdf_standards=["ua-1"])
    except typst.TypstError:
        return printed()  # A character that no font here has is a box then; the JSON has it.
