"""A note is taken back by its author, for a quarter of an hour; that it was there stays told."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localtime
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import workflow as accounts
from accounts.access import WrongMoment
from accounts.notes import remove_note
from accounts.templatetags.undo import undo_of
from clients import workflow as clients
from history.models import EntryValue, Note
from history.tests.tables import changes, nothing_changes, told

SAID = "They pay late."


@pytest.fixture
def note(today):
    return {"channel": "note", "happened_on": today, "text": SAID}


def at(entry):
    return reverse("remove_note", args=[entry.pk])


@pytest.mark.parametrize("on", ["client", "kept", "event"])
def test_it_works(browser, cast, world, note, on):
    """The button in the message takes it back at once; the history says so, without its text."""
    browser.force_login(cast["support"])
    record = world[on]
    kind = {"client": "clients", "kept": "contracts", "event": "events"}[on]
    posted = note | {"happened_on": note["happened_on"].isoformat()}
    response = browser.post(reverse(f"{kind}:note", args=[record.pk]), posted, follow=True)
    assertContains(response, SAID)
    [message] = response.context["messages"]
    undo = undo_of(message)
    assert undo["words"] == "Remove"
    version = record.version
    with told("remove_note"):
        response = browser.post(undo["url"], undo["fields"], follow=True)
    assertRedirects(response, record.get_absolute_url())
    record.refresh_from_db()
    assert not Note.objects.filter(text=SAID).exists()
    assert record.version == version
    for text in ("Note removed.", "You removed a note on", "the note was removed"):
        assertContains(response, text)
    assertNotContains(response, SAID)
    assert not EntryValue.objects.filter(old__icontains="late").exists()
    with nothing_changes():
        again = browser.post(undo["url"], undo["fields"], follow=True)
    assertContains(again, "This note had been removed already.")


def test_the_history_leads_there_while_it_may(browser, cast, kevin, note):
    entry = clients.add_note(kevin, by=cast["owner"], **note).entry
    link = f'href="{at(entry)}"'
    pages = [kevin.get_absolute_url(), reverse("clients:history", args=[kevin.pk])]
    for who, number in (("owner", 1), ("management", 0)):
        browser.force_login(cast[who])
        for page in pages:
            assertContains(browser.get(page), link, number)
    browser.force_login(cast["owner"])
    with nothing_changes():
        assertContains(browser.get(at(entry)), SAID)
    with time_machine.travel(localtime() + timedelta(minutes=15, seconds=1)):
        browser.force_login(cast["owner"])
        for page in pages:
            assertNotContains(browser.get(page), link)


def test_the_author_alone(browser, cast, kevin, note):
    entry = clients.add_note(kevin, by=cast["owner"], **note).entry
    for who in cast.keys() - {"owner"}:
        with nothing_changes(), pytest.raises(PermissionDenied):
            remove_note(entry, by=cast[who])
    browser.force_login(cast["management"])
    for do in (browser.get, browser.post):
        assertContains(do(at(entry)), "Only its author can", status_code=403)
    assert not cast["no team"].has_perm("history.remove_note_entry", entry)


@pytest.mark.parametrize("author", ["management", "owner", "support"])
def test_the_author_of_each_team(cast, event, note, author):
    entry = accounts.add_note(event, by=cast[author], **note).entry
    others = cast.keys() - {author}
    assert not any(cast[who].has_perm("history.remove_note_entry", entry) for who in others)
    with told("remove_note"):
        remove_note(entry, by=cast[author])


def test_for_a_quarter_of_an_hour(browser, cast, kevin, note):
    entry = clients.add_note(kevin, by=cast["owner"], **note).entry
    with time_machine.travel(localtime() + timedelta(minutes=15, seconds=1)):
        browser.force_login(cast["owner"])
        with nothing_changes(), pytest.raises(WrongMoment):
            remove_note(entry, by=cast["owner"])
        with nothing_changes():
            late = browser.post(at(entry))
        assertContains(late, "You added a note on", status_code=409)
        assertContains(late, "not be older than 15 minutes", status_code=409)
        assertContains(late, kevin.get_absolute_url(), status_code=409)
    with time_machine.travel(localtime() + timedelta(minutes=14)), told("remove_note"):
        remove_note(entry, by=cast["owner"])


def test_what_is_no_note_is_not_there(browser, cast, kevin, note):
    browser.force_login(cast["owner"])
    clients.follow_up(kevin, by=cast["owner"], follow_up_on=note["happened_on"])
    changed = EntryValue.objects.latest("pk").entry
    assert browser.get(at(changed)).status_code == 404
    entry = accounts.add_note(kevin, by=cast["owner"], **note).entry
    type(kevin).objects.filter(pk=kevin.pk).delete()
    with nothing_changes(), pytest.raises(Http404):
        remove_note(entry, by=cast["owner"])


class TestTheDayItSet:
    @pytest.fixture
    def entry(self, cast, kevin, note, today):
        kevin = clients.follow_up(kevin, by=cast["owner"], follow_up_on=today)
        day = today + timedelta(days=30)
        return clients.add_note(kevin, by=cast["owner"], follow_up_on=day, **note).entry

    def test_is_as_before_again(self, cast, kevin, entry, today):
        with told("remove_note"):
            remove_note(entry, by=cast["owner"])
        kevin.refresh_from_db()
        assert kevin.follow_up_on == today
        later = (today + timedelta(days=30)).isoformat()
        assert changes(kevin) == {"follow_up_on": (later, today.isoformat())}

    def test_stays_if_somebody_changed_it_since(self, cast, kevin, entry, today):
        for days in (40, 30):
            day = today + timedelta(days)
            clients.follow_up(kevin, by=cast["management"], follow_up_on=day)
        remove_note(entry, by=cast["owner"])
        kevin.refresh_from_db()
        assert (kevin.follow_up_on, changes(kevin)) == (today + timedelta(30), {})

    def test_stays_if_its_author_may_change_the_client_no_more(self, cast, kevin, entry, today):
        clients.assign(kevin, by=cast["management"], sales_contact=cast["colleague"])
        remove_note(entry, by=cast["owner"])
        kevin.refresh_from_db()
        assert kevin.follow_up_on == today + timedelta(30)

    def test_counts_as_a_change(self, browser, cast, kevin, entry, note):
        plain = clients.add_note(kevin, by=cast["owner"], **note).entry
        changed = type(entry).objects.of_client(kevin).changes()
        assert changed.contains(entry)
        assert not changed.contains(plain)
