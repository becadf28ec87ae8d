"""
What the application's role of PostgreSQL can do to the journal, in a database made as production's
is: roles by deploy/roles.sql, tables by the owner's ``migrate``.
"""

import os
import re
import shutil
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(not shutil.which("psql"), reason="no psql on this machine"),
]
INSUFFICIENT_PRIVILEGE = "42501"
WRITES = re.compile("INSERT|UPDATE|DELETE|TRUNCATE|MERGE")
NAME = f"crm_roles_{os.getpid()}"
OWNER, APP = f"{NAME}_owner", f"{NAME}_app"
ENTRY = (
    "INSERT INTO history_entry (at, actor_name, principal_name, verb, label, record_id, nonce,"
    " digest) VALUES (now(), 'Olivia Owner', '', 'sign', 'contracts.contract', 1, '', %s)"
)


def address(role):
    known = connection.settings_dict
    place = f"{known['HOST'] or '127.0.0.1'}:{known['PORT'] or 5432}"
    return f"postgres://{role}:{role}@{place}/{NAME}"


def manage(role, *words, typed=""):
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address(role), "JOURNAL_KEY": "k" * 40},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def database(django_db_setup, django_db_blocker):
    """A superuser's connection to a database of two roles, migrated by its owner."""
    known = connection.settings_dict
    superuser = {
        "host": known["HOST"] or None, "port": known["PORT"] or None,
        "user": known["USER"] or None, "password": known["PASSWORD"] or None,
    }  # fmt: skip
    with psycopg.connect(dbname="postgres", autocommit=True, **superuser) as server:
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            script = settings.BASE_DIR / "deploy" / "roles.sql"
            subprocess.run(
                ["psql", "-qX", "-d", f"dbname={NAME} " + " ".join(
                    f"{name}={value}" for name, value in superuser.items() if value
                ), "-v", "ON_ERROR_STOP=1", "-v", f"owner={OWNER}", "-v", f"app={APP}",
                 "-f", script],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            for role in (OWNER, APP):
                server.execute(f"ALTER ROLE {role} PASSWORD '{role}'")
            done = manage(OWNER, "migrate", "-v0")
            assert done.returncode == 0, done.stderr
            with psycopg.connect(dbname=NAME, autocommit=True, **superuser) as inside:
                yield inside
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            for role in (OWNER, APP):
                server.execute(f"DROP ROLE IF EXISTS {role}")


def test_the_servers_log_quotes_nothing_of_what_fails(database):
    """Addresses, words that were searched, keys of sessions: PostgreSQL would write them down."""
    for role in (OWNER, APP):
        with psycopg.connect(address(role)) as connected:
            told = [
                connected.execute(f"SHOW {name}").fetchone()[0]
                for name in ("log_min_error_statement", "log_error_verbosity")
            ]
        assert told == ["panic", "terse"]


def test_what_the_application_is_about_to_write_is_not_shown(database):
    """Read in time, ended and written otherwise, it would be true: it is sealed already."""
    with psycopg.connect(address(APP)) as honest, psycopg.connect(address(APP)) as spy:
        honest.execute("SELECT 'a token'")
        seen = spy.execute(
            "SELECT query FROM pg_stat_activity WHERE pid = %s", [honest.info.backend_pid]
        ).fetchall()
        assert "a token" not in str(seen)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            spy.execute("SET track_activities = on")


FORBIDDEN = [
    "DELETE FROM django_migrations WHERE app = 'history'",
    "UPDATE django_migrations SET name = 'x' WHERE app = 'history'",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('history', 'x', now())",
    "UPDATE history_entry SET actor_name = 'Nobody'",
    "UPDATE history_entry SET digest = digest WHERE id = 1",
    "DELETE FROM history_entry",
    "TRUNCATE history_entry CASCADE",
    "UPDATE history_entryvalue SET seal = ''",
    "UPDATE history_entryvalue SET field = 'x', old = NULL, new = NULL",
    "UPDATE history_entryvalue SET lock = ''",
    "DELETE FROM history_entryvalue",
    "TRUNCATE history_entryvalue",
    "UPDATE history_note SET entry_id = 1, token = ''",
    "DELETE FROM history_note",
    "TRUNCATE history_note",
    "INSERT INTO history_entry SELECT * FROM history_entry",
    "INSERT INTO history_entry (id, at, actor_name, principal_name, verb, label, record_id, nonce,"
    " digest) VALUES (9999, now(), '', '', 'x', 'x', 1, '', 'x')",
    "INSERT INTO history_checkpoint (id, at, last_id, before, entries, digests, seal)"
    " VALUES (9999, now(), 1, '', 1, '', '')",
    "SELECT setval('history_entry_id_seq', 9999)",
    "UPDATE accounts_user SET id = 9999",
    "UPDATE clients_client SET id = 9999",
    "INSERT INTO auth_group (id, name) VALUES (9999, 'x')",
    "INSERT INTO history_entry SELECT * FROM history_entry"
    " ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'",
    "MERGE INTO history_entry e USING history_entry o ON e.id = o.id"
    " WHEN MATCHED THEN UPDATE SET actor_name = 'Nobody'",
    "SELECT * FROM history_entry FOR UPDATE",
    "UPDATE history_checkpoint SET entries = 0",
    "DELETE FROM history_checkpoint",
    "TRUNCATE history_checkpoint",
    "ALTER TABLE history_entry DISABLE TRIGGER ALL",
    "ALTER TABLE history_entryvalue DISABLE TRIGGER history_entryvalue_update",
    "ALTER TABLE history_entry RENAME TO gone",
    "ALTER TABLE history_entry DROP COLUMN digest",
    "DROP TRIGGER history_entry_update ON history_entry",
    "DROP TABLE history_entry CASCADE",
    "CREATE TRIGGER mine BEFORE INSERT ON history_entry EXECUTE FUNCTION history_refuse()",
    "CREATE RULE mine AS ON INSERT TO history_entry DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION history_refuse() CASCADE",
    "UPDATE pg_trigger SET tgenabled = 'D'",
    "SET session_replication_role = replica",
    f"SET ROLE {OWNER}",
    f"SET SESSION AUTHORIZATION {OWNER}",
    f"ALTER ROLE {APP} SUPERUSER",
    f"GRANT {OWNER} TO {APP}",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE history_entry (id int)",
    "DROP SCHEMA public CASCADE",
]


UNDONE = [
    "UPDATE history_entryvalue SET old = NULL, new = NULL",
    "UPDATE history_entryvalue SET old = NULL, new = NULL, token = lock",
    "UPDATE history_entryvalue SET old = NULL, new = NULL, token = repeat('f', 64)",
    "UPDATE history_entryvalue SET new = NULL",
    "UPDATE history_note SET token = lock",
    "UPDATE history_note SET text = ''",
]
UNDONE_BY_OWNER = [
    "UPDATE history_entryvalue SET new = '\"forged\"'",
    "DELETE FROM history_note",
    "UPDATE history_entry SET actor_name = 'Nobody'",
    "DELETE FROM history_entry",
]


def add_a_manager():
    return manage(
        APP, "add_user", "mona@agency.example", "--team", "management", "--first-name", "Mona",
        "--last-name", "Manager", "--password-stdin", typed="a-long-and-quiet-password\n",
    )  # fmt: skip


def test_the_application_adds_to_the_journal_and_cannot_alter_it(database):
    """One story, because the database takes long to make."""
    with psycopg.connect(address(APP), autocommit=True) as app:
        the_application_works(app)
        before = contents(database)
        for deed in FORBIDDEN:
            with pytest.raises(psycopg.Error) as refused:
                app.execute(deed)
            assert refused.value.sqlstate == INSUFFICIENT_PRIVILEGE, f"{deed}: {refused.value}"
            assert contents(database) == before, deed
        app.execute(f"GRANT UPDATE ON history_entry TO {APP}")  # No error, and no effect.
        assert contents(database) == before
        # Where the grant ends, the trigger goes on: who has not the key has not the token.
        with psycopg.connect(address(OWNER), autocommit=True) as owner:
            for role, deeds in ((app, UNDONE), (owner, [*UNDONE, *UNDONE_BY_OWNER])):
                for deed in deeds:
                    with pytest.raises(psycopg.errors.IntegrityConstraintViolation) as refused:
                        role.execute(deed)
                    assert "append-only" in str(refused.value), deed
                    assert contents(database) == before, deed
        a_copy_is_refused(app)
        assert contents(database) == before
        an_erasure_by_the_application_is_no_alteration()
        a_forged_entry_does_not_fit(app)
        every_migrate_takes_back_what_was_granted(database, app)


# Somebody writes a note; erases it, and what else is told, as an erasure does.
NOTE = """
from accounts.models import User
from history import journal
from history.models import EntryValue, Note
by = User.objects.get()
note = Note(channel="phone", happened_on="2026-11-24", text="She is ill.")
journal.attach(note, journal.record(by, "note", by))
"""
ERASURE = """
from history import journal
from history.models import EntryValue, Note
journal.remove(Note.objects.all())
journal.blank(EntryValue.objects.all())
"""


def the_application_works(app):
    added = add_a_manager()
    assert added.returncode == 0, added.stderr
    assert manage(APP, "shell", "-v0", typed=NOTE).returncode == 0
    told = app.execute("SELECT verb FROM history_entry ORDER BY id").fetchall()
    assert told == [("add_user",), ("note",)]
    assert app.execute("SELECT text FROM history_note").fetchall() == [("She is ill.",)]
    verified = manage(APP, "verify_journal")
    assert verified.stdout.startswith("2 entries checked: 0 altered, 0 with erased values.")
    assert not verified.stderr
    assert f"The role {OWNER} may alter the journal." in manage(OWNER, "verify_journal").stderr


def a_copy_is_refused(app):
    with pytest.raises(psycopg.errors.UniqueViolation):
        app.execute(
            "INSERT INTO history_entry (at, actor_name, principal_name, verb, label, record_id,"
            " nonce, digest) SELECT at, actor_name, principal_name, verb, label, record_id, nonce,"
            " digest"
            " FROM history_entry"
        )


def an_erasure_by_the_application_is_no_alteration():
    erased = manage(APP, "shell", "-v0", typed=ERASURE)
    assert erased.returncode == 0, erased.stderr
    assert "0 altered, 1 with erased values." in manage(APP, "verify_journal").stdout


def a_forged_entry_does_not_fit(app):
    """Who may add may add a lie, and has not the key to seal it with."""
    app.execute(ENTRY, ["0" * 64])
    verified = manage(APP, "verify_journal")
    assert verified.returncode != 0
    assert "3 entries checked: 1 altered" in verified.stdout


def every_migrate_takes_back_what_was_granted(database, app):
    """And leaves what it works with, however often."""
    database.execute(f"GRANT ALL ON history_entry, history_entryvalue, history_note TO {APP}")
    for _ in range(2):
        assert manage(OWNER, "migrate", "-v0").returncode == 0
    assert manage(APP, "shell", "-v0", typed=NOTE + ERASURE).returncode == 0
    assert {text for (text,) in app.execute("SELECT text FROM history_note")} == {""}
    for deed in filter(WRITES.match, FORBIDDEN):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(deed)


def contents(database):
    """The journal, its triggers, and who may do what to it."""
    questions = (
        "SELECT * FROM history_entry ORDER BY 1",
        "SELECT * FROM history_entryvalue ORDER BY 1",
        "SELECT * FROM history_note ORDER BY 1",
        "SELECT * FROM history_checkpoint ORDER BY 1",
        "SELECT * FROM pg_trigger ORDER BY 1",
        "SELECT * FROM pg_auth_members ORDER BY 1",
        "SELECT relname, relacl::text FROM pg_class WHERE relname LIKE 'history%' ORDER BY 1",
    )
    return [database.execute(question).fetchall() for question in questions]
