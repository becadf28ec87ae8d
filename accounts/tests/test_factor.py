"""The second factor: set up, asked at sign-in, owed by a team, lost, and asked for again."""

import io
import json
import re
from datetime import timedelta
from functools import partial
from importlib import import_module
from time import time
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.http import int_to_base36
from django.utils.timezone import localtime

from accounts import adapter, factors
from accounts.access import Refused
from accounts.hashers import PasswordHasher
from accounts.models import Session, User
from accounts.passwords import LinkGenerator
from accounts.tests.factories import UserFactory, passkey_credential
from accounts.tests.races import at_once
from accounts.tests.test_login import ENGLISH, PASSWORD, sign_in, signed_in
from history.models import Entry
from history.tests.tables import nothing_changes, told
from history.words import story

PAGE, APP, CODES = (f"/account/second-factor/{page}" for page in ("", "app/", "codes/"))
STEP, SECRET = "/login/second-factor/", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "This code is not right, or was used already."


@pytest.fixture(autouse=True)
def clock():
    """Codes are of the half minute: it stands still until a test moves it."""
    with time_machine.travel(localtime(), tick=False) as clock:
        yield clock


def shown(secret=SECRET, steps=0):
    """What an app with this secret shows, now or some half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time()) // 30 + steps))


def with_app(person):
    """Give a person an app, half a minute ago: the code that did it is used up."""
    with time_machine.travel(localtime() - timedelta(seconds=30), tick=False):
        factors.add_app(person, secret=SECRET, code=shown())
    return person


@pytest.fixture
def owner(cast):
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save(update_fields=["password"])
    return cast["owner"]


@pytest.fixture
def guarded(owner):
    return with_app(owner)


def argon2(code, salt):
    return PasswordHasher().encode(code, salt)


def listed(page):
    """The recovery codes that a page shows, in two groups of four digits."""
    return re.findall(r'<code class="ee-code">(\d{4} \d{4})</code>', page)


def step(browser, code):
    return browser.post(STEP, {"code": code}, headers=ENGLISH)


class TestSetUp:
    def test_it_works(self, browser, owner):
        browser.force_login(owner)
        assert "No second factor yet." in browser.get(PAGE).text
        page = browser.get(APP).text
        secret = re.search(r'ee-code">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
        assert "data:image/svg+xml;base64," in page
        with told("add_factor"):
            response = browser.post(APP, {"code": shown(secret)})
        assert response.headers["Location"] == CODES
        page = browser.get(CODES).text
        codes = listed(page)
        assert len(set(codes)) == 10
        assert "10 codes left" in page
        assert factors.use_up(owner, codes[0])
        assert reverse("account_factor_codes") in browser.get(PAGE).text

    def test_the_key_stays_while_the_page_is_opened_again(self, browser, owner):
        browser.force_login(owner)
        keys = {re.search(r'ee-code">([^<]+)<', browser.get(APP).text)[1] for _ in range(2)}
        assert len(keys) == 1

    def test_queries(self, browser, guarded, django_assert_max_num_queries):
        browser.force_login(guarded)
        for page in (PAGE, APP, CODES, reverse("account_factor_remove", args=[1])):
            browser.get(page)
            with django_assert_max_num_queries(6):
                browser.get(page)

    @pytest.mark.parametrize("code", ["000000", "", "12", "é" * 6, "\0", "9" * 21])
    def test_a_wrong_code_adds_nothing(self, browser, owner, code):
        browser.force_login(owner)
        browser.get(APP)
        with nothing_changes():
            assert browser.post(APP, {"code": code}).status_code == 422
        assert not Authenticator.objects.exists()

    def test_the_code_that_set_it_up_does_not_sign_in(self, browser, owner, clock):
        factors.add_app(owner, secret=SECRET, code=shown())
        sign_in(browser, owner.email)
        assert step(browser, shown()).status_code == 422
        clock.shift(timedelta(seconds=30))
        assert step(browser, shown()).status_code == 302

    def test_one_app(self, browser, guarded):
        browser.force_login(guarded)
        page = browser.get(APP).text
        secret = re.search(r'ee-code">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
        response = browser.post(APP, {"code": shown(secret)})
        assert response.status_code == 422
        assert "There is an app already" in response.text

    def test_seeds_are_not_to_be_read_in_the_database(self, browser, owner):
        browser.force_login(owner)
        secret = re.search(r'ee-code">([^<]+)<', browser.get(APP).text)[1].replace(" ", "")
        [row] = Session.objects.filter(person=owner)
        assert secret not in str(row.get_decoded())
        browser.post(APP, {"code": shown(secret)})
        data = Authenticator.objects.get(type=factors.APP).data
        assert data["secret"].startswith("gcm.")
        assert secret not in str(data)

    def test_recovery_codes_are_shown_once_and_kept_as_hashes(self, browser, guarded):
        browser.force_login(guarded)
        browser.post(CODES)
        [row] = Session.objects.filter(person=guarded)
        in_session = str(row.get_decoded())
        codes = [code.replace(" ", "") for code in listed(browser.get(CODES).text)]
        assert len(codes) == 10
        data = Authenticator.objects.get(type=factors.CODES).data
        sealed = factors.FactorAdapter().decrypt(data["hashes"])
        kept = json.loads(sealed)
        for code in codes:
            assert not any(code in text for text in (in_session, str(data), sealed))
            assert any(known in argon2(code, kept["salt"]) for known in kept["hashes"])
        assert len(kept["salt"]) >= 22  # Of 62 letters and digits: 128 bits.
        page = browser.get(CODES).text
        assert not listed(page)
        assert "10 codes left" in page
        assert "We keep no copy" in page

    def test_a_guess_at_them_costs_one_hash(self, guarded, monkeypatch):
        """Whether there are ten, or none any more; what cannot be one costs nothing."""
        codes, hashed = factors.renew_codes(guarded), []
        encode = PasswordHasher.encode
        note = lambda *args: (hashed.append(1), encode(*args))[1]  # noqa: E731
        monkeypatch.setattr(PasswordHasher, "encode", note)
        wrong = next(code for code in ("00000000", "11111111") if code not in codes)
        for left in (10, 0):
            assert factors.codes_left(guarded) == left
            hashed.clear()
            assert factors.use_up(guarded, wrong) is None
            assert len(hashed) == 1
            for code in codes:
                factors.use_up(guarded, code)
        hashed.clear()
        for typed in ("000000", "1" * 9, "٣" * 8, "", "abcdefgh"):
            assert factors.use_up(guarded, typed) is None
        assert not hashed

    def test_they_stay_good_when_passwords_are_hashed_otherwise(self, guarded, monkeypatch):
        code, other = factors.renew_codes(guarded)[:2]
        monkeypatch.setattr(PasswordHasher, "time_cost", 3)
        assert factors.use_up(guarded, code)
        assert factors.use_up(guarded, f" {other[:4]}-{other[4:]}")  # As one may write it down.

    def test_those_that_allauth_made_stay_good(self, guarded):
        """What the migration does with seeds of before: nothing that makes the codes is left."""
        Authenticator.objects.filter(user=guarded, type=factors.CODES).delete()
        before = RecoveryCodes.activate(guarded)
        used, *left = before.get_unused_codes()
        assert before.validate_code(used)
        hashing = import_module("accounts.migrations.0013_recovery_codes_hashed")
        hashing.hash_codes(apps, SimpleNamespace(connection=connection))
        assert set(Authenticator.objects.get(type=factors.CODES).data) == {"hashes"}
        assert factors.codes_left(guarded) == 9
        assert not factors.use_up(guarded, used)
        assert all(factors.use_up(guarded, code) for code in left)

    def test_of_a_seed_whose_key_is_lost_none_stays(self, guarded, settings, caplog):
        Authenticator.objects.filter(user=guarded, type=factors.CODES).delete()
        RecoveryCodes.activate(guarded)
        settings.SECOND_FACTOR_KEY = "another"
        hashing = import_module("accounts.migrations.0013_recovery_codes_hashed")
        hashing.hash_codes(apps, SimpleNamespace(connection=connection))
        assert factors.codes_left(guarded) == 0
        assert "does not open the recovery codes" in caplog.text

    def test_removed(self, browser, guarded):
        browser.force_login(guarded)
        page = reverse("account_factor_remove", args=[factors.of(guarded).get().pk])
        assert "and the password alone opens your account." in browser.get(page).text
        with told("remove_factor"):
            browser.post(page)
        assert not Authenticator.objects.exists()
        assert browser.get(CODES).headers["Location"] == PAGE

    def test_of_two_one_stays_with_the_recovery_codes(self, browser, guarded):
        [code, *_more] = factors.renew_codes(guarded)
        assert factors.add_passkey(guarded, name="Key", credential=passkey_credential()) is None
        browser.force_login(guarded)
        page = reverse("account_factor_remove", args=[factors.of(guarded).first().pk])
        assert "It is your last one" not in browser.get(page).text
        browser.post(page)
        [left] = factors.of(guarded)
        assert (left.type, factors.codes_left(guarded)) == (factors.PASSKEY, 10)
        assert factors.use_up(guarded, code)

    def test_a_passkey_made_for_another_question_is_none(self, browser, owner):
        browser.force_login(owner)
        page = "/account/second-factor/passkey/"
        assert 'data-passkey="new"' in browser.get(page).text
        assert "Set up an app" in browser.get(page).text  # For whom no passkey works.
        typed = {"name": "Key", "credential": json.dumps(passkey_credential())}
        assert browser.post(page, typed).status_code == 422
        assert not Authenticator.objects.exists()

    def test_nobody_removes_somebody_elses(self, browser, cast, guarded):
        browser.force_login(cast["colleague"])
        page = reverse("account_factor_remove", args=[factors.of(guarded).get().pk])
        with nothing_changes():
            assert browser.post(page).status_code == 404
        assert factors.of(guarded).exists()

    def test_new_recovery_codes(self, browser, guarded):
        browser.force_login(guarded)
        before = factors.renew_codes(guarded)
        with told("renew_codes"):
            browser.post(CODES)
        after = listed(browser.get(CODES).text)
        assert len(after) == 10
        assert not set(before) & {code.replace(" ", "") for code in after}
        assert factors.use_up(guarded, before[0]) is None
        assert factors.use_up(guarded, after[0])

    def test_not_in_a_demonstration(self, browser, owner, settings):
        settings.DEMO = True
        browser.force_login(owner)
        assert "so none is added here" in browser.get(PAGE).text
        for page in (APP, CODES, "/account/second-factor/passkey/"):
            assert browser.get(page).status_code == 403


class TestSignIn:
    def test_it_works(self, browser, guarded):
        assert sign_in(browser, guarded.email).headers["Location"] == STEP
        assert not signed_in(browser)
        assert "Code of your app" in browser.get(STEP, headers=ENGLISH).text
        assert step(browser, shown()).headers["Location"] == "/"
        assert signed_in(browser)

    def test_a_code_works_once(self, browser, guarded):
        sign_in(browser, guarded.email)
        step(browser, shown())
        other = Client()
        sign_in(other, guarded.email)
        response = step(other, shown())
        assert response.status_code == 422
        assert WRONG in response.text
        assert not signed_in(other)

    @pytest.mark.parametrize(("seconds", "good"), [(-1, False), (0, True), (29, True), (30, False)])
    def test_it_is_good_for_its_half_minute(self, guarded, clock, seconds, good):
        begins = (int(time()) // 30 + 10) * 30
        clock.move_to(begins)
        code = shown()
        clock.move_to(begins + seconds)
        assert bool(factors.use_up(guarded, code)) is good

    def test_nor_does_an_older_one_after_it(self, guarded, clock, settings):
        settings.MFA_TOTP_TOLERANCE = 1  # For whoever sets one.
        assert factors.use_up(guarded, shown(steps=1))
        assert not factors.use_up(guarded, shown())

    @pytest.mark.parametrize("code", ["000000", "", " ", "\0", "٣" * 6, "1" * 21])
    def test_a_wrong_code_opens_nothing(self, browser, guarded, code):
        sign_in(browser, guarded.email)
        assert step(browser, code).status_code == 422
        assert not signed_in(browser)

    @pytest.mark.parametrize(
        "said",
        [
            "",
            "null",
            "{}",
            "[]",
            "x",
            '{"id":"x"}',
            '"\\u0000"',
            '"\\ud800"',
            "9" * 5000,
            "[" * 100_000,
        ],
        ids=lambda said: said[:12],
    )
    def test_what_is_no_passkey_opens_nothing(self, browser, guarded, said):
        sign_in(browser, guarded.email)
        browser.get(STEP)
        assert browser.post(STEP, {"credential": said}).status_code == 422
        browser.force_login(guarded)
        passkey = {"name": "Key", "credential": said}
        assert browser.post("/account/second-factor/passkey/", passkey).status_code == 422
        assert factors.of(guarded).count() == 1

    def test_a_recovery_code_works_once(self, browser, guarded):
        code = factors.renew_codes(guarded)[3]
        sign_in(browser, guarded.email)
        assert step(browser, code).status_code == 302
        assert "Recovery code used: 9 are left." in browser.get("/").text
        assert factors.codes_left(guarded) == 9
        assert "Recovery codes: 9 left" in browser.get(PAGE).text
        other = Client()
        sign_in(other, guarded.email)
        assert step(other, code).status_code == 422

    @pytest.mark.parametrize(
        ("language", "left", "said"),
        [
            ("en", 1, "Recovery code used: 1 is left."),
            ("en", 0, "Recovery code used: it was the last one. Make new ones."),
            ("fr", 9, "Code de secours utilisé\xa0: il vous en reste 9."),
            ("fr", 0, "Code de secours utilisé\xa0: c’était le dernier. Créez-en de nouveaux."),
        ],
    )
    def test_it_is_said_how_many_are_left(self, browser, guarded, language, left, said):
        """In the language of the person: nobody's page was in that of the browser."""
        User.objects.filter(pk=guarded.pk).update(language=language)
        code, *others = factors.renew_codes(guarded)
        for other in others[left:]:
            factors.use_up(guarded, other)
        sign_in(browser, guarded.email, headers={"accept-language": "de"})
        step(browser, code)
        assert said in browser.get("/").text

    def test_the_journal_tells_with_what(self, browser, guarded, clock):
        for code in (shown(), factors.renew_codes(guarded)[0]):
            sign_in(browser, guarded.email)
            step(browser, code)
            assert "Recovery code used" not in browser.get("/").text or len(code) == 8
            browser.post("/logout/")
        factors.remove(factors.of(guarded).get(), by=guarded)
        sign_in(browser, guarded.email)
        entries = Entry.objects.filter(verb="sign_in").order_by("pk")
        used = [entry.values.get(field="factor").new for entry in entries]
        assert used == ["totp", "recovery_codes", "none"]
        told = [line.changes[-1].new for line in story(entries.told())]
        assert told == ["App", "Recovery code", "None"]

    def test_codes_are_not_guessed(self, browser, guarded):
        sign_in(browser, guarded.email)
        answers = [step(browser, f"{n:06}").status_code for n in range(10)]
        assert answers == [422] * 10
        assert step(browser, shown()).status_code == 429
        assert not signed_in(browser)

    def test_nor_at_many_accounts_from_one_address(self, browser, guarded, cast, settings):
        """Whoever has the passwords of many. Elsewhere one comes in, and where one did before."""
        rates = settings.ACCOUNT_RATE_LIMITS
        sign_in(browser, guarded.email)
        step(browser, shown())
        browser.post("/logout/")
        settings.ACCOUNT_RATE_LIMITS = rates | {"factor_failed_address": "3/15m/ip"}
        for part in ("colleague", "delegate", "support", "other support"):
            cast[part].set_password(PASSWORD)
            cast[part].save(update_fields=["password"])
            with_app(cast[part])
            thief = Client()
            sign_in(thief, cast[part].email)
            assert step(thief, "000000").status_code == (429 if part == "other support" else 422)
        assert step(thief, shown()).status_code == 429
        assert Entry.objects.filter(verb="lock_out").count() == 0  # No account is shut.
        sign_in(thief, cast["other support"].email, REMOTE_ADDR="10.0.0.9")
        answer = thief.post(STEP, {"code": shown()}, headers=ENGLISH, REMOTE_ADDR="10.0.0.9")
        assert answer.status_code == 302
        sign_in(browser, guarded.email)
        assert step(browser, "000000").status_code == 422

    def test_right_codes_are_not_counted_by_address(self, guarded, settings, clock):
        """An office where everybody signs in on a Monday."""
        rates = settings.ACCOUNT_RATE_LIMITS
        settings.ACCOUNT_RATE_LIMITS = rates | {"factor_failed_address": "3/15m/ip"}
        for _ in range(5):
            clock.shift(timedelta(seconds=31))
            browser = Client()
            sign_in(browser, guarded.email)
            assert step(browser, shown()).status_code == 302

    def test_a_new_password_by_mail_does_not_go_round_it(self, browser, guarded, settings):
        settings.MAIL_IS_SET_UP = True
        key = LinkGenerator().make_token(guarded)
        page = reverse("account_reset_password_from_key", args=[int_to_base36(guarded.pk), key])
        page = browser.get(page).headers["Location"]
        typed = {"password1": "another-long-password", "password2": "another-long-password"}
        assert browser.post(page, typed).headers["Location"] == "/login/"
        assert not signed_in(browser)
        answer = sign_in(browser, guarded.email, "another-long-password")
        assert answer.headers["Location"] == STEP
        assert not signed_in(browser)

    def test_not_without_the_password(self, browser, guarded):
        assert step(browser, shown()).headers["Location"] == "/login/"
        assert not signed_in(browser)

    def test_the_password_is_good_for_a_quarter_of_an_hour(self, browser, guarded, clock):
        sign_in(browser, guarded.email)
        clock.shift(timedelta(minutes=16))
        assert step(browser, shown()).headers["Location"] == "/login/"

    def test_an_account_closed_in_between(self, browser, guarded):
        sign_in(browser, guarded.email)
        User.objects.filter(pk=guarded.pk).update(is_active=False)
        with nothing_changes():
            assert step(browser, shown()).headers["Location"] == "/login/"
        User.objects.filter(pk=guarded.pk).update(is_active=True)
        assert not signed_in(browser)  # Reopening the account does not bring it back.
        assert step(browser, shown()).headers["Location"] == "/login/"

    @pytest.mark.parametrize("how", ["code", "recovery code"])
    def test_a_password_that_was_changed_in_between(self, browser, guarded, how):
        """Whoever had the old one waits here in vain, though they have a code."""
        [code, *_more] = factors.renew_codes(guarded)
        sign_in(browser, guarded.email)
        adapter.AccountAdapter().set_password(guarded, "another-long-password")
        with nothing_changes():
            answer = step(browser, code if how == "recovery code" else shown())
        assert answer.headers["Location"] == "/login/"
        assert not signed_in(browser)
        assert sign_in(browser, guarded.email, "another-long-password").headers["Location"] == STEP
        assert step(browser, shown()).status_code == 302

    def test_without_its_key_nothing_opens_and_the_log_says_why(
        self, browser, guarded, settings, caplog
    ):
        settings.SECOND_FACTOR_KEY = "another"
        assert factors.use_up(guarded, shown()) is None
        assert "SECOND_FACTOR_KEY does not open authenticator" in caplog.text
        browser.force_login(guarded)
        assert "0 codes left" in browser.get(CODES).text

    def test_a_key_that_was_replaced_still_reads(self, guarded, settings):
        settings.SECOND_FACTOR_KEY = f"new,{settings.SECOND_FACTOR_KEY}"
        assert factors.use_up(guarded, shown())

    def test_and_goes_once_all_is_encrypted_anew(self, guarded, settings, capsys):
        [code, *_more] = factors.renew_codes(guarded)
        settings.SECOND_FACTOR_KEY = f"new,{settings.SECOND_FACTOR_KEY}"
        with nothing_changes():
            call_command("encrypt_factors")
        assert "2 encrypted with the first key." in capsys.readouterr().out
        settings.SECOND_FACTOR_KEY = "new"
        assert factors.use_up(guarded, shown())
        assert factors.use_up(guarded, code)
        settings.SECOND_FACTOR_KEY = "another"
        with pytest.raises(CommandError, match="No key opens 2"):
            call_command("encrypt_factors")

    def test_what_fernet_encrypted_opens_and_is_encrypted_anew(self, guarded):
        """As every release before wrote it."""
        [code, *_more] = factors.renew_codes(guarded)
        for row in Authenticator.objects.filter(user=guarded):
            [name] = {"secret", "hashes"} & row.data.keys()
            plain = factors.FactorAdapter().decrypt(row.data[name])
            row.data[name] = factors._before().encrypt(plain.encode()).decode()
            assert row.data[name].startswith("gAAAA")
            row.save()
        assert factors.use_up(guarded, code)
        call_command("encrypt_factors")
        for row in Authenticator.objects.filter(user=guarded):
            assert "gAAAA" not in str(row.data)
        assert factors.use_up(guarded, shown())

    @pytest.mark.postgresql
    @pytest.mark.parametrize("_round", range(10))
    def test_two_processes_one_code(self, transactional_db, cast, _round):
        owner = with_app(cast["owner"])
        for code in (shown(), factors.renew_codes(owner)[0]):
            answers = at_once(*[partial(factors.use_up, owner, code)] * 5)
            assert [bool(answer) for answer in answers].count(True) == 1, answers


