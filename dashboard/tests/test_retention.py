"""Until which day what is held is needed, sign by sign; and what the command makes of it."""

from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.http import Http404
from django.utils.timezone import localdate

from accounts import search_index
from accounts.models import User
from accounts.people import change_user, deactivate
from accounts.records import write
from accounts.workflow import add_note
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from dashboard import erasure, retention
from dashboard.retention import KINDS
from events.models import Event
from events.tests.factories import EventFactory
from history import journal
from history.models import Entry, EntryValue

PARIS = ZoneInfo("Europe/Paris")
LONG_AGO = datetime(2015, 1, 1, 12, tzinfo=PARIS)
DAY = timedelta(days=1)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)


def at(day):
    return time_machine.travel(noon(day), tick=False)


def run(*options):
    out = StringIO()
    call_command("retention", *options, stdout=out)
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines() if ": " in line)


@pytest.fixture
def prospect(cast):
    return old(ClientFactory(sales_contact=cast["owner"]))


@pytest.fixture
def client_of_old(cast):
    """With a contract that was signed and an event that is over, all of it long ago."""
    client = ClientFactory(sales_contact=cast["owner"], stage="client", converted_at=LONG_AGO)
    contract = ContractFactory(client=client, status="signed", signed_on=LONG_AGO.date())
    EventFactory(contract=contract, starts_at=LONG_AGO, ends_at=LONG_AGO + DAY)
    Event.objects.update(status="completed", completed_at=LONG_AGO + DAY)
    Contract.objects.update(created_at=LONG_AGO, payment_due=LONG_AGO.date())
    return old(client)


def old(client):
    Client.objects.filter(pk=client.pk).update(created_at=LONG_AGO)
    client.refresh_from_db()
    return client


def is_due(kind, day):
    with at(day):
        return KINDS[kind].due().exists()


# --- Signs, and how long they last --------------------------------------------------------------


def a_call(client, day):
    with at(day):
        person = client.sales_contact
        add_note(client, by=person, channel="phone", happened_on=day, text="Called")


def added(client, day):
    Client.objects.update(created_at=noon(day))


def a_contract(client, day):
    with at(day):
        ContractFactory(client=client, payment_due=LONG_AGO.date())
    Contract.objects.update(created_at=noon(day))


def converted(client, day):
    Client.objects.update(converted_at=noon(day))


def signed(client, day):
    Contract.objects.update(signed_on=day)


def an_event(client, day):
    Event.objects.update(starts_at=noon(day) - DAY, ends_at=noon(day), completed_at=noon(day))


SIGNS = [
    ("prospects", a_call), ("prospects", added), ("prospects", a_contract), ("clients", a_call),
    ("clients", added), ("clients", a_contract), ("clients", converted), ("clients", signed),
    ("clients", an_event),
]  # fmt: skip
# The day of the sign, and the first on which it is three years old.
THREE_YEARS = [
    (date(2025, 3, 2), date(2028, 3, 2)),
    (date(2024, 2, 29), date(2027, 3, 1)),
    (date(2025, 2, 28), date(2028, 2, 28)),
    (date(2025, 3, 1), date(2028, 3, 1)),
]


@pytest.fixture
def whom(request):
    return lambda kind: request.getfixturevalue(
        "prospect" if kind == "prospects" else "client_of_old"
    )


@pytest.mark.parametrize(("day", "first"), THREE_YEARS)
@pytest.mark.parametrize(("kind", "sign"), SIGNS)
def test_three_years_after_a_sign_to_the_day(whom, kind, sign, day, first):
    client = whom(kind)
    assert is_due(kind, first - DAY)
    sign(client, day)
    assert [is_due(kind, first + n * DAY) for n in (-1, 0, 1)] == [False, True, True]


@pytest.mark.parametrize("today", [date(2028, 2, 28), date(2028, 2, 29)])
def test_on_the_29th_of_february_the_28th_is_over(prospect, today):
    """There is no 29th three years before: the day of the 28th is due, that of March is not."""
    for day, expected in ((date(2025, 2, 28), True), (date(2025, 3, 1), False)):
        added(prospect, day)
        assert is_due("prospects", today) is expected


