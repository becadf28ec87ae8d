"""What others did to a record since one opened it the last time is marked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains

from accounts import visits
from accounts.models import Visit
from accounts.tests.races import at_once
from accounts.visits import visit
from accounts.workflow import add_note
from clients import workflow
from history.models import Entry


@pytest.fixture
def owner(browser, cast):
    browser.force_login(cast["owner"])
    return browser


def new(response):
    return [str(line.sentence) for line in response.context["story"]["lines"] if line.is_new]


def an_hour_later():
    """As if everything so far had been an hour earlier."""
    for seen in Visit.objects.all():
        seen.began_at -= timedelta(hours=1)
        seen.before_at = seen.before_at and seen.before_at - timedelta(hours=1)
        seen.save()


def test_it_works(owner, cast, kevin, signed, today, monkeypatch):
    address = kevin.get_absolute_url()
    assert new(owner.get(address)) == []  # The first time nothing is old.
    an_hour_later()
    add_note(signed, by=cast["management"], channel="note", happened_on=today, text="They paid.")
    add_note(kevin, by=cast["owner"], channel="note", happened_on=today, text="My own.")
    workflow.archive(kevin, by=cast["delegate"])
    response = owner.get(address)
    assert [who in line for who, line in zip(("Dora", "Mona"), new(response), strict=True)]
    assertContains(response, "2 changes since your last visit (today at")
    assert len(new(owner.get(address))) == 2  # Still the same visit.
    assertContains(owner.get(f"{address}history/"), "2 changes since")
    monkeypatch.setattr(visits, "A_VISIT", timedelta(0))  # Opened again, it is another one.
    response = owner.get(address)
    assert new(response) == []
    assertNotContains(response, "since your last visit")


def test_each_person_and_each_record(owner, browser, cast, kevin, contract):
    owner.get(kevin.get_absolute_url())
    an_hour_later()
    workflow.archive(kevin, by=cast["delegate"])
    assert new(owner.get(contract.get_absolute_url())) == []
    browser.force_login(cast["support"])
    assert new(browser.get(kevin.get_absolute_url())) == []
    assert Visit.objects.count() == 3


AHEAD = {"Sec-Purpose": "prefetch"}


@pytest.mark.parametrize(("method", "headers"), [("head", {}), ("get", AHEAD)])
def test_what_was_not_looked_at_is_no_visit(owner, kevin, method, headers):
    getattr(owner, method)(kevin.get_absolute_url(), headers=headers)
    assert not Visit.objects.exists()


def test_two_queries_at_most_and_one_within_a_visit(owner, cast, kevin, rf):
    request = rf.get("/")
    request.user = cast["owner"]

    def asked():
        with CaptureQueriesContext(connection) as queries:
            visit(request, kevin, Entry.objects.of_client(kevin))
        return len(queries)

    assert (asked(), asked()) == (2, 1)
    an_hour_later()
    assert (asked(), asked()) == (2, 1)


@pytest.mark.postgresql
def test_two_windows_at_once_make_one_visit(transactional_db, cast, kevin, rf):
    request = rf.get("/")
    request.user = cast["owner"]
    entries = Entry.objects.of_client(kevin)
    for _time in range(2):
        at_once(*[lambda: visit(request, kevin, entries)] * 4)
        seen = Visit.objects.get()
        assert now() - seen.began_at < timedelta(minutes=5)
        an_hour_later()