class TestOwed:
    @pytest.fixture(autouse=True)
    def management_must(self, settings):
        settings.SECOND_FACTOR_TEAMS = ["management"]

    def test_nothing_else_opens_before(self, browser, cast, kevin):
        browser.force_login(cast["management"])
        pages = ["/", "/clients/", kevin.get_absolute_url(), "/account/", "/account/sessions/"]
        for page in pages:
            assert browser.get(page).headers["Location"] == PAGE
        with nothing_changes():
            edited = browser.post(f"{kevin.get_absolute_url()}archive/")
        assert edited.headers["Location"] == PAGE
        assert "Your team needs a second factor." in browser.get(PAGE).text
        assert browser.get(APP).status_code == 200
        assert browser.get("/healthz").status_code == 200
        assert browser.post("/logout/").status_code == 302

    def test_and_everything_after(self, browser, cast):
        with_app(cast["management"])
        browser.force_login(cast["management"])
        assert signed_in(browser)
        assert "Your team needs" not in browser.get(PAGE).text

    def test_recovery_codes_alone_do_not_do(self, browser, cast):
        with_app(cast["management"])
        factors.of(cast["management"]).delete()
        browser.force_login(cast["management"])
        assert browser.get("/clients/").headers["Location"] == PAGE

    def test_a_superuser_must_too(self, browser, cast):
        User.objects.filter(pk=cast["owner"].pk).update(is_superuser=True)
        browser.force_login(cast["owner"])
        assert browser.get("/clients/").headers["Location"] == PAGE

    @pytest.mark.parametrize("part", ["owner", "support"])
    def test_other_teams_may(self, browser, cast, part):
        browser.force_login(cast[part])
        assert signed_in(browser)
        assert browser.get(APP).status_code == 200

    def test_management_sees_who_has_none(self, browser, cast):
        """And of whom one is wanted; not of a closed account."""
        with_app(cast["owner"])
        boss = with_app(UserFactory(team="management", language="en"))
        browser.force_login(boss)
        users = "/admin/accounts/user/"
        for page in ("/team/", users):
            rows = browser.get(page).text.split("<tr ")
            owing = {part for part in cast if f">{cast[part]}<" in "".join(self.marked(rows))}
            assert owing == {"management"}, page
        for answer, wanted in (("no", set(cast.values()) - {cast["owner"]}), ("yes", {boss})):
            found = set(browser.get(f"{users}?factor={answer}").context["cl"].result_list)
            assert found == wanted | ({cast["owner"]} if answer == "yes" else set())

    def marked(self, rows):
        return [row for row in rows if "t-warning" in row and "shield-slash" in row]

    def test_the_last_one_is_removed_and_nothing_opens(self, browser, cast):
        boss = with_app(cast["management"])
        browser.force_login(boss)
        page = reverse("account_factor_remove", args=[factors.of(boss).get().pk])
        assert "nothing opens until you set up another." in browser.get(page).text
        browser.post(page)
        assert browser.get("/clients/").headers["Location"] == PAGE

    def test_whoever_comes_into_the_team_from_the_next_request_on(self, browser, owner, cast):
        browser.force_login(owner)
        assert signed_in(browser)
        owner.groups.set(cast["management"].groups.all())
        assert browser.get("/clients/").headers["Location"] == PAGE


