"""The pages that ask before a contract is cancelled or reopened; to sign has a file of its own."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from accounts.tests.pages import inputs
from contracts import workflow
from history.tests.tables import nothing_changes, told


def address(name, contract):
    return reverse(f"contracts:{name}", args=[contract.pk])


@pytest.fixture
def management(browser, cast):
    browser.force_login(cast["management"])
    return browser


def test_an_open_contract_is_cancelled_without_more_ado(browser, cast, contract):
    browser.force_login(cast["owner"])
    page = browser.get(address("cancel", contract))
    assert inputs(page) == {}
    assertContains(page, contract.reference)
    with told("cancel_contract"):
        response = browser.post(address("cancel", contract), follow=True)
    assertRedirects(response, contract.get_absolute_url())
    assertContains(response, "is cancelled.")


@pytest.mark.parametrize(
    ("name", "verb"), [("cancel", "cancel_contract"), ("reopen", "reopen_contract")]
)
def test_a_signed_one_with_a_reason(management, signed, name, verb):
    assert inputs(management.get(address(name, signed))) == {"reason": ""}
    for typed in ({}, {"reason": ""}, {"reason": " "}):
        with nothing_changes():
            response = management.post(address(name, signed), typed)
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    with told(f"{name}_contract"):
        response = management.post(address(name, signed), {"reason": "Bankrupt"}, follow=True)
    assertContains(response, "Bankrupt")


@pytest.mark.parametrize("name", ["cancel", "reopen"])
def test_not_while_there_is_an_event_and_it_says_which(management, cast, signed, name):
    """The moment of a contract hangs on its event: the entry that tells is the event's."""
    from_browser = management.post(
        reverse("events:create", args=[signed.pk]),
        {
            "name": "Gala",
            "starts_at_0": "2027-02-01",
            "starts_at_1": "19:00",
            "ends_at_0": "2027-02-01",
            "ends_at_1": "23:00",
        },
    )
    assert from_browser.status_code == 302
    with nothing_changes():
        response = management.post(address(name, signed), {"reason": "Oops"})
    assertContains(response, "You created", status_code=409)


def test_the_second_asker_is_told_who_and_when(management, cast, contract):
    workflow.cancel(contract, by=cast["owner"])
    for method in (management.get, management.post):
        response = method(address("cancel", contract))
        assertContains(response, "Olivia Owner", status_code=409)


def test_who_may_not_cancel_a_signed_one_is_told_it_is_too_late(browser, cast, signed):
    for who, status in {"owner": 409, "delegate": 409, "colleague": 403, "support": 403}.items():
        browser.force_login(cast[who])
        with nothing_changes():
            response = browser.post(address("cancel", signed), {"reason": "Please"})
        assert response.status_code == status, who


def test_a_note_about_a_contract(browser, cast, event):
    browser.force_login(cast["support"])
    note = {"channel": "email", "happened_on": "2026-01-05", "text": "Wants vegan food."}
    with told("note"):
        response = browser.post(address("note", event.contract), note, follow=True)
    assertRedirects(response, event.contract.get_absolute_url())
    assertContains(response, "Wants vegan food.")
