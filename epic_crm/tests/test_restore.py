"""What a backup is worth: restored elsewhere, nothing is missing or more than there was."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from clients.models import Client
from clients.workflow import convert
from history.models import Entry

KEPT = tuple(f"{table} " for table in (
    "accounts_user", "clients_client", "contracts_contract", "events_event", "history_entry",
))  # fmt: skip
FORGED = "UPDATE history_entry SET actor_name = 'Nobody'"


class Copy:
    """A database made anew from a backup, and what ``manage.py`` says of it."""

    def __init__(self, address):
        self.address = address

    def manage(self, *words):
        known = {"DATABASE_URL": self.address, "JOURNAL_KEY": settings.JOURNAL_KEY}
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=os.environ | known,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


@pytest.fixture
def written(transactional_db, cast, event, kevin):
    """An agency with something in each table that counts, the journal too."""
    prospect = Client.objects.create(
        first_name="Élodie", last_name="d’Arc", email="elodie@example.fr", company_name="Ça & Là",
        sales_contact=cast["owner"],
    )  # fmt: skip
    convert(prospect, by=cast["owner"])
    return prospect


@pytest.fixture
def restored(written, tmp_path):
    """As docs/operations.md says, Backup."""
    if connection.vendor == "sqlite":
        path = tmp_path / "copy.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        yield Copy(f"sqlite:///{path}")
        return
    known = connection.settings_dict
    role = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    server = f"postgres://{role}@{known['HOST']}:{known['PORT'] or 5432}"
    name, backup = f"crm_restored_{os.getpid()}", tmp_path / "backup"
    _run("pg_dump", "-Fc", "-f", str(backup), f"{server}/{known['NAME']}")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            _run("pg_restore", "--exit-on-error", "-d", f"{server}/{name}", str(backup))
            yield Copy(f"{server}/{name}")
        finally:
            postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


def digests(capsys):
    call_command("digests")
    return capsys.readouterr().out


def test_it_works(written, restored, capsys):
    before = digests(capsys)
    kept = [line for line in before.splitlines() if line.startswith(KEPT)]
    assert len(kept) == len(KEPT)
    assert not [line for line in kept if " 0 " in line]
    assert restored.manage("digests").stdout == before
    assert restored.manage("migrate", "-v0").returncode == 0
    assert restored.manage("check", "--database", "default").returncode == 0
    assert restored.manage("digests").stdout == before
    verified = restored.manage("verify_journal")
    assert f"{Entry.objects.count()} entries checked: 0 altered" in verified.stdout
    assert verified.returncode == 0, verified.stderr


def test_its_journal_cannot_be_changed_either(restored):
    if connection.vendor == "sqlite":
        made, wrong = sqlite3.connect(restored.address[10:]), sqlite3.IntegrityError
    else:
        wrong = psycopg.errors.IntegrityConstraintViolation
        made = psycopg.connect(restored.address)
    with closing(made) as copy, pytest.raises(wrong, match="append-only"):
        copy.execute(FORGED)


def test_what_differs_is_seen(written, capsys):
    """A value, a row, and which of two rows has it."""
    before = digests(capsys)
    other = Client.objects.exclude(pk=written.pk).first()
    names = (written.company_name, other.company_name)
    Client.objects.filter(pk=written.pk).update(company_name=names[1])
    changed = digests(capsys)
    assert [a for a, b in zip(before.split("\n"), changed.split("\n"), strict=True) if a != b] == [
        line for line in before.split("\n") if line.startswith("clients_client ")
    ]
    Client.objects.filter(pk=other.pk).update(company_name=names[0])
    assert digests(capsys) not in (before, changed)
    Client.objects.filter(pk=other.pk).update(company_name=names[1])
    Client.objects.filter(pk=written.pk).update(company_name=names[0])
    assert digests(capsys) == before