class TestReset:
    @pytest.fixture
    def page(self, guarded):
        return reverse("reset_factor", args=[guarded.pk])

    def test_it_works(self, browser, cast, guarded, page):
        theirs = Client()
        theirs.force_login(guarded)
        browser.force_login(cast["management"])
        assert "Olivia Owner" in browser.get(page).text
        account = reverse("admin:accounts_user_change", args=[guarded.pk])
        assert page in browser.get(account).text
        with told("reset_factor"):
            assert browser.post(page).headers["Location"] == account
        assert page not in browser.get(account).text
        assert not Authenticator.objects.exists()
        assert not signed_in(theirs)
        assert sign_in(theirs, guarded.email).headers["Location"] == "/"

    def test_the_person_is_told(
        self,
        browser,
        cast,
        guarded,
        page,
        settings,
        monkeypatch,
        django_capture_on_commit_callbacks,
    ):
        settings.MAIL_IS_SET_UP = True
        at_once = lambda target, args: Mock(start=lambda: target(*args))  # noqa: E731
        monkeypatch.setattr(adapter, "Thread", at_once)
        browser.force_login(cast["management"])
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(page)
        [message] = mail.outbox
        assert message.to == [guarded.email]
        assert message.subject == "Epic Events CRM: your second factor was reset"
        assert "It was done by Mona Manager." in message.body

    @pytest.mark.parametrize("part", ["owner", "colleague", "support", "no team"])
    def test_only_management_resets(self, browser, cast, guarded, page, part):
        browser.force_login(cast[part])
        with nothing_changes():
            assert browser.get(page).status_code == 403
            assert browser.post(page).status_code == 403
            with pytest.raises(Refused):
                factors.reset(guarded, by=cast[part])
        assert factors.of(guarded).exists()

    def test_not_ones_own(self, browser, cast):
        manager = with_app(cast["management"])
        browser.force_login(manager)
        page = reverse("reset_factor", args=[manager.pk])
        assert browser.post(page).status_code == 403
        assert factors.of(manager).exists()

    def test_not_a_superusers(self, browser, cast, guarded, page):
        User.objects.filter(pk=guarded.pk).update(is_superuser=True)
        browser.force_login(cast["management"])
        with nothing_changes():
            assert browser.get(page).status_code == 403
            assert browser.post(page).status_code == 403
        assert factors.of(guarded).exists()

    def test_nobody(self, browser, cast):
        browser.force_login(cast["management"])
        assert browser.post(reverse("reset_factor", args=[10**6])).status_code == 404

    def test_from_the_server_when_the_only_manager_lost_it(self, cast):
        manager = with_app(cast["management"])
        said = io.StringIO()
        with told("reset_factor"):
            call_command("reset_second_factor", manager.email.upper(), stdout=said)
        assert said.getvalue().startswith("Mona Manager can sign in with the password alone")
        assert not Authenticator.objects.exists()
        with pytest.raises(CommandError, match="There is no account"):
            call_command("reset_second_factor", "nobody@agency.example")


