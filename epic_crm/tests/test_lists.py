"""What holds for every list: each record once on the way through, and no address breaks it."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from urllib.parse import quote

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import make_aware, now
from pytest_django.asserts import assertContains

from accounts import counting, paging
from clients.models import Client
from clients.tests.factories import ClientFactory
from clients.views import ClientList
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from contracts.views import ContractList
from events.tests.factories import EventFactory
from events.views import EventList
from history.tests.tables import nothing_changes

LISTS = {"clients:list": ClientList, "contracts:list": ContractList, "events:list": EventList}
SORTS = [
    (name, sign + code) for name, view in LISTS.items() for code in view.sorts for sign in ("", "-")
]


@pytest.fixture
def visit(browser, cast):
    browser.force_login(cast["management"])

    def visit(name, query=""):
        return browser.get(reverse(name) + query)

    return visit


@pytest.fixture
def tied(cast, monkeypatch):
    """Eleven of each; in every column two thirds are equal, and pages hold four."""
    monkeypatch.setattr(paging, "PAGE", 4)
    early, late = now(), now() + timedelta(days=1)
    for i in range(11):
        first = i % 3 == 0
        client = ClientFactory(company_name="A" if first else "B")
        contract = ContractFactory(
            client=client, amount=1 if first else 2, payment_due=(early if first else late).date()
        )
        event = EventFactory(contract=contract, starts_at=early if first else late)
        for record in (client, contract, event):
            at = {"created_at": early if i % 2 else late, "updated_at": early if i % 5 else late}
            type(record).objects.filter(pk=record.pk).update(**at)


def keys(response):
    return [record.pk for record in response.context["records"]]


def walk(visit, name, query, way):
    """The keys of each page from here on."""
    pages = []
    while query:
        response = visit(name, query)
        pages.append(keys(response))
        query = getattr(response.context["view"], way)
        assert len(pages) < 9, "It goes round in circles."
    return pages, response


@pytest.mark.parametrize(("name", "sort"), SORTS)
def test_each_record_once_there_and_back(visit, tied, name, sort):
    there, last = walk(visit, name, f"?view=all&sort={sort}", "next")
    assert [len(page) for page in there] == [4, 4, 3]
    column = LISTS[name].sorts[sort.lstrip("-")][1]
    way = "-" if sort.startswith("-") else ""
    model = LISTS[name].queryset.model
    wanted = model.objects.order_by(f"{way}{column}", f"{way}pk")
    assert list(chain(*there)) == list(wanted.values_list("pk", flat=True))

    back, _first = walk(visit, name, last.context["view"].previous, "previous")
    assert back == [there[1], there[0]]
    assert not visit(name, f"?view=all&sort={sort}").context["view"].previous


def test_each_page_says_where_it_is(visit, tied, monkeypatch):
    """Going on and coming back; of a long list, and past what is counted, no more than is known."""
    places = ["1 to 4 of 11", "5 to 8 of 11", "9 to 11 of 11"]

    def walked(query="?view=all&sort=-amount", way="next"):
        pages = []
        while query:
            page = visit("contracts:list", query)
            assertContains(page, page.context["position"])
            pages.append(page.context["position"])
            query = getattr(page.context["view"], way)
        return pages, page.context["view"]

    there, last = walked()
    assert there == places
    assert walked(last.previous, "previous")[0] == [places[1], places[0]]
    monkeypatch.setattr(counting, "MOST", 6)
    there, last = walked()
    assert there == ["1 to 4 of more than 6", "5 to 8 of more than 6", "After the first 6"]
    assert walked(last.previous, "previous")[0] == ["After the first 2", "1 to 4 of more than 6"]


def test_what_is_no_longer_in_a_list_still_says_where_it_goes_on(visit, tied):
    """The place is a record that has left the view since."""
    first = visit("contracts:list", "?view=open&sort=amount")
    left = Contract.objects.get(pk=keys(first)[-1])
    Contract.objects.filter(pk=left.pk).update(status="signed", signed_on=now())
    second = visit("contracts:list", first.context["view"].next)
    assert second.context["position"] == "4 to 7 of 10"
    for nonsense in ("?view=open&before=x", "?view=open&before=0&after=1"):
        assert visit("contracts:list", nonsense).context["position"] == "1 to 4 of 10"


def test_a_record_that_comes_in_between_moves_nobody(visit, tied):
    first = visit("clients:list", "?view=all&sort=company")
    ClientFactory(company_name="0 comes before all")
    second = visit("clients:list", first.context["view"].next)
    assert not set(keys(first)) & set(keys(second))
    assert len(keys(second)) == 4


def test_the_way_on_keeps_what_was_asked(visit, tied):
    query = "?view=all&q=b&stage=prospect&sort=-company"
    pages, last = walk(visit, "clients:list", query, "next")
    assert [len(page) for page in pages] == [4, 3]
    assert last.context["words"] == "b"
    links = [*last.context["tabs"], *last.context["columns"].values(), *last.context["chips"]]
    assert all("q=b" in link.url and "after" not in link.url for link in links)


NONSENSE = [
    "zzz", "0", "-1", str(10**30), str(2**63), "%00", "1%00", "%ED%A0%80", "%F0%9F%92%A5", "²",
    "1'--", "None", "[]", "{}", "%", "..%2F", "a" * 3000,
]  # fmt: skip
NAMES = ("view", "sort", "after", "before", "sales_contact", "status", "stage", "support_contact")


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("page", LISTS)
def test_nonsense_is_ignored_aloud(browser, cast, event, page, value):
    """It says so, and shows what it shows without: one's own, not everything."""
    browser.force_login(cast["colleague"])
    plain = keys(browser.get(reverse(page)))
    own = {"view", "sort", "after", "before", *LISTS[page].filterset_class.base_filters}
    for name in own & set(NAMES):
        with nothing_changes():
            response = browser.get(f"{reverse(page)}?{name}={value}")
        assert response.status_code == 200
        assert keys(response) == plain
        said = [str(message) for message in get_messages(response.wsgi_request)]
        assert len(said) == 1, name
        assert "ignored" in said[0] or "not found" in said[0]


