"""The feed of an agenda: its password opens it without signing in, until it is revoked."""

from base64 import b64encode
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from icalendar import Calendar
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from accounts import feeds, people, sessions
from accounts.models import CalendarFeed
from events.tests.factories import EventFactory
from history.tests.tables import nothing_changes, told

PAGE, FEED = "/account/calendar/", "/agenda/feed.ics"


@pytest.fixture
def subscribe(browser, cast):
    """Make a feed on the page, as that person; return its password."""

    def subscribe(who):
        browser.force_login(cast[who])
        with told("make_feed"):
            page = browser.post(PAGE, follow=True)
        assertContains(page, f'id="address" value="http://testserver{FEED}"')
        return page.text.split('id="password" value="')[1].split('"')[0]

    return subscribe


def ask(password, name="agenda", **how):
    """As a calendar does, which is not signed in."""
    given = b64encode(f"{name}:{password}".encode()).decode()
    return Client().get(FEED, headers={"authorization": f"Basic {given}"}, **how)


def read(password):
    """What a calendar finds there, by name."""
    response = ask(password)
    assert response.status_code == 200
    return {str(entry["SUMMARY"]): entry for entry in Calendar.from_ical(response.content).events}


def is_shut(response):
    """The one answer to whatever is wrong; with it a calendar asks for the password."""
    challenge = 'Basic realm="Epic Events CRM", charset="UTF-8"'
    assert response.headers.get("WWW-Authenticate", challenge) == challenge
    return (response.status_code, response.content) == (401, b"")


def opens_nothing(password):
    return is_shut(ask(password))


def test_it_works(subscribe, browser, cast, event):
    password = subscribe("support")
    assertNotContains(browser.get(PAGE), password)  # Shown once, and kept nowhere.
    assert len(password) >= 43
    assert password not in str(CalendarFeed.objects.values_list().get())
    assertContains(browser.get(PAGE), "never")
    [entry] = read(password).values()
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (
        event.starts_at.replace(microsecond=0),
        event.ends_at.replace(microsecond=0),
    )
    response = ask(password, name="whatever the calendar says")
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


def test_a_new_password_or_none_ends_the_old_one(subscribe, browser, event):
    first = subscribe("support")
    second = subscribe("support")
    assert opens_nothing(first)
    assert read(second)
    page = browser.get(PAGE).text  # What takes a password away is asked for in two steps.
    assert "<button" not in page.split('class="ee-ask"')[0].split("<h2")[-1]
    assert page.split('class="ee-ask"')[1].count("<form") == 2
    with told("revoke_feed"):
        browser.post(PAGE, {"revoke": "1"})
    assert opens_nothing(second)
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
            password = feeds.make(sam)
            assert not opens_nothing(password)
        end()
        assert opens_nothing(password)
        sam.refresh_from_db()
    password = feeds.make(sam)
    sam.groups.clear()
    assert opens_nothing(password)


def test_whoever_signed_in_long_ago_is_asked_again(browser, cast):
    browser.force_login(cast["support"])
    with time_machine.travel(now() + timedelta(minutes=11)), nothing_changes():
        assertContains(browser.post(PAGE), "Password", status_code=422)


@pytest.mark.parametrize("word", ["x", "x" * 5000, "\0", "..", "' OR 1=1 --", "é", "", ":"])
def test_a_password_that_is_none(db, word):
    with nothing_changes():
        assert opens_nothing(word)


@pytest.mark.parametrize(
    "header",
    [None, "", "Basic", "Basic ", "Basic x", "Basic //79", "Basic YWdlbmRh", "Bearer {}", "{}"],
)
def test_what_is_no_password_at_all(subscribe, header):
    password = subscribe("support")
    given = {} if header is None else {"authorization": header.format(password)}
    with nothing_changes():
        assert is_shut(Client().get(FEED, headers=given))


def test_nobody_reads_it_by_being_signed_in_or_by_an_address(subscribe, browser):
    password = subscribe("support")
    assert is_shut(browser.get(FEED))
    assert is_shut(browser.get(f"{FEED}?password={password}"))
    assert browser.get(f"/agenda/feed/{password}.ics").status_code == 404


def test_not_over_plain_http(subscribe, settings, caplog):
    """Nor led to HTTPS: a password that goes over the wire for all to read has to be noticed."""
    password = subscribe("support")
    settings.SECURE_SSL_REDIRECT = True
    response = ask(password)
    assert (response.status_code, response.content) == (403, b"")
    assert "Location" not in response.headers
    assert caplog.messages == ["A calendar feed was asked for over plain HTTP."]
    assert ask(password, secure=True).status_code == 200
    for page in ("/healthz", "/readyz"):  # Programs ask for these, too.
        assert Client().get(page).status_code == 200
    assert Client().get("/agenda/").status_code == 301


def test_it_is_not_read_without_end(subscribe):
    password = subscribe("support")
    assert [ask(password).status_code for _ in range(31)] == [200] * 30 + [429]


def test_how_often_it_asks(subscribe, kevin):
    password = subscribe("owner")

    def count(events):
        with CaptureQueriesContext(connection) as queries:
            assert len(read(password)) == events
        return len(queries)

    EventFactory(name="Event", contract__client=kevin)
    read(password)  # The counter of readings is made.
    few = count(1)
    for n in range(15):
        EventFactory(name=f"Event {n}", contract__client=kevin)
    assert count(16) == few
    with assertNumQueries(1):
        assert opens_nothing("x")
