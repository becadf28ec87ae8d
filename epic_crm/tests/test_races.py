"""
At the very same moment: one is first, the others are told who. Fifty times each.
"""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.timezone import localdate, now

from accounts.access import WrongMoment
from accounts.models import Submission
from accounts.submissions import AlreadyMade, once
from accounts.tests.factories import UserFactory
from accounts.tests.pages import filled
from accounts.workflow import add_note, add_user
from clients.forms import ClientForm
from clients.models import Client
from clients.tests.factories import ClientFactory
from clients.workflow import convert
from clients.workflow import create as create_client
from contracts.tests.factories import ContractFactory
from contracts.workflow import open_contract, sign
from events.models import Event
from events.tests.factories import EventFactory
from events.workflow import complete
from events.workflow import create as create_event
from history.models import Entry, Note

ROUNDS = 50
PERSON = {"first_name": "Kevin", "last_name": "Casey", "email": "kevin@startup.example"}


@pytest.fixture
def people(transactional_db):
    return [UserFactory(team="management") for _ in range(8)]


@pytest.fixture
def client(transactional_db):
    return ClientFactory()


def one_was_first(answers, verb, record):
    """The others are told who: whoever it was."""
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    late = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(done) == 1, answers
    assert {type(refusal) for refusal in late} == {WrongMoment}, answers
    [entry] = Entry.objects.about(record).filter(verb=verb)
    assert {refusal.entry for refusal in late} == {entry}
    return done[0]


@pytest.mark.postgresql
def test_ten_signatures_are_one(at_once, people, client):
    signers = [*people, *people[:2]]
    for _round in range(ROUNDS):
        contract = ContractFactory(client=client)
        deeds = [partial(sign, contract, by=who, signed_on=localdate()) for who in signers]
        answers = at_once(*deeds)
        one_was_first(answers, "sign", contract)
    assert Entry.objects.filter(verb="convert").count() == 1


@pytest.mark.postgresql
def test_two_events_of_a_contract_are_one(at_once, people, client):
    times = {"starts_at": now(), "ends_at": now() + timedelta(hours=3)}
    for number in range(ROUNDS):
        contract = ContractFactory(client=client, status="signed", signed_on=localdate())
        deeds = [
            partial(create_event, contract, by=who, name=f"Gala {number}", **times)
            for who in people[:2]
        ]
        answers = at_once(*deeds)
        event = Event.objects.get(contract=contract)
        assert one_was_first(answers, "create_event", event) == event


@pytest.mark.postgresql
def test_two_conversions_are_one(at_once, people):
    for _round in range(ROUNDS):
        prospect = ClientFactory(sales_contact=people[0])
        answers = at_once(*[partial(convert, prospect, by=who) for who in people[:2]])
        one_was_first(answers, "convert", prospect)


@pytest.mark.postgresql
def test_two_completions_are_one(at_once, people, client):
    for _round in range(ROUNDS):
        contract = ContractFactory(client=client, status="signed", signed_on=localdate())
        event = EventFactory(contract=contract, starts_at=now() - timedelta(hours=1))
        answers = at_once(*[partial(complete, event, by=who) for who in people[:2]])
        one_was_first(answers, "complete", event)


def twice(at_once, make, by, times=2):
    """What a form that is sent several times made, once; the others find it."""
    key = uuid4()
    answers = at_once(*[partial(once, key, make, by=by)] * times)
    made = [answer for answer in answers if not isinstance(answer, Exception)]
    assert len(made) == 1, answers
    again = [answer for answer in answers if isinstance(answer, AlreadyMade)]
    assert [answer.record for answer in again] == made * (times - 1), answers
    assert Submission.objects.filter(key=key).count() == 1


@pytest.mark.parametrize("kind", ["client", "contract", "event", "note", "person"])
def test_a_form_sent_twice(at_once, people, client, kind):
    """On either engine."""
    person = people[0]
    times = {"starts_at": now(), "ends_at": now() + timedelta(hours=3)}
    terms = {"title": "Gala", "amount": 1000, "payment_due": localdate()}
    note = {"channel": "phone", "happened_on": localdate(), "text": "Called."}
    rounds = ROUNDS if connection.vendor == "postgresql" else 5
    for number in range(rounds):
        if kind == "client":
            make = partial(create_client, by=person, company_name=f"Cool {number}", **PERSON)
        elif kind == "contract":
            make = partial(open_contract, client, by=person, **terms)
        elif kind == "event":
            contract = ContractFactory(client=client, status="signed", signed_on=localdate())
            make = partial(create_event, contract, by=person, name="Gala", **times)
        elif kind == "person":
            newcomer = PERSON | {"email": f"kevin{number}@agency.example"}
            make = partial(add_user, by=person, team="sales", **newcomer)
        else:
            make = partial(add_note, client, by=person, **note)
        twice(at_once, make, person)
    verbs = {
        "client": "create_client", "contract": "open", "event": "create_event",
        "person": "add_user",
    }  # fmt: skip
    assert Entry.objects.filter(verb=verbs.get(kind, kind)).count() == rounds
    assert Note.objects.count() == (rounds if kind == "note" else 0)


def test_eight_writers_wait_for_each_other(at_once, people, client):
    """On SQLite in a file too: nobody hears that the database is locked, no entry is missing."""
    rounds = 8

    def write(person):
        for number in range(rounds):
            note = {"channel": "note", "happened_on": localdate(), "text": f"{number}"}
            add_note(client, by=person, **note)
            open_contract(client, by=person, title="Gala", amount=1, payment_due=localdate())
        return "written"

    assert at_once(*[partial(write, person) for person in people]) == ["written"] * 8
    assert Note.objects.count() == 8 * rounds
    references = [contract.reference for contract in client.contracts.all()]
    assert len(set(references)) == 8 * rounds
    assert Entry.objects.of_client(client).count() == 2 * 8 * rounds


@pytest.mark.postgresql
def test_disjoint_changes_by_two_are_both_kept(at_once, people):
    """And of the same field one is asked: nobody's change is lost silently."""
    for number in range(ROUNDS):
        kevin = ClientFactory(sales_contact=people[0])

        def edit(person, typed, kevin=kevin):
            row = Client.objects.with_rights(person, *ClientForm.actions()).get(pk=kevin.pk)
            form = ClientForm(filled(ClientForm(instance=row)) | typed, instance=row)
            assert form.is_valid()
            return partial(form.save, by=person)

        answers = at_once(
            edit(people[0], {"first_name": f"K{number}"}), edit(people[1], {"job_title": "CTO"})
        )
        assert {type(answer) for answer in answers} == {Client}, answers
        kevin.refresh_from_db()
        assert (kevin.first_name, kevin.job_title) == (f"K{number}", "CTO")
        assert kevin.version == 3
