import pytest
from django.utils.timezone import localdate, now

from accounts.models import AccessRequest
from accounts.records import write
from accounts.workflow import add_note
from clients import workflow as clients
from clients.models import Client
from contracts import workflow as contracts
from dashboard.exports import copy_out
from dashboard.models import SavedView
from events import checklist_template
from events.models import Event
from events.tests.factories import EventFactory, ItemFactory

from .leftovers import COMPANY, a_contract


@pytest.fixture
def zenobie(cast):
    """A person of whom every room holds something, through the product's own verbs."""
    owner, manager = cast["owner"], cast["management"]
    client = clients.create(
        by=owner, company_name=COMPANY, first_name="Zénobie", last_name="Quillmark",
        email="zenobie@quillmark.example", phone="01 99 00 41 17", mobile="06 39 98 00 11",
        job_title="Chief of Whimsy",
    )  # fmt: skip
    write(client, "update", by=owner, email="zenobie@old.quillmark.example")
    add_note(client, by=owner, channel="phone", happened_on=localdate(), text="allergic to walnuts")
    AccessRequest.objects.create(
        person=cast["colleague"], permission="clients.change_client", label="clients.client",
        record_id=client.pk, reason="Call her at home", until=localdate(),
    )  # fmt: skip
    SavedView.objects.create(person=owner, list="clients", name="Mine", query="q=Quillmark")
    SavedView.objects.create(person=owner, list="clients", name="Others", query="q=Startup")
    copy_out("clients", Client.objects.all(), by=manager, asked={"words": "Zénobie"})
    return client


@pytest.fixture
def with_event(cast, zenobie):
    """Signed, and its event completed."""
    owner = cast["owner"]
    contract = contracts.sign(a_contract(zenobie, owner), by=owner, signed_on=localdate())
    event = EventFactory(
        contract=contract, name="Vivat regina", venue="the old mill", address="12 Lark Lane",
        onsite_contact="Rosamund", onsite_phone="01 99 00 62 26", instructions="silver napkins",
    )  # fmt: skip
    write(event, "update", by=owner, instructions="silver napkins, folded")
    add_note(event, by=owner, channel="note", happened_on=localdate(), text="bring the harp")
    checklist_template.add(by=cast["management"], what="Visit", days_before=3)
    ItemFactory(event=event, what="Order confetti")
    Event.objects.update(status="completed", completed_at=now())
    return contract
