"""Delegations and absences at the same moment: nobody waits for ever, and one thing is written."""

from datetime import timedelta
from functools import partial
from threading import Event as Signal
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import absences, people
from accounts.delegations import delegate, end
from accounts.models import Absence, User
from accounts.records import lock
from accounts.tests.races import at_once
from clients.models import ClientDelegation
from clients.tests.factories import ClientFactory
from history.models import Entry

pytestmark = pytest.mark.postgresql
ROUNDS = 50


@pytest.fixture
def client_of(transactional_db, cast):
    """A new client of the owner for every round."""
    return lambda: ClientFactory(sales_contact=cast["owner"])


def verbs_of(record):
    return list(Entry.objects.about(record).order_by("pk").values_list("verb", flat=True))


def test_two_delegations_to_the_same_colleague(client_of, cast, today):
    for _round in range(ROUNDS):
        record, days = client_of(), [today, today + timedelta(days=3)]
        lend = partial(delegate, record, to=cast["colleague"])
        loans = at_once(
            partial(lend, by=cast["owner"], until=days[0]),
            partial(lend, by=cast["management"], until=days[1]),
        )
        assert [loan.until for loan in loans] == days
        loan = ClientDelegation.objects.get(content_object=record)
        entry = Entry.objects.about(record).first()  # The last one counts.
        assert entry.actor_id == loan.granted_by_id
        assert verbs_of(record) == ["delegate", "delegate"]


def test_one_lengthens_it_and_another_ends_it(client_of, cast, today):
    for _round in range(ROUNDS):
        record = client_of()
        loan = delegate(record, by=cast["owner"], to=cast["colleague"], until=today)
        later = today + timedelta(days=3)
        longer, ended = at_once(
            partial(delegate, record, by=cast["owner"], to=cast["colleague"], until=later),
            partial(end, loan, by=cast["colleague"]),
        )
        assert (longer.until, ended) == (later, record)
        held = ClientDelegation.objects.filter(content_object=record).exists()
        assert held is (verbs_of(record)[-1] == "delegate")


def test_two_end_it(client_of, cast, today):
    for _round in range(ROUNDS):
        record = client_of()
        loan = delegate(record, by=cast["owner"], to=cast["colleague"], until=today)
        at_once(partial(end, loan, by=cast["owner"]), partial(end, loan, by=cast["colleague"]))
        assert verbs_of(record) == ["delegate", "end_delegation"]


@transaction.atomic
def close(person, closing=None):
    """What closes an account: the person is held, then written."""
    person = lock(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    if closing:
        closing.set()
        sleep(0.3)


def test_the_account_of_the_colleague_is_closed(client_of, cast, today):
    for _round in range(ROUNDS):
        record = client_of()
        User.objects.update(is_active=True)
        loan, closed = at_once(
            partial(delegate, record, by=cast["owner"], to=cast["colleague"], until=today),
            partial(close, cast["colleague"]),
        )
        assert closed is None
        assert isinstance(loan, ClientDelegation | ValidationError), loan
        held = ClientDelegation.objects.filter(content_object=record).exists()
        assert held is isinstance(loan, ClientDelegation)
        colleague = User.objects.get(pk=cast["colleague"].pk)
        assert not colleague.has_perm("clients.change_client", record)


def test_the_loan_is_ended_when_the_account_is_closed(client_of, cast, today):
    """By one of the two, and told once."""
    for _round in range(10):
        record = client_of()
        User.objects.filter(pk=cast["colleague"].pk).update(is_active=True)
        loan = delegate(record, by=cast["owner"], to=cast["colleague"], until=today)
        _ended, closed = at_once(
            partial(end, loan, by=cast["owner"]),
            partial(people.deactivate, cast["colleague"], by=cast["management"]),
        )
        assert not closed.is_active
        assert verbs_of(record) == ["delegate", "end_delegation"]


def test_nothing_is_lent_to_an_account_that_is_being_closed(client_of, cast, today):
    record, closing = client_of(), Signal()

    def lend():
        closing.wait(10)
        return delegate(record, by=cast["owner"], to=cast["colleague"], until=today)

    _closed, refusal = at_once(partial(close, cast["colleague"], closing), lend)
    assert isinstance(refusal, ValidationError), refusal


def test_two_absences_at_one_time(transactional_db, cast, today):
    for _round in range(ROUNDS):
        Absence.objects.all().delete()
        days = {"starts_on": today, "ends_on": today + timedelta(days=3)}
        plan = partial(absences.plan, cast["owner"], delegate=cast["colleague"], **days)
        found = at_once(partial(plan, by=cast["owner"]), partial(plan, by=cast["management"]))
        assert sorted(type(each).__name__ for each in found) == ["Absence", "ValidationError"]
        assert Absence.objects.count() == 1


def test_two_people_name_each_other(transactional_db, cast, today):
    owner, colleague = cast["owner"], cast["colleague"]
    for _round in range(ROUNDS):
        Absence.objects.all().delete()
        days = {"starts_on": today, "ends_on": today}
        found = at_once(
            partial(absences.plan, owner, by=owner, delegate=colleague, **days),
            partial(absences.plan, colleague, by=colleague, delegate=owner, **days),
        )
        assert sorted(type(each).__name__ for each in found) == ["Absence", "ValidationError"]
