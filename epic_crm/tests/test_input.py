"""
Whatever is sent, no page breaks, on either engine: it is stored, or refused and nothing changes.
"""

from itertools import product
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.tests.pages import inputs
from epic_crm.tests.test_doors import DOORS, POSTED, arguments
from history.tests.tables import contents, nothing_changes

FORMS = {  # The pages on which something is typed, and a record for them.
    "clients:create": None,
    "clients:update": "client",
    "clients:assign": "client",
    "clients:note": "client",
    "clients:revert": "fresh",
    "contracts:create": "client",
    "contracts:update": "contract",
    "contracts:sign": "contract",
    "contracts:reopen": "signed",
    "events:create": "signed",
    "events:update": "event",
    "events:assign": "event",
    "events:cancel": "event",
    "events:add_item": "event",
    "events:change_item": "item",
    "events:template": None,
    "events:template_item": "point",
    "access_grant": "request",
    "access_decline": "request",
    "account": None,
}
HOSTILE = {  # As they go over the line.
    "nothing": "",
    "NUL": "%00",
    "NUL inside": "a%00b",
    "lone surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "a megabyte": "x" * 1_000_000,
    "beyond 64 bits": str(10**30),
    "more digits than Python reads": "9" * 5000,
    "NaN": "NaN",
    "infinity": "-Infinity",
    "exponent": "1e400",
    "hexadecimal": "0x10",
    "Arabic digits": quote("٣٤"),
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "year 10000": "10000-01-01",
    "time": "24:00",
    "markup": quote("<script>alert(1)</script>"),
    "template": quote("{{ 7|add:7 }}{% now 'Y' %}"),
    "formula": quote("=HYPERLINK(1)"),
    "direction": quote("\u202eabc"),
    "lines": "a%0D%0Ab",
    "percent": "%25s%25(x)s",
    "list": "[]",
}
# For what the page only carries along, and where a record is changed that was made with them: each
# kind of trouble once.
SHOWN = ("nothing", "NUL", "lone surrogate", "beyond 64 bits", "markup", "list")
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture
def management(browser, cast):
    browser.force_login(cast["management"])
    return browser


@pytest.mark.any_database  # input_cases has what the engines take differently.
@pytest.mark.parametrize("name", FORMS)
def test_any_text_in_any_field(management, world, name):
    address = reverse(name, args=arguments(FORMS[name], world))
    page = inputs(management.get(address)) | POSTED.get(name, {})
    before, broken = contents(), {}
    for field, (what, text) in product(page, HOSTILE.items()):
        if (field.startswith("initial-") or name.endswith(":update")) and what not in SHOWN:
            continue
        others = urlencode({key: value for key, value in page.items() if key != field})
        with transaction.atomic():  # Each on its own.
            response = management.post(address, f"{others}&{field}={text}", content_type=FORM_TYPE)
            done = response.status_code == 302
            if response.status_code not in (302, 409, 422) or "<script>alert" in response.text:
                broken[field, what] = response.status_code
            elif not done and contents() != before:
                broken[field, what] = "refused, and something changed"
            transaction.set_rollback(True)
    assert broken == {}


KEYS = [0, 2**31, 2**63, 99999999999999999999999, "9" * 1000]


@pytest.mark.parametrize("door", [door for door, (on, _) in DOORS.items() if isinstance(on, str)])
def test_a_key_of_nothing_is_not_found(management, world, door):
    method, name = door.split()
    with nothing_changes():
        for key in KEYS:
            args = [1] * len(arguments(DOORS[door][0], world))
            address = reverse(name, args=args).replace("/1/", f"/{key}/")
            assert getattr(management, method.lower())(address, {}).status_code == 404


@pytest.mark.parametrize("key", ["-1", "abc", "1.5", "%00", "1%00", "١"])
def test_a_key_that_is_no_number_is_no_address(management, key):
    for room in ("clients", "contracts", "events"):
        assert management.get(f"/{room}/{key}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/agenda/0/1/", "/agenda/2026/0/", "/agenda/2026/13/", "/agenda/99999999999999/1/"]
)
def test_a_month_that_is_none(management, address):
    assert management.get(address).status_code == 404


def test_a_form_too_large_or_with_too_many_fields_is_a_bad_request(management):
    address = reverse("clients:create")
    many = "&".join(f"a{n}=1" for n in range(2000))
    for body in (many, "company_name=" + "x" * 3_000_000):
        with nothing_changes():
            response = management.post(address, body, content_type=FORM_TYPE)
        assert response.status_code == 400


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{"company_name": "x"}'),
        ("text/plain", "company_name=x"),
        ("multipart/form-data", "company_name=x"),
        ("multipart/form-data; boundary=x", "--y\r\n"),
        ("application/x-www-form-urlencoded; charset=utf-16", "company_name=x"),
        ("nonsense", "x"),
        ("", "x"),
    ],
)
def test_another_kind_of_body(management, kind, body):
    with nothing_changes():
        response = management.post(reverse("clients:create"), body, content_type=kind)
    assert response.status_code in (200, 400, 415, 422)
