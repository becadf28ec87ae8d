"""Support on the day of an event, with a phone in one hand; and the same on a sheet of paper."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from events.models import ChecklistItem, Event
from events.tests.factories import ItemFactory
from history.models import Entry

pytestmark = pytest.mark.any_database

PHONE = {"width": 390, "locale": "en-GB", "has_touch": True, "color_scheme": "dark"}
LINE = "Deliveries by the quay until 07:30, badges at desk B, lunch at 12:30 for eight people.\n"


@pytest.fixture
def running(live_server, event):
    """As much as there is on a busy day."""
    Event.objects.update(
        starts_at=now() - timedelta(hours=2), ends_at=now() + timedelta(hours=3), venue="Hall",
        address="1 quai Sud, Lyon", onsite_contact="Rita Reception", onsite_phone="+33639984410",
        instructions=LINE * 18, attendees=120,
    )  # fmt: skip
    for number in range(20):
        ItemFactory(event=event, what=f"Item {number} of what is to be prepared and checked today")
    return event


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_it_works(window, cast, running, script):
    page = window(cast["support"], java_script_enabled=script, **PHONE)
    main = page.get_by_role("main")
    main.get_by_role("link", name="Open event day").click()
    expect(main).to_contain_text("ends in 2\xa0h\xa059")
    for name in ("Call Rita Reception", "Call Kevin Casey"):
        for link in main.get_by_role("link", name=name).all():
            box = link.bounding_box()
            assert box["height"] >= 48
            assert box["width"] >= 48

    main.get_by_role("button", name="Item 7 ").click()
    expect(main.get_by_role("button", name="Item 7 ")).to_have_attribute("aria-pressed", "true")
    expect(main).to_contain_text("1 of 20 done")
    assert ChecklistItem.objects.get(done_by=cast["support"]).what.startswith("Item 7 ")

    main.get_by_role("textbox", name="Note").fill("Microphone replaced.")
    main.get_by_role("button", name="Add note").click()
    expect(main.get_by_role("region", name="Notes")).to_contain_text("Microphone replaced.")

    main.get_by_role("link", name="Complete event").click()
    expect(main).to_contain_text("19 items of the checklist are not ticked.")
    main.get_by_role("button", name="Complete event").click()
    expect(page.get_by_role("status").filter(has_text="Event completed.")).to_be_visible()
    told = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert told[-3:] == ["tick_item", "note", "complete"]


def test_it_prints_on_one_sheet(window, live_server, cast, running):
    page = window(cast["support"], **PHONE)
    page.goto(f"{live_server.url}/events/{running.pk}/day/")
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert len(pages) == 1
    page.emulate_media(media="print")
    main = page.get_by_role("main")
    for said in ("Item 19 ", "+33 6 39 98 44 10"):
        expect(main.get_by_text(said).first).to_be_visible()
    expect(page.get_by_text("Printed on")).to_be_visible()
    expect(main.get_by_role("button", name="Add note")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
