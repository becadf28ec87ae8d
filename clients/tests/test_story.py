"""Notes and history on a page: ten lines, and the way to older ones."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from accounts import records, timelines
from accounts.workflow import add_note
from clients import workflow


@pytest.fixture
def page(browser, cast, kevin, today):
    """Kevin's page; twelve notes were taken, and between them the client came and went."""
    for n in range(12):
        add_note(kevin, by=cast["owner"], channel="phone", happened_on=today, text=f"Call {n:02d}")
        if n % 2:
            workflow.archive(kevin, by=cast["management"])
            workflow.restore(kevin, by=cast["owner"])

    def page(query="", who="owner"):
        browser.force_login(cast[who])
        return browser.get(kevin.get_absolute_url() + query)

    return page


def lines(response):
    return response.context["story"]["lines"]


def test_ten_lines_then_the_way_to_all_of_them(page, kevin):
    response, every = page(), f"{kevin.get_absolute_url()}history/"
    assert len(lines(response)) == 10
    assertContains(response, f'href="{every}"')
    assertContains(page("?history=notes"), f'href="{every}?history=notes"')


def test_the_newest_first_and_each_line_once(page, monkeypatch):
    monkeypatch.setattr(timelines, "PAGE", 10)
    response, told = page("history/"), []
    while True:
        told += [line.note.text if line.note else line.sentence for line in lines(response)]
        older = response.context["story"]["older"]
        if not older:
            break
        assertContains(response, f"?older={older}#history")
        response = page(f"history/?older={older}")
        assertContains(response, "Back to the newest")
    notes = [text for text in told if text.startswith("Call")]
    assert notes == [f"Call {n:02d}" for n in reversed(range(12))]
    assert len(told) == 12 + 12 + 1  # And the delegation.
    assert "archived" in told[1]


@pytest.mark.parametrize(("kind", "number"), [("notes", 12), ("changes", 13), ("phone", 12)])
def test_notes_alone_and_changes_alone(page, monkeypatch, kind, number):
    monkeypatch.setattr(timelines, "PAGE", 10)
    first = page(f"history/?history={kind}")
    older = first.context["story"]["older"]
    assertContains(first, f"?history={kind}&amp;older={older}#history")
    second = page(f"history/?history={kind}&older={older}")
    assert len(lines(first) + lines(second)) == number
    assert all(bool(line.note) is (kind != "changes") for line in lines(first) + lines(second))


def test_notes_of_one_channel(page, cast, kevin, today):
    add_note(kevin, by=cast["owner"], channel="meeting", happened_on=today, text="We met.")
    response = page("?history=meeting")
    assert [line.note.text for line in lines(response)] == ["We met."]
    assertContains(response, "Social network")
    assertNotContains(page("?history=changes"), 'href="?history=social#history"')


def test_a_long_text_is_read_before_and_after(browser, cast, event):
    browser.force_login(cast["owner"])
    records.write(event, "update", by=cast["owner"], instructions="Ring twice.\n" * 20)
    response = browser.get(event.get_absolute_url())
    assertContains(response, "<summary>Instructions</summary>")
    assertContains(response, "Ring twice.<br>Ring twice.<br>")


def test_you_and_the_others(page):
    assertContains(page(), "Mona Manager</strong> archived")
    assertContains(page(), "You restored")
    assertContains(page(who="support"), "Olivia Owner</strong> restored")


def test_a_note_is_text_and_nothing_else(page, cast, kevin, today):
    hostile = "<img src=x onerror=alert(1)>\nsecond line"
    add_note(kevin, by=cast["owner"], channel="note", happened_on=today, text=hostile)
    response = page()
    assertContains(response, "&lt;img src=x onerror=alert(1)&gt;<br>second line")
    assertNotContains(response, "<img src=x")
