from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.timezone import localdate, now
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Absence
from accounts.tests.factories import UserFactory
from accounts.tests.pages import inputs
from events.models import Event

TEAMS = ["management", "owner", "delegate", "colleague", "support", "other support"]
SALES, BOSS = ("management", "owner", "delegate"), ("management",)
ALL_FOUR = (*SALES, "support")
AHEAD = {"starts_at": now() + timedelta(days=9), "ends_at": now() + timedelta(days=10)}
BEHIND = {"starts_at": now() - timedelta(days=2), "ends_at": now() - timedelta(days=1)}
STATES = {
    "planned": AHEAD,
    "over": BEHIND,
    "completed": BEHIND | {"status": "completed", "completed_at": now()},
    "cancelled": AHEAD | {"status": "cancelled"},
}
# In each state: who is offered which page.
BUTTONS = {
    "planned": {"update": ALL_FOUR, "assign": BOSS, "cancel": SALES, "note": ALL_FOUR},
    "over": {
        "update": ALL_FOUR,
        "assign": BOSS,
        "cancel": SALES,
        "note": ALL_FOUR,
        "complete": ALL_FOUR,
    },
    "completed": {"update": BOSS, "reopen": BOSS, "note": ALL_FOUR},
    "cancelled": {"update": BOSS, "reopen": BOSS, "note": ALL_FOUR},
}
NAMES = ("update", "assign", "complete", "cancel", "reopen", "note")


@pytest.mark.parametrize("who", TEAMS)
@pytest.mark.parametrize("state", STATES)
def test_each_sees_the_buttons_that_work_and_their_pages_open(browser, cast, event, state, who):
    Event.objects.update(**STATES[state])
    browser.force_login(cast[who])
    page = browser.get(event.get_absolute_url())
    for name in NAMES:
        address = reverse(f"events:{name}", args=[event.pk])
        offered = who in BUTTONS[state].get(name, ())
        check = assertContains if offered else assertNotContains
        check(page, f'"{address}"')
        status = browser.get(address).status_code
        assert (status == 200) is offered, name
        assert status in (200, 403, 409)


def test_it_works(browser, cast, event):
    """Support has the client's contact at hand."""
    browser.force_login(cast["support"])
    response = browser.get(event.get_absolute_url())
    for said in (event.name, "Cool Startup", "Kevin Casey", "kevin@startup.example", "Sam Support"):
        assertContains(response, said)
    assertContains(response, event.contract.reference)


def test_what_is_missing_is_said_once_it_is_needed(browser, cast, event):
    """From two weeks before on, as the next step is; until the event is over."""
    browser.force_login(cast["support"])
    for days, said in ((15, False), (13, True), (-2, False)):
        start = now() + timedelta(days)
        Event.objects.update(starts_at=start, ends_at=start + timedelta(hours=4))
        page = browser.get(event.get_absolute_url()).text
        assert ("Missing: venue, attendees" in page) is said
        assert page.count(f'href="{reverse("events:update", args=[event.pk])}"') == 1 + said


def test_an_absence_on_its_days_is_said(browser, cast, event):
    day = localdate(event.starts_at)
    Absence.objects.create(
        person=cast["support"], delegate=cast["other support"], starts_on=day, ends_on=day
    )
    browser.force_login(cast["management"])
    assertContains(browser.get(event.get_absolute_url()), "Absence: Sam Support is away then")
    Absence.objects.update(starts_on=day - timedelta(2), ends_on=day - timedelta(1))
    assertNotContains(browser.get(event.get_absolute_url()), "is away then")


def test_what_others_see_is_whom_to_ask(browser, cast, event):
    browser.force_login(cast["other support"])
    response = browser.get(event.get_absolute_url())
    assertContains(response, "Read only.")
    assertContains(response, f"mailto:{cast['support'].email}")


def test_what_is_over_says_who_may_open_it_again(browser, cast, event):
    """One role, and its people after it."""
    UserFactory(first_name="Max", last_name="Manager", team="management")
    Event.objects.update(status="completed", completed_at=now())
    browser.force_login(cast["support"])
    page = " ".join(strip_tags(browser.get(event.get_absolute_url()).text).split())
    assert "Read only. Management: Max Manager and Mona Manager. " in page
    assert "This event is completed. Management can reopen it." in page


def test_management_assigns_from_the_page_itself(browser, cast, event):
    Event.objects.update(support_contact=None)
    browser.force_login(cast["management"])
    assert inputs(browser.get(event.get_absolute_url()), "ee-assign") == {"support_contact": ""}
    browser.force_login(cast["owner"])
    page = browser.get(event.get_absolute_url())
    assert inputs(page, "ee-assign") == {}
    assertContains(page, "Waiting for management to assign a support contact.")


@pytest.mark.parametrize("days", [-2, 2])
def test_the_button_to_complete_comes_with_the_start(browser, cast, event, days):
    Event.objects.update(starts_at=now() + timedelta(days), ends_at=now() + timedelta(days=9))
    browser.force_login(cast["support"])
    check = assertContains if days < 0 else assertNotContains
    address = reverse("events:complete", args=[event.pk])
    check(browser.get(event.get_absolute_url()), f'"{address}"')
