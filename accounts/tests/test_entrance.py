"""What the journal tells of the door: and that it tells no more than it should."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts.tests.test_login import PASSWORD, guess, owner, sign_in, signed_in  # noqa: F401
from history.models import Entry, EntryValue
from history.verbs import Kind, quiet, verbs
from history.words import story

REFUSED = "/team/"


def told():
    """Verb, who, whose account, and the facts, of each line about the door; oldest first."""
    return [
        (
            entry.verb,
            entry.actor_name,
            entry.record_id,
            {value.field: value.new for value in entry.values.all()},
        )
        for entry in Entry.objects.filter(verb__in=quiet()).order_by("pk").told()
    ]


def test_it_works(browser, owner):  # noqa: F811
    agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    sign_in(browser, owner.email, headers={"user-agent": agent}, REMOTE_ADDR="192.0.2.77")
    assert signed_in(browser)
    browser.post("/logout/")
    assert not signed_in(browser)
    assert told() == [
        (
            "sign_in",
            "Olivia Owner",
            owner.pk,
            {"device": "Firefox · Linux", "network": "192.0.2.0/24", "factor": "none"},
        ),
        ("sign_out", "Olivia Owner", owner.pk, {}),
    ]


def test_what_fails_is_told_of_the_account_if_there_is_one(browser, owner):  # noqa: F811
    sign_in(browser, owner.email.upper(), "wrong", REMOTE_ADDR="2001:db8:1:2::9")
    sign_in(browser, "secret-typed-here@agency.example", "wrong")
    known, unknown = told()
    assert known == ("fail_password", "", owner.pk, {"network": "2001:db8:1::/48"})
    assert unknown[:3] == ("fail_unknown", "", 0)
    assert len(unknown[3]["address"]) == 10
    kept = str(list(Entry.objects.values_list())) + str(list(EntryValue.objects.values_list()))
    for secret in ("wrong", "secret-typed-here", PASSWORD):
        assert secret not in kept.replace("wrong password", "")
    sign_in(browser, "Secret-Typed-Here@agency.example", "wrong")
    assert told()[-1][3] == unknown[3]  # One can see that it was tried again.


def test_an_account_that_is_shut_is_told_once(browser, owner):  # noqa: F811
    with time_machine.travel(now(), tick=False) as clock:
        guess(browser, owner.email, 14)
        assert [verb for verb, *_rest in told()] == ["fail_password"] * 10 + ["lock_out"]
        clock.shift(timedelta(minutes=16))
        guess(browser, owner.email, 11)
        assert [verb for verb, *_rest in told()][11:] == ["fail_password"] * 10 + ["lock_out"]


def test_it_cannot_be_flooded(browser, db, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "journal_failure": "3/15m/key",
        "journal_refusal": "2/15m/key",
    }
    for n in range(6):
        sign_in(browser, f"nobody{n}@agency.example")
    assert [verb for verb, *_rest in told()] == ["fail_unknown"] * 3 + ["fail_more"]


def test_a_wrong_answer_when_asked_once_more(browser, cast):
    boss = cast["management"]
    boss.set_password(PASSWORD)
    boss.save()
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(browser, boss.email)
        clock.shift(timedelta(minutes=11))
        page = browser.post(
            reverse("admin:accounts_user_add"), {"confirm-password": "x", "confirm-again": "GET"}
        )
    assert page.status_code == 422
    assert [line[0] for line in told()] == ["sign_in", "fail_confirm"]


class TestRefused:
    def test_it_works(self, browser, cast, kevin):
        browser.force_login(cast["colleague"])
        edit = reverse("clients:update", args=[kevin.pk])
        assert browser.get(edit).status_code == browser.post(edit).status_code == 403
        assert browser.get(REFUSED).status_code == 403
        who = "Colin Colleague"
        assert told() == [
            ("refuse", who, kevin.pk, {"right": "clients.change_client"}),
            ("refuse", who, kevin.pk, {"right": "clients.change_client"}),
            ("refuse_page", who, cast["colleague"].pk, {"right": "accounts.manage_user"}),
        ]
        line = story(Entry.objects.told()[2:3], cast["management"])[0]
        assert 'Colin Colleague</strong> was refused on <a href="' in line.sentence
        assert [tuple(change) for change in line.changes] == [("Asked for", "", "edit it")]

    def test_the_page_of_the_record_does_not_tell(self, browser, cast, kevin):
        browser.force_login(cast["colleague"])
        browser.get(reverse("clients:update", args=[kevin.pk]))
        assert Entry.objects.concerning(kevin).first().verb == "refuse"
        for entries in (Entry.objects.about(kevin), Entry.objects.of_client(kevin)):
            assert not entries.filter(verb="refuse")
        browser.force_login(cast["management"])
        for page in (kevin.get_absolute_url(), "/", f"/team/{cast['colleague'].pk}/"):
            assert "was refused" not in browser.get(page).text

    def test_without_a_team(self, browser, cast):
        browser.force_login(cast["no team"])
        browser.get("/clients/")
        assert told() == [
            ("refuse_page", "Nora Newcomer", cast["no team"].pk, {"page": "/clients/"})
        ]

    def test_of_one_person_so_many_and_no_more(self, browser, cast, settings):
        limits = settings.ACCOUNT_RATE_LIMITS | {"journal_refusal": "2/15m/key"}
        settings.ACCOUNT_RATE_LIMITS = limits
        for who in ("owner", "colleague"):
            browser.force_login(cast[who])
            assert {browser.get(REFUSED).status_code for _n in range(5)} == {403}
        assert [line[0] for line in told()] == ["refuse_page", "refuse_page", "refuse_more"] * 2

    def test_nobody_is_nobody(self, db):
        assert Client().get(REFUSED).status_code == 302
        assert told() == []


class TestWithoutJournal:
    @pytest.fixture
    def broken(self, owner, monkeypatch):  # noqa: F811
        def fail(*args, **kwargs):
            raise DatabaseError("no room")

        monkeypatch.setattr("history.journal.EntryValue.objects.bulk_create", fail)
        return owner

    def test_nobody_comes_in(self, browser, broken):
        browser.raise_request_exception = False
        assert sign_in(browser, broken.email).status_code == 500
        assert not signed_in(browser)

    def test_no_password_changes(self, browser, broken):
        browser.force_login(broken)
        browser.raise_request_exception = False
        typed = {
            "oldpassword": PASSWORD,
            "password1": "n3w-and-quiet-one",
            "password2": "n3w-and-quiet-one",
        }
        assert browser.post(reverse("account_change_password"), typed).status_code == 500
        broken.refresh_from_db()
        assert broken.check_password(PASSWORD)

    def test_who_goes_is_gone(self, browser, broken):
        browser.force_login(broken)
        assert browser.post("/logout/").status_code == 302
        assert not signed_in(browser)

    def test_a_refusal_stands(self, browser, broken):
        browser.force_login(broken)
        assert browser.get(REFUSED).status_code == 403
        assert not Entry.objects.exists()


def test_only_what_is_quiet_need_not_say_who():
    of_no_record = {"erase_values"}
    kinds = {verbs[code].kind for code in set(quiet()) - of_no_record}
    assert kinds == {Kind.ACCESS, Kind.FAILURE, Kind.REFUSAL}
