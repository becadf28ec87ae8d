import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache, partial
from runpy import run_path
from threading import Barrier
from unittest.mock import patch

import pytest
from django.db import connection
from django.utils.timezone import now

import epic_crm.settings as settings_module
from accounts.delegations import delegate
from accounts.models import AccessRequest
from accounts.workflow import add_note
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
        "note": add_note(
            contract, by=cast["owner"], channel="note", happened_on=today, text="They called."
        ).entry,
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


@pytest.fixture
def at_once(transactional_db):
    """
    Do deeds at the same time, each in a thread of its own: what each gave, or raised.

    The threads and their connections are kept from round to round: that is what makes it quick.
    """
    pools = {}

    def run(start, deed):
        start.wait(20)
        try:
            return deed()
        except Exception as refusal:
            return refusal

    def do(*deeds):
        pool = pools.setdefault(len(deeds), ThreadPoolExecutor(len(deeds)))
        start = Barrier(len(deeds))
        return list(pool.map(partial(run, start), deeds))

    yield do
    for size, pool in pools.items():
        do(*[lambda: connection.close()] * size)  # Each thread its own.
        pool.shutdown()


@pytest.fixture
def tls(settings):
    """Every setting that ``TLS=1`` changes, as epic_crm/settings.py changes it."""
    for name, value in _with_tls().items():
        setattr(settings, name, value)


@cache
def _with_tls():
    keys = dict.fromkeys(("SECRET_KEY", "JOURNAL_KEY", "SECOND_FACTOR_KEY"), "k" * 50)
    plain, secure = ({**os.environ, **keys, "TLS": flag} for flag in ("0", "1"))
    before, after = _settings(plain), _settings(secure)
    assert before["ENVIRONMENT_PROBLEMS"] == after["ENVIRONMENT_PROBLEMS"] == []
    return {
        name: value for name, value in after.items() if name.isupper() and value != before[name]
    }


def _settings(environment):
    with patch.dict(os.environ, environment, clear=True), patch.dict(sys.modules):
        for part in ("surroundings", "settings_sign_in"):
            del sys.modules[f"epic_crm.{part}"]
        # Under another name: the one that is in use stays as it is.
        return run_path(settings_module.__file__, run_name="epic_crm.settings_again")
