"""The sign-in page of a demonstration."""

import re

import pytest

from epic_crm.demo import ACCOUNTS, PASSWORD

LOGIN = "/login/"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def demonstration(settings):
    settings.DEMO = True


def test_it_shows_who_can_sign_in(browser, db, demonstration):
    page = browser.get(LOGIN, headers=ENGLISH).text
    assert PASSWORD in page
    for person in ACCOUNTS:
        assert page.count(f">{person.email}</a>") == 1
    assert "Hélène Vidal · Management" in page
    assert "Nadia Ferrand · No team" in page


def test_a_click_fills_the_address_in(browser, db, demonstration):
    page = browser.get(LOGIN, {"next": "/events/"}).text
    link = re.search(r'href="(\?[^"]*helene[^"]*)"', page)[1].replace("&amp;", "&")
    assert 'value="helene.vidal@epic-events.example"' in browser.get(LOGIN + link).text
    assert "next=%2Fevents%2F" in link


def test_the_bar_is_on_every_page(browser, cast, demonstration):
    assert "ee-demo" in browser.get(LOGIN).text
    browser.force_login(cast["owner"])
    assert "ee-demo" in browser.get("/clients/").text


def test_otherwise_not_a_word_of_it(browser, cast):
    page = browser.get(LOGIN, headers=ENGLISH).text
    assert PASSWORD not in page
    assert "ee-demo" not in page
