"""After an erasure nothing is found that should be gone, wherever one looks."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import localdate, now
from pytest_django.asserts import assertContains, assertNotContains

from accounts import search_index
from accounts.access import WrongMoment
from accounts.records import write
from accounts.workflow import add_note
from clients import workflow as clients
from clients.models import Client
from contracts import workflow as contracts
from contracts.models import Contract
from dashboard.erasure import Ground, erase
from dashboard.models import SavedView
from events.models import ChecklistItem, Event
from history.models import Entry, EntryValue
from history.tests.tables import nothing_changes

from .leftovers import COMPANY, GONE, a_contract, everything, found


def verified():
    out = StringIO()
    call_command("verify_journal", stdout=out)
    return out.getvalue()


def test_without_a_signature_nothing_is_left(cast, zenobie):
    contract = a_contract(zenobie, cast["owner"])
    assert found([*GONE[:11], COMPANY], everything()) == [*GONE[:11], COMPANY]
    assert erase(zenobie, by=cast["management"], ground=Ground.ASKED) is None
    search_index.purge()
    assert found([*GONE, COMPANY], everything()) == []
    assert not Client.objects.filter(pk=zenobie.pk).exists()
    assert not Contract.objects.filter(pk=contract.pk).exists()
    assert SavedView.objects.get().name == "Others"
    entry = Entry.objects.get(verb="erase_client")
    told = [(value.field, value.old, value.new) for value in entry.values.all()]
    # One export had looked for her: somebody else's entry.
    assert told == [("ground", None, "asked"), ("erased", None, 1)]
    assert " 0 altered" in verified()
    assert " 0 with erased values" not in verified()


def test_a_signed_contract_keeps_what_accounting_needs(cast, zenobie, with_event):
    write(zenobie, "update", by=cast["owner"], follow_up_on=localdate())
    wish = {"expected_date": localdate(), "expected_attendees": 4242}
    write(with_event, "update", by=cast["owner"], **wish)
    write(with_event.event, "update", by=cast["owner"], attendees=3737)
    before = everything()
    assert found(GONE, before) == GONE
    erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    search_index.purge()
    assert found(GONE, everything()) == []
    client = Client.objects.get(pk=zenobie.pk)
    assert (client.company_name, client.stage) == (COMPANY, "client")
    assert client.erased_at
    assert client.archived_at
    contract = Contract.objects.get()
    assert (contract.amount, contract.signed_on, contract.status) == (1500, localdate(), "signed")
    assert contract.title == contract.reference == Event.objects.get().name
    assert (contract.expected_date, contract.expected_attendees) == (None, None)
    assert Event.objects.get().attendees is None
    told = EntryValue.objects.filter(field__in=[*wish, "attendees", "follow_up_on"])
    assert [(value.old, value.new) for value in told] == [(None, None)] * 4
    assert client.follow_up_on is None
    assert not ChecklistItem.objects.exists()
    assert Contract.objects.filter(search_text__contains="bellweather").exists()  # Still found.
    told = Entry.objects.get(verb="sign").values.get(field="signed_on")
    assert told.new == str(localdate())
    assert " 0 altered" in verified()
    with nothing_changes(), pytest.raises(WrongMoment):
        clients.restore(client, by=cast["management"])
    with nothing_changes(), pytest.raises(WrongMoment):
        erase(client, by=cast["management"], ground=Ground.ASKED)


@pytest.mark.parametrize("again", [False, True])
def test_a_signature_that_was_a_slip_keeps_nothing(cast, zenobie, again):
    """Nothing was sold; unless it is signed after all."""
    owner, manager = cast["owner"], cast["management"]
    contract = contracts.sign(a_contract(zenobie, owner), by=owner, signed_on=localdate())
    contract = contracts.reopen(contract, by=manager, reason="Another client's")
    if again:
        contract = contracts.sign(contract, by=owner, signed_on=localdate())
        contract = contracts.cancel(contract, by=manager, reason="No more money")
    else:
        contract = contracts.cancel(contract, by=owner)
    erase(zenobie, by=manager, ground=Ground.ASKED)
    assert Contract.objects.exists() is Client.objects.filter(pk=zenobie.pk).exists() is again


def test_what_was_never_signed_goes_beside_what_was(cast, zenobie, with_event):
    contracts.cancel(a_contract(zenobie, cast["owner"]), by=cast["owner"])
    a_contract(zenobie, cast["owner"])
    erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    assert Contract.objects.get() == with_event


def test_the_dump_sees_what_sqlite_only_struck_out(cast, zenobie, with_event):
    """Else it would tell nothing of an index that nobody made anew."""
    erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    struck_out = found(["Quillmark", "Vivat regina", "12 Lark Lane"], everything())
    assert bool(struck_out) is (connection.vendor == "sqlite")
    search_index.purge()
    assert found(GONE, everything()) == []


def test_pages_of_what_is_left_are_served(browser, cast, zenobie, with_event):
    erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    browser.force_login(cast["management"])
    pages = [record.get_absolute_url() for record in (zenobie, with_event, with_event.event)]
    for page in [*pages, "/clients/?archived=on", "/contracts/", "/journal/"]:
        assert browser.get(page).status_code == 200


@pytest.mark.parametrize("signed", [False, True])
def test_by_hand(browser, cast, zenobie, signed, request):
    if signed:
        request.getfixturevalue("with_event")
    browser.force_login(cast["management"])
    page = f"{zenobie.get_absolute_url()}erase/"
    assertContains(browser.get(zenobie.get_absolute_url()), page)
    told = "Of signed contracts, the company" if signed else "No contract has been signed"
    assertContains(browser.get(page), told)
    with nothing_changes():
        for typed in ({}, {"ground": "Zénobie said so"}):
            assert browser.post(page, typed).status_code == 422
    response = browser.post(page, {"ground": "asked"}, follow=True)
    assertContains(response, "The personal data is erased.")
    assert found(GONE, everything()) == []
    assert Client.objects.filter(pk=zenobie.pk).exists() is signed
    if signed:
        assertContains(response, "What is left is kept for accounting.")
        assertNotContains(response, "mailto:")
        assertNotContains(response, page)


def test_no_session_tells_of_it(browser, cast, zenobie, with_event):
    """What became of many records is kept for the page that tells it, by their names."""
    cast["management"].set_password("a good long password")
    cast["management"].save()
    Event.objects.update(status="planned", completed_at=None, support_contact=None)
    browsers = [browser, type(browser)()]
    for each in browsers:
        each.force_login(cast["management"])
        given = {"chosen": with_event.event.pk, "support_contact": cast["support"].pk}
        assertContains(each.post("/events/assign/", given, follow=True), "Vivat regina")
    Event.objects.update(status="completed", completed_at=now())
    given = {"ground": "asked", "confirm-again": "POST", "confirm-password": "a good long password"}
    with time_machine.travel(now() + timedelta(minutes=11)):  # The answer writes this session.
        browser.post(f"{zenobie.get_absolute_url()}erase/", given)
    assert found(GONE, everything()) == []
    for each in browsers:
        assert each.get("/clients/").status_code == 200  # Nobody is signed out by it.
    assert found(GONE, everything()) == []


def test_by_hand_the_password_is_asked_again(browser, cast, zenobie):
    browser.force_login(cast["management"])
    page = f"{zenobie.get_absolute_url()}erase/"
    with time_machine.travel(now() + timedelta(minutes=11)), nothing_changes():
        assertContains(browser.post(page, {"ground": "asked"}), "confirm-password", status_code=422)


def test_not_while_an_event_is_planned(cast, zenobie, with_event):
    Event.objects.update(status="planned", completed_at=None)
    for by in (cast["management"], None):
        with nothing_changes(), pytest.raises(WrongMoment):
            erase(zenobie, by=by, ground=Ground.ASKED)


# --- When the time is over ----------------------------------------------------------------------


def run(*options):
    out = StringIO()
    call_command("retention", *options, stdout=out)
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines() if ": " in line)


def in_years(years):
    return time_machine.travel(now() + timedelta(days=365.25 * years), tick=False)


def test_a_prospect_three_years_after_the_last_sign(cast, zenobie):
    assert run()["prospects"] == "0 due"
    with in_years(2):
        said = {"by": cast["owner"], "happened_on": localdate(), "text": "Hm."}
        add_note(zenobie, channel="phone", **said)
    with in_years(4):  # Colleagues among themselves are no sign.
        add_note(zenobie, channel="note", **said | {"happened_on": localdate()})
        assert run()["prospects"] == "0 due"
    with in_years(5.1):
        before = everything()
        assert run()["prospects"] == f"1 due: {zenobie.pk}"
        assert everything() == before
        assert run("--do")["prospects"] == "1 of 1 erased"
        assert run()["prospects"] == "0 due"
    assert found([*GONE, COMPANY], everything()) == []


def test_a_client_after_three_years_and_its_accounting_after_ten(cast, zenobie, with_event):
    write(zenobie, "update", by=cast["owner"], company_name=f"{COMPANY} & Daughters")
    with in_years(2.9):
        assert run()["clients"] == "0 due"
    with in_years(3.1):
        assert run("--do")["clients"] == "1 of 1 erased"
    assert found([*GONE, COMPANY], everything()) == [COMPANY]
    year = localdate().year
    with time_machine.travel(datetime(year + 10, 12, 31, 12, tzinfo=UTC), tick=False):
        assert run()["contracts"] == "0 due"
    with time_machine.travel(datetime(year + 11, 1, 1, 12, tzinfo=UTC), tick=False):
        assert run("--do")["contracts"] == "1 of 1 erased"
    assert found([*GONE, COMPANY], everything()) == []
    assert not Client.objects.filter(pk=zenobie.pk).exists()
    values = EntryValue.objects.filter(entry__client_id=zenobie.pk)
    told = values.exclude(old__isnull=True, new__isnull=True).values_list("field", flat=True)
    assert set(told) == {"ground", "erased"}
    assert " 0 altered" in verified()


def test_what_is_planned_is_not_due(zenobie, with_event):
    Event.objects.update(status="planned", completed_at=None)
    with in_years(9):
        assert run()["clients"] == "0 due"
