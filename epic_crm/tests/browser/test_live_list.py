"""Typing into the search of a list, as seen: the records follow, the address too."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clients.tests.factories import ClientFactory

pytestmark = pytest.mark.any_database


def test_it_works(window, live_server, cast):
    for name in ("Maison Arvel", "Fonderie Calvet"):
        ClientFactory(company_name=name, sales_contact=cast["owner"], stage="prospect")
    page = window(cast["owner"])
    page.goto(live_server.url + reverse("clients:list"))
    records, found = page.locator("#records"), page.locator("#found")
    expect(found).to_have_text("2 clients")
    page.locator("#q").press_sequentially("arv")
    expect(found).to_have_text("1 client")
    expect(records).not_to_contain_text("Fonderie")
    expect(page).to_have_url(re.compile(r"/clients/\?q=arv$"))
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#tabs [aria-current]")).to_contain_text("My clients 1")

    page.locator("#filters summary").click()
    page.locator("[name=stage]").select_option("client")
    expect(records).to_contain_text("No result with these filters.")
    page.locator("#chips").get_by_role("link", name="Stage: Client").click()
    expect(found).to_have_text("1 client")

    page.go_back()  # To what it was, from the server: nothing of it lay in the browser's storage.
    expect(records).to_contain_text("No result with these filters.")
    assert page.evaluate("localStorage.length") == 0

    page.route("**/clients/**", lambda route: route.fulfill(status=500))
    page.locator("#q").fill("calvet")
    expect(page.get_by_role("alert")).to_contain_text("Loading failed.")
    page.unroute("**/clients/**")
    window.said.clear()  # The browser itself tells of a 500.
    with page.expect_navigation():
        page.get_by_role("link", name="Try again").click()
    expect(page.locator("#q")).to_have_value("calvet")

    page.context.clear_cookies(name="session")
    page.locator("#q").fill("arvel")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")
