"""
The chain, walked whole: every verb in every state as every person, against a model of its own.

The model is domain.md's text once more, in a table, and knows nothing of the policies: where the
two differ, one of them is wrong. Its own verbs lead from state to state, so that none is left out.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.utils.timezone import localdate, now

from accounts import delegations
from accounts import workflow as accounts
from accounts.access import Refused, WrongMoment
from accounts.delegations import delegate
from accounts.models import Team, User
from accounts.tests.factories import UserFactory
from clients import workflow as clients
from clients.forms import ClientForm
from clients.models import Client, ClientDelegation
from clients.tests.factories import ClientFactory
from contracts import workflow as contracts
from contracts.forms import ContractForm
from contracts.models import Contract, ContractDelegation
from contracts.tests.factories import ContractFactory
from epic_crm.tests.test_rights import edit, note, open_contract, plainly, reasoned, sign
from events import workflow as events
from events.forms import EventForm
from events.models import Event, EventDelegation
from events.tests.factories import EventFactory
from history.models import Entry, Note
from history.tests.tables import contents


class State(NamedTuple):
    """Where a client and its one contract and event stand; ``support``: Sam looks after it."""

    stage: str = "prospect"
    archived: bool = False
    contract: str = "none"
    event: str = "none"  # A planned one has begun, or not yet: "started", "planned".
    support: bool = False


LIVE = ("planned", "started", "completed")
COMING = ("planned", "started")

# Who is who, towards client, contract and event: domain.md's letters. S: support to whom the event
# is lent.
ROLES = {
    "management": ("M", "M", "M"),
    "owner": ("SO", "SO", "SO"),
    "colleague": ("SN", "SN", "SN"),
    "delegate": ("D", "D", "D"),  # Of the client.
    "of contract": ("SN", "D", "D"),
    "of event": ("SN", "SN", "D"),
    "support": ("SA", "SA", "SA"),  # Where there is an event, and it is theirs.
    "other support": ("SU", "SU", "SU"),
    "second support": ("SU", "SU", "S"),
    "no team": ("-", "-", "-"),
    "leaver": ("-", "-", "-"),
}
ON = ("client", "contract", "event")


class Rule(NamedTuple):
    """A line of domain.md: who, when, and what is so then; it ``writes`` and ``makes`` no more."""

    on: str
    deed: Callable[[Any, Any], Any]
    who: str
    when: Callable[[State, str], bool] = lambda state, role: True
    then: Callable[[State], dict | None] = lambda state: {}  # None: it is gone.
    writes: str = ""
    makes: str = ""
    told: Callable[[State], tuple[str, ...]] = lambda state: ()


def tells(*verbs):
    return lambda state: verbs


def as_management(deed, status):
    """With the reason that only management is asked for, of what is in that status."""

    def do(record, by):
        asked = by.team == Team.MANAGEMENT and record.status == status
        deed(record, by=by, **({"reason": "A slip"} if asked else {}))

    return do


def create_event(record, by):
    start = now() + timedelta(30)
    events.create(record, by=by, name="Gala", starts_at=start, ends_at=start + timedelta(hours=5))


def assign_event(record, by):
    events.assign(record, by=by, support_contact=User.objects.get(first_name="Otto"))


def assign_client(record, by):
    clients.assign(record, by=by, sales_contact=None)


def lend(record, by):
    colleague = User.objects.get(first_name="Otto" if by.team == Team.SUPPORT else "Colin")
    delegations.delegate(record, by=by, to=colleague, until=localdate())


def end_loan(record, by):
    delegations.end(delegations.loans(record).get(), by=by)


WHY = {"reason": "A slip"}
SIGNED = "signed_on status sold_by_id"
RULES = {
    # --- Client
    "change a client": Rule(
        "client", edit(ClientForm, job_title="CTO"), "M SO D", lambda s, r: not s.archived,
        writes="job_title", told=tells("update")),
    "convert": Rule(
        "client", plainly(clients.convert), "M SO D",
        lambda s, r: s.stage == "prospect" and not s.archived, lambda s: {"stage": "client"},
        "stage converted_at", told=tells("convert")),
    "back to prospect": Rule(
        "client", reasoned(clients.revert), "M",
        lambda s, r: s.stage == "client" and s.contract != "signed",
        lambda s: {"stage": "prospect"},
        "stage converted_at", told=tells("revert")),
    "archive": Rule(
        "client", plainly(clients.archive), "M SO D", lambda s, r: not s.archived,
        lambda s: {"archived": True}, "archived_at", told=tells("archive")),
    "restore": Rule(
        "client", plainly(clients.restore), "M SO D", lambda s, r: s.archived,
        lambda s: {"archived": False}, "archived_at", told=tells("restore")),
    "change the sales contact": Rule(
        "client", assign_client, "M", writes="sales_contact_id", told=tells("assign_client")),
    "delete": Rule(
        "client", plainly(clients.delete), "M", lambda s, r: s.contract == "none", lambda s: None,
        makes="-Client -ClientDelegation", told=tells("delete")),
    "open a contract": Rule(
        "client", open_contract, "M SO D", lambda s, r: not s.archived,
        lambda s: {"contract": "open"} if s.contract == "none" else {}, makes="+Contract",
        told=tells("open")),
    "note about a client": Rule(
        "client", note(clients.add_note), "M SO D SA", makes="+Note", told=tells("note")),
    "delegate a client": Rule(
        "client", lend, "M SO", makes="+ClientDelegation", told=tells("delegate")),
    "end a delegation": Rule(
        "client", end_loan, "M SO D", makes="-ClientDelegation", told=tells("end_delegation")),
    # --- Contract
    "change the terms": Rule(
        "contract", edit(ContractForm, title="Gala", **WHY), "M SO D",
        lambda s, r: s.contract == "open" or (r == "M" and s.contract == "signed"),
        writes="title", told=tells("update")),
    "change the notes": Rule(
        "contract", edit(ContractForm, notes="Vegan", **WHY), "M SO D", writes="notes",
        told=tells("update")),
    "sign": Rule(
        "contract", sign, "M SO D", lambda s, r: s.contract == "open",
        lambda s: {"contract": "signed", "stage": "client"}, f"{SIGNED} stage converted_at",
        told=lambda s: ("sign", "convert") if s.stage == "prospect" else ("sign",)),
    "cancel a contract": Rule(
        "contract", as_management(contracts.cancel, "signed"), "M SO D",
        lambda s, r: s.contract == "open"
        or (r == "M" and s.contract == "signed" and s.event not in LIVE),
        lambda s: {"contract": "cancelled"}, "status", told=tells("cancel_contract")),
    "reopen a contract": Rule(
        "contract", reasoned(contracts.reopen), "M",
        lambda s, r: s.contract in ("signed", "cancelled") and s.event not in LIVE,
        lambda s: {"contract": "open"}, SIGNED, told=tells("reopen_contract")),
    "create the event": Rule(
        "contract", create_event, "M SO D",
        lambda s, r: s.contract == "signed" and s.event == "none", lambda s: {"event": "planned"},
        makes="+Event", told=tells("create_event")),
    "note about a contract": Rule(
        "contract", note(accounts.add_note), "M SO D SA", makes="+Note", told=tells("note")),
    "delegate a contract": Rule(
        "contract", lend, "M SO", makes="+ContractDelegation", told=tells("delegate")),
    # --- Event
    "change an event": Rule(
        "event", edit(EventForm, venue="Lyon", **WHY), "M SO D SA S",
        lambda s, r: s.event in COMING or r == "M", writes="venue", told=tells("update")),
    "name the support contact": Rule(
        "event", assign_event, "M", lambda s, r: s.event in COMING, writes="support_contact_id",
        told=tells("assign_event")),
    "complete": Rule(
        "event", plainly(events.complete), "M SO D SA S", lambda s, r: s.event == "started",
        lambda s: {"event": "completed"}, "status completed_at", told=tells("complete")),
    "cancel an event": Rule(
        "event", reasoned(events.cancel), "M SO D", lambda s, r: s.event in COMING,
        lambda s: {"event": "cancelled"}, "status", told=tells("cancel_event")),
    "reopen an event": Rule(  # An event is that of a signed contract.
        "event", reasoned(events.reopen), "M",
        lambda s, r: s.event in ("completed", "cancelled") and s.contract == "signed",
        lambda s: {"event": "started" if s.event == "completed" else "planned"},
        "status completed_at", told=tells("reopen_event")),
    "note about an event": Rule(
        "event", note(accounts.add_note), "M SO D SA S", makes="+Note", told=tells("note")),
    "delegate an event": Rule(
        "event", lend, "M SO SA", makes="+EventDelegation", told=tells("delegate")),
}  # fmt: skip


def there(rule, state):
    """There is something to do it to."""
    return rule.on == "client" or getattr(state, rule.on) != "none"


def reachable():
    """Every state that the verbs lead to, and time, which begins an event."""
    known, new = set(), [State()]
    while new:
        state = new.pop()
        if state in known:
            continue
        known.add(state)
        after = [
            rule.then(state)
            for rule in RULES.values()
            if there(rule, state) and "M" in rule.who.split() and rule.when(state, "M")
        ]
        if state.event == "planned":
            after += [{"event": "started"}, {"support": True}]
        new += [state._replace(**change) for change in after if change]
    return sorted(filter(telling, known))


def telling(state):
    """The others differ in what no verb asks for: an archived client's event, who supported."""
    if state.archived:
        return state.event == "none" and state.contract != "cancelled"
    return not state.support or state.event in LIVE


