"""Paper, forced colours, reduced motion: what a record looks like to those who need it so."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

STYLE = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"


@pytest.fixture
def page(window, live_server, cast, event):
    cast["owner"].theme = "dark"
    cast["owner"].save()
    page = window(cast["owner"])
    page.goto(f"{live_server.url}{event.contract.client.get_absolute_url()}")
    return page


def style(page, selector, name):
    return page.evaluate(STYLE, [selector, name])


def test_paper_is_light_and_carries_the_record_only(page):
    assert style(page, "body", "backgroundColor") == "rgb(17, 22, 24)"
    page.emulate_media(media="print")
    assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    red, green, blue = style(page, "h1", "color").removeprefix("rgb(")[:-1].split(", ")
    assert max(int(red), int(green), int(blue)) < 80
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("internal document")).to_be_visible()
    for navigation in page.get_by_role("navigation").all():
        expect(navigation).to_be_hidden()
    assert page.locator("form:visible, button:visible").count() == 0
    tables = page.evaluate("[...document.querySelectorAll('th')].map(th => th.offsetHeight)")
    assert tables
    assert all(tables)


def test_forced_colours_leave_what_is_current_and_what_is_a_state(page):
    page.emulate_media(forced_colors="active")
    assert "underline" in style(page, ".ee-nav a[aria-current]", "textDecorationLine")
    assert style(page, ".ee-badge", "borderTopStyle") == "solid"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_nothing_moves_for_who_does_not_want_it(page):
    page.emulate_media(reduced_motion="reduce")
    moving = """[...document.querySelectorAll('*')].filter(
        (each) => parseFloat(getComputedStyle(each).transitionDuration) > 0
               || getComputedStyle(each).animationName !== 'none').length"""
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) > 0
