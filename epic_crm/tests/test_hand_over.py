"""What a person holds goes to colleagues: all of it, or nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F

from accounts import workflow
from accounts.access import Refused
from accounts.models import User
from accounts.portfolio import portfolio
from clients.tests.factories import ClientFactory
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
def test_only_management_hands_over(cast, kevin, part):
    with nothing_changes(), pytest.raises(Refused):
        workflow.hand_over(cast["owner"], by=cast[part], clients=cast["colleague"])


def test_everybodys_load_is_counted_in_one_query(cast, archived, event, django_assert_num_queries):
    loads = {f"number_of_{name}": holding.number() for name, holding in portfolio.items()}
    with django_assert_num_queries(1):
        people = {person.pk: person for person in User.objects.annotate(**loads)}
    assert _load(people[cast["owner"].pk]) == (2, 0)
    assert _load(people[cast["support"].pk]) == (0, 1)


def _load(person):
    return person.number_of_clients, person.number_of_events
