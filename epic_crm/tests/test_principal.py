"""The journal says for whom a colleague did something: who could not have done it otherwise."""

import pytest
from django.utils import translation
from django.utils.timezone import localdate

from accounts.delegations import delegate, end
from accounts.workflow import add_note
from clients import workflow as clients
from clients.models import ClientDelegation
from contracts import workflow as contracts
from events import workflow as events
from history import journal, seals
from history.models import Entry
from history.words import sentence


def last():
    entry = Entry.objects.first()
    return entry.actor_name, entry.principal_name


def test_it_works(cast, kevin):
    clients.archive(kevin, by=cast["delegate"])
    entry = Entry.objects.first()
    assert last() == ("Dora Delegate", "Olivia Owner")
    assert entry.principal_id == cast["owner"].pk
    name = '<strong class="fw-semibold">{}</strong>'.format
    told = f"{name('Dora Delegate')} for {name('Olivia Owner')} archived client"
    with translation.override("en"):
        assert sentence(entry) == told
        assert sentence(entry, cast["management"]) == told
        assert sentence(entry, cast["delegate"]) == (
            f"You archived client for {name('Olivia Owner')}"
        )
        assert sentence(entry, cast["owner"]) == f"{name('Dora Delegate')} for you archived client"
    with translation.override("fr"):
        assert sentence(entry).startswith(f"{name('Dora Delegate')} pour {name('Olivia Owner')} a ")
        assert sentence(entry, cast["delegate"]).endswith(f" pour {name('Olivia Owner')}")
        assert "</strong> pour vous a " in sentence(entry, cast["owner"])


@pytest.mark.parametrize("who", ["owner", "management"])
def test_with_ones_own_hands_or_as_management_it_is_for_nobody(cast, kevin, who):
    clients.archive(kevin, by=cast[who])
    assert last() == (str(cast[who]), "")


def test_a_command_does_it_for_nobody(kevin):
    assert journal.record(None, "update", kevin).principal_name == ""


def test_all_that_follows_from_one_deed(cast, contract, today):
    """Who has the contract signs it, which makes the prospect a client; then the event."""
    first = Entry.objects.first().pk
    contracts.sign(contract, by=cast["delegate"], signed_on=today)
    events.create(
        contract, by=cast["delegate"], name="Gala",
        starts_at=contract.created_at, ends_at=contract.created_at.replace(year=2045),
    )  # fmt: skip
    told = Entry.objects.filter(pk__gt=first).values_list("verb", "principal_name")
    assert set(told) == {
        ("sign", "Olivia Owner"), ("convert", "Olivia Owner"), ("create_event", "Olivia Owner")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "lender", "principal"),
    [
        ("support", None, ""),
        ("other support", "support", "Sam Support"),
        ("colleague", "owner", "Olivia Owner"),
    ],
)
def test_an_event_has_two_sides(cast, event, today, who, lender, principal):
    if lender:
        delegate(event, by=cast[lender], to=cast[who], until=today)
    note = {"channel": "phone", "happened_on": localdate(), "text": "They called."}
    add_note(event, by=cast[who], **note)
    assert last() == (str(cast[who]), principal)


def test_support_notes_on_the_client_of_its_event_for_itself(cast, event):
    note = {"channel": "phone", "happened_on": localdate(), "text": "They called."}
    clients.add_note(event.contract.client, by=cast["support"], **note)
    assert last() == ("Sam Support", "")


def test_a_client_in_nobodys_hands(cast, kevin):
    type(kevin).objects.update(sales_contact=None)
    clients.archive(kevin, by=cast["delegate"])
    assert last() == ("Dora Delegate", "")


def test_to_give_it_back_is_ones_own_business(cast, kevin):
    end(ClientDelegation.objects.get(), by=cast["delegate"])
    assert last() == ("Dora Delegate", "")


def test_the_digest_covers_it(cast, kevin):
    entry = journal.record(cast["delegate"], "update", kevin, principal=cast["owner"])
    assert entry.digest == seals.seal_entry(entry, [])
    for principal in (None, cast["colleague"]):
        entry.principal_id = principal and principal.pk
        entry.principal_name = str(principal or "")
        assert entry.digest != seals.seal_entry(entry, [])
