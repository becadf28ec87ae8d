"""``manage.py verify_journal``: whoever goes round the triggers is seen."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from history import journal, triggers, verifying
from history.models import Checkpoint, Entry, EntryValue

OLD_KEY = "a-key-that-was-good-until-it-was-replaced"


def verify():
    """
    What the command says, and how it ends: the words it fails with, or none. What it thinks of
    the role that tests have on PostgreSQL is left out: test_roles has one that is as it should be.
    """
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_journal", stdout=out, stderr=err)
    except CommandError as error:
        failed = str(error)
    else:
        failed = ""
    named = [line for line in err.getvalue().splitlines(True) if not line.startswith("The role ")]
    return out.getvalue(), "".join(named), failed


def as_owner(sql, *params):
    """What the owner of the tables could do, who can drop triggers."""
    connection.check_constraints()
    with transaction.atomic(), connection.cursor() as cursor:
        triggers.remove("default")
        cursor.execute(sql, params)
        assert cursor.rowcount == 1
        connection.check_constraints()
        triggers.install("default")


@pytest.fixture
def entries(cast, kevin):
    """Three more than the world begins with; the last one has two values."""
    journal.record(cast["owner"], "archive", kevin)
    journal.record(cast["owner"], "update", kevin, {"phone": (None, 7)}, principal=cast["support"])
    both = {"email": ("old@x.example", "new@x.example"), "company_name": ("Cool", ["a", 1, True])}
    journal.record(None, "update", kevin, both)
    return Entry.objects.count()


def test_it_works(entries):
    said, named, failed = verify()
    assert said.startswith(f"{entries} entries checked: 0 altered, 0 with erased values.")
    assert f"The newest is entry {Entry.objects.first().pk} of" in said
    assert not named
    assert not failed


def test_page_by_page(entries, monkeypatch):
    monkeypatch.setattr(verifying, "CHUNK", 2)
    assert verify()[0].startswith(f"{entries} entries checked: 0 altered")


HEAD = [
    ("actor_id", 999), ("actor_name", "Somebody Else"), ("verb", "sign"), ("record_id", 999),
    ("client_id", 999), ("label", "events.event"), ("principal_name", "Nobody"),
    ("principal_id", None), ("digest", "0" * 64), ("at", now()),
    ("nonce", "0" * 32),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), HEAD)
def test_an_altered_entry_is_named(entries, column, value):
    entry = Entry.objects.get(principal_id__isnull=False)
    as_owner(f"UPDATE history_entry SET {column} = %s WHERE id = %s", value, entry.pk)
    said, named, failed = verify()
    assert f"{entries} entries checked: 1 altered, 0 with" in said
    assert named.count("Altered:") == 1
    assert f"entry {entry.pk} of" in named
    assert failed == "The journal was altered in the database."


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE history_entryvalue SET new = '\"forged\"' WHERE field = 'email'",
            "values of email",
        ),
        ("UPDATE history_entryvalue SET field = 'phone' WHERE field = 'email'", "values of phone"),
        ("UPDATE history_entryvalue SET old = NULL WHERE field = 'email'", "values of email"),
        ("DELETE FROM history_entryvalue WHERE field = 'email'", "what it says of itself"),
    ],
)
def test_altered_values_are_named(entries, sql, told):
    as_owner(sql)
    _said, named, failed = verify()
    assert named.count("Altered:") == 1
    assert told in named
    assert failed


def hang_on(entry, **altered):
    """A copy of one of its own values, or something else: the application's role may add it."""
    value = entry.values.order_by("pk").first()
    value.pk = None
    for name, new in altered.items():
        setattr(value, name, new)
    value.save(force_insert=True)
    return value


