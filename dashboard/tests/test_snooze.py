from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from dashboard.models import Snooze
from history.models import Entry

STEP = "Create the event of contract"


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2027, 5, 20, 10, tzinfo=UTC), tick=False) as clock:
        yield clock


def address(record, code="event_create", verb="snooze"):
    return reverse(f"dashboard:{verb}", args=[code, getattr(record, "pk", record)])


def test_it_works(clock, browser, cast, signed):
    """The step goes, is brought back with one click, and otherwise comes back after a week."""
    told = Entry.objects.count()
    browser.force_login(cast["owner"])
    assertContains(browser.get("/"), f'action="{address(signed)}"')
    page = browser.post(address(signed), follow=True)
    assertContains(page, f"Put off until 27 May 2027: {STEP} {signed}.")
    assertContains(page, "nothing urgent today")
    assertContains(page, f'action="{address(signed, verb="unsnooze")}"')

    page = browser.post(address(signed, verb="unsnooze"), follow=True)
    assertContains(page, STEP)

    for _ in range(2):  # A double click.
        browser.post(address(signed), follow=True)
    clock.shift(timedelta(days=6))
    browser.force_login(cast["owner"])
    assertNotContains(browser.get("/"), STEP)
    clock.shift(timedelta(days=1))
    browser.force_login(cast["owner"])
    assertContains(browser.get("/"), STEP)
    assert Entry.objects.count() == told


def test_nobody_puts_off_what_is_not_theirs(browser, cast, signed, event):
    for who in ("colleague", "delegate", "management", "other support"):
        browser.force_login(cast[who])
        assert browser.post(address(signed)).status_code == 403, who
    for who in ("owner", "support"):
        browser.force_login(cast[who])
        for wrong in (address(signed, "nonsense"), address(10**30), address(0)):
            assert browser.post(wrong).status_code == 404
        assert browser.get(address(signed)).status_code == 405
    assert not Snooze.objects.exists()


def test_what_is_done_meanwhile_is_no_error(browser, cast, event):
    browser.force_login(cast["owner"])
    page = browser.post(address(event.contract), follow=True)
    assertContains(page, "This step is done already, or no longer needed.")
    assert not Snooze.objects.exists()


def test_a_person_puts_off_for_themselves_alone(browser, cast, signed):
    what = {"code": "event_create", "record_id": signed.pk}
    Snooze.objects.create(person=cast["colleague"], until="2100-01-01", **what)
    browser.force_login(cast["owner"])
    assertContains(browser.get("/"), STEP)
    browser.post(address(signed, verb="unsnooze"))
    assert Snooze.objects.filter(person=cast["colleague"]).exists()
