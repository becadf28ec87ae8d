"""
The rights table of domain.md, cell by cell.

Each is tried through the verb itself, and asked of ``has_perm``, of the list and of the mark that
a button stands on: the four agree.
"""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate, now

from accounts import delegations
from accounts import workflow as accounts
from accounts.access import WrongMoment, policies
from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.pages import filled
from clients import workflow as clients
from clients.forms import ClientForm
from contracts import workflow as contracts
from contracts.forms import ContractForm
from dashboard import disclosure, erasure, exports
from events import checklist, checklist_template
from events import workflow as events
from events.forms import EventForm
from history.tests.tables import nothing_changes, told

M, SO, SN, D, SA, SU = (
    "management", "owner", "colleague", "delegate", "support", "other support"
)  # fmt: skip
OUTSIDE = ("no team", "leaver")  # Nothing, anywhere.
TEAMS = (M, SO, SN, D, SA, SU)


def view(record, by):
    type(record).objects.get_for(by, "view", record.pk)


def create_client(_record, by):
    clients.create(
        by=by, company_name="New", first_name="N", last_name="N", email="n@startup.example"
    )


def edit(form_class, **typed):
    """What a browser posts, with ``typed`` in it whether the page offered that field or not."""

    def deed(record, by):
        row = type(record).objects.with_rights(by, *form_class.actions()).get(pk=record.pk)
        form = form_class(filled(form_class(instance=row)) | typed, instance=row)
        assert form.is_valid(), form.errors
        form.save(by=by)

    return deed


def note(verb):
    def deed(record, by):
        verb(record, by=by, channel="phone", happened_on=localdate(), text="They called.")

    return deed


def delegate(record, by):
    colleague = delegations.colleagues(record, by).first() or User.objects.get(first_name="Colin")
    delegations.delegate(record, by=by, to=colleague, until=localdate())


def export(record, by):
    chosen = type(record).objects.filter(pk=record.pk)
    exports.copy_out(record._meta.app_label, chosen, by=by, asked={})


def reasoned(verb):
    return lambda record, by: verb(record, by=by, reason="A slip")


def plainly(verb):
    return lambda record, by: verb(record, by=by)


def assign_client(record, by):
    clients.assign(record, by=by, sales_contact=None)


def erase(record, by):
    erasure.erase(record, by=by, ground=erasure.Ground.ASKED)


def hand_out(record, by):
    disclosure.copy_out(record, by=by, format="json")


def open_contract(record, by):
    contracts.open_contract(
        record, by=by, title="Gala", amount=1, payment_due=localdate() + timedelta(30)
    )


def sign(record, by):
    contracts.sign(record, by=by, signed_on=localdate())


def create_event(record, by):
    start = now() + timedelta(30)
    events.create(record, by=by, name="Gala", starts_at=start, ends_at=start + timedelta(hours=5))


def assign_event(record, by):
    events.assign(record, by=by, support_contact=User.objects.get(first_name="Otto"))


class Right(NamedTuple):
    """Who may do ``deed`` on that record of the world, and what the journal then tells."""

    deed: Any
    who: tuple
    perm: str
    record: str
    told: tuple = ()


