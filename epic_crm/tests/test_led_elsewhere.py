"""Nothing that somebody writes into a request leads a reader elsewhere, or comes back to them."""

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.encryption import Cipher
from accounts.tests.test_login import LOGIN, PASSWORD

pytestmark = pytest.mark.any_database

EVIL = "evil.example"
OUTSIDE = [f"https://{EVIL}/", f"//{EVIL}", f"/\\{EVIL}", f"https:{EVIL}", f"javascript:{EVIL}"]
FORGED = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Forwarded-For": f"{EVIL}, 10.0.0.1",
    "X-Forwarded-Proto": "javascript",
    "Forwarded": f"for=10.0.0.1;host={EVIL};proto=https",
    "X-Host": EVIL,
    "X-Original-URL": "/logout/",
    "X-Rewrite-URL": "/logout/",
    "X-Original-Host": EVIL,
    "X-HTTP-Method-Override": "DELETE",
    "X-HTTP-Method": "DELETE",
    "X-Method-Override": "DELETE",
    "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/",
    "HX-Current-URL": f"https://{EVIL}/",
    "True-Client-IP": EVIL,
}


@pytest.fixture
def owner(cast):
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save(update_fields=["password"])
    return cast["owner"]


@pytest.fixture
def signed_in(browser, owner):
    browser.force_login(owner)
    return browser


@pytest.mark.parametrize("header", FORGED)
def test_a_forged_header_is_not_heard(signed_in, owner, kevin, header):
    forged = {header: FORGED[header]}
    addresses = ["/", "/nowhere/", "/clients", kevin.get_absolute_url(), "/account/feed/"]
    for browser, address in [(signed_in, page) for page in addresses] + [(Client(), "/clients/")]:
        asked = browser.get(address)
        told = browser.get(address, headers=forged)
        assert told.status_code == asked.status_code
        assert told.headers.get("Location") == asked.headers.get("Location")
        assert EVIL not in told.text + str(told.headers)
    assert signed_in.get("/").status_code == 200  # Still there: /logout/ was not asked for.


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Forwarded-Proto"])
def test_nor_in_the_address_of_a_feed(signed_in, header):
    signed_in.post("/account/calendar/", headers={header: FORGED[header]})
    page = signed_in.get("/account/calendar/").text
    assert "http://testserver/agenda/feed.ics" in page
    assert EVIL not in page


@pytest.mark.parametrize("host", [EVIL, f"{EVIL}:80", f"testserver@{EVIL}", f"testserver.{EVIL}"])
def test_a_host_that_is_not_ours_is_refused_without_a_word_of_it(db, host):
    for address in ("/", LOGIN, "/healthz", "/nowhere/", "/clients"):
        response = Client().get(address, HTTP_HOST=host)
        assert response.status_code == 400, address
        assert "Location" not in response.headers
        assert EVIL not in response.text + str(response.headers)
        assert "ee-error" in response.text


@pytest.mark.parametrize("outside", OUTSIDE)
class TestNext:
    """A parameter, an old cookie or a form field that names another site."""

    def test_of_the_sign_in(self, browser, owner, outside):
        for asked in ({"next": outside}, {}):
            typed = {"login": owner.email, "password": PASSWORD, **asked}
            address = LOGIN if asked else f"{LOGIN}?next={outside}"
            response = Client().post(address, typed)
            assert (response.status_code, response.headers["Location"]) == (302, "/")

    def test_of_signing_out(self, signed_in, outside):
        response = signed_in.post(f"/logout/?next={outside}", {"next": outside})
        assert response.headers["Location"] == LOGIN

    def test_of_whoever_is_in_already(self, signed_in, outside):
        assert signed_in.get(LOGIN, {"next": outside}).headers["Location"] == "/"

    def test_of_a_form(self, signed_in, kevin, outside):
        """Preferences with the language, a verb with its way back."""
        posted = {"language": "en", "theme": "dark", "next": outside, "undo": outside}
        response = signed_in.post(f"/account/?next={outside}", posted)
        assert response.headers["Location"] == "/account/"
        archive = reverse("clients:archive", args=[kevin.pk])
        response = signed_in.post(f"{archive}?next={outside}", {"next": outside})
        assert response.headers["Location"].startswith("/clients/")

    def test_of_a_list_one_was_at(self, signed_in, owner, kevin, outside):
        place = Cipher([settings.SECRET_KEY], "accounts.places").encrypt(
            f"{owner.pk}?next={outside}"
        )
        signed_in.cookies["list_clients"] = place
        page = signed_in.get(kevin.get_absolute_url())
        assert f'href="{outside}' not in page.text

    def test_of_the_address_itself(self, browser, db, outside):
        """Two slashes first make of a path another site."""
        for path in (f"//{EVIL}/..", f"/{EVIL}/", f"//{EVIL}/clients", "//login"):
            place = browser.get(path).headers.get("Location", "/")
            assert place.startswith("/")
            assert not place.startswith("//")


def test_a_message_is_ours_or_nobodys(browser, db):
    """They may hold a form that undoes something: a cookie that we did not sign says nothing."""
    browser.cookies["messages"] = '[["__json_message",0,25,"Click","{}"]]:1:forged'
    page = browser.get(LOGIN)
    assert [str(message) for message in get_messages(page.wsgi_request)] == []
    assert "Click" not in page.text
