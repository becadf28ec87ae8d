"""The chain in figures: what is counted, and that each number leads to the list it counts."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils.timezone import make_aware
from pytest_django.asserts import assertContains

from accounts.workflow import add_note
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory
from history.tests.tables import nothing_changes

NOW = make_aware(datetime.fromisoformat("2026-09-15 10:00"))


def at(day):
    return make_aware(datetime.fromisoformat(f"{day} 12:00"))


def added(day, seller, won=None, **fields):
    """A prospect added that day, a client since ``won``."""
    client = ClientFactory(sales_contact=seller, **fields)
    stage = {"stage": "client", "converted_at": at(won)} if won else {}
    Client.objects.filter(pk=client.pk).update(created_at=at(day), **stage)
    return client


@pytest.fixture
def year(cast):
    """A year with something in it for Olivia, Colin and nobody."""
    with time_machine.travel(NOW, tick=False):
        olivia, colin = cast["owner"], cast["colleague"]
        arvel = added("2026-02-01", olivia, won="2026-02-11", company_name="Arvel")
        added("2026-02-28", olivia, company_name="Calvet")
        added("2026-09-01", colin, won="2026-09-01", company_name="At once")
        added("2024-01-01", None, company_name="Long ago")
        lost = added("2026-03-05", olivia, company_name="Lost")
        Client.objects.filter(pk=lost.pk).update(archived_at=NOW)
        signed = ContractFactory(client=arvel, status="signed", signed_on="2026-02-11", amount=900)
        ContractFactory(client=arvel, status="cancelled", amount=5)
        ContractFactory(client=arvel, amount=250)
        start = at("2026-09-20")
        EventFactory(
            contract=signed, starts_at=start, ends_at=start + timedelta(hours=3),
            support_contact=cast["support"],
        )  # fmt: skip
        call = {"channel": "phone", "happened_on": NOW.date(), "text": "All is well."}
        add_note(arvel, by=olivia, **call)
        yield


@pytest.fixture
def visit(browser, cast, year):
    browser.force_login(cast["management"])
    return lambda query="": browser.get(reverse("dashboard:figures") + query)


def test_it_works(visit):
    context = visit().context
    total = context["total"]
    assert dict(total.number) | {"won_later": 1} == {
        "added": 4, "prospects": 3, "conversions": 1, "won": 2, "won_later": 1,
        "open": 1, "signed": 1, "events": 1, "silent": 2,
    }  # fmt: skip
    assert (total.rate, total.days) == (33, 10)
    assert (total.amount["signed"], total.amount["open"]) == (900, 250)
    february = next(line for line in context["months"] if str(line.label) == "2026-02-01")
    assert (february.number["added"], february.number["won"], february.amount["signed"]) == (
        2,
        1,
        900,
    )
    assert [str(line.label) for line in context["people"]] == [
        "Olivia Owner", "Colin Colleague", "Without sales contact"
    ]  # fmt: skip
    assert [(str(person), person.month) for person in context["busy"]] == [("Sam Support", 1)]


def test_each_number_leads_to_the_list_it_counts(browser, visit):
    context = visit("?months=24").context
    for line in (context["total"], *context["people"], *context["months"]):
        for kind, url in line.url.items():
            if line.number[kind] or line is context["total"]:
                found = browser.get(url).context
                counted = "conversions" if kind == "converted" else kind
                at_once = kind == "converted" and line.number["added"] - line.number["prospects"]
                assert found["count"].number == line.number[counted] + at_once, (kind, url)
    for person in context["busy"]:
        assert browser.get(person.url).context["count"].number == person.month


def test_every_link_of_the_page_opens(browser, visit):
    links = set(re.findall(r'href="(/(?:clients|contracts|events)/\?[^"]+)"', visit().text))
    assert len(links) > 15
    for link in links:
        page = browser.get(unescape(link))
        assert (page.status_code, list(page.context["messages"])) == (200, [])


def test_of_one_salesperson(visit, cast):
    context = visit(f"?sales_contact={cast['colleague'].pk}").context
    assert (context["total"].number["added"], context["total"].number["signed"]) == (1, 0)
    assert [line.label for line in context["people"]] == [cast["colleague"]]


def test_what_was_sold_stays_with_who_sold_it(browser, visit, cast):
    Client.objects.filter(sales_contact=cast["owner"]).update(sales_contact=cast["colleague"])
    lines = {str(line.label): line for line in visit().context["people"]}
    olivia, colin = lines["Olivia Owner"], lines["Colin Colleague"]
    assert (olivia.amount["signed"], olivia.number["open"]) == (900, 0)
    assert (colin.amount["signed"], colin.amount["open"]) == (0, 250)
    assert browser.get(olivia.url["signed"]).context["count"].number == 1


def test_of_a_shorter_time(visit):
    assert visit("?months=3").context["total"].number["added"] == 1


@pytest.mark.parametrize(
    ("period", "months", "added"), [("quarter", [7, 8, 9], 1), ("last-quarter", [4, 5, 6], 0)]
)
def test_of_a_quarter_of_the_calendar(visit, period, months, added):
    page = visit(f"?months={period}")
    assert [line.first.month for line in page.context["months"]] == months[::-1]
    assert page.context["total"].number["added"] == added


@pytest.mark.parametrize(
    "query", ["months=5", "months=x", "months=", "sales_contact=0", "sales_contact=x%00",
              f"months={10**30}"],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out(visit, query):
    page = visit(f"?{query}")
    assertContains(page, "A choice that does not exist was ignored.")
    assert page.context["total"].number["added"] == 4


def test_with_nothing_to_count(browser, cast):
    browser.force_login(cast["management"])
    assertContains(browser.get(reverse("dashboard:figures")), "No prospect")


def test_columns_are_as_high_as_their_numbers(visit):
    chart = visit().context["charts"][0]
    signed, opened = chart.columns
    highest = max(signed, key=lambda column: column.height)
    assert (highest.height, chart.highest) == (134, "€900")
    assert max(column.height for column in opened) == round(134 * 250 / 900)
    assert all(0 <= column.x <= 320 - column.width for column in (*signed, *opened))


@pytest.mark.parametrize("who", ["owner", "support", "no team"])
def test_who_may_not(browser, cast, year, who):
    browser.force_login(cast[who])
    with nothing_changes():
        assert browser.get(reverse("dashboard:figures")).status_code == 403
