"""The feed of an agenda: its address opens it without signing in, until it is revoked."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from icalendar import Calendar
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from accounts import feeds, people, sessions
from accounts.models import CalendarFeed
from events.tests.factories import EventFactory
from history.tests.tables import nothing_changes, told

PAGE = "/account/calendar/"


@pytest.fixture
def subscribe(browser, cast):
    """Make a feed on the page, as that person; return its path."""

    def subscribe(who):
        browser.force_login(cast[who])
        with told("make_feed"):
            page = browser.post(PAGE, follow=True)
        return page.text.split('id="address" value="http://testserver')[1].split('"')[0]

    return subscribe


def read(path):
    """What a calendar finds there, by name; it is not signed in."""
    response = Client().get(path)
    assert response.status_code == 200
    return {str(entry["SUMMARY"]): entry for entry in Calendar.from_ical(response.content).events}


def is_gone(path):
    return Client().get(path).status_code == 404


def test_it_works(subscribe, browser, cast, event):
    path = subscribe("support")
    assertNotContains(browser.get(PAGE), path)  # Shown once, and kept nowhere.
    token = path.split("/")[-1].removesuffix(".ics")
    assert len(token) >= 43
    assert token not in str(CalendarFeed.objects.values_list().get())
    assertContains(browser.get(PAGE), "never")
    [entry] = read(path).values()
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (
        event.starts_at.replace(microsecond=0),
        event.ends_at.replace(microsecond=0),
    )
    response = Client().get(path)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in response.headers
    assertNotContains(browser.get(PAGE), "never")  # One sees that it is read.


def test_whose_events_are_in_it(subscribe, cast, event):
    sam, olivia = cast["support"], cast["owner"]
    for name, ago, state in (
        ("Lately", 20, {}),
        ("Long ago", 40, {}),
        ("Called off", 20, {"status": "cancelled"}),
    ):
        start = now() - timedelta(days=ago)
        EventFactory(name=name, starts_at=start, support_contact=sam, **state)
    EventFactory(name="Hers", contract__client__sales_contact=olivia)

    def names(who):
        return {name.split(" · ")[0] for name in read(subscribe(who))}

    assert names("support") == {"Annual seminar", "Lately"}
    assert names("owner") == {"Annual seminar", "Hers"}
    assert names("management") == {"Annual seminar", "Lately", "Hers"}
    assert names("colleague") == set()


def test_a_new_address_or_none_ends_the_old_one(subscribe, browser, event):
    first = subscribe("support")
    second = subscribe("support")
    assert is_gone(first)
    assert read(second)
    page = browser.get(PAGE).text  # What takes an address away is asked for in two steps.
    assert "<button" not in page.split('class="ee-ask"')[0].split("<h2")[-1]
    assert page.split('class="ee-ask"')[1].count("<form") == 2
    with told("revoke_feed"):
        browser.post(PAGE, {"revoke": "1"})
    assert is_gone(second)
    with nothing_changes():  # A second time, there is none.
        browser.post(PAGE, {"revoke": "1"})


def test_it_ends_with_what_its_person_may(subscribe, cast):
    sam, mona = cast["support"], cast["management"]
    for end in (
        lambda: people.deactivate(sam, by=mona),
        lambda: people.reactivate(sam, by=mona) and None,
        lambda: people.set_team(sam, by=mona, team="sales"),
        lambda: sessions.end(sam),  # A new password.
    ):
        if sam.is_active:
            path = f"/agenda/feed/{feeds.make(sam)}.ics"
            assert not is_gone(path)
        end()
        assert is_gone(path)
        sam.refresh_from_db()
    path = f"/agenda/feed/{feeds.make(sam)}.ics"
    sam.groups.clear()
    assert is_gone(path)


def test_whoever_signed_in_long_ago_is_asked_again(browser, cast):
    browser.force_login(cast["support"])
    with time_machine.travel(now() + timedelta(minutes=11)), nothing_changes():
        assertContains(browser.post(PAGE), "Password", status_code=422)


def test_a_token_that_is_none(db):
    with nothing_changes():
        for token in ("x", "x" * 5000, "%00", "%FF%FE", "%ED%A0%80", "..%2f", "' OR 1=1 --", "é"):
            assert is_gone(f"/agenda/feed/{token}.ics"), token


def test_it_is_not_read_without_end(subscribe):
    path = subscribe("support")
    assert [Client().get(path).status_code for _ in range(31)] == [200] * 30 + [429]


def test_how_often_it_asks(subscribe, kevin):
    path = subscribe("owner")

    def count(events):
        with CaptureQueriesContext(connection) as queries:
            assert len(read(path)) == events
        return len(queries)

    EventFactory(name="Event", contract__client=kevin)
    read(path)  # The counter of readings is made.
    few = count(1)
    for n in range(15):
        EventFactory(name=f"Event {n}", contract__client=kevin)
    assert count(16) == few
    with assertNumQueries(1):
        assert is_gone(reverse("dashboard:feed", args=["x"]))