class TestConfirm:
    """Ten minutes after signing in, who does something sensitive is asked who they are."""

    @pytest.fixture
    def page(self, cast, guarded):
        return reverse("reset_factor", args=[guarded.pk])

    @pytest.fixture
    def manager(self, browser, cast, page, clock):
        manager = cast["management"]
        manager.set_password(PASSWORD)
        manager.save(update_fields=["password"])
        browser.force_login(manager)
        browser.get("/")
        clock.shift(timedelta(minutes=11))
        return manager

    def test_it_works(self, browser, manager, page, clock):
        asked = browser.get(page)
        assert "Is it you?" in asked.text
        answer = {"confirm-again": "GET", "confirm-password": PASSWORD}
        assert browser.post(page, answer).headers["Location"] == page
        assert "Reset the second factor" in browser.get(page).text
        clock.shift(timedelta(minutes=9))
        assert "Is it you?" not in browser.get(page).text
        clock.shift(timedelta(minutes=2))
        assert "Is it you?" in browser.get(page).text

    def test_what_was_posted_is_done_after_the_answer(self, browser, manager, page, guarded):
        with nothing_changes():
            asked = browser.post(page, {"said": '<b>"kept"', "more": ["1", "2"]})
        assert asked.status_code == 422
        assert 'name="said" value="&lt;b&gt;&quot;kept&quot;"' in asked.text
        assert asked.text.count('name="more"') == 2
        assert factors.of(guarded).exists()
        with told("reset_factor"):
            answer = {"confirm-again": "POST", "confirm-password": PASSWORD, "said": "kept"}
            assert browser.post(page, answer).status_code == 302
        assert not factors.of(guarded).exists()

    @pytest.mark.parametrize("again", ["GET", "POST", "x"])
    def test_a_wrong_answer_does_nothing(self, browser, manager, page, guarded, again):
        for answer in ({"confirm-password": "wrong"}, {}, {"confirm-code": "123456"}):
            with nothing_changes():
                response = browser.post(page, {"confirm-again": again, "said": "kept"} | answer)
            assert response.status_code == 422
            assert 'value="kept"' in response.text
            assert "wrong" not in response.text
        assert factors.of(guarded).exists()

    def test_a_code_does_too(self, browser, manager, guarded):
        with_app(manager)
        page = reverse("dashboard:transfer", args=[guarded.pk])
        assert "Or a code of your app" in browser.get(page).text
        answer = {"confirm-again": "GET", "confirm-code": shown()}
        assert browser.post(page, answer).status_code == 302
        assert "Is it you?" not in browser.get(page).text

    def test_before_what_opens_accounts_both_are_asked(self, browser, manager, page, guarded):
        with_app(manager)
        code = shown()
        assert "Or a code of your app" not in browser.get(page).text
        for answer, wanted in [
            ({"confirm-password": PASSWORD}, "Enter the code."),
            ({"confirm-code": code}, "Enter your password."),
            ({"confirm-password": "wrong", "confirm-code": code}, "not your current password"),
            ({"confirm-password": PASSWORD, "confirm-code": "000000"}, WRONG),
            ({"confirm-password": PASSWORD, "confirm-credential": "[1]"}, "did not answer"),
            ({"confirm-password": PASSWORD, "confirm-credential": "x"}, "did not answer"),
        ]:
            with nothing_changes():
                response = browser.post(page, {"confirm-again": "POST"} | answer)
            assert response.status_code == 422
            assert wanted in response.text
        assert factors.of(guarded).exists()
        both = {"confirm-again": "POST", "confirm-password": PASSWORD, "confirm-code": code}
        with told("reset_factor"):
            browser.post(page, both)
        assert "Is it you?" not in browser.get(CODES).text

    def test_one_of_them_given_elsewhere_does_not_do(self, browser, manager, page, guarded):
        with_app(manager)
        hand_over = reverse("dashboard:transfer", args=[guarded.pk])
        browser.post(hand_over, {"confirm-again": "GET", "confirm-password": PASSWORD})
        assert "Is it you?" not in browser.get(hand_over).text
        assert "Is it you?" in browser.get(page).text
        both = {"confirm-again": "GET", "confirm-password": PASSWORD, "confirm-code": shown()}
        assert browser.post(page, both).headers["Location"] == page
        assert "Is it you?" not in browser.get(page).text

    def test_the_session_goes_on_under_another_key(self, browser, manager, page):
        taken = Client()
        taken.cookies = browser.cookies.copy()
        browser.post(page, {"confirm-again": "GET", "confirm-password": PASSWORD})
        assert signed_in(browser)
        assert not signed_in(taken)
        assert Session.objects.filter(person=manager).count() == 1

    def test_it_is_not_guessed(self, browser, manager, page):
        wrong = {"confirm-again": "GET", "confirm-password": "wrong"}
        assert {browser.post(page, wrong).status_code for _ in range(10)} == {422}
        assert browser.post(page, wrong | {"confirm-password": PASSWORD}).status_code == 429

    def test_who_may_not_is_refused_and_not_asked(self, browser, cast, page, clock):
        browser.force_login(cast["colleague"])
        browser.get("/")
        clock.shift(timedelta(minutes=11))
        assert browser.get(page).status_code == 403

    def test_before_accounts_too(self, browser, manager, cast):
        """The administration, a hand-over; what is typed there is done after the answer."""
        person = cast["colleague"]
        pages = [
            reverse("admin:accounts_user_changelist"),
            reverse("admin:accounts_user_add"),
            reverse("admin:accounts_user_change", args=[person.pk]),
            reverse("dashboard:transfer", args=[person.pk]),
        ]
        assert ["Is it you?" in browser.get(page).text for page in pages] == [True] * 4
        close = reverse("admin:accounts_user_deactivate", args=[person.pk])
        with nothing_changes():
            assert browser.post(close, {}).status_code == 422
        answer = {"confirm-again": "POST", "confirm-password": PASSWORD}
        assert browser.post(close, answer).status_code == 302
        assert not User.objects.get(pk=person.pk).is_active

    def test_for_ones_own_factors_too(self, browser, manager):
        """Whatever was confirmed for something else; and before sessions are ended."""
        with_app(manager)
        for page in (APP, "/account/second-factor/passkey/", CODES):
            assert "Is it you?" in browser.get(page).text
        elsewhere = Client()
        elsewhere.force_login(manager)
        sessions = reverse("account_sessions")
        assert "Is it you?" not in browser.get(sessions).text
        with nothing_changes():
            assert "Is it you?" in browser.post(sessions).text
        assert signed_in(elsewhere)
        with told("end_sessions"):
            browser.post(sessions, {"confirm-again": "POST", "confirm-code": shown()})
        assert not signed_in(elsewhere)
        assert "Is it you?" in browser.get(CODES).text