class TestForeign:
    """What is hung on an entry that is true: the entry stays true, whoever wants it gone."""

    @pytest.mark.parametrize("altered", [{}, {"field": "zz"}, {"new": 7}, {"seal": "", "lock": ""}])
    def test_it_works(self, entries, altered):
        entry = Entry.objects.first()
        foreign = hang_on(entry, **altered)
        said, named, failed = verify()
        assert f"{entries} entries checked: 0 altered, 0 with erased values." in said
        assert named == f"Foreign: value {foreign.pk} of entry {entry.pk}.\n"
        assert failed == "Values or notes were hung on entries that are not theirs."

    def test_it_does_not_hide_what_was_altered(self, entries):
        entry = Entry.objects.first()
        hang_on(entry)
        as_owner("UPDATE history_entryvalue SET new = '1' WHERE field = 'company_name'")
        assert f"Altered: entry {entry.pk} of" in verify()[1]

    def test_a_checkpoint_counts_the_entry(self, entries):
        foreign = hang_on(Entry.objects.first())
        with time_machine.travel(now() + timedelta(days=1)):
            assert verify()[1].count("Foreign:") == 1
            assert Checkpoint.objects.get().entries == entries
            as_owner("DELETE FROM history_entryvalue WHERE id = %s", foreign.pk)
            assert verify()[1:] == ("", "")

    def test_it_keeps_nothing_from_being_erased(self, entries):
        entry = Entry.objects.first()
        foreign = hang_on(entry)
        assert journal.blank(entry.values.all()) == 2
        foreign.refresh_from_db()
        assert foreign.new == "new@x.example"  # It is named, until the owner takes it away.
        assert f"Foreign: value {foreign.pk} of" in verify()[1]
        assert "0 altered, 1 with erased values." in verify()[0]


def test_what_was_erased_is_told_from_what_was_altered(entries):
    journal.blank(EntryValue.objects.filter(field="email"))
    said, named, failed = verify()
    assert "0 altered, 1 with erased values." in said
    assert not named
    assert not failed
    as_owner("UPDATE history_entryvalue SET new = '1' WHERE field = 'company_name'")
    said, named, failed = verify()
    assert "1 altered, 1 with erased values." in said
    assert "values of company_name" in named
    assert failed


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_what_was_emptied_without_an_erasure_is_altered(entries, token):
    as_owner(
        "UPDATE history_entryvalue SET old = NULL, new = NULL, token = %s WHERE field = 'email'",
        token,
    )
    said, named, failed = verify()
    assert "1 altered, 0 with erased values." in said
    assert "values of email" in named
    assert failed


def test_so_is_what_nobody_could_erase_any_more(entries):
    as_owner("UPDATE history_entryvalue SET lock = %s WHERE field = 'email'", "0" * 64)
    assert "values of email" in verify()[1]


def test_a_forged_entry_does_not_fit(entries, kevin):
    """Who may insert, as the application's role may, does not have the key."""
    true = Entry.objects.first()
    Entry.objects.create(
        actor_name="Olivia Owner", verb="sign", label=true.label, record_id=1, digest="f" * 64
    )
    assert "1 altered" in verify()[0]


def test_its_words_are_no_lines_of_ours(entries):
    """Whoever forges an entry chooses them: they would accuse others, or strike out lines."""
    Entry.objects.create(
        actor_name="x\nAltered: entry 1\033[2K", verb="é", label="x.y", record_id=1, digest="f" * 64
    )
    named = verify()[1]
    assert "(x\\nAltered: entry 1\\x1b[2K é x.y 1)" in named
    assert len(named.splitlines()) == 1


def test_a_copy_is_refused(entries):
    """Byte for byte, it would be as true as the original."""
    copy = Entry.objects.first()
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)
    assert Entry.objects.count() == entries


def test_a_key_that_was_replaced(entries, settings, cast, kevin):
    old, settings.JOURNAL_KEY = settings.JOURNAL_KEY, OLD_KEY
    assert f"The first {entries} entries do not fit JOURNAL_KEY." in verify()[2]
    journal.record(cast["owner"], "update", kevin)
    assert f"The first {entries} entries do not fit JOURNAL_KEY." in verify()[2]
    settings.JOURNAL_KEY = f"{OLD_KEY}, {old}"
    assert not verify()[2]
    settings.JOURNAL_KEY = OLD_KEY
    with time_machine.travel(now() + timedelta(days=1)):
        assert "do not fit JOURNAL_KEY." in verify()[2]
        assert not Checkpoint.objects.exists()  # Without the old key it would count too few.
    settings.JOURNAL_KEY = ""
    assert verify()[2] == "JOURNAL_KEY is not set: nothing can be checked without it."
    settings.JOURNAL_KEY = old
    assert verify()[2] == "The journal was altered in the database."


