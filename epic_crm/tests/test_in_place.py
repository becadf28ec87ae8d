"""What htmx is answered to a form that was sent in place: the page it leads back to, as a part."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from events.tests.factories import ItemFactory

HOME = "http://testserver/"


def in_place(browser, address, page, **typed):
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    return browser.post(address, typed, headers=headers)


@pytest.fixture
def snooze(signed):
    return reverse("dashboard:snooze", args=["event_create", signed.pk])


def test_it_works(browser, cast, snooze):
    """The redirect is htmx's to follow: back to the same address, as a part of the page."""
    browser.force_login(cast["owner"])
    sent = in_place(browser, snooze, f"{HOME}?todo=all")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/")
    part = browser.get("/", headers={"HX-Request": "true"})
    assert "HX-Request" in part.headers["Vary"]
    assertContains(part, "Put off until")
    assertContains(part, 'id="actions"')
    for shell in ("<html", 'id="content"', "ee-tabs-bottom"):
        assertNotContains(part, shell)
    assertContains(browser.get("/"), "<html")


def test_what_leads_elsewhere_takes_the_window_along(browser, cast, event, snooze):
    browser.force_login(cast["owner"])
    sent = in_place(browser, snooze, HOME + "agenda/")
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (200, "/")
    browser.logout()
    tick = reverse("events:tick_item", args=[event.pk, ItemFactory(event=event).pk])
    over = in_place(browser, tick, f"{HOME}events/{event.pk}/", done="1")
    assert over.headers["HX-Redirect"].startswith("/login/")


@pytest.mark.parametrize("page", ["", "nonsense", "http://elsewhere.example/x", "http://[/"])
def test_a_page_that_is_none_leads_nowhere(browser, cast, snooze, page):
    browser.force_login(cast["owner"])
    assert in_place(browser, snooze, page).headers["HX-Redirect"] == "/"
