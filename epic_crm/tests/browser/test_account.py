"""Signing in and the rest of one's own account, as seen; and what the script adds to pages."""

import pytest
from playwright.sync_api import expect

from epic_crm.demo import PASSWORD
from epic_crm.demo.people import CAMILLE

from .sound import WIDTHS, faults

pytestmark = pytest.mark.any_database


@pytest.fixture
def own_pages(live_server, cast, kevin, contract, settings):
    """Person → addresses that the other pages' test leaves out, error pages included."""
    settings.MAIL_IS_SET_UP = True
    type(contract).objects.update(status="cancelled")
    reset = "/account/password/reset/"
    return {
        None: ["/login/", reset, f"{reset}key/1-abc/", "/nowhere/"],
        "owner": ["/account/password/", "/logout/", f"/contracts/{contract.pk}/sign/"],
        "support": ["/clients/new/", f"/clients/{kevin.pk}/edit/"],
        "no team": ["/", "/account/"],
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(window, live_server, cast, own_pages, width):
    found = []
    for who, addresses in own_pages.items():
        page = window(cast.get(who), width=width)
        for address in addresses:
            page.goto(live_server.url + address)
            found += faults(page)
    assert found == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_demonstration_account_signs_in(window, live_server, cast, settings, script):
    settings.DEMO = True
    camille = cast["owner"]
    camille.email = CAMILLE.email
    camille.set_password(PASSWORD)
    camille.save()
    page = window(locale="en-GB", java_script_enabled=script)
    page.get_by_role("link", name=CAMILLE.email).click()
    expect(page.get_by_label("E-mail address")).to_have_value(CAMILLE.email)
    if not script:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Olivia Owner").first).to_be_visible()


def test_a_password_is_shown_and_leaves_as_one(window, live_server, cast):
    page = window(locale="en-GB")
    password = page.get_by_label("Password", exact=True)
    password.fill("a guess")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(password).to_have_attribute("type", "password")
    page.get_by_label("E-mail address").fill("nobody@agency.example")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Wrong e-mail address or password.")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("nobody@agency.example")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")


def test_menus_close(window, live_server, cast):
    page = window(cast["owner"])
    menu = page.locator("header details").last
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("button", name="Sign out")).to_be_visible()
    menu.get_by_role("link", name="Preferences").focus()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.get_by_role("main").click(position={"x": 5, "y": 5})
    expect(menu).not_to_have_attribute("open", "")


def test_one_goes_back_to_what_one_typed(window, live_server, cast):
    page = window(cast["owner"])
    page.goto(f"{live_server.url}/clients/new/")
    page.locator("[name=first_name]").fill("Maison Arvel")
    page.context.clear_cookies(name="csrf")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page stayed open too long.")
    page.get_by_role("button", name="Go back").click()
    expect(page.locator("[name=first_name]")).to_have_value("Maison Arvel")


def test_signing_out_leaves_nothing_to_go_back_to(window, live_server, cast, kevin):
    page = window(cast["owner"], locale="en-GB")
    page.goto(live_server.url + kevin.get_absolute_url())
    page.locator("header details").last.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_text("Cool Startup")).to_have_count(0)
