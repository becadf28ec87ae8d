from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains

from accounts.tests.pages import inputs
from events.models import Event
from history.tests.tables import changes, nothing_changes, told


@pytest.fixture
def event(event):
    """At half past eight in the evening of a summer's day in Paris."""
    Event.objects.update(
        starts_at=datetime(2027, 7, 14, 18, 30, tzinfo=UTC),
        ends_at=datetime(2027, 7, 14, 22, 0, tzinfo=UTC),
        venue="Lyon",
    )
    event.refresh_from_db()
    return event


@pytest.fixture
def address(event):
    return reverse("events:update", args=[event.pk])


@pytest.fixture
def page(browser, cast, address):
    """What the support contact's browser has in the form."""
    browser.force_login(cast["support"])
    return inputs(browser.get(address))


def somebody_else_changes(**fields):
    Event.objects.update(version=2, **fields)


def test_it_works(browser, event, address, page):
    assert (page["starts_at_0"], page["starts_at_1"]) == ("2027-07-14", "20:30")
    with told("update"):
        response = browser.post(address, page | {"starts_at_1": "19:45", "venue": "Nantes"})
    assert response.status_code == 302
    event.refresh_from_db()
    assert event.starts_at == datetime(2027, 7, 14, 17, 45, tzinfo=UTC)
    assert (event.venue, event.version) == ("Nantes", 2)
    assert changes(event).keys() == {"starts_at", "venue"}


def test_what_did_not_change_is_not_written(browser, address, page):
    with nothing_changes():
        assert browser.post(address, page).status_code == 302


def test_seconds_that_nobody_typed_are_no_change(browser, cast, address):
    Event.objects.update(starts_at=datetime(2027, 7, 14, 18, 30, 15, 250, tzinfo=UTC))
    browser.force_login(cast["support"])
    page = inputs(browser.get(address))
    with nothing_changes():
        assert browser.post(address, page).status_code == 302


def test_a_start_moved_on_a_page_that_comes_back_is_still_moved(browser, event, address, page):
    response = browser.post(address, page | {"starts_at_1": "19:45", "name": ""})
    assert response.status_code == 422
    assert browser.post(address, inputs(response) | {"name": "Gala"}).status_code == 302
    event.refresh_from_db()
    assert event.starts_at == datetime(2027, 7, 14, 17, 45, tzinfo=UTC)


def test_a_start_that_somebody_else_moved_stays_moved(browser, event, address, page):
    later = datetime(2027, 7, 14, 19, 0, tzinfo=UTC)
    somebody_else_changes(starts_at=later)
    assert browser.post(address, page | {"venue": "Nantes"}).status_code == 302
    event.refresh_from_db()
    assert (event.starts_at, event.venue, event.version) == (later, "Nantes", 3)


def test_both_moved_it_is_a_conflict_that_loses_nothing(browser, event, address, page):
    somebody_else_changes(starts_at=datetime(2027, 7, 14, 19, 0, tzinfo=UTC), venue="Nice")
    with nothing_changes():
        response = browser.post(address, page | {"starts_at_1": "22:00", "name": "Ball"})
    assertContains(response, "14 Jul 2027 at 21:00</span>", status_code=409)
    assertContains(response, "14 Jul 2027 at 22:00</span>", status_code=409)

    again = inputs(response) | {"keep-starts_at": "mine"}
    assert (again["starts_at_0"], again["starts_at_1"]) == ("2027-07-14", "22:00")
    assert (again["initial-starts_at_1"][:5], again["venue"]) == ("21:00", "Nice")
    assert browser.post(address, again).status_code == 302
    event.refresh_from_db()
    assert event.starts_at == datetime(2027, 7, 14, 20, 0, tzinfo=UTC)
    assert (event.name, event.venue) == ("Ball", "Nice")


def test_both_moved_it_to_the_same_time(browser, address, page):
    somebody_else_changes(starts_at=datetime(2027, 7, 14, 19, 0, tzinfo=UTC))
    with nothing_changes():
        assert browser.post(address, page | {"starts_at_1": "21:00"}).status_code == 302


def test_the_merged_event_is_validated_whole(browser, address, page):
    """Mine ends before theirs begins: neither typed a mistake."""
    somebody_else_changes(starts_at=datetime(2027, 7, 14, 21, 30, tzinfo=UTC))
    with nothing_changes():
        response = browser.post(address, page | {"ends_at_0": "2027-07-14", "ends_at_1": "23:00"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["ends_at"])


@pytest.mark.parametrize(
    ("date", "time"),
    [("2027-03-28", "02:30"), ("2027-10-31", "02:30"), ("0001-01-01", "10:00"), ("", "10:00")],
)
def test_a_moment_that_is_none_is_refused(browser, address, page, date, time):
    with nothing_changes():
        response = browser.post(address, page | {"starts_at_0": date, "starts_at_1": time})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["starts_at"])
    assertContains(response, f'value="{time}"', status_code=422)


@pytest.mark.parametrize("who", ["owner", "delegate", "support", "management"])
@pytest.mark.parametrize("field", ["contract", "support_contact", "contract_0", "status"])
def test_what_is_not_typed_here(browser, cast, event, address, who, field):
    """The contract never changes, the support contact has a page; other names mean nothing."""
    browser.force_login(cast[who])
    page = inputs(browser.get(address))
    assert field not in page
    posted = page | {field: cast["other support"].pk}
    expected = {"support_contact": 400 if who == "management" else 403, "status": 302}
    with nothing_changes():
        assert browser.post(address, posted).status_code == expected.get(field, 403)


STATES = {
    "planned": {"management": 200, "owner": 200, "delegate": 200, "support": 200},
    "completed": {"management": 200, "owner": 409, "delegate": 409, "support": 409},
    "cancelled": {"management": 200, "owner": 409, "delegate": 409, "support": 409},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "who", ["management", "owner", "delegate", "colleague", "support", "other support"]
)
def test_who_opens_the_page_in_each_state(browser, cast, event, address, state, who):
    Event.objects.update(status=state, completed_at=now() if state == "completed" else None)
    browser.force_login(cast[who])
    response = browser.get(address)
    assert response.status_code == STATES[state].get(who, 403)
    if response.status_code == 200:
        assert ("reason" in inputs(response)) is (state != "planned")


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_what_is_over_changes_by_management_with_a_reason(browser, cast, event, address, state):
    Event.objects.update(status=state, completed_at=now() if state == "completed" else None)
    browser.force_login(cast["management"])
    page = inputs(browser.get(address)) | {"venue": "Nantes"}
    with nothing_changes():
        assert browser.post(address, page).status_code == 422
    with told("update"):
        browser.post(address, page | {"reason": "It was there"})
    assert changes(event) == {"venue": ("Lyon", "Nantes"), "reason": (None, "It was there")}


def test_completed_between_opening_and_saving(browser, address, page):
    Event.objects.update(status="completed", completed_at=now(), version=2)
    with nothing_changes():
        assert browser.post(address, page | {"venue": "Nantes"}).status_code == 409
