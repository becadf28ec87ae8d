"""The file of what is held about a person, for whoever asks for it (GDPR, article 15)."""

import json

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from accounts.models import AccessRequest
from accounts.records import derived
from clients.models import Client
from contracts.models import Contract
from events.models import ChecklistItem, Event
from history.models import EntryValue, Note
from history.privacy import ACCOUNTING, PERSONAL, tagged, tags


class _Encoder(DjangoJSONEncoder):
    def default(self, o):
        return o.as_e164 if hasattr(o, "as_e164") else super().default(o)


def as_json(files):
    return json.dumps(files, cls=_Encoder, ensure_ascii=False, indent=2)


def held(word):
    """What is held about each client of this key or e-mail: one ``file_of`` each."""
    if word.isascii() and word.isdigit():
        wanted = Q(pk=int(word[:18]))
    else:
        wanted = Q(email__iexact=word.strip())
    return [file_of(client) for client in Client.objects.filter(wanted).order_by("pk")]


def file_of(client):
    """
    By field, as it is stored: a dictionary for ``as_json``.

    Without what is reckoned from other fields; of colleagues, only what they wrote, not who they
    are.
    """
    contracts = Contract.objects.filter(client=client).order_by("pk")
    events = Event.objects.filter(contract__client=client).order_by("pk")
    items = ChecklistItem.objects.filter(event__contract__client=client).order_by("pk")
    notes = Note.objects.filter(entry__client_id=client.pk).order_by("entry_id")
    return {
        "client": client.pk,
        "held since": client.created_at,
        **_row(client),
        "contracts": [_row(contract) for contract in contracts],
        "events": [_row(event) for event in events],
        "checklists": [_row(item) for item in items],
        "notes": [_row(note, "channel", "happened_on") for note in notes],
        "reasons of access requests": [
            request.reason for request in _asked([client, *contracts, *events])
        ],
        "history": _history(client),
    }


def _row(record, *also):
    model = type(record)
    names = {*tagged(model, PERSONAL, ACCOUNTING), *also}.difference(derived(record))
    fields = [field for field in model._meta.concrete_fields if field.name in names]
    return {field.name: field.value_from_object(record) for field in fields}


def _asked(records):
    either = Q(pk__in=[])
    for record in records:
        either |= Q(label=record._meta.label_lower, record_id=record.pk)
    return AccessRequest.objects.filter(either).order_by("pk")


def _own(raw):
    """Without a key and its label: whom a record was lent to, or who was to do something."""
    return None if isinstance(raw, dict) else raw


def _history(client):
    """The values that the journal keeps of personal fields, and what is no field: reasons."""
    values = EntryValue.objects.filter(entry__client_id=client.pk)
    values = values.exclude(old__isnull=True, new__isnull=True)
    values = values.exclude(field="until")  # Of a loan: to a colleague, who is not named either.
    told = []
    for value in values.select_related("entry").order_by("pk"):
        if value.entry.label not in tags:  # Forged: of no table of ours.
            continue
        model = apps.get_model(value.entry.label)
        others = {field.name for field in model._meta.concrete_fields}
        if value.field not in others.difference(tagged(model, PERSONAL)):
            change = {"old": _own(value.old), "new": _own(value.new)}
            if any(side is not None for side in change.values()):
                where = {"at": value.entry.at, "record": value.entry.label, "field": value.field}
                told.append(where | change)
    return told
