"""The pages that ask before something happens to an event."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.tests.pages import inputs
from events import workflow
from events.models import Event
from events.tests.factories import EventFactory
from history.tests.tables import changes, nothing_changes, told

WHY = {"reason": "Rain"}
PAGES = {  # State before, what is typed, what the journal and the next page tell.
    "complete": ({"starts_at": now() - timedelta(hours=1)}, {}, "complete", "Event completed."),
    "cancel": ({}, WHY, "cancel_event", "is cancelled."),
    "reopen": ({"status": "cancelled"}, WHY, "reopen_event", "is planned again."),
}


def address(name, event):
    return reverse(f"events:{name}", args=[event.pk])


@pytest.fixture
def management(browser, cast):
    browser.force_login(cast["management"])
    return browser


@pytest.mark.parametrize("name", PAGES)
def test_it_works(management, event, name):
    state, typed, verb, said = PAGES[name]
    Event.objects.update(**state)
    with nothing_changes():
        page = management.get(address(name, event))
    assertContains(page, "Cool Startup")  # Whose event it is.
    assert inputs(page).keys() == typed.keys()
    with told(verb):
        response = management.post(address(name, event), typed, follow=True)
    assertRedirects(response, event.get_absolute_url())
    assertContains(response, said)


@pytest.mark.parametrize("name", ["cancel", "reopen"])
@pytest.mark.parametrize("reason", [None, "", "  ", "x" * 501])
def test_a_reason_is_wanted(management, event, name, reason):
    Event.objects.update(**PAGES[name][0])
    typed = {} if reason is None else {"reason": reason}
    with nothing_changes():
        response = management.post(address(name, event), typed)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])


def test_too_early_to_complete(browser, cast, event):
    browser.force_login(cast["support"])
    for method in (browser.get, browser.post):
        with nothing_changes():
            assert method(address("complete", event)).status_code == 409


def test_the_second_asker_is_told_who_and_when(management, cast, event):
    Event.objects.update(starts_at=now() - timedelta(hours=1))
    workflow.complete(event, by=cast["support"])
    for name in ("complete", "cancel"):
        with nothing_changes():
            response = management.post(address(name, event), WHY)
        assertContains(response, "Sam Support", status_code=409)


def test_support_does_not_cancel_and_is_told_whom_to_ask(browser, cast, event):
    browser.force_login(cast["support"])
    with nothing_changes():
        response = browser.post(address("cancel", event), WHY)
    assertContains(response, "Olivia Owner", status_code=403)


class TestAssign:
    def test_it_works(self, management, cast, event):
        page = management.get(address("assign", event))
        assertContains(page, "Otto Other · 0 coming")
        assertNotContains(page, "Olivia Owner ·")
        with told("assign_event"):
            response = management.post(
                address("assign", event), {"support_contact": cast["other support"].pk}, follow=True
            )
        assertRedirects(response, event.get_absolute_url())
        assertContains(response, "Otto Other is assigned")

    @pytest.mark.parametrize("who", ["owner", "no team", "leaver", None])
    def test_only_who_supports_can_be_chosen(self, management, cast, event, who):
        chosen = cast[who].pk if who else ""
        with nothing_changes():
            response = management.post(address("assign", event), {"support_contact": chosen})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["support_contact"]

    @pytest.mark.parametrize("key", ["abc", "0", "-1", str(10**30), "\x00"])
    def test_a_key_of_nobody(self, management, event, key):
        with nothing_changes():
            response = management.post(address("assign", event), {"support_contact": key})
        assert response.status_code == 422

    def test_an_overlap_is_shown_and_asks_for_confirmation(self, management, cast, event):
        otto = cast["other support"]
        EventFactory(name="Fair", starts_at=event.starts_at, support_contact=otto)
        assert inputs(management.get(address("assign", event)))["despite_overlap"] == ""
        with nothing_changes():
            response = management.post(address("assign", event), {"support_contact": otto.pk})
        assertContains(response, "Fair", status_code=422)
        assertContains(response, "Assign all the same", status_code=422)
        assert inputs(response) == {"support_contact": str(otto.pk)}  # Not ticked for anybody.
        typed = {"support_contact": otto.pk, "despite_overlap": "on"}
        with told("assign_event"):
            assert management.post(address("assign", event), typed).status_code == 302
        assert changes(event)["support_contact"][1]["label"] == "Otto Other"


def test_a_note_about_an_event(browser, cast, event):
    browser.force_login(cast["support"])
    note = {"channel": "meeting", "happened_on": "2026-01-05", "text": "Two ramps needed."}
    with told("note"):
        response = browser.post(address("note", event), note, follow=True)
    assertRedirects(response, event.get_absolute_url())
    assertContains(response, "Two ramps needed.")


def test_no_day_to_call_again_on_an_event(browser, cast, event):
    """It is the client's: on another record the name means nothing, and changes nothing."""
    browser.force_login(cast["support"])
    note = {
        "channel": "note",
        "happened_on": "2026-01-05",
        "text": "x",
        "follow_up_on": "2027-01-01",
    }
    with told("note"):
        browser.post(address("note", event), note)
    event.contract.client.refresh_from_db()
    assert event.contract.client.follow_up_on is None
