import pytest
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains

from contracts.models import Contract

TEAMS = ["management", "owner", "delegate", "colleague", "support", "other support"]
SALES, BOSS = ("management", "owner", "delegate"), ("management",)
# In each state: who is offered which page.
BUTTONS = {
    "open": {"update": SALES, "sign": SALES, "cancel": SALES, "note": SALES},
    "signed": {
        "update": SALES,
        "cancel": BOSS,
        "reopen": BOSS,
        "note": SALES,
        "create_event": SALES,
    },
    "with event": {"update": SALES, "note": (*SALES, "support")},
    "cancelled": {"update": SALES, "reopen": BOSS, "note": SALES},
}
PAGES = {name: f"contracts:{name}" for name in ("update", "sign", "cancel", "reopen", "note")} | {
    "create_event": "events:create"
}


@pytest.fixture
def record(request, contract, signed):
    state = request.param
    if state == "with event":
        return request.getfixturevalue("event").contract
    if state == "cancelled":
        Contract.objects.filter(pk=contract.pk).update(status="cancelled")
    return signed if state == "signed" else contract


@pytest.mark.parametrize("who", TEAMS)
@pytest.mark.parametrize(("record", "state"), [(s, s) for s in BUTTONS], indirect=["record"])
def test_each_sees_the_buttons_that_work(browser, cast, record, state, who):
    browser.force_login(cast[who])
    page = browser.get(record.get_absolute_url())
    for name, view in PAGES.items():
        offered = who in BUTTONS[state].get(name, ())
        check = assertContains if offered else assertNotContains
        check(page, f'"{reverse(view, args=[record.pk])}"')


@pytest.mark.parametrize("who", TEAMS)
@pytest.mark.parametrize(("record", "state"), [(s, s) for s in BUTTONS], indirect=["record"])
def test_the_page_behind_each_button_opens_and_behind_the_others_not(
    browser, cast, record, state, who
):
    browser.force_login(cast[who])
    for name, view in PAGES.items():
        status = browser.get(reverse(view, args=[record.pk])).status_code
        offered = who in BUTTONS[state].get(name, ())
        assert (status == 200) is offered, name
        assert status in (200, 403, 409)


def test_it_works(browser, cast, event):
    browser.force_login(cast["support"])
    response = browser.get(event.contract.get_absolute_url())
    for said in (event.contract.reference, "Cool Startup", "€1,000.00", "Sam Support", event.name):
        assertContains(response, said)


def test_it_says_what_is_expected_before_there_is_an_event(browser, cast, contract):
    Contract.objects.update(expected_venue="Le Hangar", expected_attendees=120)
    browser.force_login(cast["owner"])
    response = browser.get(contract.get_absolute_url())
    assertContains(response, "Le Hangar")
    assertContains(response, "120")
    assertContains(response, "Waiting for the client’s signature.")


def test_it_tells_the_story_of_the_contract_and_of_its_event_alone(browser, cast, event, contract):
    """The client's page tells the rest."""
    type(event).objects.update(starts_at=now())
    browser.force_login(cast["owner"])
    browser.post(reverse("events:complete", args=[event.pk]))
    page = browser.get(event.contract.get_absolute_url())
    assertContains(page, "You completed")
    assertNotContains(page, "delegated")
    assertNotContains(browser.get(contract.get_absolute_url()), "You completed")