STATES = reachable()


def named(state):
    words = [state.stage, state.contract, state.event]
    return "-".join(words + ["archived"] * state.archived + ["supported"] * state.support)


@pytest.fixture
def people(cast):
    return cast | {
        "of contract": UserFactory(team=Team.SALES, first_name="Cora"),
        "of event": UserFactory(team=Team.SALES, first_name="Eve"),
        "second support": UserFactory(team=Team.SUPPORT, first_name="Sid"),
    }


def built(state, people):
    """The records of a state, and who they are lent to."""
    owner = people["owner"]
    client = ClientFactory(
        sales_contact=owner,
        stage=state.stage,
        converted_at=now() if state.stage == "client" else None,
    )
    lent = [(client, "delegate")]
    records = {"client": client}
    if state.contract != "none":
        signed_on = localdate() if state.contract == "signed" else None
        contract = ContractFactory(client=client, status=state.contract, signed_on=signed_on)
        records["contract"] = contract
        lent.append((contract, "of contract"))
    if state.event != "none":
        begun = state.event in ("started", "completed")
        records["event"] = EventFactory(
            contract=contract,
            status="planned" if state.event in COMING else state.event,
            starts_at=now() + timedelta(hours=-1 if begun else 48),
            completed_at=now() if state.event == "completed" else None,
            support_contact=people["support"] if state.support else None,
        )
        lent += [(records["event"], "of event"), (records["event"], "second support")]
    for record, who in lent:
        delegate(record, by=people["management"], to=people[who], until=localdate())
    if state.archived:
        Client.objects.filter(pk=client.pk).update(archived_at=now())
    return records


