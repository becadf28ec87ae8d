"""What is held about those who worked here, and about clients deleted by hand: for how long."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate, now

from accounts import search_index
from accounts.access import WrongMoment
from accounts.models import AccessRequest, User
from accounts.people import change_user, deactivate, delete_closed, delete_user, reactivate
from accounts.tests.factories import UserFactory
from clients import workflow as clients
from clients.models import Client
from dashboard.models import SavedView
from history import journal
from history.models import Entry, EntryValue, Note
from history.tests.tables import nothing_changes

from .leftovers import COMPANY, GONE, everything, found

HERS = ["philippa@agency.example", "192.0.2.0/24", "Firefox on Haiku", "+33199004242"]


def run(*options):
    out = StringIO()
    call_command("retention", *options, stdout=out)
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines() if ": " in line)


def in_years(years):
    return time_machine.travel(now() + timedelta(days=365.25 * years), tick=False)


def verified():
    out = StringIO()
    call_command("verify_journal", stdout=out)
    return out.getvalue()


@pytest.fixture
def philippa(cast):
    """She came in, was corrected, kept a view, and left; nobody else has."""
    cast["leaver"].delete()
    person = UserFactory(
        first_name="Philippa", last_name="Quimby", email="philippa@agency.example", team="sales"
    )
    come = {"device": (None, "Firefox on Haiku"), "network": (None, "192.0.2.0/24")}
    journal.record(person, "sign_in", person, come)
    change_user(person, by=cast["management"], phone="+33199004242")
    SavedView.objects.create(person=person, list="clients", name="Philippa's", query="q=x")
    return deactivate(person, by=cast["management"])


def test_an_account_goes_a_year_after_it_was_closed(philippa):
    assert found(HERS, everything()) == HERS
    with in_years(0.9):
        assert run()["accounts"] == "0 due"
    with in_years(1.1):
        with nothing_changes():
            assert run()["accounts"] == f"1 due: {philippa.pk}"
        said = run("--do")
    assert said["accounts"] == "1 of 1 erased"
    assert not User.objects.filter(pk=philippa.pk).exists()
    entry = Entry.objects.get(verb="delete_user")
    assert (entry.actor_name, entry.values.get(field="last_name").old) == ("manage.py", "Quimby")
    with in_years(2.2):
        run("--do")
    assert found(HERS, everything()) == []  # A year after the account, the traces that told of it.
    assert found(["Philippa Quimby"], everything()) == ["Philippa Quimby"]  # Who did what stays.
    assert " 0 altered" in verified()


def test_who_is_open_again_or_works_here_stays(cast, philippa):
    with in_years(1.1):
        reactivate(philippa, by=cast["management"])
        assert run()["accounts"] == "0 due"
        with nothing_changes(), pytest.raises(WrongMoment):
            delete_closed(philippa)
        deactivate(philippa, by=cast["management"])
        assert run()["accounts"] == "0 due"  # A year from now.
    root = UserFactory(is_superuser=True, is_active=False)
    with nothing_changes(), pytest.raises(WrongMoment):
        delete_closed(root)


def test_what_still_names_an_account_is_told(cast, philippa, kevin):
    Client.objects.filter(pk=kevin.pk).update(sales_contact=philippa)
    with in_years(1.1), pytest.raises(CommandError, match="1 could not be erased"):
        run("--do")
    assert User.objects.filter(pk=philippa.pk).exists()


def test_traces_of_the_door_go_after_a_year(cast, kevin):
    owner = cast["owner"]
    journal.record(owner, "sign_in", owner, {"network": (None, "192.0.2.0/24")})
    journal.record(owner, "refuse", kevin, {"right": (None, "clients.delete_client")})
    journal.record(owner, "update", kevin, {"source": ("", "phone")})
    with in_years(0.9):
        assert run()["traces"] == "0 due"
    with in_years(1.1):
        assert run()["traces"] == "2 due"
        assert run("--do")["traces"] == "2 of 2 erased"
        assert run()["traces"] == "0 due"
    assert found(["192.0.2.0/24"], everything()) == []
    assert EntryValue.objects.get(field="source").new == "phone"  # A deed is no trace.
    assert Entry.objects.filter(verb="sign_in").exists()


# --- A client deleted by hand -------------------------------------------------------------------


def test_a_client_deleted_by_hand_leaves_its_name_for_three_years(
    browser, cast, zenobie, monkeypatch
):
    cleaned = []
    purge = search_index.purge
    monkeypatch.setattr(search_index, "purge", lambda: cleaned.append(purge()))
    browser.force_login(cast["management"])
    browser.post(f"{zenobie.get_absolute_url()}delete/")
    assert not Client.objects.filter(pk=zenobie.pk).exists()
    assert cleaned  # SQLite only strikes words out.
    assert found(GONE, everything()) == []
    assert not Note.objects.exists()
    assert not AccessRequest.objects.exists()
    assert SavedView.objects.get().name == "Others"
    assert EntryValue.objects.get(entry__verb="delete").old == COMPANY
    with in_years(2.9):
        assert run()["deleted"] == "0 due"
    with in_years(3.1):
        assert run("--do")["deleted"] == "1 of 1 erased"
    assert found([*GONE, COMPANY], everything()) == []
    assert " 0 altered" in verified()


def test_the_journal_of_another_client_stays(cast, zenobie, kevin):
    journal.record(cast["owner"], "update", kevin, {"source": ("", "phone")})
    clients.delete(zenobie, by=cast["management"])
    assert EntryValue.objects.get(entry__client_id=kevin.pk, field="source").new == "phone"


def test_a_deletion_that_fails_forgets_nothing(cast, zenobie, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr(Client, "delete", broken)
    with nothing_changes(), pytest.raises(OSError, match="full"):
        clients.delete(zenobie, by=cast["management"])


def test_an_account_deleted_by_hand_is_forgotten_too(cast, philippa):
    delete_user(philippa, by=cast["management"])
    assert found(HERS, everything()) == HERS  # For a year: it may have been for a reason.
    with in_years(1.1):
        run("--do")
    assert found(HERS, everything()) == []
    assert localdate() == Entry.objects.get(verb="delete_user").at.date()
