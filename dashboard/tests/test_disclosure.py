"""What is held about a person: read by management, handed out as a file, and told."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import typst
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.timezone import localtime, now
from pytest_django.asserts import assertContains, assertNotContains
from time_machine import travel

from accounts.delegations import delegate
from accounts.models import AccessRequest
from accounts.requests import decline
from accounts.tests.factories import UserFactory
from clients.models import Client
from dashboard import disclosure
from dashboard.erasure import Ground, erase
from dashboard.models import Notification
from dashboard.notifications import lines
from events import checklist
from events.models import ChecklistItem, Event
from history import journal
from history.tests.tables import changes, nothing_changes, told

from .leftovers import COMPANY, GONE, found

HELD = [word for word in GONE if not word.startswith(("+33", "0199"))]


@pytest.fixture
def boss(browser, cast):
    browser.force_login(cast["management"])
    return browser


def page_of(client):
    return f"/clients/{client.pk}/held/"


def test_it_works(boss, zenobie, with_event):
    assertContains(boss.get(zenobie.get_absolute_url()), page_of(zenobie))
    with nothing_changes():
        page = boss.get(page_of(zenobie))
    assert found(HELD, page.text.casefold()) == HELD
    for said in (
        "99 00 41 17",
        "article 6(1)(f)",
        "L123-22",
        "Until 3 years after",
        "until 10 years after the end of the year of the last document",
        "www.cnil.fr",
    ):
        assertContains(page, said)


def test_what_an_erasure_waits_for_is_named(boss, zenobie, with_event):
    Event.objects.update(status="planned", completed_at=None)
    assertContains(boss.get(page_of(zenobie)), "Before the personal data is erased")
    Event.objects.update(status="cancelled")
    assertNotContains(boss.get(page_of(zenobie)), "Before the personal data is erased")


def test_a_history_that_tells_nothing_of_the_person_is_not_denied(boss, cast, kevin):
    journal.record(cast["owner"], "archive", kevin, {"archived_at": (None, now())})
    assertContains(boss.get(page_of(kevin)), "holds no other data about this person")


@pytest.mark.parametrize("wanted", ["pdf", "json"])
def test_a_file_is_an_export(boss, cast, zenobie, with_event, wanted):
    other = UserFactory(team="management")
    with told("export_person"):
        response = boss.post(page_of(zenobie), {"format": wanted})
    content = b"".join(response.streaming_content)
    assert content.startswith({"pdf": b"%PDF", "json": b"{"}[wanted])
    headers = response.headers
    assert headers["Content-Type"] == f"application/{wanted}"
    assert headers["Content-Disposition"].startswith('attachment; filename="personal-file-')
    assert "quillmark" not in headers["Content-Disposition"].casefold()
    assert headers["Cache-Control"] == "private, no-store"
    assert changes(zenobie) == {"format": (None, wanted)}
    [notification] = Notification.objects.filter(kind="person_exported").told()
    assert notification.recipient == other
    with translation.override("en"):
        [line] = lines([notification])
    assert line.text == f"Mona Manager exported the personal file of {COMPANY}."


def test_the_json_is_what_is_held(boss, zenobie, with_event):
    told = json.loads(b"".join(boss.post(page_of(zenobie), {"format": "json"}).streaming_content))
    assert (told["company_name"], told["phone"]) == (COMPANY, "+33199004117")
    assert told["contracts"][0]["amount"] == "1500.00"
    assert told["checklists"] == [{"what": "Order confetti"}]
    assert [event["name"] for event in told["events"]] == ["Vivat regina"]
    assert told["reasons of access requests"] == ["Call her at home"]
    assert [note["channel"] for note in told["notes"]] == ["phone", "note"]
    assert {"zenobie@quillmark.example", "zenobie@old.quillmark.example"} == {
        change[side] for change in told["history"] if change["field"] == "email"
        for side in ("old", "new")
    }  # fmt: skip


def printed(client):
    """The texts in the cells of the PDF."""
    seen = []
    real = typst.compile

    def compile(source, **options):
        cells = typst.query(source, "table", sys_inputs=options["sys_inputs"])
        seen.append(str(cells))
        return real(source, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst, "compile", compile)
        made = disclosure.paper(client)
    return made, seen[0]


@pytest.mark.any_database
def test_the_paper_has_all_that_the_page_has(zenobie, with_event):
    made, text = printed(zenobie)
    with translation.override("fr"):
        values = [
            value
            for part in disclosure.parts(zenobie)
            for _name, rows in part.tables
            for _label, value in rows
        ]
    assert len(values) > 20
    assert [value for value in values if value not in text] == []
    assert b"pdfuaid" in made  # Made for screen readers.


@pytest.mark.any_database
@pytest.mark.parametrize(
    "text", ["*b* #panic() $x$ \\", "漢字 🎉", "a\x07b", "\u202eabc", "= h\n- l"]
)
def test_hostile_text_is_text(zenobie, text):
    Client.objects.filter(pk=zenobie.pk).update(job_title=text)
    zenobie.refresh_from_db()
    assert disclosure.paper(zenobie).startswith(b"%PDF")


def test_the_password_is_asked_again(boss, zenobie):
    with travel(now() + timedelta(minutes=11), tick=False), nothing_changes():
        assertContains(boss.get(page_of(zenobie)), "Is it you?")
        refusal = boss.post(page_of(zenobie), {"format": "pdf"})
        assertContains(refusal, "Is it you?", status_code=422)


def test_the_brake_counts_it(boss, zenobie, settings):
    settings.READING_LIMITS = settings.READING_LIMITS | {"exports": 2}
    for status in (200, 429):  # Where she was looked for, a list was exported already.
        assert boss.post(page_of(zenobie), {"format": "json"}).status_code == status


@pytest.mark.parametrize("typed", [{}, {"format": "exe"}, {"format": "\x00"}])
def test_no_other_format(boss, zenobie, typed):
    boss.get(page_of(zenobie))  # Opened: counted once.
    with nothing_changes():
        assert boss.post(page_of(zenobie), typed).status_code == 422


def test_no_entry_no_file(boss, zenobie, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr(journal.EntryValue.objects, "bulk_create", full)
    with pytest.raises(OSError, match="full"):
        boss.post(page_of(zenobie), {"format": "json"})


def test_who_may_not(browser, cast, zenobie):
    for who in ("owner", "colleague", "support", "no team"):
        browser.force_login(cast[who])
        with nothing_changes():
            assert browser.get(page_of(zenobie)).status_code == 403
            assert browser.post(page_of(zenobie), {"format": "json"}).status_code == 403


def test_in_a_demonstration_nothing_leaves(boss, zenobie, settings):
    settings.DEMO = True
    boss.get(page_of(zenobie))
    with nothing_changes():
        page = boss.post(page_of(zenobie), {"format": "pdf"})
    assertContains(page, "Not available in demonstration mode.", status_code=403)


def test_after_an_erasure_only_accounting(boss, cast, zenobie, with_event):
    erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    page = boss.get(page_of(zenobie))
    assert found(GONE, page.text.casefold()) == []
    assertContains(page, "What is left is kept for accounting.")
    assertContains(page, "€1,500.00")


@pytest.mark.any_database
def test_it_says_who_reads_it(boss, cast, zenobie, with_event):
    assertContains(boss.get(page_of(zenobie)), "Who reads it: the sales, support and management")
    zenobie = erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    assertContains(boss.get(page_of(zenobie)), "Who reads it: the management team")


@pytest.mark.any_database
def test_it_is_read_another_day(zenobie, with_event):
    """“Today at 10:00” would be a riddle on paper."""
    ten = localtime().replace(hour=10, minute=0, second=0)
    Event.objects.update(starts_at=ten, ends_at=ten + timedelta(hours=5))
    with translation.override("en"):
        told = str(disclosure.parts(zenobie))
    assert "24 Nov 2026 at 10:00" in told
    assert "Today" not in told


def test_no_colleague_is_named(cast, today, zenobie, with_event):
    """Whom it was lent to, who was refused it and who has something to do is not theirs."""
    owner = cast["owner"]
    delegate(zenobie, by=owner, to=cast["delegate"], until=today + timedelta(9))
    decline(AccessRequest.objects.get(), by=owner, reason="Better for her")
    Event.objects.update(status="planned", completed_at=None)
    item, who = ChecklistItem.objects.get(), {"role": "", "who": owner}
    checklist.change(item, by=owner, version=item.version, **who)
    who = {"role": "sales", "who": None}
    checklist.change(item, by=owner, version=item.version + 1, **who)
    told = file_of(str(zenobie.pk))
    with translation.override("en"):
        paper = str(disclosure.parts(zenobie))
    assert found(["Dora", "Colin", "Olivia", "Mona"], (told + paper).casefold()) == []
    assert "Better for her" in told
    changes = [each for each in json.loads(told)[0]["history"] if each["field"] == "in_charge"]
    assert [(each["old"], each["new"]) for each in changes] == [(None, "sales")]


# --- The command of whoever keeps the server ----------------------------------------------------


def file_of(word):
    out = StringIO()
    call_command("personal_file", word, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("by", ["email", "key"])
def test_the_command_tells_the_same(zenobie, with_event, by):
    word = "Zenobie@OLD.quillmark.example" if by == "email" else str(zenobie.pk)
    wanted = [word for word in GONE if word != "0199004117"]
    assert found(wanted, file_of(word).casefold()) == wanted


def test_nothing_is_told_of_others_or_after_an_erasure(cast, zenobie, with_event, kevin):
    assert kevin.company_name not in file_of(str(zenobie.pk))
    erase(zenobie, by=cast["management"], ground=Ground.ASKED)
    assert found(GONE, file_of(str(zenobie.pk)).casefold()) == []
    for word in ("zenobie@old.quillmark.example", "0", "9" * 30):
        with pytest.raises(CommandError):
            file_of(word)