# --- What is to come ----------------------------------------------------------------------------


def expected(client, day, **fields):
    ContractFactory(client=client, payment_due=LONG_AGO.date(), expected_date=day, **fields)


def to_be_paid(client, day, **fields):
    ContractFactory(client=client, payment_due=day, **fields)


def to_get_in_touch(client, day):
    Client.objects.update(follow_up_on=day)


@pytest.mark.parametrize("kind", ["prospects", "clients"])
@pytest.mark.parametrize("plan", [expected, to_be_paid, to_get_in_touch])
def test_not_before_what_is_to_come(whom, kind, plan):
    day = date(2028, 5, 5)
    plan(whom(kind), day)
    Contract.objects.update(created_at=LONG_AGO)
    assert [is_due(kind, day + n * DAY) for n in (-400, 0, 1)] == [False, False, True]


def test_what_is_signed_and_to_be_paid_is_waited_for(client_of_old):
    day = date(2028, 5, 5)
    Contract.objects.update(payment_due=day)
    assert [is_due("clients", day + n * DAY) for n in (0, 1)] == [False, True]


@pytest.mark.parametrize("plan", [expected, to_be_paid])
def test_of_what_is_cancelled_nothing_is_to_come(prospect, plan):
    plan(prospect, date(2028, 5, 5), status="cancelled")
    Contract.objects.update(created_at=LONG_AGO)
    assert is_due("prospects", date(2028, 5, 4))


# --- The accounting of what was erased ----------------------------------------------------------


@pytest.mark.parametrize("document", [signed, to_be_paid, an_event])
def test_ten_years_after_the_year_of_the_last_document(client_of_old, document):
    if document is to_be_paid:
        Contract.objects.update(payment_due=date(2021, 1, 1))
    else:
        document(client_of_old, date(2021, 1, 1))
    with at(date(2026, 1, 1)):
        run("--do")
    days = (date(2031, 1, 1), date(2031, 12, 31), date(2032, 1, 1))
    assert [is_due("contracts", day) for day in days] == [False, False, True]


# --- What the list tells is what is done --------------------------------------------------------


def test_what_was_not_listed_is_not_done(cast, client_of_old):
    """What one kind removes makes something due in another: next time."""
    other = cast["other support"]
    Client.objects.exclude(pk=client_of_old.pk).delete()
    change_user(other, by=cast["management"], phone="01 99 00 77 77")
    deactivate(other, by=cast["management"], clients=None, events=None)
    year = localdate().year
    with at(date(year + 1, 12, 1)):
        listed = run()
        assert listed["clients"] == f"1 due: {client_of_old.pk}"
        done = run("--do")
    assert {kind: said.split()[0] for kind, said in done.items()} == {
        kind: said.split()[0] for kind, said in listed.items()
    }
    assert done["contracts"] == "0 of 0 erased"
    told = EntryValue.objects.filter(field="phone", entry__label="accounts.user")
    with at(date(year + 2, 11, 30)):
        run("--do")
        assert told.get().new == "01 99 00 77 77"
    with at(date(year + 2, 12, 1)):
        assert run()["traces"] != "0 due"
        run("--do")
    assert told.get().new is None


def in_turn(monkeypatch, meanwhile):
    """Let something happen when the first of the prospects is erased."""
    keys = []

    def erase(client):
        keys.append(client.pk)
        meanwhile(client, len(keys))
        return erasure.erase(client, by=None, ground=erasure.Ground.TIME)

    kind = KINDS["prospects"]._replace(do=erase)
    monkeypatch.setitem(retention.KINDS, "prospects", kind)
    return keys


def test_who_called_meanwhile_stays(monkeypatch, prospect, cast):
    other = old(ClientFactory(sales_contact=cast["owner"]))
    keys = in_turn(monkeypatch, lambda client, n: a_call(other, localdate()))
    assert run("--do")["prospects"] == "1 of 2 erased"
    assert (keys, Client.objects.get()) == ([prospect.pk], other)


