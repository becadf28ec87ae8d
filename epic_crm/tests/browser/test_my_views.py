"""A view is saved, opened and deleted, as seen: on a screen, and on a phone without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clients.tests.factories import ClientFactory

from .sound import faults

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, False)])
def test_it_works(window, live_server, cast, width, scripts):
    for name in ("Maison Arvel", "Fonderie Calvet"):
        ClientFactory(company_name=name, sales_contact=cast["owner"], stage="prospect")
    page = window(cast["owner"], width=width, java_script_enabled=scripts)
    page.goto(live_server.url + reverse("clients:list") + "?stage=prospect")
    page.locator("#q").fill("arvel")
    if scripts:
        expect(page.locator("#found")).to_have_text("1 client")
    else:
        page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_text("Save this view").click()
    if scripts:
        assert faults(page) == []
    page.get_by_label("Name of the view").fill("Leather")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("View “Leather” saved.")

    page.goto(live_server.url)
    if width == 390:
        page.locator("header details").last.click()
        page.get_by_role("link", name="My views").click()
        side = page.get_by_role("main")
    else:
        side = page.get_by_role("navigation", name="My views")
    expect(side.get_by_role("link", name="My prospects")).to_contain_text("2")
    side.get_by_role("link", name="Leather").click()
    expect(page).to_have_url(re.compile(r"\?view=mine&q=arvel&stage=prospect$"))
    expect(page.locator("#records")).to_contain_text("Maison Arvel")
    expect(page.locator("#records")).not_to_contain_text("Fonderie")
    if scripts:
        expect(side.locator("[aria-current]")).to_have_text("Leather")
        assert faults(page) == []

    page.get_by_role("button", name="Delete this view").click()
    expect(page).to_have_url(re.compile("/views/$"))
    expect(page.get_by_role("main")).to_contain_text("No saved view.")
    page.get_by_role("button", name="Save it again").click()
    expect(page.get_by_role("button", name="Delete this view")).to_be_visible()
