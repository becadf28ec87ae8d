"""The agenda by week and as a list; where each period begins and where it leads."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains

from contracts.models import Contract
from dashboard.calendar import Month, Run, Week
from events.tests.factories import EventFactory


def at(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_friday():
    with time_machine.travel(at(2032, 12, 31)):
        yield


@pytest.fixture
def visit(browser, cast):
    browser.force_login(cast["management"])
    return browser.get


def days(response):
    """The sections of a week or a list: by day, the text of each."""
    parts = re.split(r'<section class="ee-date[^>]* id="d-(.*?)"', response.text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture
def new_year(cast):
    """An event from the last day of the year to the first of the next."""
    return EventFactory(
        name="New year’s ball", starts_at=at(2032, 12, 31, 19), ends_at=at(2033, 1, 1, 3),
        support_contact=cast["support"], venue="Town hall",
    )  # fmt: skip


class TestWeek:
    def test_it_is_seven_days_from_monday_on(self, visit, new_year):
        """This year has a week 53, whose last days are in the next."""
        shown = days(visit("/agenda/2032/w53/"))
        assert list(shown) == [f"2032-12-{day}" for day in range(27, 32)] + [
            "2033-01-01", "2033-01-02",
        ]  # fmt: skip
        there = [day for day, text in shown.items() if "New year’s ball" in text]
        assert there == ["2032-12-31", "2033-01-01"]
        assert "from 20:00 on" in shown["2032-12-31"]
        assert "until 04:00" in shown["2033-01-01"]
        assert "Sam Support" in shown["2032-12-31"]
        assert "Town hall" in shown["2032-12-31"]
        assert "Today" in shown["2032-12-31"]
        assert "No event." in shown["2032-12-30"]

    def test_it_leads_to_its_neighbours_over_the_year(self, visit, new_year):
        response = visit("/agenda/2032/w53/")
        assert response.context["previous"]["url"] == "/agenda/2032/w52/?who=all"
        assert response.context["next"]["url"] == "/agenda/2033/w1/?who=all"
        assertContains(response, "Week 53 · 27 Dec 2032 – 2 Jan 2033")

    def test_an_option_stands_in_it(self, visit, contract):
        Contract.objects.filter(pk=contract.pk).update(expected_date="2032-12-29")
        assert contract.get_absolute_url() in days(visit("/agenda/2032/w53/"))["2032-12-29"]
        assertNotContains(visit("/agenda/2032/w53/?options=0"), contract.get_absolute_url())


class TestList:
    def test_it_has_the_days_on_which_there_is_something(self, visit, new_year):
        shown = days(visit("/agenda/list/"))
        assert list(shown) == ["2032-12-31", "2033-01-01"]
        assert list(days(visit("/agenda/list/?from=2033-01-01"))) == ["2033-01-01"]

    def test_it_goes_on_from_a_day(self, visit, new_year):
        response = visit("/agenda/list/?from=2032-12-05")
        assert response.context["previous"]["url"] == "/agenda/list/?who=all&from=2032-11-05"
        assert response.context["next"]["url"] == "/agenda/list/?who=all&from=2033-01-04"
        assertContains(visit("/agenda/list/?from=2033-02-01"), "No event in these days.")

    def test_a_day_that_is_none_is_today_and_said_to_be(self, visit, new_year):
        for day in (
            "", "x", "2032-02-30", "0001-01-01", "9999-12-31", "1999-12-31", "2101-01-01",
            "9" * 40, "%00", "%ED%A0%80", "20321205T",
        ):  # fmt: skip
            response = visit(f"/agenda/list/?from={day}")
            assert response.context["period"].first == date(2032, 12, 31)
            assertContains(response, "A choice that does not exist was ignored.")


def test_where_the_calendar_ends(visit):
    there = ("1999/w52", "2100/w52", "2032/w53", "2000/1", "2100/12")
    nowhere = (
        "1999/w51", "2101/w1", "2031/w53", "2032/w0", "2032/w54", "2032/w-1", "2032/wx", "0/w1",
        "9999/w52", f"{10**30}/w1", f"2032/w{10**30}", "1999/12", "2101/1", f"2032/{10**30}",
    )  # fmt: skip
    assert {visit(f"/agenda/{address}/").status_code for address in there} == {200}
    assert {visit(f"/agenda/{address}/").status_code for address in nowhere} == {404}


def test_the_ends_lead_nowhere_further():
    assert (Month.of(2000, 1).previous, Month.of(2100, 12).next) == (None, None)
    assert (Week.of(1999, 52).previous, Week.of(2100, 52).next) == (None, None)
    assert (Run.on(date(2000, 1, 1)).next.first, Run.on(date(2100, 12, 31)).next) == (
        date(2000, 1, 31),
        None,
    )


def test_another_kind_of_period_stays_at_the_day(visit, new_year):
    """At today, if that is in sight; else at the first day."""
    kinds = {label: url for label, url, _current in visit("/agenda/").context["kinds"]}
    assert kinds["Week"] == "/agenda/2032/w53/?who=all"
    assert kinds["List"] == "/agenda/list/?who=all&from=2032-12-31"
    kinds = {label: url for label, url, _current in visit("/agenda/2033/2/").context["kinds"]}
    assert kinds["Week"] == "/agenda/2033/w5/?who=all"
    assert kinds["Month"] == "/agenda/2033/2/?who=all"