@pytest.mark.parametrize("problem", [OperationalError("lock timeout"), Http404("gone")])
def test_what_fails_is_told_and_the_rest_is_done(monkeypatch, prospect, cast, problem, capsys):
    others = [old(ClientFactory(sales_contact=cast["owner"])) for _ in range(2)]
    purged = []
    monkeypatch.setattr(search_index, "purge", lambda: purged.append(Client.objects.count()))

    def meanwhile(client, n):
        if n == 2:
            raise problem

    in_turn(monkeypatch, meanwhile)
    with pytest.raises(CommandError, match="1 could not be erased"):
        call_command("retention", "--do")
    told = capsys.readouterr().out
    assert f"prospects: 2 of 3 erased; failed: {others[0].pk}\n" in told
    assert "sessions: 0 of 0 erased" in told
    assert list(Client.objects.all()) == others[:1]
    assert purged == [1]


def test_what_nobody_foresaw_leaves_nothing_in_the_index(monkeypatch, prospect):
    purged = []
    monkeypatch.setattr(search_index, "purge", lambda: purged.append(True))

    def meanwhile(client, n):
        raise RuntimeError("a bug")

    in_turn(monkeypatch, meanwhile)
    with pytest.raises(CommandError, match="1 could not be erased"):
        run("--do")
    assert purged


def test_what_it_erases_of_the_journal_is_told(cast, browser):
    """By how much: whose it was, is gone."""
    with at(LONG_AGO.date()):
        sign_in_entry = journal.record(
            cast["owner"], "sign_in", cast["owner"], {"device": (None, "Firefox · Linux")}
        )
    assert run("--do")["traces"] == "1 of 1 erased"
    assert sign_in_entry.values.get().is_erased
    told = Entry.objects.get(verb="erase_values")
    assert [(v.field, v.new) for v in told.values.all()] == [("erased", 1)]
    browser.force_login(cast["management"])
    page = browser.get("/journal/?kind=admin").text
    assert "A command on the server</strong> erased values of the journal" in page
    assert run("--do")["traces"] == "0 of 0 erased"
    assert Entry.objects.filter(verb="erase_values").count() == 1


def test_the_command_passes_the_checks_of_the_project(db):
    """What it alone imports, too."""
    call_command("check")


class TestByHand:
    """What somebody writes into the tables who has not the key: the journal has to say so too."""

    def test_a_client_that_was_never_erased_is_not_removed(self, client_of_old):
        Client.objects.filter(pk=client_of_old.pk).update(erased_at=LONG_AGO)
        assert run()["contracts"].startswith("0 due")

    def test_of_an_account_whose_row_is_missing_nothing_is_erased(self, cast):
        """Its number may have been changed for a moment."""
        with at(LONG_AGO.date()):
            change_user(cast["support"], by=cast["management"], phone="+33199000001")
        key = cast["support"].pk
        User.objects.filter(pk=key).update(id=9001)
        assert run()["traces"].startswith("0 due")
        User.objects.filter(pk=9001).update(id=key)

    @pytest.mark.parametrize(
        ("verb", "label", "field", "value"),
        [
            ("update", "clients.client", "phone", 7), ("update", "clients.client", "email", [{}]),
            ("update", "no.such", "phone", "x"), ("export_clients", "accounts.user", "words", {}),
        ],
    )  # fmt: skip
    def test_it_stops_no_erasure(self, cast, prospect, verb, label, field, value):
        told = write(prospect, "update", by=cast["owner"], job_title="Head of Anything")
        forged = Entry.objects.create(
            verb=verb, label=label, record_id=1, digest="x",
            client_id=None if verb.startswith("export") else prospect.pk,
        )  # fmt: skip
        EntryValue.objects.create(entry=forged, field=field, new=value)
        erasure.erase(told, by=None, ground=erasure.Ground.TIME)
        assert not Client.objects.filter(pk=prospect.pk).exists()
        assert EntryValue.objects.get(field="job_title").is_erased
