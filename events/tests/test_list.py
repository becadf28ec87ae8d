"""The list of events. What holds for every list: epic_crm/tests/test_lists.py."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains

from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory


@pytest.fixture
def events(cast, event):
    """One of every kind; all but the last two are the owner's."""

    def one(name, contact="owner", **facts):
        client = ClientFactory(company_name=f"Client of {name}", sales_contact=cast[contact])
        return EventFactory(name=name, contract=ContractFactory(client=client), **facts)

    type(event).objects.update(name="Coming")
    ended = {"starts_at": now() - timedelta(days=2)}
    one("Over", support_contact=cast["support"], **ended)
    one(
        "Completed",
        support_contact=cast["support"],
        status="completed",
        completed_at=now(),
        **ended,
    )
    one("Cancelled", support_contact=cast["support"], status="cancelled")
    one("Nobody’s", contact="colleague")
    one("Leaver’s", contact="colleague", support_contact=cast["leaver"])


def shown(browser, query=""):
    response = browser.get(reverse("events:list") + query)
    return {event.name for event in response.context["records"]}


KEVINS = {"Coming", "Over", "Completed", "Cancelled"}


@pytest.mark.parametrize(
    ("who", "view", "names"),
    [
        ("owner", "", {"Coming", "Over"}),  # What is done with stands elsewhere.
        ("support", "", {"Coming", "Over"}),
        ("other support", "", set()),
        ("colleague", "", {"Nobody’s", "Leaver’s"}),
        ("management", "", {"Coming", "Nobody’s", "Leaver’s"}),
        ("owner", "upcoming", {"Coming", "Nobody’s", "Leaver’s"}),
        ("management", "unassigned", {"Nobody’s", "Leaver’s"}),
        ("owner", "to-complete", {"Over"}),
        ("owner", "past", {"Over", "Completed"}),
        ("owner", "all", KEVINS | {"Nobody’s", "Leaver’s"}),
        ("owner", "delegated", set()),
        ("delegate", "delegated", {"Coming"}),
    ],
)
def test_the_views(browser, cast, events, who, view, names):
    browser.force_login(cast[who])
    assert shown(browser, f"?view={view}" if view else "") == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=cancelled", {"Cancelled"}),
        ("q=client+of+over", {"Over"}),
        ("q=nobody's", {"Nobody’s"}),
        ("q=zzz", set()),
    ],
)
def test_search_and_filters(browser, cast, events, query, names):
    browser.force_login(cast["owner"])
    assert shown(browser, f"?view=all&{query}") == names


@pytest.mark.parametrize(
    ("name", "who", "names"),
    [
        ("sales_contact", "colleague", {"Nobody’s", "Leaver’s"}),
        ("support_contact", "support", KEVINS),
    ],
)
def test_the_filters_by_person(browser, cast, events, name, who, names):
    browser.force_login(cast["owner"])
    assert shown(browser, f"?view=all&{name}={cast[who].pk}") == names


def test_a_row_says_whose_it_is(browser, cast, event):
    browser.force_login(cast["owner"])
    response = browser.get(reverse("events:list"))
    for said in ("Sam Support", "Cool Startup", event.get_absolute_url()):
        assertContains(response, said)


def test_of_what_is_past_the_last_comes_first(browser, cast, events):
    EventFactory(name="Long ago", starts_at=now() - timedelta(days=400))
    browser.force_login(cast["management"])

    def first(query):
        response = browser.get(reverse("events:list") + query)
        return next(iter(response.context["records"])).name

    assert first("?view=past") != "Long ago"
    assert first("?view=past&sort=start") == "Long ago"


def test_an_event_of_several_days_says_which_it_is(browser, cast):
    days = {"starts_at": now() - timedelta(days=1), "ends_at": now() + timedelta(days=1)}
    EventFactory(support_contact=cast["support"], **days)
    browser.force_login(cast["support"])
    assertContains(browser.get(reverse("events:list")), "day 2 of 3")
