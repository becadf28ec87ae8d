"""What one click did, one click puts back: by the ordinary verb, with its rights and moments."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.records import write
from accounts.templatetags.undo import undo_of
from accounts.tests.pages import inputs
from history.tests.tables import nothing_changes, told


def done(browser, name, record, data):
    """Do a verb; what the button in its message would send."""
    response = browser.post(reverse(name, args=[record.pk]), data, follow=True)
    (message,) = response.context["messages"]
    undo = undo_of(message)
    assertContains(response, undo["words"])
    return undo["url"], undo["fields"]


DAY = "2027-05-04"
DEEDS = [
    ("clients:assign", "client", "sales_contact", "colleague", ("assign_client",)),
    ("events:assign", "event", "support_contact", "other support", ("assign_event",)),
    ("clients:follow_up", "client", "follow_up_on", "day", ("update",)),
    ("clients:archive", "client", "archived_at", None, ("restore",)),
    ("clients:restore", "archived", "archived_at", None, ("archive",)),
]


@pytest.mark.parametrize(("name", "on", "field", "who", "verbs"), DEEDS)
def test_it_works(browser, cast, world, name, on, field, who, verbs):
    browser.force_login(cast["management"])
    record = world[on]
    before = getattr(record, field)
    value = DAY if who == "day" else who and cast[who].pk
    url, fields = done(browser, name, record, {field: value} if value else {})
    record.refresh_from_db()
    between = getattr(record, field)
    assert bool(between) is not bool(before) or between != before
    with told(*verbs):
        assert browser.post(url, fields).status_code == 302
    record.refresh_from_db()
    after = getattr(record, field)
    assert after == before if who else bool(after) is bool(before)
    with nothing_changes():  # It is good once; a click too many finds it done, or too late.
        assert browser.post(url, fields).status_code in (302, 409)


@pytest.mark.parametrize(("name", "on", "field", "who", "verbs"), DEEDS)
def test_what_was_undone_has_no_other_button(browser, cast, world, name, on, field, who, verbs):
    browser.force_login(cast["management"])
    value = DAY if who == "day" else who and cast[who].pk
    url, fields = done(browser, name, world[on], {field: value} if value else {})
    (message,) = browser.post(url, fields, follow=True).context["messages"]
    assert undo_of(message) is None


def test_nobody_looked_after_it_before(browser, cast, event):
    type(event).objects.update(support_contact=None)
    browser.force_login(cast["management"])
    deed = {"support_contact": cast["support"].pk}
    url, fields = done(browser, "events:assign", event, deed)
    response = browser.post(url, fields, follow=True)
    event.refresh_from_db()
    assert event.support_contact is None
    assertContains(response, "has no support contact any more.")


def test_what_somebody_changed_since_is_not_undone(browser, cast, kevin):
    browser.force_login(cast["management"])
    deed = {"sales_contact": cast["colleague"].pk}
    url, fields = done(browser, "clients:assign", kevin, deed)
    kevin.refresh_from_db()
    write(kevin, "update", by=cast["owner"], job_title="Founder")
    with nothing_changes():
        response = browser.post(url, fields)
    assertContains(response, "nobody must have changed the record since", status_code=409)
    assertContains(response, "Olivia Owner", status_code=409)


def test_the_day_that_a_note_set(browser, cast, kevin, today):
    """The note stays; there was a day before, and the button knows it."""
    type(kevin).objects.update(follow_up_on=today)
    browser.force_login(cast["owner"])
    said = {"text": "Call back.", "channel": "note", "happened_on": today, "follow_up_on": DAY}
    response = browser.post(reverse("clients:note", args=[kevin.pk]), said, follow=True)
    _added, day = response.context["messages"]
    assert str(day) == "To get in touch again on 4 May 2027."
    undo = undo_of(day)
    with told("update"):
        response = browser.post(undo["url"], undo["fields"], follow=True)
    kevin.refresh_from_db()
    assert kevin.follow_up_on == today
    assertContains(response, "Call back.")


def test_a_day_that_a_note_took_away(browser, cast, kevin, today):
    type(kevin).objects.update(follow_up_on=today)
    browser.force_login(cast["owner"])
    said = {"text": "They come.", "channel": "phone", "happened_on": today}
    response = browser.post(reverse("clients:note", args=[kevin.pk]), said, follow=True)
    _added, day = response.context["messages"]
    assert str(day) == "No day to get in touch again any more."
    undo = undo_of(day)
    browser.post(undo["url"], undo["fields"])
    kevin.refresh_from_db()
    assert kevin.follow_up_on == today


def test_the_day_that_the_form_set(browser, cast, kevin):
    """Together with other things: only the day goes back. Without it nothing is offered."""
    browser.force_login(cast["owner"])
    address = reverse("clients:update", args=[kevin.pk])
    page = inputs(browser.get(address))
    response = browser.post(address, page | {"follow_up_on": DAY, "job_title": "X"}, follow=True)
    [message] = response.context["messages"]
    undo = undo_of(message)
    browser.post(undo["url"], undo["fields"])
    kevin.refresh_from_db()
    assert (kevin.follow_up_on, kevin.job_title) == (None, "X")
    page = inputs(browser.get(address))
    response = browser.post(address, page | {"job_title": "Y"}, follow=True)
    [message] = response.context["messages"]
    assert undo_of(message) is None


def test_a_day_set_again_since_is_not_undone(browser, cast, kevin, today):
    browser.force_login(cast["owner"])
    said = {"text": "Call back.", "channel": "note", "happened_on": today, "follow_up_on": DAY}
    response = browser.post(reverse("clients:note", args=[kevin.pk]), said, follow=True)
    _added, day = response.context["messages"]
    kevin.refresh_from_db()
    write(kevin, "update", by=cast["management"], follow_up_on=today)
    with nothing_changes():
        refused = browser.post(undo_of(day)["url"], undo_of(day)["fields"])
    assertContains(refused, "nobody must have changed the record since", status_code=409)
    assertContains(refused, "Mona Manager", status_code=409)


def test_it_is_no_right(browser, cast, kevin):
    browser.force_login(cast["management"])
    url, fields = done(browser, "clients:archive", kevin, {})
    browser.force_login(cast["colleague"])
    with nothing_changes():
        assert browser.post(url, fields).status_code == 403
