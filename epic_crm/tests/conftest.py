from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.delegations import delegate
from accounts.models import AccessRequest
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory, ItemFactory, PointFactory


@pytest.fixture
def world(cast, kevin, contract, event, today):
    """A record for every moment; all are the owner's, lent to the delegate."""

    def loan(record):
        return delegate(record, by=cast["owner"], to=cast["delegate"], until=today)

    def another_client(**state):
        other = ClientFactory(sales_contact=cast["owner"], **state)
        loan(other)
        return other

    def another_contract():
        return ContractFactory(client=kevin, status="signed", signed_on=today)

    def another_event(**state):
        return EventFactory(contract=another_contract(), support_contact=cast["support"], **state)

    return {
        "person": cast["other support"],
        "closed": cast["leaver"],
        "support": cast["support"],
        "client": kevin,  # With the contracts and events below.
        "prospect": another_client(),
        "fresh": another_client(stage="client", converted_at=now()),
        "archived": another_client(archived_at=now()),
        "contract": contract,
        "signed": another_contract(),
        "kept": event.contract,  # The event's.
        "event": event,
        "started": another_event(starts_at=now() - timedelta(hours=1)),
        "cancelled": another_event(status="cancelled"),
        "item": ItemFactory(event=event),
        "point": PointFactory(),
        "request": AccessRequest.objects.create(
            person=cast["colleague"],
            permission="clients.change_client",
            label="clients.client",
            record_id=kevin.pk,
            reason="To help",
            until=today,
        ),
        "loan of client": loan(kevin),
        "loan of contract": loan(contract),
        "loan of event": loan(event),
    }
