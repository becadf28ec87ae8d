"""What every answer tells the browser, pages that say no and redirects included."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from contracts.models import Contract

ALWAYS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
}
PRIVATE = "private, no-store"
SHEET = "/static/css/app.css"
# Behind our proxy; without TLS=1 nobody believes it.
HTTPS = {"x-forwarded-proto": "https"}


@pytest.fixture(params=["plain", "tls"])
def mode(request):
    if request.param == "tls":
        request.getfixturevalue("tls")
    return request.param


def visitor(person=None, **kwargs):
    browser = Client(headers=HTTPS | {"host": "testserver"}, **kwargs)
    browser.raise_request_exception = False
    if person:
        browser.force_login(person)
    return browser


@pytest.fixture
def answers(mode, cast, kevin, contract, event, settings, monkeypatch):
    """One of each kind, by status; a list, since some come twice."""
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/15m/key"}
    anonymous, browser = visitor(), visitor(cast["owner"])
    stranger, newcomer = visitor(cast["support"]), visitor(cast["no team"])
    Contract.objects.filter(pk=contract.pk).update(status="cancelled")
    guess = {"login": "x@agency.example", "password": "x"}
    sheet = anonymous.get(SHEET)
    found = [
        sheet,
        anonymous.get(SHEET, headers={"if-modified-since": sheet.headers["Last-Modified"]}),
        anonymous.head(SHEET),
        anonymous.get("/static/none.css"),
        anonymous.get("/login/"),
        anonymous.head("/login/"),
        anonymous.options("/login/"),
        anonymous.get("/"),
        anonymous.get("/clients"),  # Without its slash.
        anonymous.post("/login/", {"login": "x"}),
        anonymous.post("/login/", guess),
        anonymous.post("/login/", guess),
        anonymous.get("/nowhere/"),
        anonymous.get("/login/", HTTP_HOST="evil.example"),
        anonymous.get("/account/invitation/1/abc/"),
        visitor(enforce_csrf_checks=True).post("/login/"),
        anonymous.get("/healthz"),
        anonymous.get("/readyz"),
        anonymous.get("/agenda/feed.ics"),
        browser.get("/"),
        browser.get("/clients/"),
        browser.get("/clients/", headers={"hx-request": "true"}),
        browser.get(f"/clients/?q={'x' * 40}"),
        browser.get("/account/"),
        browser.post("/account/", {"language": "en", "theme": "dark"}),
        browser.get(reverse("events:ics", args=[event.pk])),
        browser.get("/nowhere/"),
        browser.post("/account/", {"language": "x"}),
        browser.post(reverse("clients:update", args=[kevin.pk]), {"version": 1}),
        browser.get(reverse("contracts:sign", args=[contract.pk])),
        browser.delete("/account/"),
        browser.post("/account/", {f"field{n}": "1" for n in range(1100)}),
        stranger.get(reverse("clients:update", args=[kevin.pk])),
        stranger.post("/logout/"),
        newcomer.get("/"),
    ]
    monkeypatch.setattr(User, "team", property(lambda user: 1 / 0))
    yield [*found, browser.get("/clients/")]
    for response in found[:3]:
        response.close()  # An open file.


def told(response):
    return {name: response.headers.get(name) for name in ALWAYS}


def is_file(response):
    return response.request["PATH_INFO"] == SHEET


def test_every_answer_has_them(answers, mode):
    statuses = {response.status_code for response in answers}
    assert statuses == {200, 301, 302, 304, 400, 401, 403, 404, 405, 409, 410, 422, 429, 500}
    for response in answers:
        assert told(response) == ALWAYS, (response.status_code, response.request)
        assert ("Strict-Transport-Security" in response.headers) == (mode == "tls")
        assert "Access-Control-Allow-Origin" not in response.headers
        if not is_file(response):
            assert response.headers["Cache-Control"] == PRIVATE
        kind = response.headers.get("Content-Type", "")
        assert not kind.startswith("text/") or "charset=" in kind
        for header in ("Vary", "Allow"):
            words = response.headers.get(header, "").lower().split(", ")
            assert len(words) == len(set(words)), response.headers[header]


def test_every_cookie_is_for_this_site_and_no_script(answers, mode):
    given = {}
    for cookie in (cookie for response in answers for cookie in response.cookies.values()):
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
        if cookie["max-age"] != 0:  # What is taken away has nothing to guard.
            assert cookie["httponly"]
            assert bool(cookie["secure"]) == (mode == "tls")
            given[cookie.key] = cookie
    names = {"csrf", "messages", "list_clients"}
    assert set(given) == ({f"__Host-{name}" for name in names} if mode == "tls" else names)


class NoInline(HTMLParser):
    """Whatever the policy would not run: it is not there in the first place."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        here = dict(attributes)
        inline = tag == "style" or (tag == "script" and "src" not in here)
        by_attribute = [name for name in here if name == "style" or name.startswith("on")]
        elsewhere = [
            here.get(name)
            for name in ("src", "href", "action")
            if re.match(r"(?i)\s*(javascript|https?|data|//)", here.get(name) or "")
        ]
        if inline or by_attribute or elsewhere:
            self.found.append((tag, by_attribute, elsewhere))


