"""What the verbs do to an event. Who may not: epic_crm/tests/test_rights.py."""

from datetime import timedelta
from functools import partial
from itertools import chain

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import localdate, now

from accounts.access import WrongMoment
from accounts.models import Absence
from accounts.tests.factories import UserFactory
from accounts.tests.races import at_once
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from events import workflow
from events.engagements import engagements
from events.models import Event
from events.tests.factories import EventFactory
from history.models import Entry
from history.tests.tables import changes, nothing_changes, told

START = now() + timedelta(days=30)
FACTS = {"name": "Gala", "starts_at": START, "ends_at": START + timedelta(hours=5)}


def started(event):
    Event.objects.filter(pk=event.pk).update(starts_at=now() - timedelta(minutes=1))
    event.refresh_from_db()
    return event


class TestCreate:
    def test_it_works(self, cast, signed):
        with told("create_event"):
            event = workflow.create(signed, by=cast["delegate"], **FACTS)
        event.refresh_from_db()
        assert (event.contract, event.status, event.version) == (signed, "planned", 1)
        assert event.support_contact is None
        assert Entry.objects.about(event).get().client_id == signed.client_id

    def test_management_names_the_support_contact_at_once(self, cast, signed):
        event = workflow.create(
            signed, by=cast["management"], support_contact=cast["support"], **FACTS
        )
        assert event.support_contact == cast["support"]

    @pytest.mark.parametrize("who", ["owner", "delegate"])
    def test_nobody_else_names_one(self, cast, signed, who):
        with nothing_changes(), pytest.raises(PermissionDenied):
            workflow.create(signed, by=cast[who], support_contact=cast["support"], **FACTS)

    @pytest.mark.parametrize("who", ["owner", "management", "no team"])
    def test_not_somebody_who_does_not_support(self, cast, signed, who):
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.create(signed, by=cast["management"], support_contact=cast[who], **FACTS)
        assert set(refusal.value.error_dict) == {"support_contact"}

    def test_once(self, cast, signed):
        workflow.create(signed, by=cast["owner"], **FACTS)
        with nothing_changes(), pytest.raises(WrongMoment) as refusal:
            workflow.create(signed, by=cast["management"], **FACTS)
        assert (refusal.value.entry.verb, refusal.value.entry.actor_name) == (
            "create_event",
            "Olivia Owner",
        )

    def test_a_cancelled_event_is_not_replaced(self, cast, event):
        Event.objects.update(status="cancelled")
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.create(event.contract, by=cast["owner"], **FACTS)

    @pytest.mark.parametrize("status", ["open", "cancelled"])
    def test_only_of_a_signed_contract(self, cast, contract, status):
        Contract.objects.update(status=status)
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.create(contract, by=cast["owner"], **FACTS)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("ends_at", START),
            ("ends_at", START - timedelta(days=1)),
            ("starts_at", START.replace(year=1)),
            ("ends_at", START.replace(year=9999)),
            ("attendees", -1),
            ("attendees", 1_000_001),
            ("attendees", 10**30),
            ("name", ""),
            ("name", "x" * 121),
            ("onsite_phone", "12"),
        ],
    )
    def test_what_is_not_valid_is_not_stored(self, cast, signed, field, value):
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.create(signed, by=cast["owner"], **{**FACTS, field: value})
        errors = refusal.value.error_dict
        assert field in errors.keys() | {error.code for error in chain(*errors.values())}

    @pytest.mark.postgresql
    def test_two_at_once_give_one_and_the_second_is_told(self, transactional_db):
        contract = ContractFactory(status="signed", signed_on="2026-01-05")
        people = [UserFactory(team="management") for _ in range(2)]
        answers = at_once(*(partial(workflow.create, contract, by=u, **FACTS) for u in people))
        first, second = sorted(answers, key=lambda answer: isinstance(answer, WrongMoment))
        assert Event.objects.get() == first
        assert second.entry.actor_name == str(people[answers.index(first)])


