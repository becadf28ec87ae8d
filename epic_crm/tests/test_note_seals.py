"""A note hangs on its journal entry in a table of its own: there its text is sealed."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.notes import remove_note
from accounts.workflow import add_note
from history import seals, triggers
from history.models import Entry, EntryValue, Note
from history.tests.test_verify import as_owner, verify

pytestmark = pytest.mark.any_database


@pytest.fixture
def note(cast, kevin, today):
    return add_note(kevin, by=cast["owner"], channel="phone", happened_on=today, text="Yes.")


def test_it_works(note):
    assert verify()[1:] == ("", "")


@pytest.mark.parametrize(
    "deed",
    [
        lambda: Note.objects.update(text="No."),
        lambda: Note.objects.update(text=""),
        lambda: Note.objects.update(text="", token="f" * 64),
        lambda: Note.objects.update(text="No.", token=seals.unlocked(Note.objects.get())),
        lambda: Note.objects.update(channel="note", token=seals.unlocked(Note.objects.get())),
        lambda: Note.objects.update(token="f" * 64),
        lambda: Note.objects.update(token=F("lock")),
        lambda: Note.objects.all()._raw_delete("default"),
        lambda: Note.objects.get().delete(),
    ],
)
def test_it_cannot_be_changed_or_deleted(note, deed):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        deed()
    assert Note.objects.values_list("text", "token").get() == ("Yes.", "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "No."),
        ("token", "hidden"),
        ("channel", "note"),
        ("seal", ""),
        ("happened_on", "2026-01-01"),
        ("lock", ""),
    ],
)
def test_one_that_was_altered_is_named(note, column, value):
    as_owner(f"UPDATE history_note SET {column} = %s WHERE id = %s", value, note.pk)
    _said, named, failed = verify()
    assert f"Altered: entry {note.entry_id} of" in named
    assert "the values of note" in named
    assert failed


def test_nor_is_it_another_entrys(note):
    other = Entry.objects.order_by("pk").first().pk
    as_owner("UPDATE history_note SET entry_id = %s WHERE id = %s", other, note.pk)
    named = verify()[1]
    assert f"Foreign: note {note.pk} of entry {other}." in named
    assert f"Altered: entry {note.entry_id} of" in named  # It is missed there.


def test_one_that_was_taken_back_is_no_alteration(note, cast):
    remove_note(note.entry, by=cast["owner"])
    assert verify()[1:] == ("", "")


def test_what_is_hung_on_its_entry_keeps_it_from_nothing(note, cast, kevin):
    EntryValue.objects.create(entry=note.entry, field="phone", new=7)
    assert verify()[1].startswith("Foreign: value")
    remove_note(note.entry, by=cast["owner"])
    assert not Note.objects.exists()


def test_nor_does_it_come_back(note, cast):
    """Its row stays, without text: nobody writes the same note once more."""
    again = Note.objects.get()
    remove_note(note.entry, by=cast["owner"])
    assert not Note.objects.exists()
    assert Note._base_manager.values_list("text", flat=True).get() == ""
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_one_that_the_owner_of_the_tables_took_away_is_missed(note):
    as_owner("DELETE FROM history_note WHERE id = %s", note.pk)
    assert f"Altered: entry {note.entry_id} of" in verify()[1]


def test_those_that_were_deleted_before_are_there_without_text(note):
    as_owner("DELETE FROM history_note WHERE id = %s", note.pk)
    triggers.remove("default")
    import_module("history.migrations.0009_locks").lock(
        apps, SimpleNamespace(connection=connection, execute=lambda sql: None)
    )
    triggers.install("default")
    assert verify()[1:] == ("", "")
    assert not Note.objects.exists()


def test_those_of_before_are_sealed(note):
    as_owner("UPDATE history_note SET seal = '', lock = '' WHERE id = %s", note.pk)
    triggers.remove("default")
    migration = import_module("history.migrations.0007_seal_notes")
    schema = SimpleNamespace(connection=connection, execute=lambda sql: None)
    migration.seal(apps, schema)
    import_module("history.migrations.0009_locks").lock(apps, schema)
    triggers.install("default")
    assert verify()[1:] == ("", "")
