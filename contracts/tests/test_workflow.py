"""What the verbs do to a contract; to sign has a file of its own."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate, now

from accounts.access import WrongMoment
from accounts.tests.factories import UserFactory
from accounts.tests.races import at_once
from clients.tests.factories import ClientFactory
from contracts import workflow
from contracts.models import Contract
from history.models import Entry
from history.tests.tables import changes, nothing_changes, told

TERMS = {"title": "Gala", "amount": "1200.50", "payment_due": "2027-03-01"}


class TestOpen:
    def test_it_works(self, cast, kevin):
        with told("open"):
            contract = workflow.open_contract(kevin, by=cast["delegate"], **TERMS)
        contract.refresh_from_db()
        assert (contract.client, contract.status, contract.version) == (kevin, "open", 1)
        assert Entry.objects.about(contract).get().client_id == kevin.pk

    def test_references_follow_each_other_and_start_anew_each_year(self, cast, kevin):
        def reference():
            return workflow.open_contract(kevin, by=cast["owner"], **TERMS).reference

        with time_machine.travel(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)):
            assert [reference(), reference()] == ["C-2026-001", "C-2026-002"]
        with time_machine.travel(
            datetime(2026, 12, 31, 23, 1, tzinfo=UTC)
        ):  # In Paris it is next year.
            assert reference() == "C-2027-001"

    def test_the_thousandth_of_a_year_has_four_figures(self, cast, kevin):
        workflow.ReferenceCounter.objects.create(year=localdate().year, last=999)
        contract = workflow.open_contract(kevin, by=cast["owner"], **TERMS)
        assert contract.reference == f"C-{localdate().year}-1000"

    def test_what_is_not_stored_uses_up_no_reference(self, cast, kevin):
        for _ in range(2):
            with pytest.raises(ValidationError):
                workflow.open_contract(kevin, by=cast["owner"], **TERMS | {"amount": 0})
        contract = workflow.open_contract(kevin, by=cast["owner"], **TERMS)
        assert contract.reference.endswith("-001")

    def test_the_reference_of_a_cancelled_contract_is_not_given_again(self, cast, kevin):
        first = workflow.open_contract(kevin, by=cast["owner"], **TERMS)
        workflow.cancel(first, by=cast["owner"])
        assert workflow.open_contract(kevin, by=cast["owner"], **TERMS).reference > first.reference

    def test_not_for_an_archived_client(self, cast, kevin):
        type(kevin).objects.update(archived_at=now())
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.open_contract(kevin, by=cast["owner"], **TERMS)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("amount", "0"),
            ("amount", "-1"),
            ("amount", "1.005"),
            ("amount", "10000000000"),
            ("amount", "NaN"),
            ("amount", None),
            ("title", ""),
            ("title", "x" * 121),
            ("payment_due", None),
            ("payment_due", "0001-01-01"),
            ("payment_due", "9999-12-31"),
            ("expected_date", "1999-12-31"),
            ("expected_attendees", -1),
            ("expected_venue", "x" * 201),
        ],
    )
    def test_what_is_not_valid_is_not_stored(self, cast, kevin, field, value):
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.open_contract(kevin, by=cast["owner"], **{**TERMS, field: value})
        (error,) = chain(*refusal.value.error_dict.values())
        assert field in {error.code, *refusal.value.error_dict}

    @pytest.mark.parametrize("attendees", [1_000_001, 2**31, 2**63, 10**30])
    def test_not_for_more_people_than_there_are_seats(self, cast, kevin, attendees):
        with nothing_changes(), pytest.raises(ValidationError):
            workflow.open_contract(kevin, by=cast["owner"], expected_attendees=attendees, **TERMS)

    @pytest.mark.parametrize("amount", ["0.01", "9999999999.99"])
    def test_the_smallest_and_the_largest_amount(self, cast, kevin, amount):
        workflow.open_contract(kevin, by=cast["owner"], **TERMS | {"amount": amount})
        assert str(Contract.objects.get().amount) == amount

    @pytest.mark.postgresql
    def test_twenty_at_once_have_twenty_references_in_a_row(self, transactional_db):
        people = [UserFactory(team="management") for _ in range(20)]
        opened = at_once(
            *(partial(workflow.open_contract, ClientFactory(), by=user, **TERMS) for user in people)
        )
        numbers = sorted(contract.reference for contract in opened)
        assert numbers == [f"C-{localdate().year}-{n:03d}" for n in range(1, 21)]


class TestCancel:
    def test_it_works(self, cast, contract):
        with told("cancel_contract"):
            workflow.cancel(contract, by=cast["owner"])
        contract.refresh_from_db()
        assert (contract.status, contract.version) == ("cancelled", 2)
        assert changes(contract) == {"status": ("open", "cancelled")}

    def test_not_twice(self, cast, contract):
        workflow.cancel(contract, by=cast["owner"])
        with nothing_changes(), pytest.raises(WrongMoment) as refusal:
            workflow.cancel(contract, by=cast["management"])
        assert refusal.value.entry.actor_name == "Olivia Owner"

    def test_a_signed_one_with_a_reason_by_management(self, cast, signed):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.cancel(signed, by=cast["owner"])
        with nothing_changes(), pytest.raises(PermissionDenied):
            workflow.cancel(signed, by=cast["owner"], reason="Please")
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.cancel(signed, by=cast["management"])
        with nothing_changes(), pytest.raises(ValidationError):
            workflow.cancel(signed, by=cast["management"], reason=" ")
        with told("cancel_contract"):
            workflow.cancel(signed, by=cast["management"], reason="The client went bankrupt")
        assert changes(signed)["reason"] == (None, "The client went bankrupt")

    @pytest.mark.parametrize("status", ["planned", "completed"])
    def test_not_what_an_event_stands_on(self, cast, event, status):
        at = now() if status == "completed" else None
        type(event).objects.update(status=status, completed_at=at)
        for verb in (workflow.cancel, workflow.reopen):
            with nothing_changes(), pytest.raises(WrongMoment):
                verb(event.contract, by=cast["management"], reason="Oops")

    def test_a_cancelled_event_is_no_obstacle(self, cast, event):
        type(event).objects.update(status="cancelled")
        with told("cancel_contract"):
            workflow.cancel(event.contract, by=cast["management"], reason="Oops")
        assert type(event.contract).objects.get(pk=event.contract_id).status == "cancelled"


class TestReopen:
    @pytest.mark.parametrize("status", ["signed", "cancelled"])
    def test_it_works(self, cast, signed, status):
        Contract.objects.update(status=status)
        with told("reopen_contract"):
            workflow.reopen(signed, by=cast["management"], reason="The wrong one")
        signed.refresh_from_db()
        assert (signed.status, signed.signed_on, signed.sold_by) == ("open", None, None)
        assert changes(signed)["reason"] == (None, "The wrong one")
        workflow.sign(signed, by=cast["owner"], signed_on=localdate())

    def test_an_open_one_is_open(self, cast, contract):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.reopen(contract, by=cast["management"], reason="Oops")

    def test_not_without_a_reason(self, cast, signed):
        with nothing_changes(), pytest.raises(ValidationError):
            workflow.reopen(signed, by=cast["management"], reason="")


def test_the_journal_failing_takes_the_deed_with_it(cast, contract, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("accounts.records.journal.record", fail)
    with nothing_changes(), pytest.raises(OSError, match="disk full"), transaction.atomic():
        workflow.cancel(contract, by=cast["owner"])


def test_a_day_before_yesterday_can_be_signed_on(cast, contract):
    day = localdate() - timedelta(days=2)
    workflow.sign(contract, by=cast["owner"], signed_on=day)
    assert Contract.objects.get().signed_on == day
