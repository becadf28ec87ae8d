"""When: for each permission that has bad moments, the records for which this is a good one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import localtime, now

from accounts.access import Refused, WrongMoment, allows, model_of, moment, moments, require
from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.workflow import add_note
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory

WHEN = {
    "clients.change_client": "client prospect fresh",
    "clients.convert_client": "prospect",
    "clients.archive_client": "client prospect fresh",
    "clients.restore_client": "archived",
    "clients.open_contract_client": "client prospect fresh",
    "clients.revert_client": "fresh",
    "clients.delete_client": "prospect fresh archived erased",
    "clients.erase_client": "prospect fresh archived",
    "clients.assign_client": "client prospect fresh archived",
    "clients.delegate_client": "client prospect fresh archived",
    "clients.note_client": "client prospect fresh archived",
    "contracts.change_contract": "contract signed kept",
    "contracts.delegate_contract": "contract signed kept",
    "contracts.note_contract": "contract signed kept",
    "contracts.change_terms_contract": "contract",
    "contracts.amend_contract": "signed kept",
    "contracts.sign_contract": "contract",
    "contracts.cancel_contract": "contract",
    "contracts.cancel_signed_contract": "signed",
    "contracts.reopen_contract": "signed",
    "contracts.create_event_contract": "signed",
    "events.delegate_event": "event started cancelled completed void",
    "events.note_event": "event started cancelled completed void",
    "events.change_event": "event started",
    "events.amend_event": "cancelled completed void",
    "events.assign_event": "event started",
    "events.complete_event": "started",
    "events.cancel_event": "event started",
    "events.reopen_event": "cancelled completed",
    "events.prepare_event": "event started",
    "history.remove_note_entry": "note",
    "accounts.invite_user": "person",
    "accounts.change_user": "person closed",
    "accounts.move_user": "person closed",
    "accounts.deactivate_user": "person",
    "accounts.reactivate_user": "closed",
    "accounts.delete_user": "person closed",
}


@pytest.fixture
def chains(cast, world, today):
    """The world, what has come to its end, and people."""
    begun = now() - timedelta(hours=1)
    kept = ContractFactory(status="signed", signed_on=today)
    completed = EventFactory(contract=kept, status="completed", starts_at=begun, completed_at=now())
    void = EventFactory(contract=ContractFactory(status="cancelled"), status="cancelled")
    gone = {"archived_at": begun, "erased_at": begun, "sales_contact": None}
    signed = ContractFactory(status="signed", signed_on=today, client=ClientFactory(**gone))
    past = EventFactory(contract=signed, status="completed", completed_at=begun, starts_at=begun)
    what_is_left = {"left": signed.client, "left contract": signed, "left event": past}
    without_event = ContractFactory(status="signed", signed_on=today, client=signed.client)
    what_is_left["left without event"] = without_event
    erased = ClientFactory(stage="client", converted_at=begun, archived_at=begun, erased_at=begun)
    people = {
        "person": UserFactory(),
        "closed": UserFactory(is_active=False),
        "root": UserFactory(is_superuser=True),
        "former root": UserFactory(is_superuser=True, is_active=False),
    }
    said = {"by": cast["management"], "channel": "note", "happened_on": today, "text": "Seen."}
    with time_machine.travel(localtime() - timedelta(minutes=16)):
        old = add_note(kept, **said).entry
    notes = {"note": add_note(kept, **said).entry, "old": old}
    records = {name: record for name, record in world.items() if not isinstance(record, User)}
    ended = {"completed": completed, "void": void, "erased": erased}
    return records | ended | what_is_left | people | notes


@pytest.mark.parametrize("perm", WHEN)
def test_moments(cast, chains, perm):
    """Somebody with every right is refused on all the others, and it is said to be the moment."""
    model, manager = model_of(perm), cast["management"]
    records = {name: record for name, record in chains.items() if type(record) is model}
    good = model.objects.filter(moment(perm))
    assert " ".join(name for name, record in records.items() if record in good) == WHEN[perm]
    for name, record in records.items():
        who = allows(manager, perm, record)
        assert who or model is User  # Nobody has every right on a superuser.
        if name in WHEN[perm].split():
            require(manager, perm, record)
        else:
            with pytest.raises(WrongMoment if who else Refused):
                require(manager, perm, record)


def test_every_moment_has_a_row():
    assert WHEN.keys() == moments.keys()
