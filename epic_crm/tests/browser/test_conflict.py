"""Two people at one record, as the second of them sees it: with a mouse, keys alone, no script."""

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from accounts.records import remove, write
from clients.models import Client

from .sound import WIDTHS, faults

pytestmark = pytest.mark.any_database

LONG = "A long name for a company that goes over several lines, "


@pytest.fixture
def edited(cast, kevin, window, live_server):
    """The owner's form with three things typed; management has changed two of them meanwhile."""

    def open_form(**screen):
        page = window(cast["owner"], **screen)
        page.goto(live_server.url + reverse("clients:update", args=[kevin.pk]))
        page.fill("[name=company_name]", LONG + "mine")
        page.fill("[name=first_name]", "Kev")
        page.fill("[name=job_title]", "CTO")
        theirs = {"company_name": LONG + "theirs", "first_name": "Théo"}
        write(Client.objects.get(pk=kevin.pk), "update", by=cast["management"], **theirs)
        return page

    return open_form


def save(page):
    """And see the next page whole: a key that is pressed before goes to the last one."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Save").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_that_asks(edited, kevin, width):
    page = edited(width=width)
    save(page)
    assert page.title().startswith("Error")
    expect(page.locator("#errors")).to_be_focused()
    assert page.get_by_role("radio").count() == 4
    assert page.locator("input:checked").count() == 0
    assert faults(page) == []
    page.get_by_label("First name, Your value").check()
    save(page)  # The other one is not chosen yet.
    assert page.get_by_label("First name, Your value").is_checked()
    assert faults(page) == []
    page.get_by_label("Company name, Stored value").check()
    save(page)
    kevin.refresh_from_db()
    stored = (kevin.company_name, kevin.first_name, kevin.job_title)
    assert stored == (LONG + "theirs", "Kev", "CTO")


def test_with_keys_alone(edited, kevin):
    page = edited()
    save(page)
    expect(page.locator("#errors")).to_be_focused()
    for key in ("Tab", "Space", "Tab", "ArrowRight", "Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**" + kevin.get_absolute_url())
    kevin.refresh_from_db()
    assert (kevin.company_name, kevin.first_name) == (LONG + "theirs", "Kev")
    assert kevin.job_title == "CTO"


def test_without_script(edited, kevin):
    page = edited(java_script_enabled=False)
    save(page)
    page.get_by_label("First name, Your value").check()
    page.get_by_label("Company name, Your value").check()
    save(page)
    page.wait_for_url("**" + kevin.get_absolute_url())
    kevin.refresh_from_db()
    assert (kevin.company_name, kevin.first_name) == (LONG + "mine", "Kev")


@pytest.mark.parametrize("width", WIDTHS)
def test_what_can_no_longer_be_saved_can_be_copied(edited, cast, kevin, width):
    page = edited(width=width)
    with transaction.atomic():
        kevin.clientdelegation_set.all().delete()
        remove(kevin, "delete", by=cast["management"], told=["company_name"])
    save(page)
    assert page.get_by_role("definition").all_inner_texts() == [LONG + "mine", "Kev", "CTO"]
    assert faults(page) == []


def test_a_button_pressed_twice(window, live_server, cast):
    page = window(cast["owner"])
    page.goto(live_server.url + reverse("clients:create"))
    typed = {"company_name": "Cool", "first_name": "K", "last_name": "C", "email": "k@x.example"}
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('.ee-form')))")
    page.request.post(page.url, form=sent)  # The first click, of which the page saw no answer.
    save(page)
    page.get_by_text("This form had been sent already").wait_for()
    [made] = Client.objects.filter(company_name="Cool")
    assert page.url.endswith(made.get_absolute_url())
