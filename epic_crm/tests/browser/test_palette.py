"""Ctrl+K: what is found while one types, by keyboard."""

import pytest
from playwright.sync_api import expect

from .sound import faults

pytestmark = pytest.mark.any_database


def test_it_works(window, live_server, cast, kevin):
    page = window(cast["owner"])
    page.keyboard.press("Control+k")
    palette = page.get_by_role("listbox")
    expect(palette.get_by_role("option", name="Create a prospect")).to_be_visible()
    page.keyboard.type("cool")
    option = palette.get_by_role("option", name="Cool Startup")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    field = page.locator("#search")
    expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url + kevin.get_absolute_url())
