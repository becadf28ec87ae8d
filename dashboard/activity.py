"""What was done lately, in one query, however many kinds of record it was done to."""

from django.db.models import (
    Case,
    CharField,
    F,
    OuterRef,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Concat

from accounts.models import User
from clients.models import Client
from contracts.models import Contract
from events.models import Event, TemplateItem
from history.models import Entry
from history.words import headline

LATELY = 5

# The field a record is called by, and its value: a line shows no more of it.
NAMES = {
    Client: ("company_name", F("company_name")),
    Contract: ("reference", F("reference")),
    Event: ("name", F("name")),
    TemplateItem: ("what", F("what")),
    User: ("first_name", Concat("first_name", Value(" "), "last_name")),
}
MODELS = {model._meta.label_lower: model for model in NAMES}


def of_all(user):
    return _told(Entry.objects.deeds(), user)


def of_sales(user):
    """What others did to the clients of a salesperson, archived or not, and all of theirs."""
    mine = Client.objects.visible_to(user).filter(sales_contact=user)
    return _told(
        _by_others(Entry.objects.deeds().filter(client_id__in=mine.values("pk")), user), user
    )


def of_support(user):
    """What others did to the events of a support contact."""
    mine = Event.objects.visible_to(user).of_support(user)
    entries = Entry.objects.deeds().filter(label="events.event", record_id__in=mine.values("pk"))
    return _told(_by_others(entries, user), user)


def _by_others(entries, user):
    return entries.exclude(actor_id=user.pk)


def _told(entries, reader):
    """The newest as lines, each with its record's name brought along."""
    names = [
        When(label=label, then=Subquery(_named(model).values(found=NAMES[model][1])))
        for label, model in MODELS.items()
    ]
    entries = entries.annotate(record_name=Case(*names, output_field=CharField()))[:LATELY]
    gone = [entry for entry in entries if entry.record_name is None]
    prefetch_related_objects(gone, "values")  # Their own deletion tells what they were called.
    return [headline(entry, reader, _record(entry)) for entry in entries]


def _named(model):
    return model._base_manager.filter(pk=OuterRef("record_id")).order_by()


def _record(entry):
    """The record as far as a line needs it: its key and its name."""
    if entry.record_name is None:  # Deleted since.
        return None
    model = MODELS[entry.label]
    return model(pk=entry.record_id, **{NAMES[model][0]: entry.record_name})
