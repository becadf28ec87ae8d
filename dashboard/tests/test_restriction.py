"""What an erasure keeps is for management alone to read, and for nobody to change."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime
from pytest_django.asserts import assertContains, assertNotContains

from accounts.access import Refused, WrongMoment, model_of, policies, require
from accounts.delegations import delegate
from accounts.people import deactivate, delete_user
from accounts.workflow import add_note
from clients.models import Client, ClientDelegation
from contracts.models import Contract
from dashboard.erasure import Ground, erase
from dashboard.models import Notification
from events.models import Event
from history.models import Entry
from history.tests.tables import nothing_changes

from .leftovers import COMPANY

READ = ("view", "export", "disclose", "create")


@pytest.fixture
def left(cast, today, zenobie, with_event):
    """What an erasure left, of a client that was delegated, told of and worked on."""
    Event.objects.update(support_contact=cast["support"])
    delegate(zenobie, by=cast["owner"], to=cast["delegate"], until=today + timedelta(9))
    Notification.objects.get_or_create(
        recipient=cast["owner"], kind="client_given", label="clients.client", record_id=zenobie.pk,
        entry=Entry.objects.about(zenobie).last(),
    )  # fmt: skip
    return erase(zenobie, by=cast["management"], ground=Ground.ASKED)


def pages(client):
    """Where it used to be found."""
    contract, event = Contract.objects.get(client=client), Event.objects.get()
    day = localtime(event.starts_at).date()
    own = [
        *(client.get_absolute_url() + part for part in ("", "history/", "edit/", "notes/")),
        *(contract.get_absolute_url() + part for part in ("", "history/", "edit/")),
        *(event.get_absolute_url() + part for part in ("", "history/", "day/", "event.ics")),
    ]
    lists = [
        "/", "/clients/?view=ever", "/clients/?view=archived", "/contracts/?view=all",
        "/contracts/?view=signed", "/events/?view=all", "/events/?view=past",
        f"/search/?q={COMPANY}", f"/search/?q={contract.reference}", f"/clients/?q={COMPANY}",
        "/clients/?view=ever&q=bellweathr", f"/agenda/{day.year}/{day.month}/?who=all",
        f"/agenda/list/?who=all&from={day}", "/notifications/", "/access/",
        "/exports/clients/?view=ever", "/exports/contracts/?view=all", "/exports/events/?view=all",
    ]  # fmt: skip
    return own, lists, (COMPANY, contract.reference)


@pytest.mark.parametrize("who", ["owner", "delegate", "colleague", "support", "other support"])
def test_the_others_see_nothing_of_it(browser, cast, left, who):
    own, lists, names = pages(left)
    browser.force_login(cast[who])
    assert {address: browser.get(address).status_code for address in own} == dict.fromkeys(own, 404)
    for address in lists:
        page = browser.get(address)
        assert page.status_code == (403 if "support" in who and "/exports/" in address else 200)
        found = page.text.split("<main")[1]  # Without what was asked for: that stands in quotes.
        for name in names:
            assert f">{name}" not in found, address
    for kind in ("clients", "contracts", "events"):  # Nor does it leave.
        with nothing_changes():
            assert browser.post(f"/exports/{kind}/?view=all").status_code in (403, 422)


def test_management_reads_it(browser, cast, left):
    own, _lists, (company, reference) = pages(left)
    browser.force_login(cast["management"])
    client, contract, event = own[0], own[4], own[7]
    page = browser.get(client)
    assertContains(page, "Data erased")
    assertContains(page, reference)
    assertNotContains(page, f"{client}notes/")
    assertContains(browser.get(contract), company)
    for address in (client, contract, event):  # Not whom to ask: nobody changes it any more.
        page = browser.get(address)
        assertContains(page, "What is left is kept for accounting.")
        assertNotContains(page, "Read only.")
    assertContains(browser.get("/clients/?view=archived"), "Data erased")
    assertContains(browser.get(f"/search/?q={reference}"), reference)


def test_whoever_was_lent_it_has_it_no_more(cast, left):
    assert not ClientDelegation.objects.exists()
    assert not Notification.objects.filter(label="clients.client", record_id=left.pk).exists()


def everything_one_may_do():
    for perm in policies:
        model, action = model_of(perm), perm.split(".")[1].split("_")[0]
        if model in (Client, Contract, Event) and action not in READ:
            yield perm
    yield "contracts.create_event_contract"


@pytest.mark.parametrize("perm", [*everything_one_may_do()])
def test_nothing_is_done_to_it(cast, left, perm):
    """A permission that comes tomorrow is tried, too."""
    record = {Client: left, Contract: Contract.objects.get(), Event: Event.objects.get()}
    with pytest.raises(WrongMoment):
        require(cast["management"], perm, record[model_of(perm)])
    with pytest.raises((Refused, WrongMoment)):
        require(cast["owner"], perm, record[model_of(perm)])


def test_no_note_is_added(browser, cast, today, left):
    said = {"channel": "phone", "happened_on": today, "text": "Zénobie called"}
    for record in (left, Contract.objects.get(), Event.objects.get()):
        with nothing_changes(), pytest.raises(WrongMoment):
            add_note(record, by=cast["management"], **said)
        browser.force_login(cast["management"])
        with nothing_changes():
            page = browser.post(f"{record.get_absolute_url()}notes/", said)
        assertContains(
            page, "its personal data must not have been erased", status_code=409, html=False
        )


def test_whoever_was_in_charge_can_leave(cast, left):
    """A record that no form saves any more is in nobody's hands, and holds nobody back."""
    assert left.sales_contact is None
    told = Entry.objects.get(verb="erase_client").values.get(field="sales_contact")
    assert (told.old["label"], told.new) == ("Olivia Owner", None)
    for who in ("owner", "support"):
        deactivate(cast[who], by=cast["management"])
        delete_user(cast[who], by=cast["management"])
    assert Event.objects.get().support_contact is None
