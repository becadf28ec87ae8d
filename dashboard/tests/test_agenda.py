import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from accounts.models import Absence
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory

MAY = "/agenda/2031/5/"


def at(day, hour=9, month=5):
    """A moment in May 2031, where it is summer time in Paris."""
    return datetime(2031, month, day, hour - 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_the_month_before():
    with time_machine.travel(at(10, month=4)):
        yield


@pytest.fixture
def visit(browser, cast):
    def visit(who, address=MAY):
        browser.force_login(cast[who])
        return browser.get(address)

    return visit


@pytest.fixture
def event(event):
    """On 6 May 2031, from 9 to 17."""
    event.starts_at, event.ends_at = at(6), at(6, 17)
    event.save()
    return event


def cell(response, day):
    """What stands on a day of May."""
    return response.text.split(f'<time datetime="2031-05-{day:02d}">')[1].split("</td>")[0]


def test_it_works(visit, event):
    response = visit("support")
    assert event.get_absolute_url() in cell(response, 6)
    assert "09:00" in cell(response, 6)
    assert "In preparation" in cell(response, 6)
    assert event.get_absolute_url() not in cell(response, 5) + cell(response, 7)


def test_it_is_a_table_of_whole_weeks_from_monday_on(visit, event):
    response = visit("support")
    table = response.text.split('<table class="ee-month"')[1].split("</table>")[0]
    assert "Events in May 2031" in table.split("</caption>")[0]
    head = table.split("</thead>")[0]
    assert head.count('<th role="columnheader" scope="col">') == 7
    assert head.index("Monday") < head.index("Sunday")
    weeks = table.split("<tbody")[1].split("<tr")[1:]
    assert [week.count("<td") for week in weeks] == [7] * 5
    assert weeks[0].count("is-out") == 3  # May 2031 begins on a Thursday.


class TestWhose:
    def test_one_begins_with_ones_own(self, visit, event):
        other = EventFactory(starts_at=at(8), ends_at=at(8, 17))
        for who in ("owner", "support"):
            response = visit(who)
            assertContains(response, event.get_absolute_url())
            assertNotContains(response, other.get_absolute_url())
            assertContains(visit(who, f"{MAY}?who=all"), other.get_absolute_url())
        assertNotContains(visit("colleague"), event.get_absolute_url())

    def test_management_begins_with_everybodys(self, visit, event):
        assertContains(visit("management"), event.get_absolute_url())
        assertNotContains(visit("management", f"{MAY}?who=me"), event.get_absolute_url())

    def test_or_looks_at_a_colleagues(self, visit, cast, event):
        for who in ("support", "owner"):
            response = visit("colleague", f"{MAY}?who={cast[who].pk}")
            assertContains(response, event.get_absolute_url())
            assertContains(response, f"Agenda of {cast[who]}")
        for who in ("other support", "delegate", "management"):
            response = visit("colleague", f"{MAY}?who={cast[who].pk}")
            assertNotContains(response, event.get_absolute_url())

    def test_an_unknown_choice_is_ignored_and_said_to_be(self, visit, cast, event):
        without_agenda = [cast[who].pk for who in ("leaver", "no team")]
        for unknown in ("you", "0", "-1", "٣", "9" * 30, "%00", "%ED%A0%80", *without_agenda):
            response = visit("support", f"{MAY}?who={unknown}")
            assert response.context["whose"].asked == "me"
            assertContains(response, "A choice that does not exist was ignored.")
        assertNotContains(visit("support", f"{MAY}?who="), "was ignored")

    def test_the_links_keep_it(self, visit, event):
        response = visit("support", f"{MAY}?who=all&options=0")
        for address in (
            "/agenda/2031/4/?", "/agenda/2031/6/?", "/agenda/2031/w18/?",
            "/agenda/list/?",
        ):  # fmt: skip
            found = [link for link in links(response) if link.startswith(address)]
            assert found, address
            assert all("who=all" in link and "options=0" in link for link in found)


class TestDays:
    def test_an_event_of_several_days_is_on_each_of_them(self, visit, event):
        event.starts_at, event.ends_at = at(6), at(8, 18)
        event.save()
        response = visit("support")
        days = {day for day in range(1, 32) if event.get_absolute_url() in cell(response, day)}
        assert days == {6, 7, 8}
        assert "09:00" in cell(response, 6)
        assert "all day" in cell(response, 7)
        assert "until 18:00" in cell(response, 8)

    def test_over_the_end_of_the_month(self, visit, event):
        event.starts_at, event.ends_at = at(29, month=4), at(2)
        event.save()
        response = visit("support")
        assert event.get_absolute_url() in cell(response, 1)
        assert event.get_absolute_url() in cell(response, 2)
        assert event.get_absolute_url() not in cell(response, 3)
        assert visit("support", "/agenda/2031/4/").text.count(event.get_absolute_url()) == 2

    def test_midnight_ends_the_day(self, visit, event):
        """It is the day's in Paris, whatever it is in Greenwich."""
        event.starts_at, event.ends_at = at(6, 20), at(7, 2) - timedelta(hours=2)
        event.save()
        response = visit("support")
        assert event.get_absolute_url() in cell(response, 6)
        assert event.get_absolute_url() not in cell(response, 7)
        event.starts_at, event.ends_at = event.ends_at, at(7)
        event.save()
        response = visit("support")
        assert event.get_absolute_url() not in cell(response, 6)
        assert "00:00" in cell(response, 7)

    def test_after_three_the_others_are_on_the_page_of_the_week(self, visit, cast, event):
        for hour in (10, 11, 12, 13):
            EventFactory(support_contact=cast["support"], starts_at=at(6, hour), ends_at=at(6, 18))
        day = cell(visit("support"), 6)
        assert day.count("<li") == 3
        assert "+2 more" in day
        week, anchor = re.search(r'class="others" href="(.*?)#(.*?)"', day).groups()
        page = visit("support", week).text
        assert page.split(f'id="{anchor}"')[1].split("</section>")[0].count("<li") == 5

    def test_today_is_marked(self, visit, event):
        with time_machine.travel(at(7, 12)):
            response = visit("support", "/agenda/")
            assert response.text.count('aria-current="date"') == 1
            assert '2031-05-07">' in response.text.split('aria-current="date"')[1].split("</td>")[0]
        assertNotContains(visit("support"), 'aria-current="date"')

    @pytest.mark.parametrize(
        ("state", "shown"),
        [("planned", True), ("completed", True), ("cancelled", False)],
    )
    def test_what_is_cancelled_is_left_out(self, visit, event, state, shown):
        event.status, event.completed_at = state, at(7) if state == "completed" else None
        event.save()
        assert (event.get_absolute_url() in visit("support").text) is shown


class TestOptions:
    @pytest.fixture
    def option(self, contract):
        Contract.objects.filter(pk=contract.pk).update(expected_date=date(2031, 5, 6))
        return contract

    def test_an_open_contract_with_an_expected_date_is_one(self, visit, option):
        response = visit("owner")
        assert option.get_absolute_url() in cell(response, 6)
        assert "Option" in cell(response, 6)
        assertContains(response, "It is not signed yet.")
        assertNotContains(visit("owner", "/agenda/2031/6/"), option.get_absolute_url())

    def test_it_is_its_salespersons(self, visit, option):
        for who in ("support", "colleague"):
            assertNotContains(visit(who), option.get_absolute_url())
            assertContains(visit(who, f"{MAY}?who=all"), option.get_absolute_url())

    @pytest.mark.parametrize("status", ["signed", "cancelled"])
    def test_once_signed_or_cancelled_it_is_none(self, visit, option, today, status):
        Contract.objects.filter(pk=option.pk).update(status=status, signed_on=today)
        assertNotContains(visit("owner"), option.get_absolute_url())

    def test_they_can_be_hidden(self, visit, option, event):
        assertContains(visit("owner"), "Hide the options")
        response = visit("owner", f"{MAY}?options=0")
        assertNotContains(response, option.get_absolute_url())
        assertContains(response, event.get_absolute_url())
        shown = re.search(rf'href="{re.escape(MAY)}\?who=me">.*Show the options', response.text)
        assert shown


class TestOverlaps:
    """Of two events of one support contact at one time, each says so; wherever the other is."""

    MARKED = "Sam Support has another event then"

    @pytest.mark.parametrize("page", [MAY, "/agenda/2031/w19/", "/agenda/list/?from=2031-05-01"])
    def test_both_are_marked(self, visit, cast, event, page):
        EventFactory(support_contact=cast["support"], starts_at=at(6, 16), ends_at=at(6, 20))
        assertContains(visit("support", page), self.MARKED, count=2)
        assertContains(visit("owner", page), self.MARKED, count=1)  # The other is not hers.

    def test_nothing_else_is(self, visit, cast, event):
        same = {"support_contact": cast["support"], "starts_at": at(6), "ends_at": at(6, 17)}
        for other in (
            {"starts_at": at(6, 17), "ends_at": at(6, 20)},  # One begins as the other ends.
            {"starts_at": at(6, 2), "ends_at": at(6)},
            {"status": "cancelled"},
            {"status": "completed", "completed_at": at(7)},
            {"support_contact": None},
            {"support_contact": cast["other support"]},
        ):
            EventFactory(**same | other)
        assertNotContains(visit("management", "/agenda/2031/w19/"), "another event then")


class TestAbsences:
    """Who is away, on each of those days; and the events at whose time they are."""

    PAGES = MAY, "/agenda/2031/w19/", "/agenda/list/?from=2031-05-01"

    @pytest.fixture(autouse=True)
    def away(self, cast):
        Absence.objects.create(
            person=cast["support"], delegate=cast["other support"],
            starts_on=date(2031, 5, 5), ends_on=date(2031, 5, 6),
        )  # fmt: skip

    @pytest.mark.parametrize("page", PAGES)
    def test_it_works(self, visit, event, page):
        EventFactory(support_contact=event.support_contact, starts_at=at(7), ends_at=at(7, 17))
        for who in ("support", "management"):
            assertContains(visit(who, page), "Sam Support is away then", count=1)
        assertNotContains(visit("owner", page), "until 6 May")  # Hers are not his absences.
        assertContains(visit("owner", page), "Sam Support is away then", count=1)

    def test_on_its_days(self, visit):
        month = visit("support")
        days = {day for day in range(1, 32) if "Absence" in cell(month, day)}
        assert days == {5, 6}
        week = visit("support", "/agenda/2031/w19/")
        assertContains(week, "Sam Support, until 6 May 2031", count=2)
        run = visit("support", "/agenda/list/?from=2031-05-01")  # Where it begins.
        assertContains(run, "Sam Support, until 6 May 2031", count=1)
        assertNotContains(visit("support", "/agenda/2031/6/"), "Absence")

    def test_after_three_the_others_are_on_the_page_of_the_week(self, visit, cast):
        for who in ("other support", "owner", "colleague"):
            day = date(2031, 5, 6)
            person, stands_in = cast[who], cast["management"]
            Absence.objects.create(person=person, delegate=stands_in, starts_on=day, ends_on=day)
        month = visit("management")
        assert 'class="others"' in cell(month, 6)
        assert (cell(month, 6).count('class="away"'), cell(month, 5).count('class="away"')) == (
            3,
            1,
        )
        assertContains(visit("management", "/agenda/2031/w19/"), "Colin Colleague, until 6 May")


def links(response):
    return re.findall(r'href="(.*?)"', response.text)


def test_a_month_without_events(visit, event):
    response = visit("support", "/agenda/2031/7/")
    assertContains(response, "No event in July 2031.")
    assertContains(response, 'href="/agenda/2031/8/?who=me">Next month')


def test_in_french(visit, cast, event):
    cast["support"].language = "fr"
    cast["support"].save()
    with translation.override("fr"):
        response = visit("support")
    assertContains(response, "<h1>Mai 2031</h1>")
    assertContains(response, ">Lundi</th>")
    assertContains(visit("support", "/agenda/2031/8/"), "Aucun événement en août 2031.")


@pytest.mark.parametrize(
    "month",
    ["2031/13", "2031/0", "1999/12", "2101/1", "9999/1", "99999/1", "0/1", f"{10**40}/1"],
)
def test_a_month_that_does_not_exist_is_not_found(visit, month):
    assert visit("support", f"/agenda/{month}/").status_code == 404


@pytest.mark.parametrize(("month", "missing"), [("2000/1", "prev"), ("2100/12", "next")])
def test_the_first_and_the_last_month(visit, month, missing):
    response = visit("support", f"/agenda/{month}/")
    assert response.status_code == 200
    assertNotContains(response, f'rel="{missing}"')


def test_how_often_it_asks(browser, cast, event, kevin):
    browser.force_login(cast["owner"])

    def count():
        with assertNumQueries(7):  # Session, user, views; colleagues, events, absences, options.
            browser.get(MAY)

    count()
    for _ in range(20):
        EventFactory(contract__client=kevin, starts_at=at(6), ends_at=at(6, 17))
        ContractFactory(client=kevin, expected_date=date(2031, 5, 7))
    count()
