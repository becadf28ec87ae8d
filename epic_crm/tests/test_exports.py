"""Lists copied out: who, what is in the file, and what the journal keeps of it."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.timezone import localdate, make_aware, now
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains
from time_machine import travel

from accounts.access import Refused
from accounts.tests.factories import UserFactory
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from dashboard import exports
from dashboard.columns import cell, dialled, neutral
from dashboard.models import Notification
from dashboard.notifications import lines
from events.tests.factories import EventFactory
from history import journal
from history.models import Entry
from history.tests.tables import changes, nothing_changes, told
from history.words import story


def rows(response, delimiter=","):
    """The file as it would be read: one dict a row."""
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


@pytest.fixture
def boss(browser, cast):
    browser.force_login(cast["management"])
    return browser


def test_it_works(boss, cast, kevin):
    Client.objects.filter(pk=kevin.pk).update(phone="+33199004117", converted_at=None)
    address = "/exports/clients/?view=all&q=cool"
    assertContains(boss.get("/clients/?view=all&q=cool"), address.replace("&", "&amp;"))
    page = boss.get(address)
    for said in ("Words: “cool”", '<dd class="ee-num">1</dd>', "The journal keeps who exported"):
        assertContains(page, said)
    with told("export_clients"):
        response = boss.post(address)
    [row] = rows(response)
    assert (row["Company name"], row["Stage"]) == ("Cool Startup", "Prospect")
    assert (row["Sales contact"], row["Phone"]) == ("Olivia Owner", "01 99 00 41 17")
    assert (row["Created on"][:10], row["Archived on"]) == (str(localdate()), "")
    headers = response.headers
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == f'attachment; filename="clients-{localdate()}.csv"'
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert changes(cast["management"]) == {
        "clients_view": (None, "all"), "words": (None, "cool"), "exported": (None, 1),
    }  # fmt: skip


@pytest.mark.parametrize("kind", exports.LISTS)
def test_who_gets_what(browser, cast, world, kind):
    """Management all; sales what is in their own hands, not what is lent; the others nothing."""
    theirs = ClientFactory(company_name="Not yours", sales_contact=cast["colleague"])
    EventFactory(contract=ContractFactory(client=theirs, status="signed", signed_on=localdate()))
    address = f"/exports/{kind}/?view=" + ("ever" if kind == "clients" else "all")
    model, got = exports.LISTS[kind].queryset.model, {}
    for who in ("management", "owner", "colleague", "delegate", "support", "other support"):
        browser.force_login(cast[who])
        with nothing_changes():
            page = browser.get(address)
        assert ("Export (CSV)" in browser.get(f"/{kind}/?view=all").text) is ("support" not in who)
        if page.status_code == 200 and not page.context["listed"].problem:
            with told(f"export_{kind}"):
                got[who] = rows(browser.post(address))
            said = page.context["listed"].number
            assert changes(cast[who])["exported"] == (None, len(got[who])) == (None, said)
        else:
            with nothing_changes():
                refusal = browser.post(address)
            got[who] = refusal.status_code
    assert got.pop("support") == got.pop("other support") == 403
    assert got.pop("delegate") == 422  # All that they see to is lent to them.
    assert len(got["management"]) == model.objects.count()
    assert len(got["owner"]) == model.objects.count() - 1
    assert "Not yours" not in str(got["owner"])
    [row] = got["colleague"]
    assert kind != "clients" or row["Company name"] == "Not yours"


def test_the_same_filters_as_the_list(boss, cast, kevin, today):
    ClientFactory(company_name="Cold Fish")
    ContractFactory(client=kevin, title="Big", amount=9000, payment_due=today)
    ContractFactory(client=kevin, title="Small", amount=10)
    query = f"?view=open&least=100&sales_contact={cast['owner'].pk}&created_from={today}"
    listed = boss.get(f"/contracts/{query}").context["records"]
    assert [contract.title for contract in listed] == ["Big"]
    page = boss.get(f"/exports/contracts/{query}")
    for chip in ("Amount from: €100.00", "Sales contact: Olivia Owner", "Opened from: "):
        assertContains(page, chip)
    [row] = rows(boss.post(f"/exports/contracts/{query}"))
    assert (row["Subject"], row["Client"], row["Amount without tax"]) == (
        "Big", "Cool Startup", "9000.00",
    )  # fmt: skip
    assert row["Payment due"] == str(today)
    assert changes(cast["management"]) == {
        "contracts_view": (None, "open"),
        "contracts_least": (None, "100"),
        "contracts_sales_contact": (None, "Olivia Owner"),
        "contracts_created_from": (None, str(today)),
        "exported": (None, 1),
    }
    with translation.override("en"):
        [line] = story(Entry.objects.filter(verb="export_contracts").told(), cast["owner"])
        assert "exported contracts" in line.sentence
        said = {change.label: change.new for change in line.changes}
    assert said["View"] == "Open"
    assert (said["Amount from"], said["Records in the file"]) == ("€100.00", "1")


def test_in_the_order_of_the_list(boss, kevin):
    for name in ("Beta", "Alpha", "Gamma"):
        ClientFactory(company_name=name)
    names = [r["Company name"] for r in rows(boss.post("/exports/clients/?view=all&sort=-company"))]
    assert names == ["Gamma", "Cool Startup", "Beta", "Alpha"]


def test_as_a_french_spreadsheet_reads_it(boss, cast, contract):
    cast["management"].language = "fr"
    cast["management"].save()
    Contract.objects.update(amount=Decimal("12500.5"))
    [row] = rows(boss.post("/exports/contracts/?view=all"), ";")
    assert row["Montant HT"] == "12500,50"
    assert row["Statut"] == "Ouvert"


def test_other_managers_are_told(boss, cast, kevin):
    other = UserFactory(team="management")
    boss.post("/exports/clients/?view=all")
    [notification] = Notification.objects.filter(kind="clients_exported").told()
    assert notification.recipient == other
    with translation.override("en"):
        [line] = lines([notification])
    assert line.text == "Mona Manager exported clients (1 in all)."
    assert line.url == f"/team/{cast['management'].pk}/"


def test_the_password_is_asked_again(boss, cast, kevin):
    cast["management"].set_password("a good long password")
    cast["management"].save()
    boss.force_login(cast["management"])
    with travel(now() + timedelta(minutes=11), tick=False):
        assertContains(boss.get("/exports/clients/?view=all"), "Is it you?")
        with nothing_changes():
            response = boss.post("/exports/clients/?view=all")
        assertContains(response, "Is it you?", status_code=422)
        given = {"confirm-again": "POST", "confirm-password": "a good long password"}
        assert len(rows(boss.post("/exports/clients/?view=all", given))) == 1


def test_no_entry_no_file(boss, kevin, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr(journal.EntryValue.objects, "bulk_create", full)
    with nothing_changes(), pytest.raises(OSError, match="full"):
        boss.post("/exports/clients/?view=all")


def test_nothing_and_too_much(boss, cast, kevin, monkeypatch):
    def refused(query):
        assert "btn-primary" not in boss.get(f"/exports/clients/{query}").text.split("<main")[1]
        with nothing_changes():
            return boss.post(f"/exports/clients/{query}")

    assertContains(refused("?q=nobody"), "There is nothing to export here.", status_code=422)
    ClientFactory(company_name="Cool Too")
    monkeypatch.setattr(exports, "FOUND", 1)
    assertContains(refused("?view=all&q=cool"), "More than 1 records", status_code=422)
    monkeypatch.setattr(exports, "MOST", 1)
    assertContains(refused("?view=all"), "More than 1 records", status_code=422)
    with nothing_changes(), pytest.raises(Refused):
        exports.copy_out("clients", Client.objects.all(), by=cast["support"], asked={})


def test_not_in_a_demonstration(boss, kevin, settings):
    settings.DEMO = True
    for ask in (boss.get, boss.post):
        with nothing_changes():
            page = ask("/exports/clients/?view=all")
        assertContains(page, "Not available in demonstration mode.", status_code=403)


@pytest.mark.parametrize("kind", exports.LISTS)
def test_as_many_queries_for_many_rows(boss, world, kind, monkeypatch):
    monkeypatch.setattr("dashboard.columns.ROWS", 2)

    def number():
        with CaptureQueriesContext(connection) as queries:
            rows(boss.post(f"/exports/{kind}/?view=all"))
        return len(queries)

    number()  # The first of an hour takes away what was counted before it.
    few = number()
    for _n in range(20):
        EventFactory(contract=ContractFactory(status="signed", signed_on=localdate()))
    assert number() == few
    assert few < 14


# --- Cells --------------------------------------------------------------------------------------


@pytest.mark.any_database
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n1", "  =1", "=1"]
)
def test_no_formula(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.any_database
@given(st.text())
def test_no_text_begins_as_a_formula_and_none_is_lost(text):
    safe = neutral(text)
    assert safe in (text, f"'{text}")
    assert safe.lstrip()[:1] not in tuple("=+-@")
    assert safe[:1] not in tuple("\t\r\n")


@pytest.mark.any_database
def test_values():
    with translation.override("en"):
        assert cell(Decimal("1250.00")) == "1250.00"
    with translation.override("fr"):
        assert cell(Decimal("1250.00")) == "1250,00"
    assert cell(make_aware(datetime.fromisoformat("2027-07-01 18:30"))) == "2027-07-01 18:30"
    assert cell(datetime.fromisoformat("2027-07-01").date()) == "2027-07-01"
    assert (cell(None), cell(""), cell(" "), cell(0), cell("Café")) == ("", "", "", "0", "Café")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+33199004117", "01 99 00 41 17"), ("+3221234567", "00 32 2 123 45 67"),
        ("", ""), ("+abc", "'+abc"),
    ],
)  # fmt: skip
def test_a_number_as_one_dials_it(number, expected):
    assert cell(dialled(number)) == expected


def test_a_hostile_name_in_a_file(boss, kevin):
    name = '=cmd|" /C calc"!A0'
    Client.objects.filter(pk=kevin.pk).update(company_name=name)
    assertNotContains(boss.get("/exports/clients/?view=all"), "cmd|")
    [row] = rows(boss.post("/exports/clients/?view=all"))
    assert row["Company name"] == f"'{name}"
