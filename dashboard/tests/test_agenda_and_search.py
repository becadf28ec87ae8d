from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.timezone import localtime
from pytest_django.asserts import assertContains, assertNotContains

from contracts.models import Contract


@pytest.fixture
def month(browser, cast, event):
    browser.force_login(cast["support"])
    day = localtime(event.starts_at).date()
    return f"/agenda/{day.year}/{day.month}/"


def test_it_works(browser, event, month):
    assertContains(browser.get(month), event.get_absolute_url())


def test_an_open_contract_with_an_expected_date_is_an_option(browser, cast, contract):
    browser.force_login(cast["support"])
    Contract.objects.update(expected_date=date(2031, 5, 6))
    assertContains(browser.get("/agenda/2031/5/"), contract.get_absolute_url())
    assertNotContains(browser.get("/agenda/2031/6/"), contract.get_absolute_url())
    assertNotContains(browser.get("/agenda/2031/5/?who=me"), contract.get_absolute_url())


def test_an_event_of_several_days_is_on_each_of_them(browser, cast, event):
    browser.force_login(cast["support"])
    start = datetime(2031, 5, 6, 9, tzinfo=UTC)
    type(event).objects.update(starts_at=start, ends_at=start + timedelta(days=2))
    assert browser.get("/agenda/2031/5/").text.count(event.get_absolute_url()) == 3


@pytest.mark.parametrize("address", ["/agenda/2031/13/", "/agenda/2031/0/", "/agenda/9999/1/"])
def test_a_month_that_does_not_exist_is_not_found(browser, cast, address):
    browser.force_login(cast["support"])
    assert browser.get(address).status_code == 404


def test_search_ignores_accents_and_case(browser, cast, kevin):
    browser.force_login(cast["support"])
    type(kevin).objects.update(search_text="editions eleonore")
    assertContains(browser.get("/search/", {"q": "ÉLÉONORE edit"}), kevin.get_absolute_url())
    assertNotContains(browser.get("/search/", {"q": "zzz"}), kevin.get_absolute_url())


@pytest.mark.parametrize("words", ["\x00", "x" * 10_000, "%", "'; --", "", "١٢٣"])
def test_nothing_that_is_searched_is_an_error(browser, cast, words):
    browser.force_login(cast["support"])
    assert browser.get("/search/", {"q": words}).status_code == 200
