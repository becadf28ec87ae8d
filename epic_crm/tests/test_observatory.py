"""MDN's HTTP Observatory gives every page 130 at least."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from epic_crm.tests import observatory
from epic_crm.tests.test_counts import visits
from epic_crm.tests.test_doors import DOORS, arguments
from epic_crm.tests.test_headers import ALWAYS, HTTPS, told

pytestmark = pytest.mark.any_database
ERRORS = ["/nowhere/", "/clients/999999/", "/admin/none/"]


def test_every_page(tls, cast, world):
    """And every way to ask for it has the same headers."""
    poor, pages = {}, 0
    for who in ("management", "support", None):
        browser = Client(headers=HTTPS)
        if who:
            browser.force_login(cast[who])
        names = visits(who) if who else []
        addresses = [
            reverse(name, args=arguments(DOORS[f"GET {name}"][0], world)) for name in names
        ]
        for address in [*addresses, *ERRORS, "/login/", "/healthz"]:
            # What programs ask for is not led to HTTPS (settings.py); its headers are the same.
            led = "/login/" if address == "/healthz" else address
            page, in_clear = browser.get(address), Client().get(led)
            points = observatory.score(page, in_clear)
            if points < 130:
                poor[who, address] = points, observatory.modifiers(page, in_clear)
            for response in (page, browser.head(address), browser.options(address)):
                assert told(response) == ALWAYS, address
                assert response.headers["Cache-Control"] == "private, no-store", address
            pages += 1
    assert poor == {}
    assert pages > 90


WEAKER = [
    ("Content-Security-Policy", ""),
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"),
    ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'"),
    ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-eval'"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Content-Security-Policy", "default-src 'none'; img-src http://x.example"),
    ("Content-Security-Policy", "default-src 'none'; connect-src http://x.example"),
    ("Content-Security-Policy", "frame-ancestors 'none'"),
    ("Content-Security-Policy", "default-src 'none'"),  # Frames are another test's.
    ("Referrer-Policy", ""),
    ("Referrer-Policy", "unsafe-url"),
    ("Referrer-Policy", "nonsense"),
    ("Strict-Transport-Security", ""),
    ("Strict-Transport-Security", "max-age=86400"),
    ("X-Content-Type-Options", ""),
    ("X-Content-Type-Options", "sniff"),
    ("Cross-Origin-Resource-Policy", ""),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Cross-Origin-Resource-Policy", "nonsense"),
]


@pytest.fixture
def login_page(tls, db):
    return Client(headers=HTTPS).get("/login/")


@pytest.fixture
def in_clear(login_page):
    return Client().get("/login/")


def test_the_score_of_the_login_page(login_page, in_clear):
    """Its cookie earns five more."""
    assert observatory.score(login_page, in_clear) == 135


@pytest.mark.parametrize(("name", "value"), WEAKER)
def test_it_falls_with_every_header(login_page, in_clear, name, value):
    login_page.headers[name] = value
    assert observatory.score(login_page, in_clear) < 135


@pytest.mark.parametrize(
    ("flag", "points"),
    [("secure", -5), ("samesite", -20), ("httponly", 5)],
)
def test_it_falls_with_the_flags_of_a_cookie(login_page, flag, points):
    login_page.cookies["__Host-csrf"][flag] = ""
    assert observatory.modifiers(login_page, login_page)["cookies"] == points


@pytest.mark.parametrize(
    ("flag", "points"),
    [("secure", -10), ("samesite", 0), ("httponly", -30)],
)
def test_or_of_the_session(login_page, flag, points):
    login_page.set_cookie("session", "x", secure=True, httponly=True, samesite="Lax")
    login_page.cookies["session"][flag] = ""
    assert observatory.modifiers(login_page, login_page)["cookies"] == points


@pytest.mark.parametrize(
    ("markup", "points"),
    [
        ('<script src="/a.js"></script>', 0),
        ('<script src="/a.js" integrity="sha384-x"></script>', 5),
        ('<script src="https://x.example/a.js" integrity="sha384-x"></script>', 5),
        ('<script src="https://x.example/a.js"></script>', -5),
        ('<script src="http://x.example/a.js" integrity="sha384-x"></script>', -20),
        ('<script src="//x.example/a.js"></script>', -50),
    ],
)
def test_it_knows_where_scripts_come_from(markup, points):
    page = HttpResponse(markup)
    assert observatory.modifiers(page, page)["subresource-integrity"] == points


def test_nothing_at_all_is_nothing(client, db):
    """An answer with no header, and none that leads to HTTPS."""
    bare = HttpResponse("bare")
    assert observatory.score(bare, bare) == 100 - 25 - 20 - 20 - 5 - 20


def test_who_may_read_along_and_where_one_is_led(login_page, in_clear):
    login_page.headers["Access-Control-Allow-Origin"] = "https://x.example"
    login_page.headers["Access-Control-Allow-Credentials"] = "true"
    assert observatory.modifiers(login_page, in_clear)["cross-origin-resource-sharing"] == -50
    in_clear.headers["Location"] = "https://x.example/"
    assert observatory.modifiers(login_page, in_clear)["redirection"] == -5
