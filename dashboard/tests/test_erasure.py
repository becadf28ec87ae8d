"""After an erasure nothing is found that should be gone, wherever one looks."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.timezone import localdate, now
from pytest_django.asserts import assertContains, assertNotContains

from accounts import search_index
from accounts.access import WrongMoment
from accounts.fields import plain
from accounts.models import AccessRequest
from accounts.records import write
from accounts.workflow import add_note
from clients import workflow as clients
from clients.models import Client
from contracts import workflow as contracts
from contracts.models import Contract
from dashboard.erasure import Ground, erase
from dashboard.exports import copy_out
from dashboard.models import SavedView
from events import checklist_template
from events.models import ChecklistItem, Event
from events.tests.factories import EventFactory, ItemFactory
from history.models import Entry
from history.tests.tables import nothing_changes

GONE = [  # What only this person has to do with.
    "Zénobie", "Quillmark", "zenobie@quillmark.example", "+33199004117", "0199004117",
    "+33639980011", "Chief of Whimsy", "allergic to walnuts", "Their daughter weds", "the old mill",
    "Uncle Ferdinand", "12 Lark Lane", "silver napkins", "Call her at home", "Rosamund",
]  # fmt: skip
COMPANY = "Bellweather Works"


def everything():
    """All that the database holds, column by column; SQLite's tables behind an index too."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = [name for (name,) in cursor.fetchall()]
        else:
            tables = connection.introspection.table_names(cursor)
        texts = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            texts += [_text(value) for row in cursor.fetchall() for value in row]
    return "\n".join(texts).casefold()


def _text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "ignore")
    return str(value)


def found(words, text):
    spelled = {word: {word.casefold(), plain(word), json.dumps(word)[1:-1].casefold()}
               for word in words}  # fmt: skip
    return [word for word, ways in spelled.items() if any(way in text for way in ways)]


@pytest.fixture
def zenobie(cast):
    """A person of whom every room holds something, through the product's own verbs."""
    owner, manager = cast["owner"], cast["management"]
    client = clients.create(
        by=owner, company_name=COMPANY, first_name="Zénobie", last_name="Quillmark",
        email="zenobie@quillmark.example", phone="01 99 00 41 17", mobile="06 39 98 00 11",
        job_title="Chief of Whimsy",
    )  # fmt: skip
    write(client, "update", by=owner, email="zenobie@old.quillmark.example")
    add_note(client, by=owner, channel="phone", happened_on=localdate(), text="allergic to walnuts")
    AccessRequest.objects.create(
        person=cast["colleague"], permission="clients.change_client", label="clients.client",
        record_id=client.pk, reason="Call her at home", until=localdate(),
    )  # fmt: skip
    SavedView.objects.create(person=owner, list="clients", name="Mine", query="q=Quillmark")
    SavedView.objects.create(person=owner, list="clients", name="Others", query="q=Startup")
    copy_out("clients", Client.objects.all(), by=manager, asked={"words": "Zénobie"})
    return client


def a_contract(client, by):
    return contracts.open_contract(
        client, by=by, title="Their daughter weds", amount=1500, notes="Uncle Ferdinand pays",
        expected_venue="the old mill", payment_due=localdate(),
    )  # fmt: skip


@pytest.fixture
def with_event(cast, zenobie):
    """Signed, and its event completed."""
    owner = cast["owner"]
    contract = contracts.sign(a_contract(zenobie, owner), by=owner, signed_on=localdate())
    event = EventFactory(
        contract=contract, name="Their daughter weds", venue="the old mill", address="12 Lark Lane",
        onsite_contact="Rosamund", onsite_phone="01 99 00 41 17", instructions="silver napkins",
    )  # fmt: skip
    write(event, "update", by=owner, instructions="silver napkins, folded")
    add_note(event, by=owner, channel="note", happened_on=localdate(), text="silver napkins again")
    checklist_template.add(by=cast["management"], what="Visit", days_before=3)
    ItemFactory(event=event, what="Order silver napkins")
    Event.objects.update(status="completed", completed_at=now())
    return contract


