"""
Events as iCalendar: what, when, where, for which client, and the address of the record.

No people, no telephone, no instructions: a calendar is often read by others and kept elsewhere.
"""

from datetime import UTC

from django.utils.timezone import localtime
from icalendar import Calendar
from icalendar import Event as Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar(events, absolute, name=""):
    """
    The bytes of a calendar of these ``events``; ``absolute`` makes a whole address of a path.

    The entry of an event keeps its UID, and its SEQUENCE grows with each change: a calendar that
    has it already puts the new one in its place.
    """
    whole = Calendar()
    whole.add("prodid", "-//Epic Events//CRM//FR")
    whole.add("version", "2.0")
    if name:
        whole.add("x-wr-calname", name)
    for event in events:
        whole.add_component(_entry(event, absolute(event.get_absolute_url())))
    whole.add_missing_timezones()
    return whole.to_ical()


def _entry(event, url):
    entry = Entry()
    entry.add("uid", f"event-{event.pk}@epic-events-crm")
    entry.add("sequence", event.version)
    entry.add("dtstamp", event.updated_at.astimezone(UTC))
    entry.add("dtstart", localtime(event.starts_at))
    entry.add("dtend", localtime(event.ends_at))
    entry.add("summary", f"{event} · {event.contract.client}")
    entry.add("location", ", ".join(filter(None, [event.venue, event.address])))
    entry.add("description", url)
    entry.add("url", url)
    entry.add("status", "CANCELLED" if event.status == "cancelled" else "CONFIRMED")
    entry.add("class", "PRIVATE")  # Whoever else sees the calendar sees that the time is taken.
    return entry