def test_no_page_has_inline_code_or_loads_from_elsewhere(answers):
    for response in (response for response in answers if not is_file(response)):
        parser = NoInline()
        parser.feed(response.text)
        assert parser.found == [], response.status_code


def test_files_may_be_kept(browser, db):
    response = browser.get(SHEET)
    response.close()
    assert "private" not in response.headers["Cache-Control"]


def test_signing_out_empties_the_browser(browser, cast):
    browser.force_login(cast["owner"])
    logout = reverse("account_logout")
    assert "Clear-Site-Data" not in browser.get(logout).headers
    other_site = Client(enforce_csrf_checks=True)
    assert "Clear-Site-Data" not in other_site.post(logout).headers
    assert browser.post(logout).headers["Clear-Site-Data"] == '"cache", "storage"'


class TestTransport:
    """With ``TLS=1``."""

    @pytest.mark.parametrize("method", ["get", "head", "post", "options"])
    def test_nobody_comes_in_clear(self, tls, db, method):
        response = getattr(Client(), method)("/login/?next=/clients/")
        assert response.headers["Location"] == "https://testserver/login/?next=/clients/"
        assert told(response) == ALWAYS
        assert response.headers["Cache-Control"] == PRIVATE
        assert "Strict-Transport-Security" not in response.headers  # In clear it says nothing.

    def test_nor_is_sent_to_another_host(self, tls, db):
        response = Client().get("/login/", HTTP_HOST="evil.example")
        assert response.status_code == 400
        assert "Location" not in response.headers
        assert "evil.example" not in response.text
        assert told(response) == ALWAYS

    def test_and_the_browser_remembers(self, tls, db):
        said = visitor().get("/login/").headers["Strict-Transport-Security"]
        assert said == "max-age=63072000; includeSubDomains; preload"

    def test_sign_in_works_with_cookies_of_this_host(self, tls, cast):
        browser = visitor(enforce_csrf_checks=True)
        cast["owner"].set_password("a-long-and-quiet-password")
        cast["owner"].save()
        browser.get("/login/")
        typed = {
            "login": cast["owner"].email,
            "password": "a-long-and-quiet-password",
            "csrfmiddlewaretoken": browser.cookies["__Host-csrf"].value,
        }
        response = browser.post("/login/", typed, headers={"referer": "https://testserver/login/"})
        assert response.status_code == 302
        assert {"__Host-session", "__Host-csrf", "__Host-known"} <= set(response.cookies)
        for cookie in response.cookies.values():
            assert (cookie["secure"], cookie["httponly"], cookie["domain"]) == (True, True, "")