class TestAssign:
    def test_it_works(self, cast, event):
        with told("assign_event"):
            workflow.assign(event, by=cast["management"], support_contact=cast["other support"])
        event.refresh_from_db()
        assert (event.support_contact, event.version) == (cast["other support"], 2)
        old, new = changes(event)["support_contact"]
        assert (old["label"], new["label"]) == ("Sam Support", "Otto Other")

    def test_whom_it_has_already_is_no_change(self, cast, event):
        with nothing_changes():
            workflow.assign(event, by=cast["management"], support_contact=cast["support"])

    @pytest.mark.parametrize("who", ["owner", "management", "no team", "leaver"])
    def test_not_to_somebody_who_does_not_support(self, cast, event, who):
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.assign(event, by=cast["management"], support_contact=cast[who])
        assert set(refusal.value.error_dict) == {"support_contact"}

    def test_not_to_somebody_of_support_who_left(self, cast, event):
        left = UserFactory(team="support", is_active=False)
        with nothing_changes(), pytest.raises(ValidationError):
            workflow.assign(event, by=cast["management"], support_contact=left)

    @pytest.mark.parametrize("status", ["completed", "cancelled"])
    def test_not_once_it_is_over(self, cast, event, status):
        Event.objects.update(status=status, completed_at=now() if status == "completed" else None)
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.assign(event, by=cast["management"], support_contact=cast["other support"])

    @pytest.mark.parametrize("hours", [-7, 0, 7])
    def test_an_overlap_is_shown_and_asks(self, cast, event, hours):
        start = event.starts_at + timedelta(hours=hours)
        other = EventFactory(name="Fair", starts_at=start, support_contact=cast["other support"])
        otto = cast["other support"]
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.assign(event, by=cast["management"], support_contact=otto)
        (error,) = refusal.value.error_dict["support_contact"]
        assert error.code == "overlap"
        assert other.name in error.message
        with told("assign_event"):
            workflow.assign(
                event, by=cast["management"], support_contact=otto, despite_overlap=True
            )

    @pytest.mark.parametrize(
        ("first", "last", "is_away"), [(-3, 0, True), (0, 9, True), (1, 9, False)]
    )
    def test_an_absence_is_shown_and_asks(self, cast, event, first, last, is_away):
        day, otto = localdate(event.ends_at), cast["other support"]
        days = {"starts_on": day + timedelta(days=first), "ends_on": day + timedelta(days=last)}
        Absence.objects.create(person=otto, delegate=cast["support"], **days)
        assert bool(engagements(event)[event.pk].get(otto.pk)) is is_away
        if is_away:
            with nothing_changes(), pytest.raises(ValidationError) as refusal:
                workflow.assign(event, by=cast["management"], support_contact=otto)
            (error,) = refusal.value.error_dict["support_contact"]
            assert error.code == "overlap"
            assert "Otto Other" in error.message
        with told("assign_event"):
            workflow.assign(
                event, by=cast["management"], support_contact=otto, despite_overlap=is_away
            )

    @pytest.mark.parametrize("hours", [-8, 8])  # Each lasts eight.
    def test_one_after_the_other_is_no_overlap(self, cast, event, hours):
        start = event.starts_at + timedelta(hours=hours)
        EventFactory(starts_at=start, support_contact=cast["other support"])
        with told("assign_event"):
            workflow.assign(event, by=cast["management"], support_contact=cast["other support"])

    def test_what_is_cancelled_overlaps_with_nothing(self, cast, event):
        EventFactory(
            starts_at=event.starts_at, support_contact=cast["other support"], status="cancelled"
        )
        with told("assign_event"):
            workflow.assign(event, by=cast["management"], support_contact=cast["other support"])


class TestComplete:
    @pytest.mark.parametrize("who", ["management", "owner", "delegate", "support"])
    def test_it_works(self, cast, event, who):
        with told("complete"):
            workflow.complete(started(event), by=cast[who])
        event.refresh_from_db()
        assert (event.status, event.version) == ("completed", 2)
        assert event.completed_at <= now()

    def test_not_before_its_start(self, cast, event):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.complete(event, by=cast["management"])

    def test_not_twice(self, cast, event):
        workflow.complete(started(event), by=cast["support"])
        with nothing_changes(), pytest.raises(WrongMoment) as refusal:
            workflow.complete(event, by=cast["owner"])
        assert refusal.value.entry.actor_name == "Sam Support"


class TestCancelAndReopen:
    @pytest.mark.parametrize("who", ["management", "owner", "delegate"])
    def test_it_works(self, cast, event, who):
        with told("cancel_event"):
            workflow.cancel(event, by=cast[who], reason="Rain")
        assert changes(event)["reason"] == (None, "Rain")
        with told("reopen_event"):
            workflow.reopen(event, by=cast["management"], reason="Sun")
        event.refresh_from_db()
        assert (event.status, event.completed_at, event.version) == ("planned", None, 3)

    def test_a_completed_one_is_reopened_too(self, cast, event):
        workflow.complete(started(event), by=cast["support"])
        workflow.reopen(event, by=cast["management"], reason="The wrong one")
        event.refresh_from_db()
        assert (event.status, event.completed_at) == ("planned", None)

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_not_without_a_reason(self, cast, event, reason):
        with nothing_changes(), pytest.raises(ValidationError):
            workflow.cancel(event, by=cast["owner"], reason=reason)
        Event.objects.update(status="cancelled")
        with nothing_changes(), pytest.raises(ValidationError):
            workflow.reopen(event, by=cast["management"], reason=reason)

    def test_not_twice(self, cast, event):
        workflow.cancel(event, by=cast["owner"], reason="Rain")
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.cancel(event, by=cast["management"], reason="Snow")

    def test_what_is_planned_is_open(self, cast, event):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.reopen(event, by=cast["management"], reason="Oops")

    def test_not_if_its_contract_is_not_signed_any_more(self, cast, event):
        Event.objects.update(status="cancelled")
        Contract.objects.update(status="cancelled")
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.reopen(event, by=cast["management"], reason="Oops")


class TestWhatPeopleCallItsState:
    @pytest.mark.parametrize(
        ("start", "end", "state"),
        [
            (timedelta(1), timedelta(2), "planned"),
            (timedelta(-1), timedelta(1), "in_progress"),
            (timedelta(-2), timedelta(-1), "to_complete"),
        ],
    )
    def test_it_works(self, event, start, end, state):
        event.starts_at, event.ends_at = now() + start, now() + end
        assert event.state == state

    def test_in_nobodys_hands(self, cast, event):
        event.support_contact.is_active = False
        assert event.state == "no_support"
        event.support_contact = None
        assert event.state == "no_support"

    def test_what_is_missing(self, event):
        assert len(event.missing) == 2
        event.venue, event.attendees = "Lyon", 0
        assert event.missing == []

    @pytest.mark.parametrize("days", [-2, 2])
    def test_the_list_and_the_record_agree(self, event, days):
        start = now() + timedelta(days)
        Event.objects.update(starts_at=start, ends_at=start + timedelta(hours=1))
        over = Event.objects.get().state == "to_complete"
        assert Event.objects.over().exists() is over is not Event.objects.coming().exists()
