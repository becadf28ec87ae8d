"""One event for one's own calendar, read back as a calendar does."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from icalendar import Calendar

from events.models import Event


@pytest.fixture
def read(browser, cast, event):
    """The entry of the event, as a calendar reads it, once the event is so."""

    def read(**state):
        Event.objects.filter(pk=event.pk).update(**state)
        browser.force_login(cast["colleague"])
        response = browser.get(reverse("events:ics", args=[event.pk]))
        assert response.status_code == 200
        read.response = response
        [entry] = Calendar.from_ical(response.content).walk("VEVENT")
        return entry

    return read


def test_it_works(read, event):
    entry = read(venue="Town hall", address="1 Main Street", version=4)
    assert read.response["Content-Type"] == "text/calendar; charset=utf-8"
    assert read.response["Content-Disposition"] == f'attachment; filename="event-{event.pk}.ics"'
    assert read.response["Cache-Control"] == "private, no-store"
    assert entry["SUMMARY"] == "Annual seminar · Cool Startup"
    assert entry["LOCATION"] == "Town hall, 1 Main Street"
    assert entry["URL"] == f"http://testserver{event.get_absolute_url()}"
    assert (entry["UID"], entry["SEQUENCE"]) == (f"event-{event.pk}@epic-events-crm", 4)
    assert (entry["STATUS"], entry["CLASS"]) == ("CONFIRMED", "PRIVATE")


def test_a_cancelled_event_says_so(read):
    assert read(status="cancelled")["STATUS"] == "CANCELLED"


def test_the_times_are_right_when_the_clocks_change(read):
    """From the evening before to the morning after: an hour longer than the clocks say."""
    starts_at = datetime(2026, 10, 24, 18, tzinfo=UTC)
    ends_at = datetime(2026, 10, 25, 9, tzinfo=UTC)
    entry = read(starts_at=starts_at, ends_at=ends_at)
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (starts_at, ends_at)
    text = read.response.content.decode()
    assert "DTSTART;TZID=Europe/Paris:20261024T200000" in text
    assert "DTEND;TZID=Europe/Paris:20261025T100000" in text
    [zone] = Calendar.from_ical(text).walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Paris"
    assert zone.walk("DAYLIGHT")
    assert zone.walk("STANDARD")


@pytest.mark.parametrize(
    "name",
    ['a; b, c\\n: "d"', "é" * 100, "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y", "=1+1"],
)
def test_whatever_an_event_is_called(read, name):
    entry = read(name=name, venue=name)
    told = name.replace("\r\n", "\n")
    assert (entry["SUMMARY"], entry["LOCATION"]) == (f"{told} · Cool Startup", told)
    assert all(len(line) <= 75 for line in read.response.content.split(b"\r\n"))


def test_nobody_is_in_it(read, event):
    """A calendar is read by others, and kept elsewhere."""
    read(onsite_contact="Paul Rivers", onsite_phone="+33199001234", instructions="Code 4321")
    text = read.response.content.decode()
    for private in ("Paul", "0012", "4321", "Sam", "Olivia", "@startup"):
        assert private not in text.replace("\r\n ", "")
