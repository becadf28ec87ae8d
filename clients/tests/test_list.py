"""The list of clients. What holds for every list: epic_crm/tests/test_lists.py."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains

from accounts.fields import plain
from clients.models import Client
from clients.tests.factories import ClientFactory


@pytest.fixture
def clients(cast, kevin):
    """One of every kind."""
    ClientFactory(
        company_name="Colin’s",
        sales_contact=cast["colleague"],
        stage="client",
        converted_at=now(),
        source="referral",
    )
    ClientFactory(company_name="Orphan", sales_contact=None)
    ClientFactory(company_name="Left behind", sales_contact=cast["leaver"])
    ClientFactory(company_name="Put away", sales_contact=cast["owner"], archived_at=now())


def shown(browser, query=""):
    response = browser.get(reverse("clients:list") + query)
    return {client.company_name for client in response.context["records"]}


ALL = {"Cool Startup", "Colin’s", "Orphan", "Left behind"}


@pytest.mark.parametrize(
    ("who", "view", "names"),
    [
        ("owner", "", {"Cool Startup"}),
        ("owner", "mine", {"Cool Startup"}),
        ("owner", "prospects", {"Cool Startup", "Orphan", "Left behind"}),
        ("owner", "all", ALL),
        ("owner", "archived", {"Put away"}),
        ("owner", "delegated", set()),
        ("delegate", "delegated", {"Cool Startup"}),
        ("delegate", "mine", set()),
        ("support", "", set()),
        ("management", "", ALL),
        ("management", "unassigned", {"Orphan", "Left behind"}),
    ],
)
def test_the_views(browser, cast, clients, who, view, names):
    browser.force_login(cast[who])
    assert shown(browser, f"?view={view}" if view else "") == names


def test_mine_for_support_is_whose_events_are_mine(browser, cast, clients, event):
    for who, names in {"support": {"Cool Startup"}, "other support": set()}.items():
        browser.force_login(cast[who])
        assert shown(browser) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("stage=client", {"Colin’s"}),
        ("source=referral&stage=prospect", set()),
        ("q=COLIN'S", {"Colin’s"}),
        ("q=casey+cool", {"Cool Startup"}),
        ("q=nothing", set()),
        ("q=", ALL),
    ],
)
def test_search_and_filters(browser, cast, clients, query, names):
    browser.force_login(cast["owner"])
    assert shown(browser, f"?view=all&{query}") == names


def test_the_filter_by_contact(browser, cast, clients):
    browser.force_login(cast["owner"])
    query = f"?view=all&sales_contact={cast['colleague'].pk}"
    assert shown(browser, query) == {"Colin’s"}
    response = browser.get(reverse("clients:list") + query)
    assertContains(response, "Sales contact: Colin Colleague")
    assertContains(response, 'href="?view=all"')


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("who", "page", "mine", "offered"),
    [
        ("owner", "clients", "sales_contact", set()),
        ("owner", "contracts", "sales_contact", set()),
        ("owner", "events", "sales_contact", {"support_contact"}),
        ("support", "clients", "", {"sales_contact"}),
        ("support", "events", "support_contact", {"sales_contact"}),
        ("management", "clients", "sales_contact", set()),
    ],
)
def test_ones_own_view_has_no_filter_by_oneself(browser, cast, who, page, mine, offered):
    """One that stands in an address is told, and can be taken out."""
    browser.force_login(cast[who])
    contacts = {"sales_contact", "support_contact"}

    def names(query):
        return browser.get(reverse(f"{page}:list") + query).context["filterset"].form.fields.keys()

    assert names("?view=mine") & contacts == offered
    assert names("?view=all") & contacts == offered | ({mine} - {""})
    if mine:
        assert mine in names(f"?view=mine&{mine}={cast[who].pk}")


def test_a_row_says_what_is_open_and_what_comes(browser, cast, contract, event):
    browser.force_login(cast["owner"])
    (client,) = browser.get(reverse("clients:list")).context["records"]
    assert (client.open_contracts, client.next_event) == (1, event.starts_at)
    type(event).objects.update(starts_at=now() - timedelta(9), ends_at=now() - timedelta(8))
    (client,) = browser.get(reverse("clients:list")).context["records"]
    assert client.next_event is None


@pytest.mark.parametrize(
    ("who", "query", "said"),
    [
        ("colleague", "", "You do not follow any client yet."),
        ("colleague", "?q=zzz", "No result with these filters."),
        ("management", "?view=unassigned", "Every client has a sales contact."),
        ("owner", "?view=archived", "Nothing here."),
    ],
)
def test_an_empty_list_says_what_to_do(browser, cast, kevin, who, query, said):
    browser.force_login(cast[who])
    assertContains(browser.get(reverse("clients:list") + query), said)


def test_only_who_may_add_a_client_is_offered_it(browser, cast, kevin):
    for who, check in {"owner": assertContains, "support": assertNotContains}.items():
        browser.force_login(cast[who])
        check(browser.get(reverse("clients:list")), reverse("clients:create"))


def test_found_by_anything_that_names_it(db):
    client = ClientFactory(company_name="Éclat", phone="+33199004117")
    for words in ("éclat", "CASEY kevin", "0199004117", "+33199004117", "startup.example"):
        assert Client.objects.matching(words).contains(client), words
    client.company_name = "Zébulon"
    client.save(update_fields=["company_name", "sort_key", "search_text"])
    assert Client.objects.matching("zebulon").contains(client)
    assert not Client.objects.matching("eclat").exists()


def test_the_order_is_the_same_on_every_engine(db):
    names = ["Zoé", "éa", "Ea-b", "ea b", "ÉA!", "_a", "10", "9"]
    for name in names:
        ClientFactory(company_name=name)
    keys = list(Client.objects.order_by("sort_key").values_list("sort_key", flat=True))
    assert keys == sorted(plain(name) for name in names)


def test_for_a_contract_a_client_is_chosen(browser, cast, kevin):
    browser.force_login(cast["owner"])
    new_contract = reverse("contracts:create", args=[kevin.pk])
    assertNotContains(browser.get(reverse("clients:list")), new_contract)
    response = browser.get(reverse("clients:list") + "?for=contract")
    assertContains(response, f'href="{new_contract}"')
    assertContains(response, "Choose the client of the contract.")
    assertContains(response, '<input type="hidden" name="for" value="contract">', 1)

    browser.force_login(cast["colleague"])  # Who may not open one reads the client instead.
    response = browser.get(reverse("clients:list") + "?for=contract&view=all")
    assertNotContains(response, new_contract)
    assertContains(response, kevin.get_absolute_url())
