"""What is done without leaving the page: with a script in place, without one by the same forms."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dashboard.models import Notification, Snooze
from events.tests.factories import EventFactory, ItemFactory
from history.models import Note

pytestmark = pytest.mark.any_database

ENGLISH = {"locale": "en-GB"}
scripted = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@pytest.fixture
def on(window, live_server):
    """A page as a person sees it; ``stays`` says that the window was never loaded again."""

    def on(person, address, script):
        page = window(person, java_script_enabled=script, **ENGLISH)
        page.goto(live_server.url + address)
        if script:
            page.evaluate("window.same = true")
        page.stays = lambda: not script or page.evaluate("window.same === true")
        return page

    return on


@scripted
def test_it_works(on, cast, event, signed, contract, today, script):
    """A step is put off, an item ticked, an event assigned, a note added, the bell silenced."""
    EventFactory(name="Gala", support_contact=None)
    ItemFactory(event=event, what="Print badges")
    ItemFactory(event=event, what="Book the caterer")
    type(contract).objects.filter(pk=contract.pk).update(expected_date=today)

    page = on(cast["owner"], "/", script)
    page.locator("#actions details summary").first.click()
    page.get_by_role("button", name="Snooze for 7 days").first.click()
    expect(page.locator("#messages")).to_contain_text("Put off until")
    expect(page.locator("#headline")).to_have_text("nothing urgent today")
    assert Snooze.objects.get().record_id == contract.pk
    if script:
        expect(page.locator("#said")).to_have_text("nothing urgent today")
        expect(page.locator("#todo")).to_be_focused()
    assert page.stays()

    page = on(cast["support"], event.get_absolute_url(), script)
    tick = page.get_by_role("button", name="Print badges")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#checklist")).to_contain_text("1 of 2 done")
    if script:
        expect(page.locator("#said")).to_have_text("1 of 2 done")
        expect(tick).to_be_focused()
    page.get_by_role("textbox", name="Note", exact=True).fill("Doors at eight.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#story")).to_contain_text("Doors at eight.")
    expect(page.get_by_text("Note added.")).to_be_in_viewport()  # Where one looks.
    expect(page.get_by_role("textbox", name="Note", exact=True)).to_have_value("")
    assert Note.objects.count() == 1
    assert page.stays()

    page = on(cast["owner"], f"{signed.client.get_absolute_url()}?channel=phone#id_text", script)
    expect(page.get_by_role("textbox", name="Note", exact=True)).to_be_focused()
    expect(page.get_by_label("Channel")).to_have_value("phone")

    page = on(cast["management"], "/", script)
    side = page.get_by_role("link", name="Without support")
    expect(side).to_have_text("Without support1")
    page.get_by_label("Support contact · Gala").select_option(index=1)
    page.get_by_role("button", name="Assign · Gala").click()
    expect(page.locator("#messages")).to_contain_text("is assigned to “Gala”.")
    expect(page.locator("#home")).to_contain_text("Every coming event has a support contact.")
    expect(side).to_have_text("Without support0")
    if script:
        expect(page.locator("#uncovered")).to_be_focused()
    assert page.stays()

    someone = EventFactory._meta.model.objects.get(name="Gala").support_contact
    Notification.objects.filter(recipient=someone).update(read_at=None)
    page = on(someone, reverse("dashboard:notifications"), script)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("#messages")).to_contain_text("All notifications are marked as read.")
    expect(page.locator("#bell")).to_contain_text("Notifications: 0 unread")
    assert page.stays()


def test_what_fails_is_said_there_and_tried_again(window, on, cast, event):
    """Refused, the page that says why is shown; the session over, the sign-in page is."""
    item = ItemFactory(event=event, what="Print badges")
    page = on(cast["support"], event.get_absolute_url(), True)
    page.route("**/tick/", lambda route: route.fulfill(status=500))
    page.get_by_role("button", name="Print badges").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not saved.", use_inner_text=True)
    page.unroute("**/tick/")
    window.said.clear()  # The browser itself tells of a 500.
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#checklist")).to_contain_text("1 of 1 done")

    type(event).objects.update(status="cancelled")
    page.get_by_role("button", name="Print badges").click()
    expect(page).to_have_url(re.compile(f"/{item.pk}/tick/$"))
    window.said.clear()
    type(event).objects.update(status="planned")
    page.goto(page.url.split("/events/")[0] + event.get_absolute_url())
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Print badges").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
