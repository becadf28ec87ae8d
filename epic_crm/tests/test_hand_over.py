"""What a person holds goes to colleagues: all of it, or nothing."""

from datetime import timedelta
from functools import partial
from threading import Event as Signal
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts import delegations, workflow
from accounts.access import Refused
from accounts.models import User
from accounts.portfolio import portfolio
from accounts.records import lock
from accounts.tests.races import at_once
from clients import workflow as clients
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.workflow import sign
from events import workflow as events
from events.models import Event
from history.models import Entry
from history.tests.tables import nothing_changes


@pytest.fixture
def archived(cast, kevin):
    """Another client of the owner, out of the way."""
    return ClientFactory(sales_contact=cast["owner"], archived_at=kevin.created_at)


def test_it_works(cast, kevin, archived, event):
    manager, colleague = cast["management"], cast["colleague"]
    workflow.hand_over(cast["owner"], by=manager, clients=colleague)
    workflow.hand_over(cast["support"], by=manager, events=cast["other support"])

    for record in (kevin, archived, event):
        record.refresh_from_db()
    assert {kevin.sales_contact, archived.sales_contact} == {colleague}
    assert event.support_contact == cast["other support"]
    told = Entry.objects.values_list("verb", "record_id")[:5]
    assert sorted(told) == sorted([
        ("assign_client", kevin.pk),
        ("assign_client", archived.pk),
        ("hand_over", cast["owner"].pk),
        ("assign_event", event.pk),
        ("hand_over", cast["support"].pk),
    ])  # fmt: skip


def test_nobody_may_take_it_for_now(cast, kevin):
    workflow.hand_over(cast["owner"], by=cast["management"], clients=None)
    kevin.refresh_from_db()
    assert kevin.sales_contact is None


def test_what_is_not_named_stays(cast, event):
    workflow.hand_over(cast["support"], by=cast["management"], clients=cast["colleague"])
    assert Event.objects.get().support_contact == cast["support"]
    assert not Entry.objects.filter(verb="hand_over").exists()


def test_an_event_that_is_over_keeps_who_looked_after_it(cast, event):
    Event.objects.update(status="completed", completed_at=F("ends_at"))
    workflow.hand_over(cast["support"], by=cast["management"], events=None)
    assert Event.objects.get().support_contact == cast["support"]


@pytest.mark.parametrize(
    "heirs",
    [
        {"clients": "support"},
        {"clients": "leaver"},
        {"clients": "owner"},  # To oneself: then why ask.
        {"clients": "colleague", "events": "colleague"},  # The second cannot: the first neither.
    ],
)
def test_who_does_not_do_the_work_takes_nothing(cast, event, heirs):
    people = {name: cast[part] for name, part in heirs.items()}
    with nothing_changes(), pytest.raises(ValidationError):
        workflow.hand_over(cast["owner"], by=cast["management"], **people)


@pytest.mark.parametrize("part", ["owner", "colleague", "support", "no team", "leaver"])
@pytest.mark.parametrize("holder", ["owner", "other support"])  # Of a client, of nothing.
def test_only_management_hands_over(cast, kevin, part, holder):
    with nothing_changes(), pytest.raises(Refused):
        workflow.hand_over(cast[holder], by=cast[part], clients=cast["colleague"])


def test_everybodys_load_is_counted_in_one_query(cast, archived, event, django_assert_num_queries):
    loads = {f"number_of_{name}": holding.number() for name, holding in portfolio.items()}
    with django_assert_num_queries(1):
        people = {person.pk: person for person in User.objects.annotate(**loads)}
    assert _load(people[cast["owner"].pk]) == (2, 0)
    assert _load(people[cast["support"].pk]) == (0, 1)


def _load(person):
    return person.number_of_clients, person.number_of_events


# --- At the same moment as somebody else --------------------------------------------------------


def after(begun, deed):
    """What somebody asks for while another is at it; a moment later, so that they have to wait."""

    def ask():
        begun.wait(10)
        return deed()

    return ask


@pytest.fixture
def begun():
    return Signal()


@pytest.mark.postgresql
def test_what_is_assigned_meanwhile_is_not_taken_back(transactional_db, cast, kevin, begun):
    @transaction.atomic
    def assign():
        clients.assign(kevin, by=cast["management"], sales_contact=cast["delegate"])
        begun.set()
        sleep(0.3)

    hand_over = partial(
        workflow.hand_over, cast["owner"], by=cast["management"], clients=cast["colleague"]
    )
    assert at_once(assign, after(begun, hand_over)) == [None, {}]
    kevin.refresh_from_db()
    assert kevin.sales_contact == cast["delegate"]


@pytest.mark.postgresql
def test_what_is_completed_meanwhile_stays(transactional_db, cast, event, begun):
    Event.objects.update(starts_at=F("starts_at") - timedelta(days=400))

    @transaction.atomic
    def complete():
        events.complete(event, by=cast["support"])
        begun.set()
        sleep(0.3)

    hand_over = partial(workflow.hand_over, cast["support"], by=cast["management"], events=None)
    assert at_once(complete, after(begun, hand_over)) == [None, {}]
    event.refresh_from_db()
    assert (event.status, event.support_contact) == ("completed", cast["support"])


@pytest.mark.postgresql
def test_it_does_not_wait_for_a_delegation_that_waits_for_it(
    transactional_db, cast, kevin, today, begun
):
    """Who lends a client holds it, and names themselves; who hands over holds the person."""

    @transaction.atomic
    def delegate():
        lock(kevin)
        begun.set()
        sleep(0.3)
        return delegations.delegate(kevin, by=cast["owner"], to=cast["colleague"], until=today)

    hand_over = partial(workflow.hand_over, cast["owner"], by=cast["management"], clients=None)
    loan, moved = at_once(delegate, after(begun, hand_over))
    assert loan.user == cast["colleague"]
    assert moved == {"clients": (1, None)}


@pytest.mark.postgresql
@pytest.mark.parametrize("_round", range(10))
def test_two_people_in_each_others_place_and_a_signature(transactional_db, cast, contract, _round):
    """Nobody waits for somebody who waits for them, and nothing is lost."""
    owner, colleague, manager = cast["owner"], cast["colleague"], cast["management"]
    for _number in range(3):
        ClientFactory(sales_contact=owner)
        ClientFactory(sales_contact=colleague)
    one, other, third, signed = at_once(
        partial(workflow.hand_over, owner, by=manager, clients=colleague),
        partial(workflow.hand_over, colleague, by=manager, clients=owner),
        partial(workflow.hand_over, owner, by=manager, clients=colleague),
        partial(sign, contract, by=manager, signed_on=contract.created_at.date()),
    )
    assert all(isinstance(moved, dict) for moved in (one, other, third)), (one, other, third)
    assert signed.status == "signed"
    moves = sum(number for moved in (one, other, third) for number, _heir in moved.values())
    assert moves == Entry.objects.filter(verb="assign_client").count()
    assert set(Client.objects.values_list("sales_contact", flat=True)) <= {owner.pk, colleague.pk}
