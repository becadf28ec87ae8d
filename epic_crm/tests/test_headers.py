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


@pytest.fixture
def answers(browser, cast, kevin, contract, monkeypatch):
    """One of each kind, by status; a list, since some come twice."""
    browser.raise_request_exception = False
    anonymous = Client()
    browser.force_login(cast["owner"])
    Contract.objects.filter(pk=contract.pk).update(status="cancelled")
    stranger = Client()
    stranger.force_login(cast["support"])
    newcomer = Client()
    newcomer.force_login(cast["no team"])
    found = [
        anonymous.get("/login/"),
        anonymous.get("/"),
        anonymous.post("/login/", {"login": "x"}),
        anonymous.get("/nowhere/"),
        anonymous.get("/login/", HTTP_HOST="evil.example"),
        Client(enforce_csrf_checks=True).post("/login/"),
        anonymous.get("/healthz"),
        browser.get("/"),
        browser.get("/clients/"),
        browser.get("/account/"),
        browser.get("/nowhere/"),
        browser.post("/account/", {"language": "en"}),
        browser.post(reverse("clients:update", args=[kevin.pk]), {"version": 1}),
        browser.get(reverse("contracts:sign", args=[contract.pk])),
        browser.delete("/account/"),
        stranger.get(reverse("clients:update", args=[kevin.pk])),
        newcomer.get("/"),
    ]
    monkeypatch.setattr(User, "team", property(lambda user: 1 / 0))
    return [*found, browser.get("/clients/")]


def test_every_answer_has_them(answers):
    statuses = {response.status_code for response in answers}
    assert statuses == {200, 302, 400, 403, 404, 405, 409, 422, 500}
    for response in answers:
        told = {name: response.headers.get(name) for name in ALWAYS}
        assert told == ALWAYS, response.status_code
        assert response.headers["Cache-Control"] == PRIVATE


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
    for response in answers:
        parser = NoInline()
        parser.feed(response.text)
        assert parser.found == [], response.status_code


def test_files_may_be_kept_and_are_what_they_say(browser, db):
    response = browser.get("/static/css/app.css")
    response.close()
    assert response.status_code == 200
    assert "private" not in response.headers["Cache-Control"]
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS


def test_signing_out_empties_the_browser(browser, cast):
    browser.force_login(cast["owner"])
    logout = reverse("account_logout")
    assert "Clear-Site-Data" not in browser.get(logout).headers
    other_site = Client(enforce_csrf_checks=True)
    assert "Clear-Site-Data" not in other_site.post(logout).headers
    assert browser.post(logout).headers["Clear-Site-Data"] == '"cache", "storage"'


def test_with_tls_the_browser_never_comes_in_clear(settings, db):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 1000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    browser = Client()
    assert browser.get("/login/").headers["Location"] == "https://testserver/login/"
    behind_the_proxy = browser.get("/login/", headers={"x-forwarded-proto": "https"})
    assert behind_the_proxy.status_code == 200
    assert behind_the_proxy.headers["Strict-Transport-Security"].startswith("max-age=1000")
