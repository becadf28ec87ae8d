"""To take back a note that one has just written."""

from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from history import journal, seals
from history.models import Entry, Note
from history.verbs import Verb, verbs

from .access import Moment, chance, firsts, moments, permission, require
from .records import lock, tell, write

REMOVE = "history.remove_note_entry"
WHILE = timedelta(minutes=15)

moments[REMOVE] = Moment(
    _("the note must be there, and not be older than 15 minutes"),
    lambda: Q(note__token="", at__gt=now() - WHILE),
)
firsts[REMOVE] = lambda entry: entry
verbs["remove_note"] = Verb(
    "trash", _("You removed a note on %(what)s"), _("%(who)s removed a note on %(what)s")
)


def subject(entry):
    """The record that an entry is about. Raise Http404 if it is gone."""
    rows = apps.get_model(entry.label)._default_manager
    return get_object_or_404(rows, pk=entry.record_id)


@transaction.atomic
def remove_note(entry, *, by):
    """
    Take back the note of a journal entry: its text goes, that it was there stays told.

    What changed with it is as before again, unless somebody changed that since, or ``by`` may
    change the record no more.
    """
    record = lock(subject(entry))
    require(by, REMOVE, entry)
    before = _before(entry, record) if _may_change(by, record) else {}
    if before:
        write(record, "remove_note", by=by, **before)
    else:
        tell(by, "remove_note", record)
        record.save(update_fields=["updated_at"])
    journal.remove(Note.objects.filter(entry=entry))
    return record


def _before(entry, record):
    own = seals.own_rows(entry) or []  # Not what somebody hung on it, who may only add.
    values = {value.field: value.old for value in own}
    last = Entry.objects.last_of(record, values) if values else {}
    return {
        name: record._meta.get_field(name).to_python(old)
        for name, old in values.items()
        if last[name].pk == entry.pk
    }


def _may_change(by, record):
    rows = type(record)._default_manager.filter(pk=record.pk)
    return rows.filter(chance(by, permission(record, "change"))).exists()
