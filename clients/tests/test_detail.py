import pytest
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains

from accounts.tests.pages import inputs
from clients.models import Client


@pytest.fixture
def page(browser, cast, kevin):
    def page(who):
        browser.force_login(cast[who])
        return browser.get(kevin.get_absolute_url())

    return page


def test_it_works(page, contract, event):
    response = page("owner")
    for said in ("Cool Startup", "Kevin Casey", "kevin@startup.example", "Olivia Owner"):
        assertContains(response, said)
    assertContains(response, contract.reference)
    assertContains(response, event.name)
    assert response.context["signed"] == event.contract.amount


BUTTONS = {
    "update": ("management", "owner", "delegate"),
    "convert": ("management", "owner", "delegate"),
    "archive": ("management", "owner", "delegate"),
    "assign": ("management",),
    "delete": ("management",),
    "note": ("management", "owner", "delegate"),
    "restore": (),
    "revert": (),
}


@pytest.mark.parametrize(
    "who", ["management", "owner", "delegate", "colleague", "support", "other support"]
)
def test_each_sees_the_buttons_that_work(page, kevin, who):
    response = page(who)
    for name, people in BUTTONS.items():
        check = assertContains if who in people else assertNotContains
        check(response, f'"{reverse(f"clients:{name}", args=[kevin.pk])}"')
    check = assertNotContains if who in BUTTONS["update"] else assertContains
    check(response, "Read only.")


def test_an_archived_client_has_no_next_step(page, contract):
    assertContains(page("owner"), "Waiting for the client’s signature.")
    Client.objects.update(archived_at=now())
    response = page("owner")
    assertContains(response, "This client is archived")
    assertNotContains(response, "Waiting for")


def test_an_archived_client_can_only_be_restored(page, kevin):
    Client.objects.update(archived_at=now())
    response = page("owner")
    assertContains(response, reverse("clients:restore", args=[kevin.pk]))
    for name in ("update", "convert", "archive"):
        assertNotContains(response, reverse(f"clients:{name}", args=[kevin.pk]))
    assertNotContains(response, reverse("contracts:create", args=[kevin.pk]))


def test_the_day_to_call_again_is_set_by_who_may_change_the_client(page, event):
    assert "follow_up_on" in inputs(page("owner"), "ee-note-form")
    note = inputs(page("support"), "ee-note-form")
    assert "text" in note
    assert "follow_up_on" not in note


def test_the_pressing_contract_comes_first(page, contract, signed):
    """Signed and without event: before the open one, which is older."""
    response = page("owner")
    assert list(response.context["contracts"]) == [signed, contract]
    assertContains(response, "Next step: create the event of contract")
    assertContains(response, reverse("events:create", args=[signed.pk]))


def test_what_a_prospect_needs_next(page, kevin):
    assertContains(page("owner"), "Next step: convert to client")
    Client.objects.update(stage="client", converted_at=now())
    assertContains(page("owner"), "Next step: open the first contract")


@pytest.mark.parametrize(
    "query",
    [
        "older=",
        "older=x",
        "older=²",
        "older=-1",
        "history=zzz",
        f"older={10**30}",
        "older=%00",
        "history=%3Cscript%3E",
    ],
)
def test_nonsense_in_the_address_is_ignored(browser, cast, kevin, query):
    browser.force_login(cast["owner"])
    response = browser.get(f"{kevin.get_absolute_url()}?{query}")
    assertContains(response, "delegated")
    assertNotContains(response, "<script>")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("query", "channel"), [("?channel=phone", "phone"), ("?channel=x", "note"), ("", "note")]
)
def test_the_note_form_is_ready_for_a_call(browser, cast, kevin, query, channel):
    browser.force_login(cast["owner"])
    form = browser.get(kevin.get_absolute_url() + query).context["note_form"]
    assert form["channel"].value() == channel


@pytest.mark.parametrize(("at", "button"), [("/", "Open the record"), (None, "Add note")])
def test_a_call_leads_to_its_note(browser, cast, kevin, today, at, button):
    """From home to the record, whose own button says what one came for."""
    type(kevin).objects.filter(pk=kevin.pk).update(follow_up_on=today)
    browser.force_login(cast["owner"])
    page = browser.get(at or kevin.get_absolute_url()).text
    link = page.split(f'href="{kevin.get_absolute_url()}?channel=phone#id_text"')
    assert any(button in after.split("</a>")[0] for after in link[1:])
