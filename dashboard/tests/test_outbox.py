"""Notifications by mail, for whoever wants them: as they come, or once a day."""

from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.timezone import make_aware

from accounts.models import User
from accounts.tests.races import at_once
from dashboard.models import Notification
from dashboard.outbox import AGAIN_AFTER, send
from events.models import Event
from history.tests.tables import nothing_changes

from .test_notifications import change

NOON = make_aware(datetime.fromisoformat("2027-03-10 12:00"))
NEXT_MORNING = NOON + timedelta(hours=19)


@pytest.fixture
def post(settings):
    """Mail is set up, and goes nowhere."""
    settings.MAIL_IS_SET_UP, settings.SITE_URL = True, "https://crm.example"


@pytest.fixture
def clock(cast, event):
    """Nobody has been told anything yet. Support wants each mail, the owner one a day."""
    Event.objects.filter(pk=event.pk).update(name="Gala")
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def wants(person, mails, **more):
    User.objects.filter(pk=person.pk).update(mails=mails, **more)


def mails():
    """Send what is due; the mails, each as address and text."""
    mail.outbox.clear()
    call_command("send_notifications")
    return [(each.to, each.body) for each in mail.outbox]


def test_it_works(cast, event, clock, post):
    """In the reader's language, without a name in the subject, and with the way to stop it."""
    wants(cast["support"], "each", language="fr")
    change(event, cast["owner"], venue="Hall")
    change(event, cast["owner"], attendees=90)
    [(to, body)] = mails()
    assert to == [cast["support"].email]
    [message] = mail.outbox
    assert message.subject == "2 notifications dans le CRM Epic Events"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    body = body.replace("\N{NO-BREAK SPACE}", " ")
    assert body.startswith("Bonjour Sam,")
    texts = ["« Gala » : lieu.", "« Gala » : participants.", "https://crm.example/account/"]
    assert [body.index(text) for text in texts] == sorted(body.index(text) for text in texts)
    for each in Notification.objects.filter(recipient=cast["support"]):
        assert f"https://crm.example/notifications/{each.pk}/" in body
        assert (each.mailed_at, each.mail_after, each.read_at) == (NOON, None, None)
    assert mails() == []
    change(event, cast["owner"], attendees=91)
    assert len(mails()) == 1


def test_once_a_day(cast, event, clock, post):
    """All of the day at seven the next morning, once, whenever the command runs."""
    wants(cast["support"], "daily")
    change(event, cast["owner"], venue="Hall")
    change(event, cast["owner"], attendees=90)
    assert mails() == []
    clock.move_to(NEXT_MORNING - timedelta(minutes=1))
    assert mails() == []
    clock.move_to(NEXT_MORNING)
    change(event, cast["owner"], attendees=91)  # For tomorrow.
    [(_to, body)] = mails()
    assert body.count("Olivia Owner changed “Gala”") == 2
    assert mails() == []
    clock.move_to(NEXT_MORNING + timedelta(days=1))
    assert len(mails()) == 1


def test_what_is_not_mailed(cast, event, clock, post, settings):
    """What nobody wants, has read, or was told before; to who left; of what did not happen."""
    reader = cast["support"]
    change(event, cast["owner"], venue="Hall")
    wants(reader, "each")
    assert mails() == []  # It was told before.
    with transaction.atomic():
        change(event, cast["owner"], venue="Room")
        transaction.set_rollback(True)
    assert mails() == []
    change(event, cast["owner"], attendees=1)
    Notification.objects.mark_read()
    assert mails() == []
    change(event, cast["owner"], attendees=2)
    wants(reader, "")
    assert mails() == []
    wants(reader, "each")
    assert mails() == []  # Nor is it mailed when they think better of it.
    change(event, cast["owner"], attendees=3)
    wants(reader, "each", is_active=False)
    assert mails() == []
    wants(reader, "each", is_active=True)
    for name, value in (("DEMO", True), ("MAIL_IS_SET_UP", False)):
        setattr(settings, name, value)
        change(event, cast["owner"], attendees=4 + value)
        with nothing_changes():
            assert mails() == []
        setattr(settings, name, not value)
    assert mails() == []


def test_a_mail_that_fails_is_tried_again(cast, event, clock, post, monkeypatch):
    """The others go; the command fails, so that whoever looks after the server sees it."""
    wants(cast["support"], "each")
    wants(cast["owner"], "each")
    change(event, cast["delegate"], venue="Hall")
    refused = [cast["support"].email]
    sends = EmailMessage.send

    def fails(message, *args):
        if message.to == refused:
            raise OSError("The mail server refuses it.")
        return sends(message, *args)

    monkeypatch.setattr(EmailMessage, "send", fails)
    with pytest.raises(CommandError, match="1 mails could not be sent"):
        mails()
    assert [each.to for each in mail.outbox] == [[cast["owner"].email]]
    monkeypatch.undo()
    assert mails() == []
    clock.shift(AGAIN_AFTER)
    assert [to for to, _body in mails()] == [refused]


def test_a_long_one_is_cut(cast, event, clock, post):
    wants(cast["support"], "each")
    told = {"to": User.objects.get(pk=cast["support"].pk), "kind": "support_missing"}
    day = {"due_on": NOON.date()}
    Notification.objects.bulk_create(
        Notification.of(event, **told, **day | {"due_on": NOON.date() + timedelta(days=n)})
        for n in range(53)
    )
    [(_to, body)] = mails()
    assert body.count("has no support contact") == 50
    assert "And 3 more, on the page of your notifications." in body


@pytest.mark.postgresql
@pytest.mark.parametrize("_round", range(3))
def test_two_workers_send_one_mail(transactional_db, cast, event, post, _round):
    wants(cast["support"], "each")
    wants(cast["owner"], "each")
    for number in range(10):
        change(event, cast["delegate"], attendees=number + 1)
    mail.outbox.clear()
    results = at_once(*[partial(send)] * 4)
    assert sorted(to for each in mail.outbox for to in each.to) == sorted(
        [cast["support"].email, cast["owner"].email]
    ), results
    assert sum(sent for sent, _failed in results) == 2


# --- The preference -----------------------------------------------------------------------------


def test_the_preference(browser, cast, post):
    browser.force_login(cast["owner"])
    page = browser.get("/account/").text
    assert [f'value="{each}"' in page for each in ("each", "daily")] == [True, True]
    chosen = {"language": "en", "theme": "", "mails": "daily"}
    assert browser.post("/account/", chosen).status_code == 302
    assert User.objects.get(pk=cast["owner"].pk).mails == "daily"
    assert browser.post("/account/", chosen | {"mails": "hourly"}).status_code == 422
    assert User.objects.get(pk=cast["owner"].pk).mails == "daily"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("MAIL_IS_SET_UP", False, "This server sends no mail: notifications stay in the CRM."),
        ("DEMO", True, "Not available in demonstration mode."),
    ],
)
def test_where_no_mail_goes_out(browser, cast, post, settings, name, value, why):
    setattr(settings, name, value)
    browser.force_login(cast["owner"])
    page = browser.get("/account/").text
    assert why in page
    assert 'name="mails"' not in page
    browser.post("/account/", {"language": "en", "theme": "", "mails": "daily"})
    assert User.objects.get(pk=cast["owner"].pk).mails == ""
