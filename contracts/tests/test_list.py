"""The list of contracts. What holds for every list: epic_crm/tests/test_lists.py."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory


@pytest.fixture
def contracts(cast, kevin, contract, signed, event):
    """One of every kind; what ``event`` hangs on is ``signed``."""
    ContractFactory(title="Waiting", client=kevin, status="signed", signed_on="2026-01-05")
    ContractFactory(title="Nothing came", client=kevin, status="cancelled")
    colins = ClientFactory(company_name="Éclat", sales_contact=cast["colleague"])
    ContractFactory(title="Colin’s", client=colins)
    type(contract).objects.filter(pk=contract.pk).update(title="Open")
    type(contract).objects.filter(pk=signed.pk).update(title="With event")


def shown(browser, query=""):
    response = browser.get(reverse("contracts:list") + query)
    return {contract.title for contract in response.context["records"]}


KEVINS = {"Open", "With event", "Waiting", "Nothing came"}


@pytest.mark.parametrize(
    ("who", "view", "titles"),
    [
        ("owner", "", KEVINS),
        ("owner", "open", {"Open", "Colin’s"}),
        ("owner", "signed", {"With event", "Waiting"}),
        ("owner", "no-event", {"Waiting"}),
        ("owner", "all", KEVINS | {"Colin’s"}),
        ("owner", "delegated", set()),
        ("delegate", "delegated", KEVINS),
        ("delegate", "mine", set()),
        ("support", "", {"With event"}),
        ("other support", "", set()),
        ("management", "", KEVINS | {"Colin’s"}),
    ],
)
def test_the_views(browser, cast, contracts, who, view, titles):
    browser.force_login(cast[who])
    assert shown(browser, f"?view={view}" if view else "") == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=cancelled", {"Nothing came"}),
        ("q=eclat", {"Colin’s"}),
        ("q=c-2020+waiting", {"Waiting"}),
        ("q=zzz", set()),
    ],
)
def test_search_and_filters(browser, cast, contracts, query, titles):
    browser.force_login(cast["owner"])
    assert shown(browser, f"?view=all&{query}") == titles


def test_the_filter_by_contact(browser, cast, contracts):
    browser.force_login(cast["owner"])
    assert shown(browser, f"?view=all&sales_contact={cast['colleague'].pk}") == {"Colin’s"}


def test_the_total_is_of_what_is_found(browser, cast, contracts):
    browser.force_login(cast["owner"])
    for query, total in {"": 4000, "?view=all": 5000, "?q=zzz": 0}.items():
        response = browser.get(reverse("contracts:list") + query)
        assert response.context["count"].total == total
    assertContains(browser.get(reverse("contracts:list")), "€4,000")


def test_the_event_is_a_click_away_for_who_may_create_it(browser, cast, signed):
    address = reverse("events:create", args=[signed.pk])
    browser.force_login(cast["owner"])
    assertContains(browser.get(reverse("contracts:list")), address)
    browser.force_login(cast["colleague"])
    assertNotContains(browser.get(reverse("contracts:list") + "?view=all"), address)
