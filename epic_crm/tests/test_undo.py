"""What one click did, one click puts back: by the ordinary verb, with its rights and moments."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.records import write
from accounts.templatetags.undo import undo_of
from history.tests.tables import nothing_changes, told


def done(browser, name, record, data):
    """Do a verb; what the button in its message would send."""
    response = browser.post(reverse(name, args=[record.pk]), data, follow=True)
    (message,) = response.context["messages"]
    undo = undo_of(message)
    assertContains(response, undo["words"])
    return undo["url"], undo["fields"]


DEEDS = [
    ("clients:assign", "client", "sales_contact", "colleague", ("assign_client",)),
    ("events:assign", "event", "support_contact", "other support", ("assign_event",)),
    ("clients:archive", "client", "archived_at", None, ("restore",)),
    ("clients:restore", "archived", "archived_at", None, ("archive",)),
]


@pytest.mark.parametrize(("name", "on", "field", "who", "verbs"), DEEDS)
def test_it_works(browser, cast, world, name, on, field, who, verbs):
    browser.force_login(cast["management"])
    record = world[on]
    before = getattr(record, field)
    url, fields = done(browser, name, record, {field: cast[who].pk} if who else {})
    with told(*verbs):
        assert browser.post(url, fields).status_code == 302
    record.refresh_from_db()
    after = getattr(record, field)
    assert after == before if who else bool(after) is bool(before)
    with nothing_changes():  # It is good once; a click too many finds it done, or too late.
        assert browser.post(url, fields).status_code in (302, 409)


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


def test_it_is_no_right(browser, cast, kevin):
    browser.force_login(cast["management"])
    url, fields = done(browser, "clients:archive", kevin, {})
    browser.force_login(cast["colleague"])
    with nothing_changes():
        assert browser.post(url, fields).status_code == 403
