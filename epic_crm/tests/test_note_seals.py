"""A note hangs on its journal entry in a table of its own: there its text is sealed."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from accounts.notes import remove_note
from accounts.workflow import add_note
from history.models import Entry, Note
from history.tests.test_verify import verify

pytestmark = pytest.mark.any_database


@pytest.fixture
def note(cast, kevin, today):
    return add_note(kevin, by=cast["owner"], channel="phone", happened_on=today, text="Yes.")


def test_it_works(note):
    assert verify()[1:] == ("", "")


@pytest.mark.parametrize(
    "altered",
    [{"text": "No."}, {"channel": "note"}, {"seal": ""}, {"happened_on": "2026-01-01"}],
)
def test_one_that_was_altered_is_named(note, altered):
    """Notes may go, so no trigger keeps them: any role that writes can do this."""
    Note.objects.update(**altered)
    _said, named, failed = verify()
    assert f"Altered: entry {note.entry_id} of" in named
    assert "the values of note" in named
    assert failed


def test_nor_is_it_another_entrys(note):
    Note.objects.update(entry=Entry.objects.order_by("pk").first())
    assert verify()[1].count("the values of note") == 1


def test_one_that_was_taken_back_is_no_alteration(note, cast):
    remove_note(note.entry, by=cast["owner"])
    assert verify()[1:] == ("", "")


def test_those_of_before_are_sealed(note):
    Note.objects.update(seal="")
    migration = import_module("history.migrations.0007_seal_notes")
    migration.seal(apps, SimpleNamespace(connection=connection))
    assert verify()[1:] == ("", "")
