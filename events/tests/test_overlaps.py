"""Two events of one support contact at one time: told before, shown after."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from events.engagements import engagements
from events.models import Event
from events.tests.factories import EventFactory

NOON = datetime(2031, 5, 6, 10, tzinfo=UTC)  # In Paris.
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def event(event):
    """From noon to six."""
    event.starts_at, event.ends_at, event.support_contact = NOON, NOON + 6 * HOUR, None
    event.save()
    return event


def another(person, start, end, **state):
    return EventFactory(
        name="Fair", support_contact=person, starts_at=NOON + start * HOUR,
        ends_at=NOON + end * HOUR, **state,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (5, 8, "has “Fair” at that time"),
        (-3, 20, "has “Fair” at that time"),
        (6, 8, "has “Fair” that day"),  # It begins as the event ends.
        (-3, 0, "has “Fair” that day"),
        (12, 30, None),  # From midnight on.
        (-30, -12, None),  # Until midnight.
    ],
)
def test_what_a_support_contact_has(cast, event, start, end, told):
    sam = cast["support"]
    another(sam, start, end)
    another(cast["other support"], 0, 6, status="cancelled")
    another(None, 0, 6)
    assert engagements(event) == {event.pk: {sam.pk: told} if told else {}}


def test_the_same_time_is_told_rather_than_the_same_day(cast, event):
    sam = cast["support"]
    another(sam, -3, -1)
    other = another(sam, 5, 9)
    Event.objects.filter(pk=other.pk).update(name="Gala " + "x" * 100)
    later = another(None, 7, 8)
    told = engagements(event, later)
    assert told[event.pk][sam.pk].startswith("has “Gala ")
    assert told[event.pk][sam.pk].endswith("…” at that time")
    assert "at that time" in told[later.pk][sam.pk]
    assert engagements() == {}


def test_the_pages_that_assign_tell_it(browser, cast, event):
    another(cast["support"], 6, 8)
    browser.force_login(cast["management"])
    for address in (
        "/", event.get_absolute_url(), reverse("events:assign", args=[event.pk])
    ):  # fmt: skip
        page = browser.get(address)
        assert re.search(r"Sam Support · [^·<]+ · has “Fair” that day", page.text)
        assert not re.search(r"Otto Other · [^·<]+ · ", page.text)


def test_the_page_of_an_event_says_so_and_leads_to_the_agenda(browser, cast, event):
    other = another(cast["support"], 5, 9)
    browser.force_login(cast["owner"])
    said = "Overlap: Sam Support has another event then"
    assertNotContains(browser.get(event.get_absolute_url()), said)
    Event.objects.filter(pk=event.pk).update(support_contact=cast["support"])
    assertContains(browser.get(event.get_absolute_url()), said)
    page = browser.get(other.get_absolute_url())
    assertContains(page, said)
    link = page.text.split(said)[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    for one in (event, other):
        assertContains(browser.get(link), one.get_absolute_url())
    Event.objects.filter(pk=event.pk).update(status="cancelled")
    for page in (event, other):
        assertNotContains(browser.get(page.get_absolute_url()), said)


hours = st.integers(-8, 8)
spans = st.tuples(hours, st.integers(1, 8))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=spans, two=spans)
def test_both_overlap_or_none_and_only_with_a_time_in_common(cast, event, one, two):
    """Whatever the hours: what is asked from either side, and by the mark, says the same."""
    Event.objects.exclude(pk=event.pk).delete()
    pair = [another(cast["support"], start, start + long) for start, long in (one, two)]
    common = set(range(one[0], sum(one))) & set(range(two[0], sum(two)))
    first, second = pair
    theirs = Event.objects.of_support(cast["support"])
    assert list(theirs.overlapping(first)) == ([second] if common else [])
    assert list(theirs.overlapping(second)) == ([first] if common else [])
    marks = Event.objects.filter(pk__in=[first.pk, second.pk]).with_overlaps()
    assert {each.is_overlapped for each in marks} == {bool(common)}
