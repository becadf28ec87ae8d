"""A list that follows what is typed: what htmx is answered, and what a page weighs with it."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.encryption import Cipher
from clients.tests.factories import ClientFactory

LISTS = ("clients:list", "contracts:list", "events:list")
HTMX = {"hx-request": "true"}


@pytest.mark.parametrize("name", LISTS)
def test_it_works(browser, cast, event, name):
    """The records, how many, the tabs and the chips; no shell, no form to lose the focus of."""
    browser.force_login(cast["management"])
    address = reverse(name) + "?view=all&sort=created&q=&status=&zz=&source="
    page, part = browser.get(address), browser.get(address, headers=HTMX)
    assert [r.pk for r in part.context["records"]] == [r.pk for r in page.context["records"]]
    assert len(part.context["records"]) == 1
    for taken in ("<html", 'id="find"', "<script", 'class="ee-side"'):
        assert taken in page.text
        assert taken not in part.text
    for oob in ('id="tabs"', 'id="chips"', 'id="found" role="status"'):
        assertContains(part, oob)
    assertNotContains(page, "hx-swap-oob")
    assertContains(part, "hx-swap-oob", 3)
    for response in (page, part):
        assert "HX-Request" in response.headers["Vary"]
    assert part.headers["HX-Push-Url"] == f"{reverse(name)}?view=all&sort=created"
    assert "HX-Push-Url" not in page.headers


def test_what_was_ignored_is_said_in_the_part(browser, cast, event):
    browser.force_login(cast["owner"])
    response = browser.get(reverse("contracts:list") + "?least=12,x", headers=HTMX)
    assertContains(response, "A filter that makes no sense was ignored.")


def test_when_the_session_is_over_the_window_goes_to_sign_in(browser, cast, event):
    browser.force_login(cast["owner"])
    browser.cookies["session"] = "ended"
    address = reverse("clients:list") + "?q=cool"
    response = browser.get(address, headers=HTMX)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["HX-Redirect"] == "/login/?next=/clients/%3Fq%3Dcool"
    assert browser.get(address).headers["Location"] == response.headers["HX-Redirect"]


def test_the_way_back_from_a_record_leads_to_where_one_was(browser, cast, kevin):
    """Also after a save; to nobody else's place, and nowhere but to the list."""
    browser.force_login(cast["owner"])
    assertContains(browser.get(kevin.get_absolute_url()), '<a href="/clients/">Clients</a>')
    browser.get("/clients/?view=all&q=c%C3%B4%20&sort=-company&stage=prospect&next=//evil.example")
    back = "/clients/?view=all&amp;q=c%C3%B4+&amp;sort=-company&amp;stage=prospect"
    for address in (kevin.get_absolute_url(), reverse("clients:update", args=[kevin.pk])):
        assertContains(browser.get(address), f'<a href="{back}">Clients</a>')
    cookie = browser.cookies["list_clients"]
    assert "company" not in cookie.value  # It is told to nobody else.
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    mine, cipher = f"{cast['owner'].pk}", Cipher(["another"], "accounts.places")
    sealed = [cipher.encrypt(f"{mine}?q=1"), cookie.value[:-4] + "AAA=", "gcm.", "gcm.é", "gAAAA"]
    for forged in ("//evil.example", f"{mine}//evil.example", "1" * 9000, f"{mine}?q=1", *sealed):
        browser.cookies["list_clients"] = forged
        assertContains(browser.get(kevin.get_absolute_url()), '<a href="/clients/">Clients</a>')
    ours = Cipher([settings.SECRET_KEY], "accounts.places")
    browser.cookies["list_clients"] = ours.encrypt(f'{mine}?q="><script>')
    assertNotContains(browser.get(kevin.get_absolute_url()), '"><script>')
    browser.post(reverse("account_logout"))
    assert browser.cookies["list_clients"].value == ""


def test_a_place_is_nobody_elses(browser, cast, kevin):
    browser.force_login(cast["owner"])
    browser.get("/clients/?q=secret")
    place = browser.cookies["list_clients"].value
    browser.force_login(cast["colleague"])
    browser.cookies["list_clients"] = place
    assertNotContains(browser.get(kevin.get_absolute_url()), "secret")


@pytest.mark.parametrize("name", LISTS)
def test_a_full_list_is_light(browser, cast, name):
    """A first visit: at most 100 kB and 8 requests, of which 22 kB are scripts; the page 15 kB."""
    from events.tests.factories import EventFactory

    client = ClientFactory(sales_contact=cast["owner"])
    for _ in range(25):
        EventFactory(contract__client=client)
    ClientFactory.create_batch(24, sales_contact=cast["owner"])
    browser.force_login(cast["owner"])
    response = browser.get(reverse(name) + "?view=all")
    assert len(response.context["records"]) == 25
    files = set(re.findall(r'(?:href|src)="/static/([^"#]+)', response.text))
    weights = {file: len(gzip.compress(Path(finders.find(file)).read_bytes())) for file in files}
    page = len(gzip.compress(response.content))
    assert page <= 15_000
    assert len(files) + 1 <= 8
    assert sum(weights.values()) + page <= 100_000
    assert sum(weight for file, weight in weights.items() if file.endswith(".js")) <= 22_000
    assert "django_htmx/htmx-2.min.js" in files
    assertNotContains(browser.get(reverse("dashboard:agenda")), "htmx")