def test_entries_of_before_are_sealed_anew(entries):
    """What a migration does, once, to entries whose digest was right."""
    reseal = import_module("history.migrations.0004_reseal")
    entry, altered = Entry.objects.all()[:2]
    rows = list(entry.values.order_by("pk"))
    as_owner(
        "UPDATE history_entry SET digest = %s WHERE id = %s", reseal.former(entry, rows), entry.pk
    )
    as_owner("UPDATE history_entry SET digest = 'x' WHERE id = %s", altered.pk)
    reseal.reseal(apps, SimpleNamespace(connection=connection))
    triggers.install("default")
    _said, named, _failed = verify()
    assert f"entry {entry.pk} of" not in named
    assert f"entry {altered.pk} of" in named


def test_what_was_written_before_there_were_locks_is_locked(entries):
    """What a migration does, once; what had been erased by then can be told, too."""
    journal.blank(EntryValue.objects.filter(field="company_name"))
    with connection.cursor() as cursor:
        triggers.remove("default")
        cursor.execute("UPDATE history_entryvalue SET lock = '', token = ''")
    migration = import_module("history.migrations.0009_locks")
    migration.lock(apps, SimpleNamespace(connection=connection, execute=lambda sql: None))
    triggers.install("default")
    assert "0 altered, 1 with erased values." in verify()[0]
    journal.blank(EntryValue.objects.all())
    assert "0 altered" in verify()[0]


def deleted(*entries):
    """What the owner of the tables could do: an entry and all that hangs on it."""
    connection.check_constraints()
    keys = [entry.pk for entry in entries]
    with transaction.atomic(), connection.cursor() as cursor:
        triggers.remove("default")
        for table, column in (("history_entryvalue", "entry_id"), ("history_entry", "id")):
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({','.join(map(str, keys))})")
        connection.check_constraints()
        triggers.install("default")


