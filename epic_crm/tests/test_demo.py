"""What the demonstration holds, and that each record of it is one to work with."""

from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime, now

from accounts.models import Team, User
from clients.models import Client
from contracts.models import Contract
from epic_crm.demo import ACCOUNTS, PASSWORD
from events.models import ChecklistItem, Event, TemplateItem
from history.models import Entry, EntryValue
from history.words import story

from .demo_sights import BUSINESS, CAMILLE, HELENE, INES, in_days, lacking

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """Seeded once for all tests of this file, which therefore read; taken back after the last."""
    told = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True):
            call_command("seed_demo", stdout=told)
        yield told.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def demo(seeded, db):
    return seeded


def test_it_works(demo):
    assert User.objects.count() == 30
    assert 38 <= Client.objects.count() <= 46
    assert 56 <= Contract.objects.count() <= 64
    assert 38 <= Event.objects.count() <= 44
    assert lacking() == []


def test_it_tells_who_can_sign_in_and_how(demo):
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert (str(user), user.team) == (account.name, account.team)
        assert user.is_active
    assert User.objects.get(email=CAMILLE).check_password(PASSWORD)
    assert len(set(User.objects.values_list("password", flat=True))) == 1
    assert [a.team for a in ACCOUNTS].count(None) == 1
    assert not User.objects.filter(Q(is_staff=True) | Q(is_superuser=True)).exists()
    assert User.objects.in_team(*Team).count() == 29


def test_nothing_in_it_reaches_anybody(demo):
    """Addresses and numbers are of the ranges that are kept free for such uses."""
    numbers, addresses = set(), set(User.objects.values_list("email", flat=True))
    addresses |= set(Client.objects.values_list("email", flat=True))
    for model, fields in {
        User: ["phone"],
        Client: ["phone", "mobile"],
        Event: ["onsite_phone"],
    }.items():
        for field in fields:
            numbers |= set(model.objects.values_list(field, flat=True))
    told = EntryValue.objects.filter(field__in=["phone", "mobile", "onsite_phone"])
    numbers |= {value for pair in told.values_list("old", "new") for value in pair if value}
    plain = {str(number).replace(" ", "").replace("+33", "0") for number in numbers if number}
    assert len(plain) > 50
    assert [n for n in plain if not n.startswith(("019900", "063998")) or len(n) != 10] == []
    assert [a for a in addresses if not a.endswith(".example") or not a.isascii()] == []


def test_the_journal_is_in_order_of_time(demo):
    entries = list(Entry.objects.order_by("pk"))
    assert all(one.at <= other.at for one, other in pairwise(entries))
    assert in_days(-440) < entries[0].at
    assert entries[-1].at < now()
    working = [localtime(entry.at) for entry in entries]
    assert all(at.weekday() < 5 and 9 <= at.hour < 19 for at in working)
    records = sum(model.objects.count() for model in BUSINESS)
    assert len(entries) > 2 * records


# What leaves the record itself as it is.
BESIDE = ["delegate", "ask_access", "take_template", "add_item", "tick_item"]


def test_what_was_done_agrees_with_what_there_is(demo):
    for model in BUSINESS:
        for record in model.objects.all():
            entries = Entry.objects.about(record).order_by("pk").exclude(verb__in=BESIDE)
            # A note is no version of its record, unless something changed with it.
            assert record.version == entries.exclude(verb="note", values=None).count()
            assert record.created_at == entries[0].at
            assert record.updated_at == entries.last().at
    for contract in Contract.objects.all():
        year = localtime(contract.created_at).year
        assert contract.reference.startswith(f"C-{year}-")
    for leaver in User.objects.filter(is_active=False):
        closed = Entry.objects.about(leaver).first()
        assert not Entry.objects.filter(actor_id=leaver.pk, at__gte=closed.at).exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_journal_reads_in_both_languages(demo, language):
    with translation.override(language):
        lines = story(Entry.objects.told())
    assert len(lines) == Entry.objects.count()
    assert [line for line in lines if not line.sentence or "%(" in line.sentence] == []


def test_if_empty_tells_the_accounts_again(demo, settings):
    before = Entry.objects.count()
    told = StringIO()
    settings.DEMO = True
    call_command("seed_demo", "--if-empty", stdout=told)
    assert told.getvalue() == demo
    assert Entry.objects.count() == before


# --- Each record opens, edits and saves -----------------------------------------------------------


class Browser(HTMLParser):
    """Collects what a browser sends when the form of a page is submitted as it is."""

    def __init__(self, page):
        super().__init__()
        self.data, self.open = {}, ""  # The name of the list or the text that has begun.
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, value = attrs.get("name", ""), attrs.get("value") or ""
        unchecked = attrs.get("type") in ("radio", "checkbox") and "checked" not in attrs
        if tag in ("select", "textarea"):
            self.open = name
        elif tag == "option" and ("selected" in attrs or self.open not in self.data):
            self.data[self.open] = value
        elif tag == "input" and name and not unchecked:
            self.data[name] = lines(value)

    def handle_data(self, text):
        if self.lasttag == "textarea" and self.open:
            self.data[self.open] = lines(text.removeprefix("\n"))

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self.data.setdefault(self.open, "")
            self.open = ""


def lines(text):
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


@pytest.mark.parametrize("model", BUSINESS)
def test_each_record_opens_edits_and_saves_for_management(browser, demo, model):
    manager = User.objects.get(email=HELENE)
    rights = ["change", "amend"] if model is Event else ["change"]
    for record in model.objects.with_rights(manager, *rights):
        if any(getattr(record, f"may_{right}") for right in rights):
            opens_edits_and_saves(browser, manager, record)
        else:
            assert record.archived_at
            assert browser.get(record.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("model", "email"), [*((model, CAMILLE) for model in BUSINESS), (Event, INES)]
)
def test_each_record_opens_edits_and_saves_for_its_contact(browser, demo, model, email):
    user = User.objects.get(email=email)
    records = model.objects.with_rights(user, "change").filter(may_change=True)
    assert len(records) > 3
    for record in records:
        opens_edits_and_saves(browser, user, record)


def test_each_item_of_a_checklist_opens_edits_and_saves(browser, demo):
    user = User.objects.get(email=HELENE)
    for item in ChecklistItem.objects.all():
        address = reverse("events:change_item", args=[item.event_id, item.pk])
        opens_edits_and_saves(browser, user, item, address)
    for point in TemplateItem.objects.all():
        address = reverse("events:template_item", args=[point.pk])
        opens_edits_and_saves(browser, user, point, address)


def opens_edits_and_saves(browser, user, record, address=None):
    browser.force_login(user)
    assert browser.get(record.get_absolute_url()).status_code == 200
    address = address or reverse(f"{record._meta.app_label}:update", args=[record.pk])
    page = browser.get(address)
    assert page.status_code == 200
    data = Browser(page.content.decode()).data
    if "reason" in data:
        data["reason"] = "Relecture."
    saved = browser.post(address, data)
    assert saved.status_code == 302, saved.context["form"].errors
    again = type(record).objects.get(pk=record.pk)
    assert again.version == record.version, record