SIGNED_TITLE = {"title": "Gala", "reason": "The client asked"}
ENTRUSTED, BOSS = (M, SO, D), (M,)
RIGHTS = {
    "view a client": Right(view, TEAMS, "clients.view_client", "client"),
    "view a contract": Right(view, TEAMS, "contracts.view_contract", "contract"),
    "view an event": Right(view, TEAMS, "events.view_event", "event"),
    "create a client": Right(
        create_client, (M, SO, SN, D), "clients.create_client", "client", ("create_client",)),
    "change a client": Right(
        edit(ClientForm, company_name="New name"), ENTRUSTED, "clients.change_client", "client",
        ("update",)),
    "convert a prospect": Right(
        plainly(clients.convert), ENTRUSTED, "clients.convert_client", "prospect",
        ("convert",)),
    "archive a client": Right(
        plainly(clients.archive), ENTRUSTED, "clients.archive_client", "client", ("archive",)),
    "restore a client": Right(
        plainly(clients.restore), ENTRUSTED, "clients.restore_client", "archived",
        ("restore",)),
    "note about a client": Right(
        note(clients.add_note), (*ENTRUSTED, SA), "clients.note_client", "client", ("note",)),
    "note about the contract of an event": Right(
        note(accounts.add_note), (*ENTRUSTED, SA), "contracts.note_contract", "kept", ("note",)),
    "note about another contract": Right(
        note(accounts.add_note), ENTRUSTED, "contracts.note_contract", "contract", ("note",)),
    "note about an event": Right(
        note(accounts.add_note), (*ENTRUSTED, SA), "events.note_event", "event", ("note",)),
    "back to prospect": Right(
        reasoned(clients.revert), BOSS, "clients.revert_client", "fresh", ("revert",)),
    "change a client's sales contact": Right(
        assign_client, BOSS, "clients.assign_client", "client", ("assign_client",)),
    "export a client": Right(
        export, (M, SO), "clients.export_client", "client", ("export_clients",)),
    "export a contract": Right(
        export, (M, SO), "contracts.export_contract", "contract", ("export_contracts",)),
    "export an event": Right(
        export, (M, SO), "events.export_event", "event", ("export_events",)),
    "delegate a client": Right(
        delegate, (M, SO), "clients.delegate_client", "client", ("delegate",)),
    "delegate a contract": Right(
        delegate, (M, SO), "contracts.delegate_contract", "contract", ("delegate",)),
    "delegate an event": Right(
        delegate, (M, SO, SA), "events.delegate_event", "event", ("delegate",)),
    "delete a client": Right(
        plainly(clients.delete), BOSS, "clients.delete_client", "fresh", ("delete",)),
    "erase a client": Right(
        erase, BOSS, "clients.erase_client", "fresh", ("erase_client",)),
    "hand out what is held": Right(
        hand_out, BOSS, "clients.disclose_client", "client", ("export_person",)),
    "open a contract": Right(
        open_contract, ENTRUSTED, "clients.open_contract_client", "client", ("open",)),
    "change an open contract": Right(
        edit(ContractForm, title="Gala"), ENTRUSTED, "contracts.change_terms_contract", "contract",
        ("update",)),
    "cancel an open contract": Right(
        plainly(contracts.cancel), ENTRUSTED, "contracts.cancel_contract", "contract",
        ("cancel_contract",)),
    "sign a contract": Right(
        sign, ENTRUSTED, "contracts.sign_contract", "contract", ("sign",)),
    "change the terms of a signed contract": Right(
        edit(ContractForm, **SIGNED_TITLE), BOSS, "contracts.amend_contract", "signed",
        ("update",)),
    "change the notes of a signed contract": Right(
        edit(ContractForm, notes="Vegan", reason="Said so"), ENTRUSTED,
        "contracts.change_contract", "signed", ("update",)),
    "cancel a signed contract": Right(
        reasoned(contracts.cancel), BOSS, "contracts.cancel_signed_contract", "signed",
        ("cancel_contract",)),
    "reopen a signed contract": Right(
        reasoned(contracts.reopen), BOSS, "contracts.reopen_contract", "signed",
        ("reopen_contract",)),
    "create the event of a signed contract": Right(
        create_event, ENTRUSTED, "contracts.create_event_contract", "signed", ("create_event",)),
    "change a planned event": Right(
        edit(EventForm, venue="Lyon"), (*ENTRUSTED, SA), "events.change_event", "event",
        ("update",)),
    "name the support contact": Right(
        assign_event, BOSS, "events.assign_event", "event", ("assign_event",)),
    "complete an event that has started": Right(
        plainly(events.complete), (*ENTRUSTED, SA), "events.complete_event", "started",
        ("complete",)),
    "cancel an event": Right(
        reasoned(events.cancel), ENTRUSTED, "events.cancel_event", "event", ("cancel_event",)),
    "reopen an event": Right(
        reasoned(events.reopen), BOSS, "events.reopen_event", "cancelled",
        ("reopen_event",)),
    "work on the checklist of an event": Right(
        plainly(checklist.take_template), (*ENTRUSTED, SA), "events.prepare_event", "started",
        ("take_template",)),
    "edit the checklist template": Right(
        plainly(checklist_template.remove), BOSS, "events.edit_templateitem", "point",
        ("remove_template_item",)),
    "change a cancelled event": Right(
        edit(EventForm, venue="Lyon", reason="A slip"), BOSS, "events.amend_event", "cancelled",
        ("update",)),
}  # fmt: skip
# With the account of the owner: what is done with it is tried in epic_crm/tests/test_people.py.
PEOPLE = {
    "accounts.view_user": TEAMS,
    "accounts.manage_user": BOSS,
    "accounts.measure_user": BOSS,
    "accounts.audit_user": BOSS,
    "accounts.create_user": BOSS,
    "accounts.invite_user": BOSS,
    "accounts.change_user": BOSS,
    "accounts.move_user": BOSS,
    "accounts.deactivate_user": BOSS,
    "accounts.reactivate_user": BOSS,
    "accounts.delete_user": BOSS,
    "accounts.reset_factor_user": BOSS,
    "accounts.sign_out_user": BOSS,
    "accounts.lift_limit_user": BOSS,
}

