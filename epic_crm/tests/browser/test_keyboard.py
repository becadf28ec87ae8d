"""The chain by hands that hold no mouse: every key is pressed as a person would."""

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from contracts.models import Contract
from events.models import Event

pytestmark = pytest.mark.any_database

SAID = """() => {
    const at = document.activeElement;
    const label = at.labels?.[0]?.innerText ?? '';
    return (at.getAttribute('aria-label') || label || at.innerText || at.title || '').trim();
}"""


@pytest.fixture
def go(live_server):
    """Press Tab until the focus is on what reads so; it is seen there, and never lost."""

    def go(page, name):
        for _press in range(120):
            page.keyboard.press("Tab")
            if page.evaluate(SAID).startswith(name):
                focused = page.locator(":focus")
                expect(focused).to_be_in_viewport()
                assert (
                    page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                )
                return
        raise AssertionError(f"No Tab leads to {name!r} on {page.url}.")

    return go


def enter(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_it_works(window, live_server, cast, contract, go):
    contract.expected_date = localdate()
    contract.save()
    page = window(cast["owner"])
    page.goto(f"{live_server.url}{contract.get_absolute_url()}")

    # The skip link comes first, and leads past the navigation.
    page.keyboard.press("Tab")
    assert page.evaluate(SAID) == "Skip to content"
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()

    # Sign, and create the event: the form comes filled in.
    go(page, "Mark as signed")
    enter(page)
    go(page, "Confirm signature")
    enter(page)
    page.wait_for_url("**/event/new/")
    contract.refresh_from_db()
    assert contract.status == "signed"
    go(page, "Name")
    page.keyboard.press("Control+A")
    page.keyboard.type("Dinner by hand")
    go(page, "Create event")
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dinner by hand")
    assert Contract.objects.get(pk=contract.pk).event.name == "Dinner by hand"


def test_management_assigns(window, live_server, cast, event, go):
    Event.objects.update(support_contact=None)
    page = window(cast["management"])
    go(page, "Support contact")
    page.keyboard.type("Sam")
    page.keyboard.press("Tab")
    assert page.evaluate(SAID).startswith("Assign")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sam Support is assigned").first).to_be_visible()
    event.refresh_from_db()
    assert event.support_contact == cast["support"]
    page.wait_for_function("document.activeElement !== document.body")


def test_a_menu_closes_and_gives_the_focus_back(window, cast, go):
    page = window(cast["owner"])
    go(page, "New")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Client or prospect")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Client or prospect")).to_be_hidden()
    assert page.evaluate(SAID).startswith("New")
