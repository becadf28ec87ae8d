import sys
from datetime import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.timezone import make_aware, now

from accounts.models import User
from accounts.tests.factories import UserFactory
from clients.tests.factories import ClientFactory
from epic_crm.demo import ACCOUNTS, PASSWORD
from history.models import Entry, Note

from .demo_sights import BUSINESS, LISTS, lacking


@pytest.fixture(autouse=True)
def a_demonstration(settings):
    settings.DEMO = True


def seed(*options):
    told = StringIO()
    call_command("seed_demo", *options, stdout=told)
    return told.getvalue()


def test_it_works(db):
    told = seed()
    assert PASSWORD in told
    assert [account.email in told for account in ACCOUNTS] == [True] * 9
    assert User.objects.count() == 30


@pytest.mark.any_database
@pytest.mark.parametrize(
    "moment",
    [
        "2026-10-26 00:05",  # A Monday just begun, and every other day of the week.
        "2028-02-29 12:00",
        "2026-12-31 23:50",
        "2027-03-28 03:05",  # The night in which the clocks skip an hour,
        "2026-10-25 02:30",  # and that in which they repeat one.
    ],
)
def test_it_works_whenever_it_runs(db, moment):
    with time_machine.travel(make_aware(datetime.fromisoformat(moment)), tick=False):
        seed()
        assert lacking() == []
        for model in (*BUSINESS, *LISTS):
            for record in model.objects.all():
                record.full_clean()
        assert not Entry.objects.filter(at__gt=now()).exists()


@pytest.mark.any_database
def test_on_the_same_day_it_is_the_same(db):
    told = []
    for moment in ("2027-05-12 00:40", "2027-05-12 15:00"):
        moment = make_aware(datetime.fromisoformat(moment))
        with time_machine.travel(moment, tick=False), transaction.atomic():
            seed()
            told.append(everything())
            transaction.set_rollback(True)
    assert told[0] == told[1]


def everything():
    """All that is stored but keys, which a sequence of PostgreSQL does not take back, and salts."""
    left_out = {"id", "password", "actor_id", "principal_id", "record_id", "client_id"}
    left_out |= {"nonce", "digest", "seal", "lock"}  # Keys are sealed too.
    tables = []
    for model in (User, *BUSINESS, *LISTS, Entry, Note):
        fields = [field for field in model._meta.concrete_fields if not field.is_relation]
        names = [field.name for field in fields if field.name not in left_out]
        tables.append(list(model.objects.order_by("pk").values_list(*names)))
    return tables


# --- Where it does not run ------------------------------------------------------------------------


@pytest.mark.parametrize("somebody", [UserFactory, ClientFactory])
def test_it_refuses_a_database_that_holds_anything(db, somebody):
    somebody()
    before = [model.objects.count() for model in (User, *BUSINESS, Entry)]
    with pytest.raises(CommandError, match="Nothing was changed") as refusal:
        seed()
    assert refusal.value.returncode == 1
    assert [model.objects.count() for model in (User, *BUSINESS, Entry)] == before


@pytest.mark.parametrize("options", [[], ["--if-empty"]])
def test_only_in_a_demonstration(db, settings, options):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Only with DEMO=1"):
        seed(*options)
    assert not User.objects.exists()


def test_where_what_it_needs_is_not_installed(db, monkeypatch):
    monkeypatch.setitem(sys.modules, "time_machine", None)
    monkeypatch.delitem(sys.modules, "epic_crm.demo.replay", raising=False)
    with pytest.raises(CommandError, match="make demo"):
        seed()
    assert not User.objects.exists()


def test_if_empty_leaves_a_database_alone_that_is_not(db):
    UserFactory()
    assert PASSWORD not in seed("--if-empty")
    assert User.objects.count() == 1


@pytest.mark.any_database
def test_if_empty_fills_one_that_is(db):
    assert PASSWORD in seed("--if-empty")
    assert User.objects.count() == 30


def test_it_is_all_or_nothing(db, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("events.workflow.complete", breaks)
    with pytest.raises(RuntimeError):
        seed()
    assert not User.objects.exists()
    assert now().year > 2000  # And it is the present again.
