from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from django.utils.timezone import now

from accounts.models import User
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from dashboard import steps
from events.tests.factories import EventFactory, ItemFactory

DAY = timedelta(days=1)
CODES = {
    *("client_call", "client_debrief", "client_again", "client_edition"),
    *("contract_first", "prospect_chase", "contract_chase", "contract_expected"),
    *("event_create", "event_details", "event_points", "event_complete"),
}


@pytest.fixture(autouse=True)
def on_a_morning_in_may():
    """Far from midnight, and from the nights on which the clocks change."""
    with time_machine.travel(datetime(2027, 5, 20, 10, tzinfo=UTC)):
        yield


def todo(user, most=99):
    sets = steps.of_support if user.team == "support" else steps.of_sales
    return steps.first(sets(user), most)


def codes(user):
    return [step.code for step in todo(user)]


def told(steps):
    """The contracts they are about."""
    return [strip_tags(step.title).split()[-1] for step in steps]


def change(record, **fields):
    type(record).objects.filter(pk=record.pk).update(**fields)


def took_place(event, days):
    """So many days ago, and it is completed since."""
    takes_place(event, -days)
    change(event, status="completed", completed_at=now() - days * DAY)


def takes_place(event, days):
    change(event, starts_at=now() + days * DAY, ends_at=now() + days * DAY + timedelta(hours=8))


def test_it_works(cast, signed):
    """A signed contract without event is the first thing its salesperson has to do."""
    [step] = todo(cast["owner"])
    assert (step.code, step.tone, step.button) == ("event_create", "warning", "Créer l’événement")
    assert str(signed) in step.title
    assert str(signed.client) in step.context
    assert step.url == f"/contracts/{signed.pk}/event/new/"


def test_it_is_done_once_the_event_is_created(cast, event):
    assert codes(cast["owner"]) == []


@pytest.mark.parametrize("who", ["colleague", "delegate", "management"])
def test_nobody_is_given_what_others_have_to_do(cast, kevin, signed, contract, today, who):
    change(kevin, follow_up_on=today)
    change(contract, expected_date=today + DAY)
    assert codes(cast["owner"]) == ["event_create", "client_call", "contract_expected"]
    assert codes(cast[who]) == []


@pytest.mark.parametrize(("days", "tone"), [(1, None), (0, "info"), (-1, "warning")])
def test_a_client_is_called_from_its_day_on(cast, kevin, today, days, tone):
    change(kevin, follow_up_on=today + days * DAY)
    assert [step.tone for step in todo(cast["owner"])] == ([tone] if tone else [])
    change(kevin, archived_at=now())
    assert codes(cast["owner"]) == []


class TestMissingFacts:
    @pytest.mark.parametrize(
        ("days", "tone"), [(15, None), (13, "warning"), (3, "warning"), (1, "danger")]
    )
    def test_support_gives_them_in_time(self, cast, event, days, tone):
        takes_place(event, days)
        assert [step.tone for step in todo(cast["support"])] == ([tone] if tone else [])
        assert codes(cast["other support"]) == []

    def test_the_step_says_which(self, cast, event):
        takes_place(event, 3)
        change(event, attendees=40)
        [step] = todo(cast["support"])
        assert (step.code, step.url) == ("event_details", f"/events/{event.pk}/edit/")
        assert step.context.endswith("lieu")
        ItemFactory(event=event)
        [step] = todo(cast["support"])
        assert step.context.endswith("lieu · 1 point de la check-list à faire")
        change(event, venue="Lyon")
        assert codes(cast["support"]) == ["event_points"]

    def test_while_nobody_supports_they_are_the_salespersons(self, cast, event):
        takes_place(event, 3)
        assert codes(cast["owner"]) == []
        User.objects.filter(pk=cast["support"].pk).update(is_active=False)
        assert codes(cast["owner"]) == ["event_details"]
        change(event, support_contact=None)
        assert codes(cast["owner"]) == ["event_details"]
        assert codes(cast["colleague"]) == []


@pytest.mark.parametrize(
    ("status", "found"), [("planned", ["event_complete"]), ("cancelled", []), ("completed", [])]
)
def test_support_completes_what_is_over(cast, event, status, found):
    takes_place(event, -3)
    change(event, status=status, completed_at=now() if status == "completed" else None)
    assert codes(cast["support"]) == found
    assert codes(cast["other support"]) == []