class TestCheckpoints:
    @pytest.fixture
    def nights(self, entries, cast, kevin):
        """Three nights with some entries before each; the last ones are an hour old."""
        start = now()
        for night in range(1, 4):
            with time_machine.travel(start + timedelta(days=night)):
                assert verify()[1:] == ("", "")
                for _ in range(3):
                    journal.record(cast["owner"], "update", kevin, {"phone": (1, night)})
        with time_machine.travel(start + timedelta(days=5)):
            yield list(Checkpoint.objects.order_by("pk"))

    def test_it_works(self, nights, entries):
        assert [checkpoint.entries for checkpoint in nights] == [entries, 3, 3]
        said, named, failed = verify()
        assert (named, failed) == ("", "")
        latest = Checkpoint.objects.latest("pk")
        assert f"The checkpoint to keep and compare: {latest.last_id} ({latest.seal[:8]})." in said
        assert latest.entries == 3
        assert verify()[1:] == ("", "")
        assert Checkpoint.objects.count() == 4  # Nothing came since: no fifth.

    def test_those_of_before_are_linked(self, nights):
        with connection.cursor() as cursor:
            triggers.remove("default")
            cursor.execute("UPDATE history_checkpoint SET before = '', digests = ''")
        migration = import_module("history.migrations.0009_locks")
        migration.lock(apps, SimpleNamespace(connection=connection, execute=lambda sql: None))
        triggers.install("default")
        assert verify()[1:] == ("", "")

    def test_what_is_young_is_not_sealed_yet(self, entries):
        """Until an hour has passed, one with a smaller key may come."""
        verify()
        assert not Checkpoint.objects.exists()

    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_an_entry_that_is_gone_is_missed(self, nights, which):
        deleted(Entry.objects.filter(pk__lte=nights[which].last_id).first())
        _said, named, failed = verify()
        assert named.count("Not whole:") == 1
        assert f"up to entry {nights[which].last_id} there were" in named
        assert failed == "Entries of the journal, or checkpoints, are missing or too many."
        assert verify()[2] == failed  # And the night after.

    def test_so_is_a_whole_span(self, nights):
        span = Entry.objects.filter(pk__gt=nights[0].last_id, pk__lte=nights[1].last_id)
        deleted(*span)
        assert f"up to entry {nights[1].last_id} there were 3 more" in verify()[1]

    def test_even_with_the_checkpoint_that_counted_it(self, nights):
        """Each seals the one before it."""
        deleted(*Entry.objects.filter(pk__gt=nights[0].last_id, pk__lte=nights[1].last_id))
        as_owner("DELETE FROM history_checkpoint WHERE id = %s", nights[1].pk)
        assert f"up to entry {nights[2].last_id} there were 3 more" in verify()[1]

    def test_and_a_checkpoint(self, nights):
        as_owner("DELETE FROM history_checkpoint WHERE id = %s", nights[1].pk)
        assert f"up to entry {nights[2].last_id} there were" in verify()[1]

    def test_one_that_is_put_between_is_no_part_of_it(self, nights):
        first = Entry.objects.order_by("pk").first()
        Entry.objects.create(
            pk=first.pk - 1, actor_name="x", verb="sign", label=first.label, record_id=1, digest="x"
        )
        named = verify()[1]
        assert f"Altered: entry {first.pk - 1} of" in named
        assert "Not whole:" not in named

    @pytest.mark.parametrize(
        "at", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)]
    )
    def test_a_forged_one_stops_nothing_and_can_go(self, nights, cast, kevin, at):
        """Whatever day it says: checkpoints go on without it, and without it all is well again."""
        forged = Entry.objects.create(
            at=at, actor_name="x", verb="sign", label="x.y", record_id=1, digest="x"
        )
        journal.record(cast["owner"], "update", kevin, {"phone": (1, 4)})
        with time_machine.travel(now() + timedelta(days=1)):
            assert verify()[1].count("Altered:") == 1
            assert Checkpoint.objects.latest("pk").entries == 4
            deleted(forged)
            assert verify()[1:] == ("", "")

    def test_two_runs_at_once_leave_one_checkpoint(self, nights):
        counts = [verifying.Count(), verifying.Count()]
        for each in verifying.check():
            for count in counts:
                count.add(each.entry)
        made = [count.finish() for count in counts]
        assert made[0] == made[1] == Checkpoint.objects.latest("pk")
        assert Checkpoint.objects.count() == len(nights) + 1
        assert verify()[1:] == ("", "")

    @pytest.mark.parametrize("ends", [True, False])
    def test_whoever_holds_them_up_is_told(self, nights, monkeypatch, ends):
        """On PostgreSQL by a lock that any session may take; a run that only writes lets go."""
        answers = iter([False] * (2 if ends else 99))
        waited = []

        @contextmanager
        def held_up():
            yield next(answers, True)

        monkeypatch.setattr(verifying, "_alone", held_up)
        monkeypatch.setattr(verifying, "sleep", waited.append)
        failed = verify()[2]
        assert bool(failed) is not ends
        assert "another session holds its lock" in failed or ends
        assert len(waited) == (2 if ends else verifying.TRIES)
        assert Checkpoint.objects.count() == len(nights) + ends

    def test_a_copy_of_one_is_refused(self, nights):
        nights[0].pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            nights[0].save(force_insert=True)

    @pytest.mark.parametrize("far", [0, 10**15])
    def test_a_forged_checkpoint_does_not_fit(self, nights, far):
        """It is told for as long as it is there, and hides nothing: checkpoints go on."""
        last = Entry.objects.order_by("pk").last().pk + far
        forged = Checkpoint.objects.create(last_id=last, entries=3, seal="0" * 64)
        told = f"Forged: checkpoint {forged.pk}, up to entry {last}."
        _said, named, failed = verify()
        assert told in named
        assert "Not whole" not in named
        assert failed == "Checkpoints do not fit JOURNAL_KEY: they were forged or altered."
        assert Checkpoint.objects.count() == len(nights) + 2
        deleted(Entry.objects.filter(pk__lte=nights[1].last_id).first())
        _said, named, failed = verify()
        assert told in named
        assert f"up to entry {nights[1].last_id} there were" in named

    @pytest.mark.parametrize(
        ("column", "value"),
        [("at", now()), ("last_id", 1), ("before", "x"), ("entries", 4), ("digests", "x")],
    )
    def test_so_does_an_altered_one(self, nights, column, value):
        as_owner(f"UPDATE history_checkpoint SET {column} = %s WHERE id = %s", value, nights[1].pk)
        assert f"Forged: checkpoint {nights[1].pk}, up to entry" in verify()[1]

    def test_an_erasure_takes_nothing_away(self, nights):
        journal.blank(EntryValue.objects.all())
        said, named, failed = verify()
        assert (named, failed) == ("", "")
        assert "with erased values" in said

    def test_it_cannot_be_changed(self, nights):
        for deed in (
            lambda: Checkpoint.objects.update(entries=0),
            lambda: Checkpoint.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                deed()

    def test_with_another_key_it_still_fits(self, nights, settings, cast, kevin):
        settings.JOURNAL_KEY = f"{OLD_KEY}, {settings.JOURNAL_KEY}"
        journal.record(cast["owner"], "update", kevin)
        assert verify()[1:] == ("", "")
