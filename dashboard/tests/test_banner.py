"""The page of a record begins with what a home page tells of it: the same step, the same words."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from accounts.tests.pages import inputs
from clients.steps import sales_assign
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from dashboard import homes
from dashboard.tests.test_steps import CODES, DAY, change, takes_place, took_place
from events.steps import support_assign
from events.tests.factories import EventFactory, ItemFactory

LISTED = CODES | {"event_today", "support_assign", "sales_assign"}


@pytest.fixture(autouse=True)
def on_a_morning_in_may():
    with time_machine.travel(datetime(2027, 5, 20, 10, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def told(browser):
    """The heading of a record's banner, and where its button leads, for one or the other."""

    def told(person, record):
        browser.force_login(person)
        page = browser.get(record.get_absolute_url()).text
        card = page.split('aria-labelledby="next-step"')[1].split("</section>")[0]
        heading = strip_tags(card.split("<h2")[1].split(">", 1)[1].split("</h2>")[0])
        link = card.split('class="btn btn-primary" href="')[1:]
        return heading, link[0].split('"')[0] if link else ""

    return told


@pytest.fixture
def everything(cast, kevin, contract, signed, today):
    """Of every kind of step one record. What waits for support or management is of others."""
    hers = {"sales_contact": cast["owner"]}
    change(kevin, follow_up_on=today)
    change(contract, expected_date=today)
    change(ContractFactory(client__sales_contact=cast["owner"]), updated_at=now() - 20 * DAY)
    change(ClientFactory(**hers), updated_at=now() - 20 * DAY)
    ClientFactory(**hers, stage="client", converted_at=now() - 20 * DAY)
    for days in (10, 60, 300):
        took_place(EventFactory(contract__client__sales_contact=cast["owner"]), days)
    EventFactory(contract__client=kevin, starts_at=now() + DAY, ends_at=now() + 2 * DAY)
    for days in (-2, 0, 4, 20):
        event = EventFactory(support_contact=cast["support"])
        takes_place(event, days)
        if not days:
            change(event, venue="Lyon", attendees=40)
        if days == 20:
            ItemFactory(event=event)
    EventFactory()
    ClientFactory(sales_contact=None)


def listed(person):
    """The steps that the home page of this person shows."""
    home = getattr(homes, person.team)(person, 99)
    if "uncovered" not in home:
        return [*home["todo"], *home.get("today", [])]
    return [*map(support_assign, home["uncovered"]), *map(sales_assign, home["orphans"])]


def test_it_is_the_step_that_a_home_page_lists(told, cast, everything):
    seen = set()
    with translation.override("en"):
        for who in ("owner", "support", "management"):
            for step in listed(cast[who]):
                heading, link = told(cast[who], step.record)
                assert heading == f"Next step: {strip_tags(step.inline)}".replace("&amp;", "&")
                form = step.code == "support_assign"  # It stands on the page itself.
                assert link == ("" if form else step.url), step.code
                calls = step.code in ("client_call", "client_debrief", "prospect_chase")
                assert step.url.endswith("?channel=phone#id_text") is calls
                seen.add(step.code)
    assert seen == LISTED


def test_whoever_it_waits_for_is_named_to_the_others(told, cast, everything):
    """Nobody else is offered its button."""
    with translation.override("en"):
        for who, other in (("owner", "colleague"), ("support", "other support")):
            for step in listed(cast[who]):
                heading, link = told(cast[other], step.record)
                assert link == ""
                assert not heading.startswith("Next step:"), step.code
                if step.code in ("event_create", "client_call", "event_complete"):
                    waits = f"Waiting for {cast[who]}: {strip_tags(step.inline)}."
                    assert heading == waits
        for step in listed(cast["management"]):
            kind = step.code.split("_")[0]
            heading, link = told(cast["colleague"], step.record)
            assert heading == f"Waiting for management to assign a {kind} contact."
            assert link == ""


def test_a_record_without_a_step_does_not_tell_one(told, cast, kevin, contract, event, today):
    """One that was put off until its day, too."""
    change(kevin, follow_up_on=today + DAY)
    change(event, venue="Lyon", attendees=40)
    assert told(cast["owner"], contract) == ("Waiting for the client’s signature.", "")
    day = "Saturday 19 June 2027 (in 30 days)"
    for who, record in (("support", event), ("owner", event), ("owner", event.contract)):
        assert told(cast[who], record) == (f"Waiting for the event: {day}.", "")
    change(event, status="completed", completed_at=now())
    assert told(cast["owner"], event) == ("Event completed on 20 May 2027.", "")
    change(event, status="cancelled", completed_at=None)
    assert told(cast["owner"], event) == ("The event is cancelled", "")
    change(contract, status="cancelled")
    assert told(cast["owner"], contract) == ("This contract is cancelled", "")


@pytest.mark.parametrize("who", ["owner", "delegate"])
def test_of_a_client_in_hand_its_pressing_contract_tells(told, cast, kevin, signed, who):
    """For whoever works on it: a delegate too."""
    heading, link = told(cast[who], kevin)
    assert heading == f"Next step: create the event of contract {signed}"
    assert link == f"/contracts/{signed.pk}/event/new/"


def test_a_prospect_and_a_client_that_have_no_contract(told, cast, kevin):
    assert told(cast["owner"], kevin) == (
        "Next step: convert to client", f"/clients/{kevin.pk}/convert/"
    )  # fmt: skip
    waits = "Waiting for Olivia Owner: convert to client."
    assert told(cast["support"], kevin) == (waits, "")
    change(kevin, stage="client", converted_at=now())
    first = ("Next step: open the first contract", f"/clients/{kevin.pk}/contracts/new/")
    assert told(cast["owner"], kevin) == first
    change(kevin, converted_at=now() - 8 * DAY)
    assert told(cast["owner"], kevin)[0] == "Next step: create the first contract of Cool Startup"


def test_management_keeps_what_it_may_do_beside_it(browser, cast, kevin, contract, event):
    """It is not management's turn, and management can do it all the same."""
    takes_place(event, -3)
    change(contract, updated_at=now() - 20 * DAY)
    browser.force_login(cast["management"])
    page = browser.get(contract.get_absolute_url())
    assertContains(page, "Waiting for the client’s signature.")
    assertContains(page, "Mark as signed")
    assertContains(browser.get(event.get_absolute_url()), "Next step: complete “Annual seminar”")
    browser.force_login(cast["owner"])
    page = browser.get(event.get_absolute_url())
    assertContains(page, "Waiting for Sam Support: complete “Annual seminar”.")
    assertContains(page, f'href="/events/{event.pk}/complete/"')


def test_who_is_away_or_gone_has_nothing_in_hand(browser, told, cast, event):
    """As the home page of management counts it; the form stands on the page of the event."""
    User.objects.filter(pk=cast["support"].pk).update(is_active=False)
    heading, _link = told(cast["management"], event)
    assert heading == "Next step: assign a support contact to “Annual seminar”"
    page = browser.get(event.get_absolute_url())
    assert inputs(page, "ee-assign") == {"support_contact": ""}
    assertNotContains(browser.get(event.contract.get_absolute_url()), "ee-assign")
