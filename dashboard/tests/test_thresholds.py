"""From which day to which each step is told: the days on both sides of every threshold."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils.timezone import localdate, now

from accounts.workflow import add_note
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from dashboard import steps
from events.models import Event
from events.tests.factories import EventFactory
from history.models import Channel

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def on_a_morning_in_may():
    with time_machine.travel(datetime(2027, 5, 20, 10, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def codes(cast):
    """What a salesperson has to do."""
    return lambda: [step.code for step in steps.first(steps.of_sales(cast["owner"]), 99)]


@pytest.fixture
def client(cast):
    return ClientFactory(sales_contact=cast["owner"])


def change(record, **fields):
    type(record).objects.filter(pk=record.pk).update(**fields)


def told_after(codes, record, field, *days):
    """What is told so many days after that moment."""
    found = {}
    for number in days:
        change(record, **{field: now() - number * DAY})
        found[number] = codes()
    return found


def test_a_prospect_after_two_weeks_without_news(codes, client):
    found = told_after(codes, client, "updated_at", 13, 14, 400)
    assert found == {13: [], 14: ["prospect_chase"], 400: ["prospect_chase"]}


def test_a_client_without_contract_after_a_week(codes, client):
    change(client, stage="client", converted_at=now())
    found = told_after(codes, client, "converted_at", 6, 7, 400)
    assert found == {6: [], 7: ["contract_first"], 400: ["contract_first"]}
    ContractFactory(client=client, status="cancelled")
    assert codes() == []


def test_a_client_from_the_day_one_set_on(codes, client):
    for days, found in ((1, []), (0, ["client_call"]), (-9, ["client_call"])):
        change(client, follow_up_on=localdate() + days * DAY)
        assert codes() == found
    change(client, archived_at=now())
    assert codes() == []


def test_an_open_contract_after_two_weeks_of_silence(codes, client):
    contract = ContractFactory(client=client)
    found = told_after(codes, contract, "updated_at", 13, 14, 400)
    assert found == {13: [], 14: ["contract_chase"], 400: ["contract_chase"]}
    change(contract, status="cancelled")
    assert codes() == []


def test_an_open_contract_from_a_month_before_its_date_on(codes, client):
    contract = ContractFactory(client=client)
    for days, found in ((31, []), (30, ["contract_expected"]), (-3, ["contract_expected"])):
        change(contract, expected_date=localdate() + days * DAY)
        assert codes() == found
    change(contract, updated_at=now() - 30 * DAY)
    assert codes() == ["contract_expected"]  # And is not chased on top of it.


def test_after_an_event(codes, client):
    """How it went is asked from 7 to 30 days; another is proposed up to 90; the next edition
    four months before the day comes round."""
    event = EventFactory(contract__client=client, status="completed", completed_at=now())
    change(client, stage="client", converted_at=now())
    found = {}
    for days in (6, 7, 30, 31, 90, 91, 244, 245, 364, 365):
        end = now() - days * DAY
        change(event, starts_at=end - MINUTE, ends_at=end, completed_at=end)
        found[days] = codes()
    assert found == {
        6: [],
        7: ["client_debrief"],
        30: ["client_debrief"],
        31: ["client_again"],
        90: ["client_again"],
        91: [],
        244: [],
        245: ["client_edition"],
        364: ["client_edition"],
        365: [],
    }


def test_the_next_edition_of_a_leap_day(codes, client):
    with time_machine.travel(datetime(2028, 2, 29, 10, tzinfo=UTC), tick=False):
        event = EventFactory(contract__client=client, status="completed", completed_at=now())
        start = datetime(2027, 3, 1, 9, tzinfo=UTC)
        change(client, stage="client", converted_at=now())
        change(event, starts_at=start, ends_at=start + MINUTE, completed_at=start)
        assert codes() == ["client_edition"]


class TestOfTwoReasonsOne:
    @pytest.fixture
    def event(self, client):
        """Three weeks ago, and completed."""
        end = now() - 21 * DAY
        change(client, stage="client", converted_at=now())
        return EventFactory(
            contract__client=client, starts_at=end - MINUTE, ends_at=end,
            status="completed", completed_at=end,
        )  # fmt: skip

    def test_the_day_that_was_set_counts_alone(self, codes, client, event):
        assert codes() == ["client_debrief"]
        change(client, follow_up_on=localdate() + DAY)
        assert codes() == []
        change(client, follow_up_on=localdate())
        assert codes() == ["client_call"]

    def test_a_prospect_to_call_is_not_chased_nor_is_its_contract(self, codes, client):
        change(client, updated_at=now() - 30 * DAY)
        assert codes() == ["prospect_chase"]
        contract = ContractFactory(client=client)
        change(contract, updated_at=now() - 30 * DAY)
        assert codes() == ["contract_chase"]
        change(client, follow_up_on=localdate() + DAY)
        assert codes() == []

    def test_once_the_event_is_talked_over_another_is_proposed(self, cast, codes, client, event):
        said = {"happened_on": localdate(), "text": "Glad."}
        change(event, support_contact=cast["support"])
        event.refresh_from_db()
        add_note(event, by=cast["support"], channel=Channel.PHONE, **said)
        add_note(client, by=cast["owner"], channel=Channel.NOTE, **said)
        assert codes() == ["client_debrief"]  # Last details, and what one tells oneself.
        add_note(client, by=cast["owner"], channel=Channel.PHONE, **said)
        assert codes() == ["client_again"]

    @pytest.mark.parametrize("code", ["client_again", "client_edition"])
    def test_nothing_is_proposed_while_something_is_going_on(self, codes, client, event, code):
        end = now() - (60 if code == "client_again" else 300) * DAY
        change(event, starts_at=end - MINUTE, ends_at=end, completed_at=end)
        assert codes() == [code]
        contract = ContractFactory(client=client)
        assert codes() == []
        change(contract, status="signed", signed_on=localdate())
        assert codes() == ["event_create"]
        later = EventFactory(contract=contract)
        assert codes() == []
        change(later, status="cancelled")
        assert codes() == [code]

    def test_of_one_record_one_step(self, cast, codes, client, event):
        """Whatever the days: no record stands in the list twice."""
        other = ContractFactory(client=client)
        for days in (0, 8, 20, 60, 300):
            moment = now() - days * DAY
            Client.objects.update(updated_at=moment, converted_at=moment)
            Contract.objects.update(updated_at=moment)
            Event.objects.update(starts_at=moment - MINUTE, ends_at=moment)
            change(other, expected_date=date(2027, 5, 21))
            found = steps.first(steps.of_sales(cast["owner"]), 99)
            told = [(step.record._meta.label, step.record.pk) for step in found]
            assert len(told) == len(set(told))


def test_they_are_settings(settings, codes, client):
    settings.STEP_DAYS |= {"prospect_chase": 3}
    assert told_after(codes, client, "updated_at", 2, 3) == {2: [], 3: ["prospect_chase"]}