@pytest.mark.parametrize("value", [*NONSENSE, "\\", "'", "e" * 500])
@pytest.mark.parametrize("page", LISTS)
def test_any_words_may_be_sought(visit, event, page, value):
    assert visit(page, f"?view=all&q={value}").status_code == 200


@pytest.mark.parametrize("words", ["%", "_", "100%", "a_c"])
@pytest.mark.parametrize("page", LISTS)
def test_no_word_is_a_wildcard(visit, page, words):
    EventFactory(contract__client__company_name="abc 1000")
    named = EventFactory(contract__client__company_name="100% a_c")
    found = visit(page, f"?view=all&q={quote(words)}").context["records"]
    short = len(words) < 3  # No name begins so.
    assert [record.client_key for record in found] == ([] if short else [named.client_key])


@pytest.mark.parametrize("page", LISTS)
def test_a_parameter_of_another_page_is_nobodys_business(visit, event, page):
    assert keys(visit(page, "?view=all&page=2&utm=x&csrfmiddlewaretoken=x")) == keys(
        visit(page, "?view=all")
    )


@pytest.mark.parametrize(
    ("number", "said"), [(999, "999 clients"), (1000, "1,000 clients"), (1001, "More than 1,000")]
)
def test_it_counts_to_a_thousand(visit, number, said):
    clients = (ClientFactory.build(sales_contact=None, company_name=f"N{i}") for i in range(number))
    Client.objects.bulk_create(clients)
    assertContains(visit("clients:list", "?view=all"), said)


def test_it_reads_no_further_than_it_counts(cast, monkeypatch):
    monkeypatch.setattr(counting, "MOST", 2)
    ClientFactory.create_batch(5)
    with CaptureQueriesContext(connection) as queries:
        found = counting.counts(cast["owner"], Client.objects.all(), Client.objects.none())
    assert found == [counting.Count(2, more=True), counting.Count(0, more=False)]
    assert [query["sql"].count("LIMIT 3") for query in queries] == [1]


def test_more_than_a_thousand_contracts_have_no_total(visit, monkeypatch):
    client = ClientFactory()
    ContractFactory.create_batch(3, client=client, amount="10.10")
    assert visit("contracts:list", "?view=all").context["count"].total == Decimal("30.30")
    monkeypatch.setattr(counting, "MOST", 2)
    found = visit("contracts:list", "?view=all").context["count"]
    assert (found.total, found.more) == (None, True)


PERIODS = [("clients:list", "created"), ("contracts:list", "created"), ("contracts:list", "signed"),
           ("events:list", "starts")]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), PERIODS)
def test_a_period_has_its_first_and_its_last_day(visit, signed, name, field):
    start = make_aware(datetime.fromisoformat("2026-03-28 00:30"))
    event = EventFactory(contract=signed, starts_at=start, ends_at=start + timedelta(hours=1))
    Contract.objects.update(signed_on=start.date())
    for record in (signed.client, signed, event):
        type(record).objects.filter(pk=record.pk).update(created_at=start)
    day, day_before, day_after = "2026-03-28", "2026-03-27", "2026-03-29"
    assert len(keys(visit(name, f"?view=all&{field}_from={day}&{field}_to={day}"))) == 1
    assert keys(visit(name, f"?view=all&{field}_to={day_before}")) == []
    assert keys(visit(name, f"?view=all&{field}_from={day_after}")) == []
    assertContains(visit(name, f"?view=all&{field}_from=2026-03-28"), "28 Mar 2026")


def test_what_is_in_nobodys_hands_can_be_asked_for(visit, kevin):
    orphan = ClientFactory(sales_contact=None)
    assert keys(visit("clients:list", "?view=all&sales_contact=null")) == [orphan.pk]


@pytest.mark.parametrize(
    ("address", "forwards", "backwards"),
    [
        ("/clients/", "created_from=2026-01-02&created_to=2026-01-02", "created_from=2026-01-03"),
        ("/contracts/", "least=10&most=10", "least=10,01"),
        ("/contracts/", "signed_from=2026-01-02&signed_to=2026-01-02", "signed_from=2026-01-03"),
        ("/events/", "starts_from=2026-01-02&starts_to=2026-01-02", "starts_from=2026-01-03"),
        ("/journal/", "since=2026-01-02&until=2026-01-02", "since=2026-01-03"),
    ],
)
def test_an_end_before_its_start_is_said(browser, cast, address, forwards, backwards):
    browser.force_login(cast["management"])
    words = "In a filter the end is before the start."
    assert words not in browser.get(f"{address}?{forwards}").text
    assert words not in browser.get(f"{address}?{backwards}").text  # Alone it is no period.
    last = forwards.partition("&")[2]
    assert words in browser.get(f"{address}?{backwards}&{last}").text
