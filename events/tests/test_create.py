import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from accounts.tests.pages import inputs
from contracts.models import Contract
from events.models import Event
from events.tests.factories import EventFactory
from history.tests.tables import nothing_changes, told

FACTS = {
    "name": "Gala",
    "starts_at_0": "2027-02-01",
    "starts_at_1": "19:00",
    "ends_at_0": "2027-02-01",
    "ends_at_1": "23:30",
}


@pytest.fixture
def address(signed):
    return reverse("events:create", args=[signed.pk])


def test_it_works(browser, cast, signed, address):
    browser.force_login(cast["owner"])
    with told("create_event"):
        response = browser.post(address, FACTS, follow=True)
    event = Event.objects.get()
    assertRedirects(response, event.get_absolute_url())
    assertContains(response, "It waits for management to assign a support contact.")
    assert event.starts_at.isoformat() == "2027-02-01T18:00:00+00:00"
    assert (event.contract, event.support_contact) == (signed, None)


def test_one_that_is_over_waits_to_be_completed(browser, cast, signed, address):
    browser.force_login(cast["owner"])
    days = {"starts_at_0": "2025-02-01", "ends_at_0": "2025-02-01"}
    response = browser.post(address, FACTS | days, follow=True)
    assertContains(response, "It is over: complete it.")


def test_what_the_contract_expects_is_filled_in(browser, cast, signed, address):
    Contract.objects.update(
        title="Annual seminar",
        expected_date="2027-07-14",
        expected_attendees=120,
        expected_venue="Le Hangar",
    )
    browser.force_login(cast["owner"])
    page = inputs(browser.get(address))
    del page["submission"]
    assert page == {
        "name": "Annual seminar",
        "starts_at_0": "2027-07-14",
        "starts_at_1": "09:00",
        "ends_at_0": "2027-07-14",
        "ends_at_1": "18:00",
        "venue": "Le Hangar",
        "attendees": "120",
        "address": "",
        "onsite_contact": "",
        "onsite_phone": "",
        "instructions": "",
    }
    assert browser.post(address, page).status_code == 302


def test_management_may_name_the_support_contact(browser, cast, address):
    browser.force_login(cast["management"])
    assert inputs(browser.get(address))["support_contact"] == ""
    response = browser.post(address, FACTS | {"support_contact": cast["support"].pk}, follow=True)
    assert Event.objects.get().support_contact == cast["support"]
    assertContains(response, "Event created.")


def test_an_overlap_is_shown_and_asks_for_confirmation(browser, cast, address):
    start = datetime(2027, 2, 1, 20, tzinfo=UTC)
    EventFactory(name="Fair", starts_at=start, support_contact=cast["support"])
    browser.force_login(cast["management"])
    posted = FACTS | {"support_contact": cast["support"].pk}
    with nothing_changes():
        response = browser.post(address, posted)
    assertContains(response, "Fair", status_code=422)
    assertContains(response, "Assign all the same", status_code=422)
    assert "despite_overlap" not in inputs(response)  # Not ticked for anybody.
    with told("create_event"):
        assert browser.post(address, posted | {"despite_overlap": "on"}).status_code == 302


@pytest.mark.parametrize("who", ["owner", "delegate"])
def test_nobody_else_may(browser, cast, address, who):
    browser.force_login(cast[who])
    assert "support_contact" not in inputs(browser.get(address))
    with nothing_changes():
        posted = FACTS | {"support_contact": cast["support"].pk}
        assert browser.post(address, posted).status_code == 403


def test_once(browser, cast, address):
    browser.force_login(cast["owner"])
    browser.post(address, FACTS)
    for method in (browser.get, browser.post):
        with nothing_changes():
            response = method(address, FACTS)
        assertContains(response, "You created", status_code=409)


def test_only_of_a_signed_contract(browser, cast, contract):
    browser.force_login(cast["owner"])
    with nothing_changes():
        response = browser.post(reverse("events:create", args=[contract.pk]), FACTS)
    assert response.status_code == 409


def test_state_is_not_typed(browser, cast, address):
    forged = {"status": "completed", "completed_at_0": "2026-01-01", "version": 9, "contract": 99}
    browser.force_login(cast["owner"])
    browser.post(address, FACTS | forged)
    event = Event.objects.get()
    assert (event.status, event.completed_at, event.version) == ("planned", None, 1)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ends_at_1": "18:00"}, "ends_at"),
        ({"ends_at_0": "2027-01-31"}, "ends_at"),
        ({"starts_at_0": "2027-03-28", "starts_at_1": "02:30"}, "starts_at"),  # Skipped.
        ({"ends_at_0": "2027-10-31", "ends_at_1": "02:30"}, "ends_at"),  # Twice.
        ({"starts_at_0": "0001-01-01"}, "starts_at"),
        ({"ends_at_0": "9999-12-31"}, "ends_at"),
        ({"starts_at_1": ""}, "starts_at"),
        ({"starts_at_0": "2027-02-30"}, "starts_at"),
        ({"name": ""}, "name"),
        ({"attendees": "1000001"}, "attendees"),
        ({"attendees": "-1"}, "attendees"),
        ({"attendees": "9" * 30}, "attendees"),
        ({"attendees": "9" * 5000}, "attendees"),
        ({"onsite_phone": "12"}, "onsite_phone"),
        ({"instructions": "x" * 10_001}, "instructions"),
    ],
)
def test_a_refusal_names_the_field_and_keeps_what_was_typed(browser, cast, address, typed, field):
    browser.force_login(cast["owner"])
    with nothing_changes():
        response = browser.post(address, FACTS | {"venue": "Le Hangar"} | typed)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assertContains(response, 'value="Le Hangar"', status_code=422)
    anchor = f"id_{field}_0" if field in ("starts_at", "ends_at") else f"id_{field}"
    assertContains(response, f'<a href="#{anchor}">', status_code=422)
    assertContains(response, f'id="{anchor}"', status_code=422)


def test_zero_people_is_a_number(browser, cast, address):
    browser.force_login(cast["owner"])
    browser.post(address, FACTS | {"attendees": "0"})
    assert Event.objects.get().attendees == 0


@pytest.mark.any_database
@pytest.mark.parametrize("kind", ["events", "contracts"])
def test_it_stands_below_the_list_that_the_menu_lights(browser, cast, signed, kind):
    browser.force_login(cast["owner"])
    of = signed if kind == "events" else signed.client
    response = browser.get(reverse(f"{kind}:create", args=[of.pk]))
    (lit,) = [place.url for place, current in response.context["places"] if current]
    crumb = response.text.split('class="breadcrumb"')[1].split("</ol>")[0]
    assert re.findall(r'href="([^"]+)"', crumb) == [lit]
    assertContains(response, f'href="{of.get_absolute_url()}"')