def role(who, rule, state):
    found = ROLES[who][ON.index(rule.on)]
    return "SU" if found == "SA" and not state.support else found


MODELS = (
    Client, Contract, Event, User, Note, ClientDelegation, ContractDelegation, EventDelegation,
)  # fmt: skip
FOLLOWS = {"version", "updated_at", "sort_key", "search_text", "name_key", "last_login"}


def rows():
    """Every row of the business by model and key."""
    return {
        (model.__name__, row["id"]): row for model in MODELS for row in model._base_manager.values()
    }


def difference(before, after):
    """The fields that were written, and the rows that came or went, by their model."""
    wrote = {
        field
        for key in before.keys() & after.keys()
        for field in before[key]
        if before[key][field] != after[key][field]
    }
    came = [f"+{model}" for model, _pk in after.keys() - before.keys()]
    gone = [f"-{model}" for model, _pk in before.keys() - after.keys()]
    return wrote - FOLLOWS, sorted(came + gone)


def attempt(rule, state, who, record, people):
    """What came of it, what the model says, and whether it was done."""
    part = role(who, rule, state)
    by = User.objects.get(pk=people[who].pk)
    last = Entry.objects.values_list("pk", flat=True).first() or 0
    before = rows() if part in rule.who.split() and rule.when(state, part) else None
    try:
        rule.deed(type(record).objects.get(pk=record.pk), by)
    except Refused:
        came = 403
    except WrongMoment:
        came = 409
    else:
        came = 200
    if before is None:
        return came, 409 if part in rule.who.split() else 403, came == 200
    told = tuple(Entry.objects.filter(pk__gt=last).order_by("pk").values_list("verb", flat=True))
    allowed, makes = set(rule.writes.split()), sorted(rule.makes.split())
    wrote, made = difference(before, rows())
    # A field that had that value already is not written: signed_on of a contract never signed.
    got = (came, told, wrote - allowed, made)
    return got, (200, rule.told(state), set(), makes), came == 200


@pytest.mark.parametrize("state", STATES, ids=named)
def test_every_verb_as_everybody(people, state):
    records = built(state, people)
    before, wrong = contents(), {}
    for (name, rule), who in ((item, who) for item in RULES.items() for who in ROLES):
        if not there(rule, state):
            continue
        with transaction.atomic():
            came, wanted, done = attempt(rule, state, who, records[rule.on], people)
            if came != wanted:
                wrong[name, who] = f"{came}, and the model says {wanted}"
            elif done and (is_now := stands(records)) != expected(rule, state, is_now):
                wrong[name, who] = f"it stands at {is_now}"
            if done:  # What is refused has to leave all as it was by itself.
                transaction.set_rollback(True)
    assert not wrong, "\n".join(f"{case}: {trouble}" for case, trouble in wrong.items())
    assert contents() == before  # What was refused.


def expected(rule, state, is_now):
    change = rule.then(state)
    if change is None:
        return None
    after = state._replace(**change)
    # Of who supports it, the journal and the writes tell.
    return after._replace(support=is_now.support)


def stands(records):
    """The state in which the database has them."""
    client = Client.objects.filter(pk=records["client"].pk).first()
    if client is None:
        return None
    contract = client.contracts.order_by("pk").first()
    event = Event.objects.filter(contract=contract).first()
    status = event.status if event else "none"
    if status == "planned" and event.starts_at <= now():
        status = "started"
    return State(
        client.stage,
        client.archived_at is not None,
        contract.status if contract else "none",
        status,
        bool(event and event.support_contact_id),
    )


def test_the_walk_is_whole():
    """Every line of the model is allowed somewhere and too early or too late elsewhere."""
    assert len(STATES) >= 23
    for name, rule in RULES.items():
        moments = {rule.when(state, "M") for state in STATES if there(rule, state)}
        always = {"change the sales contact", "change the notes", "change an event"}
        free = name in always or name.startswith(("note", "delegate", "end"))
        assert moments == ({True} if free else {True, False}), name
