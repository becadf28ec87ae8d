"""The pages that ask before something happens to a client."""

import pytest
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertRedirects

from accounts.bulk import KEPT
from accounts.tests.pages import inputs
from clients import workflow
from clients.models import Client
from history.tests.tables import changes, nothing_changes, told

AGREED = {"stage": "client", "converted_at": now()}
PAGES = {  # State before, what is typed, what the journal and the next page tell.
    "convert": ({}, {}, "convert", "is now a client"),
    "revert": (AGREED, {"reason": "A slip"}, "revert", "is a prospect again"),
    "assign": ({}, {"sales_contact": ""}, "assign_client", "is changed"),
    "archive": ({}, {}, "archive", "Client archived."),
    "restore": ({"archived_at": now()}, {}, "restore", "Client restored."),
    "delete": ({}, {}, "delete", "Cool Startup is deleted."),
}


@pytest.fixture
def management(browser, cast):
    browser.force_login(cast["management"])
    return browser


def address(name, kevin):
    return reverse(f"clients:{name}", args=[kevin.pk])


@pytest.mark.parametrize("name", PAGES)
def test_it_works(management, kevin, name):
    state, typed, verb, said = PAGES[name]
    Client.objects.update(**state)
    with nothing_changes():
        page = management.get(address(name, kevin))
    assertContains(page, "Kevin Casey")  # Whom it is about.
    assert inputs(page).keys() == typed.keys()
    with told(verb):
        response = management.post(address(name, kevin), typed, follow=True)
    last = reverse("clients:list") if name == "delete" else kevin.get_absolute_url()
    assertRedirects(response, last)
    assertContains(response, said)


@pytest.mark.parametrize("name", ["convert", "archive", "restore", "revert"])
def test_the_second_asker_is_told_who_and_when(management, cast, kevin, name):
    state, typed, _verb, _said = PAGES[name]
    Client.objects.update(**state)
    by = {"by": cast["management"]} if name == "revert" else {"by": cast["owner"]}
    getattr(workflow, name)(kevin, **by, **typed)
    for method in (management.get, management.post):
        with nothing_changes():
            response = method(address(name, kevin), typed)
        who = "You" if name == "revert" else "Olivia Owner"
        assertContains(response, who, status_code=409)
        assertContains(response, "today at", status_code=409)


def test_who_may_not_is_told_whom_to_ask(browser, cast, kevin):
    browser.force_login(cast["colleague"])
    response = browser.post(address("convert", kevin))
    assertContains(response, "Olivia Owner", status_code=403)
    assertContains(response, "sales contact or management can make it a client.", status_code=403)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_wanted_and_not_a_novel(management, kevin, reason):
    Client.objects.update(**AGREED)
    with nothing_changes():
        response = management.post(address("revert", kevin), {"reason": reason})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])


def test_the_reason_is_kept(management, kevin):
    Client.objects.update(**AGREED)
    management.post(address("revert", kevin), {"reason": "It fell through."})
    assert changes(kevin)["reason"] == (None, "It fell through.")


def test_the_contact_of_today_is_chosen_on_the_page(management, cast, kevin):
    page = management.get(address("assign", kevin))
    assert inputs(page) == {"sales_contact": str(cast["owner"].pk)}
    assertContains(page, "Olivia Owner · 1 client")


def test_nobody_is_not_chosen_in_place_of_a_closed_account(management, cast, kevin):
    Client.objects.update(sales_contact=cast["leaver"])
    page = management.get(address("assign", kevin))
    assert inputs(page) == {"sales_contact": ""}
    assertContains(page, "Choose…")
    with nothing_changes():
        response = management.post(address("assign", kevin), {"sales_contact": ""})
    assertContains(response, "Choose a sales contact.", status_code=422)


@pytest.mark.parametrize("who", ["support", "leaver", "no team"])
def test_only_who_sells_can_be_chosen(management, cast, kevin, who):
    with nothing_changes():
        response = management.post(address("assign", kevin), {"sales_contact": cast[who].pk})
    assert response.status_code == 422


class TestNote:
    def note(self, **typed):
        return {"channel": "phone", "happened_on": "2026-01-05", "text": "Call back."} | typed

    def test_it_works(self, management, kevin):
        with told("note"):
            response = management.post(address("note", kevin), self.note(), follow=True)
        assertRedirects(response, kevin.get_absolute_url())
        assertContains(response, "Call back.")
        assertContains(response, "Note added.")

    def test_with_the_day_to_call_again(self, management, kevin):
        with told("note"):
            management.post(address("note", kevin), self.note(follow_up_on="2027-05-04"))
        kevin.refresh_from_db()
        assert str(kevin.follow_up_on) == "2027-05-04"

    def test_support_may_not_set_that_day(self, browser, cast, event):
        browser.force_login(cast["support"])
        client = event.contract.client
        with nothing_changes():
            posted = self.note(follow_up_on="2027-05-04")
            assert browser.post(address("note", client), posted).status_code == 403
        with told("note"):
            assert browser.post(address("note", client), self.note()).status_code == 302

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("text", ""),
            ("text", "x" * 5001),
            ("channel", "pigeon"),
            ("happened_on", "9999-12-31"),
            ("happened_on", "2026-02-30"),
            ("follow_up_on", "0001-01-01"),
            ("follow_up_on", "9999-12-31"),
        ],
    )
    def test_what_is_not_valid_is_shown_again(self, management, kevin, field, value):
        with nothing_changes():
            response = management.post(address("note", kevin), self.note(**{field: value}))
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
        assert field == "text" or "Call back." in response.text


def test_no_session_keeps_the_name_of_a_client_that_was_deleted(management, kevin):
    session = management.session
    session[KEPT] = {"told": ["Cool Startup"]}
    session.save()
    with told("delete"):
        management.post(address("delete", kevin))
    assert KEPT not in management.session
