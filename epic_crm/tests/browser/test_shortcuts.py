"""Single keys: only for those who asked for them, and never while they type."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clients.tests.factories import ClientFactory

pytestmark = pytest.mark.any_database


def test_it_works(window, live_server, cast):
    for name in ("Arvel", "Calvet"):
        ClientFactory(company_name=name, sales_contact=cast["owner"])
    page = window(cast["owner"])
    page.goto(live_server.url + reverse("account"))
    page.keyboard.press("?")
    expect(page.locator("script[data-help]")).to_have_count(0)  # Off, until it is asked for.
    page.get_by_label("Single-key shortcuts").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Preferences saved.")).to_be_visible()

    page.wait_for_load_state()  # Its script is there.
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/clients/$"))
    page.wait_for_load_state()
    page.locator("#q").press_sequentially("g")  # Typed, not pressed.
    page.locator("#q").press_sequentially("h")
    expect(page.locator("#q")).to_have_value("gh")
    page.locator("#q").fill("")
    expect(page.locator("#found")).to_have_text("2 clients")
    page.locator("#q").blur()
    rows = page.locator("tbody th a")
    for key, row in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()
    name = rows.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.wait_for_load_state()
    page.keyboard.press("n")
    expect(page.get_by_role("link", name="Client or prospect")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.locator("#search").blur()

    page.keyboard.press("g")
    page.wait_for_timeout(1600)  # Too late for the second one: alone it opens nothing.
    page.keyboard.press("e")
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile("/edit/$"))
    page.go_back()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shortcuts")