class TestChecklist:
    @pytest.fixture(autouse=True)
    def in_a_week(self, event):
        takes_place(event, 7)
        change(event, venue="Lyon", attendees=40)

    @pytest.mark.parametrize(("days", "tone"), [(1, None), (0, "warning"), (-1, "danger")])
    def test_what_is_due_is_told_once_an_event(self, cast, event, today, days, tone):
        ItemFactory(event=event, due_on=today + days * DAY, role="support")
        assert [step.tone for step in todo(cast["support"])] == ([tone] if tone else [])
        ItemFactory(event=event, due_on=today)
        ItemFactory(event=event, due_on=today, done_at=now())
        [step] = todo(cast["support"])
        assert step.title.startswith("2 points" if tone else "1 point")
        assert step.url == f"/events/{event.pk}/#checklist"
        assert codes(cast["owner"]) == codes(cast["other support"]) == []
        takes_place(event, -1)
        assert codes(cast["support"]) == ["event_complete"]

    def test_everybody_is_told_what_is_theirs(self, cast, event, today):
        ItemFactory(event=event, due_on=today, role="sales")
        assert codes(cast["owner"]) == ["event_points"]
        assert codes(cast["support"]) == codes(cast["colleague"]) == []
        ItemFactory(event=event, due_on=today, who=cast["other support"])
        assert codes(cast["other support"]) == ["event_points"]
        assert codes(cast["support"]) == []

    @pytest.mark.parametrize("page", ["/events/", "/contracts/"])
    def test_its_page_says_so_first(self, cast, event, today, page, client):
        ItemFactory(event=event, due_on=today)
        client.force_login(cast["support"])
        pk = event.pk if page == "/events/" else event.contract_id
        response = client.get(f"{page}{pk}/")
        assert "1 item of the checklist to do" in response.text


class TestOrder:
    def test_the_urgent_ones_then_the_oldest(self, cast, today):
        yours = {"client": ClientFactory(sales_contact=cast["owner"], follow_up_on=today)}
        silent = ContractFactory(client__sales_contact=cast["owner"])
        change(silent, updated_at=now() - 18 * DAY)
        late = ContractFactory(**yours, status="signed", signed_on=today)
        later = ContractFactory(**yours, status="signed", signed_on=today - 9 * DAY)
        bare = EventFactory(
            contract__client=yours["client"], starts_at=now() + DAY, ends_at=now() + 2 * DAY
        )
        found = todo(cast["owner"])
        tones = [step.tone for step in found]
        assert tones == ["danger", "warning", "info", "warning", "info"]
        assert told(found[1:4]) == [str(later), str(silent), str(late)]
        assert bare.name in found[0].title

    def test_a_next_edition_since_four_months_before_its_day(self, cast):
        """Not since the last one, a year ago."""
        took_place(EventFactory(contract__client__sales_contact=cast["owner"]), 300)
        [step] = todo(cast["owner"])
        assert (step.code, step.due) == ("client_edition", (now() - 55 * DAY).date())

    def test_of_one_day_the_most_money_first(self, cast, today):
        mine = {"client__sales_contact": cast["owner"], "status": "signed", "signed_on": today}
        contracts = [ContractFactory(**mine, amount=amount) for amount in (10, 3000, 200)]
        assert told(todo(cast["owner"])) == [str(contracts[n]) for n in (1, 2, 0)]

    def test_the_first_of_all_kinds(self, cast, today):
        mine = {"client__sales_contact": cast["owner"]}
        for days in range(3):
            ContractFactory(**mine, status="signed", signed_on=today - days * DAY)
            change(ContractFactory(**mine), updated_at=now() - (20 + days) * DAY)
        with CaptureQueriesContext(connection) as queries:
            assert todo(cast["owner"], 2) == todo(cast["owner"])[:2]
        assert all("LIMIT" in query["sql"] for query in queries)


def test_every_step_can_be_taken(browser, cast, kevin, contract, signed, today):
    """The page a step leads to is open to the one it is for."""
    hers = {"sales_contact": cast["owner"]}
    change(kevin, follow_up_on=today)
    change(contract, expected_date=today)
    change(ContractFactory(client__sales_contact=cast["owner"]), updated_at=now() - 20 * DAY)
    change(ClientFactory(**hers), updated_at=now() - 20 * DAY)
    ClientFactory(**hers, stage="client", converted_at=now() - 20 * DAY)
    for days in (10, 60, 300):
        took_place(EventFactory(contract__client__sales_contact=cast["owner"]), days)
    EventFactory(contract__client=kevin, starts_at=now() + DAY, ends_at=now() + 2 * DAY)
    over = EventFactory(contract__client=kevin, support_contact=cast["support"])
    full = EventFactory(contract__client=kevin, support_contact=cast["support"])
    ItemFactory(event=full, due_on=today)
    takes_place(over, -2)
    found = {"owner": todo(cast["owner"]), "support": todo(cast["support"])}
    assert {step.code for steps in found.values() for step in steps} == CODES
    for who, steps_found in found.items():
        browser.force_login(cast[who])
        for step in steps_found:
            assert browser.get(step.url).status_code == 200, step
