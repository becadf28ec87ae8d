from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from accounts import workflow
from accounts.models import Team
from accounts.tests.factories import UserFactory
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory
from history import triggers


@pytest.fixture
def browser(client):
    """Django's test client under another name: here, a client is a customer."""
    return client


@pytest.fixture
def cast(db):
    """Everybody who may come across a record, by the part they play."""
    return {
        "management": UserFactory(team=Team.MANAGEMENT, first_name="Mona", last_name="Manager"),
        "owner": UserFactory(team=Team.SALES, first_name="Olivia", last_name="Owner"),
        "colleague": UserFactory(team=Team.SALES, first_name="Colin", last_name="Colleague"),
        "delegate": UserFactory(team=Team.SALES, first_name="Dora", last_name="Delegate"),
        "support": UserFactory(team=Team.SUPPORT, first_name="Sam", last_name="Support"),
        "other support": UserFactory(team=Team.SUPPORT, first_name="Otto", last_name="Other"),
        "no team": UserFactory(team=None),
        "leaver": UserFactory(team=Team.MANAGEMENT, is_active=False),
    }


@pytest.fixture
def today():
    return localdate()


@pytest.fixture
def kevin(cast, today):
    """A prospect of the owner, delegated for a week to the delegate."""
    kevin = ClientFactory(company_name="Cool Startup", sales_contact=cast["owner"])
    until = today + timedelta(days=7)
    workflow.delegate(kevin, by=cast["owner"], to=cast["delegate"], until=until)
    return kevin


@pytest.fixture
def contract(kevin):
    """An open contract of the prospect."""
    return ContractFactory(client=kevin)


@pytest.fixture
def signed(kevin, today):
    """A signed contract without event; its client is one since."""
    type(kevin).objects.filter(pk=kevin.pk).update(stage="client", converted_at=now())
    return ContractFactory(client=kevin, status="signed", signed_on=today)


@pytest.fixture
def event(cast, signed):
    """A coming event of the signed contract, in the hands of support."""
    return EventFactory(contract=signed, support_contact=cast["support"])


@pytest.fixture
def transactional_db(transactional_db):
    """
    Let go of the journal before the flush that ends a test with real transactions.

    Ask for this fixture or ``live_server``: the mark alone does not pass here. The
    ``post_migrate`` of that same flush puts triggers and teams back.
    """
    yield
    triggers.remove("default")