NOT_TO_ONESELF = {
    "accounts.invite_user",
    "accounts.move_user",
    "accounts.deactivate_user",
    "accounts.delete_user",
    "accounts.reset_factor_user",
    "accounts.sign_out_user",
    "accounts.lift_limit_user",
}

# Of a journal entry, whoever wrote it: epic_crm/tests/test_notes.py.
ENTRIES = {"history.remove_note_entry"}


@pytest.fixture
def record(request, world):
    return world[RIGHTS[request.node.callspec.params["action"]].record]


@pytest.mark.parametrize("action", RIGHTS)
def test_the_verb(cast, record, action):
    """Everybody tries, in turn: what one of them did is undone before the next comes."""
    for who in (*TEAMS, *OUTSIDE):
        with transaction.atomic():
            try:
                attempt(RIGHTS[action], type(record).objects.get(pk=record.pk), cast[who], who)
            except BaseException as failure:
                failure.add_note(f"As {who}.")
                raise
            transaction.set_rollback(True)


def attempt(right, record, by, who):
    if who in right.who:
        with told(*right.told):
            right.deed(record, by)
    else:
        refusals = (PermissionDenied, WrongMoment, Http404)
        with nothing_changes(), pytest.raises(refusals):
            right.deed(record, by)


@pytest.mark.parametrize("action", RIGHTS)
def test_who_and_lists_and_buttons_agree_with_it(cast, record, action):
    right = RIGHTS[action]
    asked = right.perm.split(".")[1].removesuffix(f"_{record._meta.model_name}")
    for who, user in cast.items():
        holds = who in right.who
        assert user.has_perm(right.perm, record) is holds, who
        if asked != "create":  # On what? There is no record yet.
            records = type(record).objects
            assert records.allowing(user, asked).contains(record) is holds, who
            marked = records.with_rights(user, asked).get(pk=record.pk)
            assert bool(getattr(marked, f"may_{asked}")) is holds, who


@pytest.mark.parametrize("perm", PEOPLE)
def test_who_with_people(cast, perm):
    person = cast["owner"]
    assert [who for who, user in cast.items() if user.has_perm(perm, person)] == [
        who for who in cast if who in PEOPLE[perm]
    ]


@pytest.mark.parametrize("perm", PEOPLE)
def test_what_managers_may_not_do_to_themselves(cast, perm):
    manager = cast["management"]
    for person in (manager, UserFactory(is_superuser=True)):  # Nor to a superuser.
        assert manager.has_perm(perm, person) is (perm not in NOT_TO_ONESELF)


def test_every_permission_has_a_row():
    assert {right.perm for right in RIGHTS.values()} | PEOPLE.keys() | ENTRIES == policies.keys()
