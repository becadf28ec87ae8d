"""Passkeys in a real browser, with a device that answers by itself; the other pages seen."""

import pytest
from playwright.sync_api import expect

from accounts import factors
from accounts.models import Session
from accounts.sessions import SessionStore
from accounts.tests.factories import passkey_credential
from accounts.tests.test_factor import shown, with_app
from accounts.tests.test_login import PASSWORD

from .sound import WIDTHS, faults

pytestmark = pytest.mark.any_database

PAGE, STEP = "/account/second-factor/", "/login/second-factor/"
ANSWERS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def owner(live_server, cast):
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save(update_fields=["password"])
    return cast["owner"]


def authenticator(page):
    """A passkey device for this page."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": ANSWERS})
    return devtools, added["authenticatorId"]


def sign_in(page, url, person):
    page.goto(f"{url}/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_passkey_is_added_and_signs_in(window, live_server, owner):
    page = window(locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    authenticator(page)
    sign_in(page, live_server.url, owner)
    page.goto(live_server.url + PAGE)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("Office computer")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="10 codes left")).to_be_visible()
    assert [factor.data["name"] for factor in factors.of(owner)] == ["Office computer"]
    page.get_by_role("button", name="Copy the codes").click()
    expect(page.get_by_text("Codes copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied == page.locator(".ee-codes code").all_inner_texts()
    assert factors.use_up(owner, copied[9])
    page.reload()
    expect(page.get_by_role("heading", name="9 codes left")).to_be_visible()
    expect(page.locator(".ee-codes")).to_have_count(0)

    page.context.clear_cookies()
    sign_in(page, live_server.url, owner)
    expect(page).to_have_url(live_server.url + STEP)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Olivia Owner").first).to_be_visible()
    assert factors.of(owner).get().last_used_at


def test_another_passkey_does_not_sign_in(window, live_server, owner):
    page = window(locale="en-GB")
    devtools, device = authenticator(page)
    sign_in(page, live_server.url, owner)
    page.goto(f"{live_server.url}{PAGE}passkey/")
    page.get_by_label("Name of the passkey").fill("Office computer")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="10 codes left")).to_be_visible()
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": device})

    page.context.clear_cookies()
    sign_in(page, live_server.url, owner)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey did not answer. Try again.")).to_be_visible()
    expect(page).to_have_url(live_server.url + STEP)


def test_a_passkey_confirms_with_the_password(window, live_server, owner):
    """An hour after signing in, before one’s own factors."""
    page = window(locale="en-GB")
    authenticator(page)
    sign_in(page, live_server.url, owner)
    page.goto(f"{live_server.url}{PAGE}passkey/")
    page.get_by_label("Name of the passkey").fill("Office computer")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="10 codes left")).to_be_visible()

    store = SessionStore(Session.objects.get(person=owner).session_key)
    store["signed_in_at"] -= 3600
    store.save()
    page.goto(f"{live_server.url}{PAGE}codes/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Enter your password.").first).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="10 codes left")).to_be_visible()


def test_without_a_script_the_page_says_so_and_a_code_does(window, live_server, owner, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # A slow machine.
    factors.add_passkey(owner, name="Key", credential=passkey_credential())
    with_app(owner)
    page = window(locale="en-GB", java_script_enabled=False)
    sign_in(page, live_server.url, owner)
    expect(page.get_by_text("Passkeys do not work in this browser here")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    page.get_by_label("Code of your app").fill(shown())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Olivia Owner").first).to_be_visible()
    page.goto(f"{live_server.url}{PAGE}passkey/")
    expect(page.get_by_role("link", name="Set up an app")).to_have_count(0)  # There is one.
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(live_server.url + PAGE)


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(window, live_server, owner, cast, settings, width):
    found = []
    with_app(owner)
    factors.add_passkey(owner, name="Key", credential=passkey_credential())
    app = factors.of(owner).first().pk
    pages = {
        "owner": ["", "passkey/", "codes/", f"{app}/remove/"],
        "colleague": ["", "app/"],
        "delegate": ["codes/"],
        "management": [f"/team/{owner.pk}/second-factor/reset/"],
    }
    factors.add_passkey(cast["delegate"], name="Key", credential=passkey_credential())
    for who, addresses in pages.items():
        page = window(cast[who], width=width)
        if who == "delegate":  # The codes, which are shown once.
            page.goto(f"{live_server.url}{PAGE}codes/")
            page.get_by_role("button", name="Make new codes").click()
            expect(page.locator(".ee-codes code")).to_have_count(10)
            found += faults(page)
        for address in addresses:
            where = address if address.startswith("/team") else PAGE + address
            page.goto(live_server.url + where)
            found += faults(page)
    settings.CONFIRM_AGAIN *= 0
    page.goto(live_server.url + where)
    found += faults(page)
    page = window(width=width, locale="en-GB")
    sign_in(page, live_server.url, owner)
    found += faults(page)
    assert found == []
