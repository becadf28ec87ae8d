"""What is to be done for an event, and the page of its day."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, make_aware, now
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.tests.factories import UserFactory
from accounts.tests.pages import inputs
from events import checklist
from events.models import ChecklistItem, Event, TemplateItem
from events.tests.factories import ItemFactory, PointFactory
from history.models import Entry
from history.tests.tables import nothing_changes, told
from history.words import story


def address(name, event, *item):
    return reverse(f"events:{name}", args=[event.pk, *(each.pk for each in item)])


@pytest.fixture
def support(browser, cast):
    browser.force_login(cast["support"])
    return browser


@pytest.fixture
def item(event):
    return ItemFactory(event=event)


def lines(event):
    """What the story of an event says, without markup or what changed."""
    return [
        f"{line.sentence.split('<a')[0].strip()} {line.part}"
        for line in story(Entry.objects.about(event).told(), known=[event])
    ]


def test_it_works(support, cast, event):
    """From the template to the last tick."""
    start = make_aware(datetime.fromisoformat("2031-03-20 09:00"))
    Event.objects.update(starts_at=start, ends_at=start + timedelta(hours=9))
    PointFactory(what="Visit the venue", days_before=30, role="sales")
    PointFactory(what="Call the contact", days_before=1, role="support")
    page = support.get(event.get_absolute_url())
    assertContains(page, "Take the template (2 items)")
    with told("take_template"):
        support.post(address("take_template", event))
    with nothing_changes():  # A click too many.
        page = support.post(address("take_template", event), follow=True)
    assertContains(page, "This event had its checklist already.")
    visit, call = event.checklist.all()
    assert (visit.due_on, call.due_on) == (date(2031, 2, 18), date(2031, 3, 19))
    assert (visit.person, call.person) == (cast["owner"], cast["support"])

    with told("tick_item"):
        page = support.post(address("tick_item", event, visit), {"done": "1"}, follow=True)
    assertRedirects(page, f"{event.get_absolute_url()}#checklist")
    assertContains(page, "1 of 2 done")
    assertContains(page, "done by Sam Support, today at")
    with told("untick_item"):
        support.post(address("tick_item", event, visit), {"done": "0"})
    visit.refresh_from_db()
    assert (visit.done_at, visit.done_by) == (None, None)
    with told("remove_item"):
        support.post(address("remove_item", event, call))
    with nothing_changes():
        page = support.post(address("tick_item", event, call), {"done": "1"}, follow=True)
    assertContains(page, "This item is no longer on the checklist.")
    assert lines(event) == [
        '<strong class="fw-semibold">Sam Support</strong> removed an item from the checklist of'
        " Call the contact",
        '<strong class="fw-semibold">Sam Support</strong> opened again an item of the checklist of'
        " Visit the venue",
        '<strong class="fw-semibold">Sam Support</strong> ticked an item of the checklist of'
        " Visit the venue",
        '<strong class="fw-semibold">Sam Support</strong> took the template for the checklist of'
        " Visit the venue · Call the contact",
    ]


def test_what_should_be_done_by_now_is_due_today(cast, event):
    Event.objects.update(starts_at=now() + timedelta(3), ends_at=now() + timedelta(4))
    PointFactory(days_before=30)
    PointFactory(days_before=2)
    (made, other), late = checklist.take_template(event, by=cast["owner"])
    assert (made.due_on, late) == (localdate(), 1)
    assert other.due_on > localdate()


def test_the_page_tells_what_should_be_done_by_now(support, event):
    Event.objects.update(starts_at=now() + timedelta(3), ends_at=now() + timedelta(4))
    PointFactory(days_before=30)
    page = support.post(address("take_template", event), follow=True)
    assertRedirects(page, event.get_absolute_url())  # Where it is said, not below.
    assertContains(page, "1 item should have been done before today: it is due today.")


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "The due day is past"), (0, ""), (3, ""), (5, "is after the event")]
)
def test_a_new_item_is_due_between_today_and_the_event(support, event, days, said):
    Event.objects.update(starts_at=now() + timedelta(3), ends_at=now() + timedelta(3, hours=1))
    page = support.get(address("add_item", event))
    day = localdate() + timedelta(days)
    typed = inputs(page) | {"what": "Print badges", "due_on": day.isoformat()}
    page = support.post(address("add_item", event), typed, follow=True)
    assertContains(page, said or "Item added.", status_code=422 if said else 200)


def test_an_item_is_added_once_and_changed(support, cast, event):
    page = support.get(address("add_item", event))
    assertContains(page, "Support contact (Sam Support)")
    groups = [label for label, _people in page.context["form"].fields["in_charge"].choices]
    assert groups == ["", "For this event", "Support", "Sales", "Management"]
    assertContains(page, "Sam Support)")  # As the contact alone.
    assertNotContains(page, f'<option value="{cast["support"].pk}"')
    typed = inputs(page) | {"what": "Print badges", "in_charge": cast["colleague"].pk}
    with told("add_item"):
        support.post(address("add_item", event), typed)
    with nothing_changes():  # The same form, sent again.
        assertRedirects(
            support.post(address("add_item", event), typed), f"{event.get_absolute_url()}#checklist"
        )
    item = ChecklistItem.objects.get()
    assert (item.what, item.person, item.due_on) == ("Print badges", cast["colleague"], None)

    page = support.get(address("change_item", event, item))
    typed = inputs(page) | {"in_charge": "support", "due_on": "2031-02-28"}
    with nothing_changes():  # Saved as it is.
        assert support.post(address("change_item", event, item), inputs(page)).status_code == 302
    with told("change_item"):
        support.post(address("change_item", event, item), typed)
    item.refresh_from_db()
    assert (item.role, item.who, item.due_on) == ("support", None, date(2031, 2, 28))
    [line] = story(Entry.objects.about(event).told()[:1])
    assert line.part == "Print badges"
    assert {(change.old, change.new) for change in line.changes} == {
        ("Colin Colleague", "Support contact"),
        ("", "28 Feb 2031"),
    }


def test_what_somebody_else_changed_meanwhile_is_looked_at_once_more(support, cast, event, item):
    typed = inputs(support.get(address("change_item", event, item))) | {"what": "Mine"}
    checklist.change(item, by=cast["owner"], version=1, what="Theirs")
    with nothing_changes():
        page = support.post(address("change_item", event, item), typed)
    assertContains(page, "Somebody else changed this meanwhile.", status_code=409)
    assert inputs(page)["what"] == "Mine"
    with told("change_item"):
        support.post(address("change_item", event, item), inputs(page))
    assert ChecklistItem.objects.get().what == "Mine"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("what", ""), ("what", "x" * 201), ("due_on", "1926-01-01"), ("due_on", "soon"),
     ("in_charge", "leaver")],
)  # fmt: skip
def test_what_is_not_valid_is_named(support, cast, event, field, typed):
    typed = {"what": "Badges", field: cast["leaver"].pk if typed == "leaver" else typed}
    with nothing_changes():
        page = support.post(address("add_item", event), typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_who_comes_second_is_told_who_came_first(support, cast, event, item):
    checklist.tick(item, by=cast["owner"])
    with nothing_changes():
        page = support.post(address("tick_item", event, item), {"done": "1"}, follow=True)
    assertContains(page, "Olivia Owner had ticked “Book the caterer” already, today at")


def test_on_an_event_that_is_over_with_it_is_read(browser, cast, event, item):
    checklist.tick(item, by=cast["support"])
    Event.objects.update(status="completed", completed_at=now())
    browser.force_login(cast["management"])
    page = browser.get(event.get_absolute_url())
    assertContains(page, "Book the caterer")
    assertNotContains(page, "tick/")
    for name, on in (("tick_item", [item]), ("remove_item", [item]), ("take_template", [])):
        with nothing_changes():
            assert browser.post(address(name, event, *on)).status_code == 409


def test_whose_account_goes_leaves_the_items(cast, event):
    somebody = UserFactory(team="support")
    item = ItemFactory(event=event, who=somebody, done_at=now(), done_by=somebody)
    somebody.delete()
    item.refresh_from_db()
    item.full_clean()
    assert (item.who, item.done_by, bool(item.done_at)) == (None, None, True)


class TestTheTemplate:
    @pytest.fixture
    def management(self, browser, cast):
        browser.force_login(cast["management"])
        return browser

    def test_it_works(self, management, cast):
        """An empty one is proposed a list, once; then the agency makes it its own."""
        assertContains(management.get(reverse("events:template")), "Begin with this list")
        with told(*["add_template_item"] * 8):
            management.post(reverse("events:propose_template"))
        with nothing_changes():
            management.post(reverse("events:propose_template"))
        page = management.get(reverse("events:template"))
        assertNotContains(page, "Begin with this list")
        point = TemplateItem.objects.first()
        page = management.get(reverse("events:template_item", args=[point.pk]))
        with told("change_template_item"):
            management.post(
                reverse("events:template_item", args=[point.pk]),
                inputs(page) | {"what": "See the venue", "days_before": "40"},
            )
        point.refresh_from_db()
        assert (point.what, point.days_before, point.role) == ("See the venue", 40, "support")
        [line] = story(Entry.objects.about(point).told()[:1], cast["management"])
        assert "You changed in the checklist template:" in line.sentence
        assert ("45", "40") in {(change.old, change.new) for change in line.changes}
        with nothing_changes():  # The page of before.
            again = management.post(
                reverse("events:template_item", args=[point.pk]), inputs(page) | {"what": "Mine"}
            )
        assert again.status_code == 409
        with told("remove_template_item"):
            management.post(reverse("events:remove_template_item", args=[point.pk]))
        assertContains(management.get("/"), "You removed from the checklist template:")

    @pytest.mark.parametrize("days", ["", "-1", "366", "soon"])
    def test_days_that_are_none(self, management, days):
        with nothing_changes():
            page = management.post(reverse("events:template"), {"what": "x", "days_before": days})
        assert (page.status_code, list(page.context["form"].errors)) == (422, ["days_before"])

    def test_nobody_else(self, support):
        with nothing_changes():
            assert support.post(reverse("events:propose_template")).status_code == 403


class TestTheDay:
    @pytest.fixture
    def event(self, event):
        Event.objects.update(
            starts_at=now() - timedelta(hours=1), ends_at=now() + timedelta(minutes=80, seconds=30),
            venue="Hall", address="1 quai Sud, Lyon", onsite_contact="Rita Reception",
            onsite_phone="+33639984410", instructions="Badge at desk B.",
        )  # fmt: skip
        event.refresh_from_db()
        return event

    def test_it_works(self, support, event, item):
        page = support.get(event.get_absolute_url())
        assertContains(page, "Open event day")
        page = support.get(address("day", event))
        for said in (
            "In progress", "in 1\xa0h\xa020", "Hall", 'href="tel:+33639984410"', "Badge at desk B.",
            "geo:0,0?q=1%20quai%20Sud%2C%20Lyon", "Kevin Casey", "Olivia Owner", "(you)",
            "Book the caterer", address("complete", event), "Page shown at",
        ):  # fmt: skip
            assertContains(page, said)
        done = support.post(
            address("tick_item", event, item), {"done": "1", "from_day": "1"}, follow=True
        )
        assertRedirects(done, f"{address('day', event)}#checklist")
        typed = inputs(page, "ee-note-form") | {"text": "Microphone replaced."}
        with told("note"):
            noted = support.post(address("note", event), typed, follow=True)
        assertRedirects(noted, f"{address('day', event)}#notes")
        assertContains(noted, "Microphone replaced.")

    def test_everybody_reads_and_only_who_may_has_controls(self, browser, cast, event, item):
        browser.force_login(cast["other support"])
        page = browser.get(address("day", event))
        assertContains(page, "Book the caterer")
        for name in ("complete", "note", "update", "add_item"):
            assertNotContains(page, f'"{address(name, event)}"')
        assertNotContains(page, "tick/")

    def test_the_note_that_is_empty_keeps_its_way_back(self, support, event):
        page = support.post(address("note", event), {"text": "", "from_day": "1"})
        assert page.status_code == 422
        assert inputs(page)["from_day"] == "1"
