"""
Whose an event is: on the sales side its client's, on the support side its own.

Cell by cell: epic_crm/tests/test_rights.py.
"""

import pytest

from accounts.delegations import delegate
from accounts.models import User
from clients.models import Client
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from events.models import Event
from events.tests.factories import EventFactory


def again(user):
    """The same person on the next request."""
    return User.objects.get(pk=user.pk)


def test_it_works(cast, event):
    EventFactory()  # Somebody else's.
    for who in ("owner", "delegate", "support"):
        assert Event.objects.allowing(cast[who], "change").get() == event
    for who in ("colleague", "other support", "no team", "leaver"):
        assert not Event.objects.allowing(cast[who], "change").exists()
    assert Event.objects.allowing(cast["management"], "change").count() == 2
    assert Event.objects.visible_to(cast["other support"]).count() == 2


def test_it_goes_with_its_client_and_with_its_support_contact(cast, event):
    Client.objects.update(sales_contact=cast["colleague"])
    Event.objects.update(support_contact=cast["other support"])
    may = {who for who, user in cast.items() if user.has_perm("events.change_event", event)}
    assert may == {"management", "colleague", "delegate", "other support"}


def test_support_notes_about_the_contract_and_the_client_of_an_event_each_once(cast, event):
    other = EventFactory(contract__client=event.contract.client, support_contact=cast["support"])
    ContractFactory(client=event.contract.client)  # Without event: not theirs to note about.
    assert Client.objects.allowing(cast["support"], "note").get() == event.contract.client
    noted = Contract.objects.allowing(cast["support"], "note")
    assert set(noted) == {event.contract, other.contract}
    Event.objects.update(support_contact=cast["other support"])
    assert not Client.objects.allowing(cast["support"], "note").exists()
    assert not Contract.objects.allowing(cast["support"], "note").exists()


@pytest.mark.parametrize("lent", ["client", "contract", "event"])
def test_lent_at_any_link_of_the_chain(cast, lent, today):
    event = EventFactory(support_contact=cast["support"])
    record = {"client": event.contract.client, "contract": event.contract, "event": event}[lent]
    delegate(record, by=cast["management"], to=cast["colleague"], until=today)
    given = again(cast["colleague"]).get_all_permissions(event)
    assert given == {
        f"events.{action}_event"
        for action in ("view", "change", "complete", "cancel", "note", "prepare")
    }


def test_lent_in_every_way_it_comes_once(cast, event, today):
    for record in (event.contract, event):
        delegate(record, by=cast["owner"], to=cast["delegate"], until=today)
    assert Event.objects.allowing(again(cast["delegate"]), "change").count() == 1


def test_a_colleague_of_support_to_whom_it_is_lent_does_the_work_of_support(cast, event, today):
    delegate(event, by=cast["support"], to=cast["other support"], until=today)
    given = again(cast["other support"]).get_all_permissions(event)
    actions = ("view", "change", "complete", "note", "prepare")
    assert given == {f"events.{action}_event" for action in actions}
