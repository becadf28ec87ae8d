"""A form that is sent twice makes one record, and leads to it both times."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import Submission
from accounts.submissions import AlreadyMade, once
from accounts.tests.pages import inputs
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.models import Contract
from epic_crm.tests.test_doors import POSTED
from events.models import Event
from history.models import Entry, Note
from history.tests.tables import nothing_changes, told

FORMS = {  # Where a record is made: from what, of which model, with which verb.
    "clients:create": (None, Client, "create_client"),
    "contracts:create": ("client", Contract, "open"),
    "events:create": ("signed", Event, "create_event"),
}
OTHER = {"company_name": "Another", "email": "another@startup.example"}  # Not asked about.
NOTES = {"clients:note": "client", "contracts:note": "contract", "events:note": "event"}


@pytest.fixture
def owner(browser, cast):
    browser.force_login(cast["owner"])
    return browser


def page_of(browser, world, name, record):
    address = reverse(name, args=[world[record].pk] if record else [])
    return address, inputs(browser.get(address)) | POSTED.get(name, {})


@pytest.mark.parametrize("name", FORMS)
def test_it_works(owner, world, name):
    record, model, verb = FORMS[name]
    address, page = page_of(owner, world, name, record)
    with told(verb):
        first = owner.post(address, page)
    made = model.objects.latest("pk")
    with nothing_changes():
        second = owner.post(address, page)
        changed = {field: "Other" if field in ("title", "name") else page[field] for field in page}
        third = owner.post(address, changed)
    for response in (first, second, third):
        assertRedirects(response, made.get_absolute_url(), fetch_redirect_response=False)
    page = owner.get(made.get_absolute_url())
    assertContains(page, "This form had been sent already: here is what it made.")


@pytest.mark.parametrize("name", NOTES)
def test_a_note_sent_twice(owner, world, name):
    address, page = page_of(owner, world, name, NOTES[name])
    with told("note"):
        first = owner.post(address, page)
    with nothing_changes():
        second = owner.post(address, page)
    assert first.url == second.url
    assert Note.objects.count() == Entry.objects.filter(verb="note").count()


def test_the_note_form_of_a_record_page_carries_a_key(owner, kevin):
    page = inputs(owner.get(kevin.get_absolute_url()), "ee-note-form")
    assert len(page["submission"]) == 36


def test_each_page_has_its_own_key(owner):
    address = reverse("clients:create")
    assert inputs(owner.get(address))["submission"] != inputs(owner.get(address))["submission"]


def test_what_was_not_valid_is_sent_again(owner, world):
    address, page = page_of(owner, world, "clients:create", None)
    response = owner.post(address, page | {"email": "no"})
    again = inputs(response)
    assert (response.status_code, again["submission"]) == (422, page["submission"])
    with told("create_client"):
        owner.post(address, again | {"email": "k@x.example"})


def test_what_a_verb_refused_is_sent_again(owner, world):
    """The key goes with the record: neither is there."""
    address, page = page_of(owner, world, "clients:create", None)
    with nothing_changes():
        assert owner.post(address, page | {"follow_up_on": "0001-01-01"}).status_code == 422
    with told("create_client"):
        owner.post(address, page)


def test_a_key_is_of_one_person(browser, cast, owner, world):
    address, page = page_of(owner, world, "clients:create", None)
    owner.post(address, page)
    browser.force_login(cast["colleague"])
    with told("create_client"):
        browser.post(address, page | OTHER)


@pytest.mark.parametrize("key", ["", "x", "0" * 5000, "\x00"])
def test_a_key_that_is_none_is_no_key(owner, world, key):
    address, page = page_of(owner, world, "clients:create", None)
    with told("create_client", "create_client"):
        owner.post(address, page | {"submission": key})
        owner.post(address, page | OTHER | {"submission": key})
    assert not Submission.objects.exists()


def test_a_record_that_is_gone_is_not_made_again(owner, world):
    address, page = page_of(owner, world, "clients:create", None)
    owner.post(address, page)
    Client.objects.latest("pk").delete()
    with nothing_changes():
        assert owner.post(address, page).url == reverse("dashboard:home")


def test_two_people_each_with_a_form_for_one_event(browser, cast, owner, world):
    """The second is told who was first, and keeps what they typed."""
    address, mine = page_of(owner, world, "events:create", "signed")
    browser.force_login(cast["management"])
    browser.post(*page_of(browser, world, "events:create", "signed"))
    browser.force_login(cast["owner"])
    with nothing_changes():
        response = browser.post(address, mine | {"venue": "Nantes"})
    assertContains(response, "Mona Manager", status_code=409)
    assertContains(response, "<dd>Nantes</dd>", status_code=409)


def test_old_keys_are_forgotten(cast, kevin):
    for days in (1, 8):
        at = now() - timedelta(days=days)
        Submission.objects.create(person=cast["owner"], key=uuid4(), made_at=at)
    once(uuid4(), lambda: kevin, by=cast["owner"])
    assert Submission.objects.count() == 2


def test_a_verb_that_fails_leaves_no_key(cast, kevin):
    key = uuid4()

    def fail():
        raise ValidationError("no")

    with nothing_changes(), pytest.raises(ValidationError):
        once(key, fail, by=cast["owner"])
    assert once(key, lambda: kevin, by=cast["owner"]) == kevin
    with pytest.raises(AlreadyMade) as again:
        once(key, ClientFactory, by=cast["owner"])
    assert again.value.record == kevin