def verified():
    out = StringIO()
    call_command("verify_journal", stdout=out)
    return out.getvalue()


def test_without_a_signature_nothing_is_left(cast, zenobie):
    contract = a_contract(zenobie, cast["owner"])
    assert found([*GONE[:8], COMPANY], everything()) == [*GONE[:8], COMPANY]
    assert erase(zenobie, by=cast["management"], ground=Ground.ASKED) is None
    search_index.purge()
    assert found([*GONE, COMPANY], everything()) == []
    assert not Client.objects.filter(pk=zenobie.pk).exists()
    assert not Contract.objects.filter(pk=contract.pk).exists()
    assert SavedView.objects.get().name == "Others"
    entry = Entry.objects.get(verb="erase_client")
    assert [(v.field, v.old, v.new) for v in entry.values.all()] == [("ground", None, "asked")]
    assert " 0 altered" in verified()
    assert " 0 with erased values" not in verified()


def test_a_signed_contract_keeps_what_accounting_needs(cast, zenobie, with_event):
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
    assert not ChecklistItem.objects.exists()
    assert Contract.objects.filter(search_text__contains="bellweather").exists()  # Still found.
    told = Entry.objects.get(verb="sign").values.get(field="signed_on")
    assert told.new == str(localdate())
    assert " 0 altered" in verified()
    with nothing_changes(), pytest.raises(WrongMoment):
        clients.restore(client, by=cast["management"])
    with nothing_changes(), pytest.raises(WrongMoment):
        erase(client, by=cast["management"], ground=Ground.ASKED)


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


def test_a_client_after_three_years_and_its_accounting_after_ten(zenobie, with_event):
    with in_years(2.9):
        assert run()["clients"] == "0 due"
    with in_years(3.1):
        assert run("--do")["clients"] == "1 of 1 erased"
    assert found(GONE, everything()) == []
    year = localdate().year
    with time_machine.travel(datetime(year + 10, 12, 31, 12, tzinfo=UTC), tick=False):
        assert run()["contracts"] == "0 due"
    with time_machine.travel(datetime(year + 11, 1, 1, 12, tzinfo=UTC), tick=False):
        assert run("--do")["contracts"] == "1 of 1 erased"
    assert found([*GONE, COMPANY], everything()) == []
    assert not Client.objects.filter(pk=zenobie.pk).exists()
    assert " 0 altered" in verified()


def test_what_is_planned_is_not_due(zenobie, with_event):
    Event.objects.update(status="planned", completed_at=None)
    with in_years(9):
        assert run()["clients"] == "0 due"


# --- What is held -------------------------------------------------------------------------------


def file_of(word):
    out = StringIO()
    call_command("personal_file", word, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("by", ["email", "key"])
def test_the_file_tells_all_that_is_held(zenobie, with_event, by):
    word = "Zenobie@OLD.quillmark.example" if by == "email" else str(zenobie.pk)
    file = file_of(word)
    assert found([word for word in GONE if word != "0199004117"], file.casefold()) == [
        word for word in GONE if word != "0199004117"
    ]
    (told,) = json.loads(file)
    assert (told["company_name"], told["phone"]) == (COMPANY, "+33199004117")
    assert told["contracts"][0]["amount"] == "1500.00"
    assert [note["channel"] for note in told["notes"]] == ["phone", "note"]
    assert {"zenobie@quillmark.example", "zenobie@old.quillmark.example"} == {
        change[side] for change in told["history"] if change["field"] == "email"
        for side in ("old", "new")
    }  # fmt: skip


def test_nothing_is_told_of_others_or_after_an_erasure(cast, zenobie, with_event, kevin):
    assert kevin.company_name not in file_of(str(zenobie.pk))
    erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    assert found(GONE, file_of(str(zenobie.pk)).casefold()) == []
    for word in ("zenobie@old.quillmark.example", "0", "9" * 30):
        with pytest.raises(CommandError):
            file_of(word)
