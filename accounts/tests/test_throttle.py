"""Who guesses passwords gets nowhere; who makes a slip, or is guessed at, gets in."""

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from accounts import invitations, known, throttle
from accounts.access import Refused
from accounts.people import unblock
from accounts.tests.test_login import ENGLISH, PASSWORD, guess, sign_in, signed_in
from history.models import Entry
from history.tests.tables import nothing_changes, told

LOCKED = "Too many attempts. Try again in 15 minutes or ask management."
ADDRESS_LIMIT = settings.ACCOUNT_RATE_LIMITS | {"login_failed_address": "3/15m/ip"}


@pytest.fixture
def owner(cast):
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save(update_fields=["password"])
    return cast["owner"]


@pytest.fixture
def own_browser(owner):
    """One in which the owner signed in before."""
    browser = Client()
    assert sign_in(browser, owner.email).status_code == 302
    browser.post("/logout/")
    return browser


def later(**delay):
    return time_machine.travel(localtime() + timedelta(**delay))


def counters(of=""):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_cache WHERE cache_key LIKE %s", [f"%{of}%"])
        return cursor.fetchone()[0]


class TestAccount:
    def test_fifteen_guesses_do_not_get_through(self, browser, owner):
        assert guess(browser, owner.email, 15) == [422] * 10 + [429] * 5
        right = sign_in(browser, owner.email)
        assert right.status_code == 429
        assert LOCKED in right.text
        assert not signed_in(browser)

    def test_nor_from_fifteen_addresses(self, owner):
        answers = [guess(Client(REMOTE_ADDR=f"10.0.0.{n}"), owner.email, 1)[0] for n in range(15)]
        assert answers == [422] * 10 + [429] * 5

    def test_after_a_quarter_of_an_hour_one_may_try_again(self, browser, owner):
        guess(browser, owner.email, 11)
        with later(minutes=16):
            assert sign_in(browser, owner.email).status_code == 302

    def test_an_account_that_is_not_there_locks_with_the_same_answer(self, browser, owner):
        pages = {}
        for email in (owner.email, "nobody@agency.example"):
            assert guess(browser, email, 11)[-1] == 429
            pages[email] = sign_in(Client(), email).text.replace(email, "")
        assert LOCKED in pages[owner.email]
        told = {
            re.sub('name="csrf[^>]*', "", page.partition("<main")[2]) for page in pages.values()
        }
        assert len(told) == 1

    def test_what_succeeds_does_not_count(self, owner):
        for _ in range(12):
            assert sign_in(Client(), owner.email).status_code == 302

    @pytest.mark.parametrize("disguise", ["capitals", "letters", "host", "forwarded"])
    def test_a_guesser_in_disguise(self, browser, owner, disguise):
        """The port in a Host header is free; PostgreSQL takes ſ for s, since both become S."""
        for n in range(10):
            email, kwargs = owner.email, {}
            if disguise == "capitals":
                email = email[:n].upper() + email[n:]
            elif disguise == "letters":
                email = email.replace("s", "ſ", n % 2)
            elif disguise == "host":
                kwargs = {"HTTP_HOST": f"localhost:{8000 + n}"}
            else:
                kwargs = {"headers": ENGLISH | {"x-forwarded-for": f"10.0.0.{n}"}}
            assert guess(browser, email, 1, **kwargs) == [422]
        assert sign_in(browser, owner.email).status_code == 429


class TestAddress:
    def test_an_office_on_a_monday_morning(self, cast, owner):
        """Thirty people behind one address, a slip each, and the right password then."""
        for n in range(29):
            assert guess(Client(), f"person{n}@agency.example", 2) == [422, 422]
        browser = Client()
        assert guess(browser, owner.email, 1) == [422]
        assert sign_in(browser, owner.email).status_code == 302

    def test_one_persons_errors_do_not_lock_it_out(self, browser, owner, cast):
        guess(browser, cast["colleague"].email, 150)
        assert sign_in(browser, owner.email).status_code == 302

    def test_many_accounts_from_one(self, browser, owner, settings):
        settings.ACCOUNT_RATE_LIMITS = ADDRESS_LIMIT
        for n in range(3):
            forged = ENGLISH | {"x-forwarded-for": f"10.0.0.{n}"}  # No proxy of ours said so.
            assert guess(browser, f"person{n}@x.example", 1, headers=forged) == [422]
        assert sign_in(browser, owner.email).status_code == 429
        assert sign_in(browser, owner.email, REMOTE_ADDR="10.0.0.9").status_code == 302

    def test_the_addresses_of_one_ipv6_line_are_one(self, browser, owner, settings):
        settings.ACCOUNT_RATE_LIMITS = ADDRESS_LIMIT
        for n in range(3):
            guess(browser, f"person{n}@x.example", 1, REMOTE_ADDR=f"2001:db8::{n}")
        assert sign_in(browser, owner.email, REMOTE_ADDR="2001:db8::ffff").status_code == 429
        assert sign_in(browser, owner.email, REMOTE_ADDR="2001:db8:9:1::1").status_code == 302

    def test_behind_our_proxy_they_are_told_apart(self, browser, owner, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        settings.ACCOUNT_RATE_LIMITS = ADDRESS_LIMIT | {"login_failed_address": "1/15m/ip"}
        first, second = (
            ENGLISH | {"x-forwarded-for": f"1.2.3.4, {ip}"} for ip in ("8.8.8.8", "9.9.9.9")
        )
        assert guess(browser, "person@x.example", 2, headers=first) == [422, 429]
        assert sign_in(browser, owner.email, headers=second).status_code == 302


class TestKnownBrowser:
    """Guesses made elsewhere do not lock out whoever signed in here before."""

    def test_it_works(self, owner, own_browser):
        assert guess(Client(), owner.email, 11)[-1] == 429
        assert sign_in(Client(), owner.email).status_code == 429
        assert sign_in(own_browser, owner.email).status_code == 302

    def test_nor_does_an_address_that_was_used_up(self, owner, own_browser, settings):
        settings.ACCOUNT_RATE_LIMITS = ADDRESS_LIMIT
        for n in range(3):
            guess(Client(), f"person{n}@x.example", 1)
        assert sign_in(Client(), owner.email).status_code == 429
        assert sign_in(own_browser, owner.email).status_code == 302

    def test_fifteen_guesses_do_not_get_through_there_either(self, owner, own_browser):
        assert guess(own_browser, owner.email, 15) == [422] * 10 + [429] * 5
        assert sign_in(own_browser, owner.email).status_code == 429

    def test_it_knows_one_account_alone(self, owner, own_browser, cast):
        email = cast["colleague"].email
        assert guess(Client(), email, 11)[-1] == 429
        assert guess(own_browser, email, 1) == [429]

    @pytest.mark.parametrize("what", ["forged", "foreign", "old"])
    def test_what_is_not_ours_is_nothing(self, owner, own_browser, what):
        cookie = own_browser.cookies["known"].value
        forged = {
            "forged": cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
            "foreign": signing.dumps(signing.loads(cookie, salt=known.SALT), salt="another"),
            "old": cookie,
        }
        own_browser.cookies["known"] = forged[what]
        with later(days=181 if what == "old" else 0):
            assert guess(Client(), owner.email, 11)[-1] == 429
            assert sign_in(own_browser, owner.email).status_code == 429

    def test_the_cookie_names_nobody_and_is_for_this_site_and_no_script(self, owner, own_browser):
        cookie = own_browser.cookies["known"]
        assert owner.email not in str(signing.loads(cookie.value, salt=known.SALT))
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")

    def test_a_shared_computer_knows_the_last_five(self, rf):
        request = rf.get("/")
        for n in range(6):
            response = HttpResponse()
            known.remember(request, response, f"person{n}@agency.example")
            request.COOKIES = {"known": response.cookies["known"].value}
        numbers = [known.number(request, f"PERSON{n}@agency.example") for n in range(6)]
        assert numbers[0] is None
        assert len(set(numbers)) == 6

    @pytest.mark.parametrize("where", ["elsewhere", "in one's own browser"])
    def test_whoever_is_guessed_at_for_ever_asks_management(self, owner, own_browser, cast, where):
        """A link of theirs proves whose account it is: no need to wait until it is over."""
        browser = Client() if where == "elsewhere" else own_browser
        assert guess(browser, owner.email, 11)[-1] == 429
        guess(Client(), owner.email, 11)
        given = invitations.invite(owner, by=cast["management"])
        browser.get(reverse("account_invitation", args=[owner.pk, given]))
        typed = {"password1": "another-long-password", "password2": "another-long-password"}
        assert browser.post("/account/invitation/", typed).status_code == 302
        assert sign_in(browser, owner.email, "another-long-password").status_code == 302


class TestManagement:
    """Management sees that an account is blocked, and ends it."""

    def pages(self, boss, person):
        account = reverse("admin:accounts_user_change", args=[person.pk])
        return [boss.get(page).text for page in (f"/team/{person.pk}/", account)]

    @pytest.fixture
    def boss(self, browser, cast):
        browser.force_login(cast["management"])
        return browser

    def test_it_works(self, boss, owner, own_browser):
        """Whoever guessed, in whatever browser: each has counters of its own."""
        with time_machine.travel(localtime(), tick=False) as clock:
            guess(Client(), owner.email, 10)
            for page in self.pages(boss, owner):
                assert "Sign-in blocked" not in page
            clock.shift(timedelta(minutes=3))
            guess(Client(), owner.email.upper(), 1)
            until = f"{localtime() + timedelta(minutes=12):%H:%M}"
            for page in self.pages(boss, owner):
                assert f"Sign-in blocked until {until}" in page
            guess(own_browser, owner.email, 11)
            until = f"{localtime() + timedelta(minutes=15):%H:%M}"
            for page in self.pages(boss, owner):
                assert f"Sign-in blocked until {until}" in page
            assert sign_in(own_browser, owner.email).status_code == 429
            with told("unblock"):
                page = boss.post(f"/admin/accounts/user/{owner.pk}/unblock/", follow=True)
        assert "Olivia Owner can sign in again at once." in page.text
        for page in self.pages(boss, owner):
            assert "Sign-in blocked" not in page
        for browser in (own_browser, Client()):
            assert sign_in(browser, owner.email).status_code == 302

    def test_it_ends_by_itself(self, boss, owner):
        guess(Client(), owner.email, 11)
        boss.get("/")
        with later(minutes=16):
            assert throttle.blocked_until(owner.email) is None
            with nothing_changes():
                page = boss.post(
                    f"/admin/accounts/user/{owner.pk}/unblock/", {"from_team": "1"}, follow=True
                )
        assert "Is it you?" in page.text

    def test_who_was_not_blocked(self, boss, owner):
        with nothing_changes():
            page = boss.post(
                f"/admin/accounts/user/{owner.pk}/unblock/", {"from_team": "1"}, follow=True
            )
        assert "Sign-in was not blocked any more." in page.text
        assert page.redirect_chain[-1][0] == f"/team/{owner.pk}/"

    def test_wrong_codes_too(self, boss, owner, cast):
        """What is asked once more, for example: the wrong answers are those of a second factor."""
        cast["colleague"].set_password(PASSWORD)
        cast["colleague"].save()
        person, page = Client(), "/account/second-factor/app/"
        with time_machine.travel(localtime(), tick=False) as clock:
            sign_in(person, cast["colleague"].email)
            clock.shift(timedelta(minutes=11))
            wrong = {"confirm-again": "GET", "confirm-password": "wrong"}
            answers = [person.post(page, wrong).status_code for _n in range(11)]
            assert answers == [422] * 10 + [429]
            assert throttle.blocked_until(cast["colleague"].email)
            unblock(cast["colleague"], by=cast["management"])
            right = wrong | {"confirm-password": PASSWORD}
            assert person.post(page, right).status_code == 302

    def test_blocked_once_more_it_is_told_once_more(self, owner, cast):
        for _time in range(2):
            guess(Client(), owner.email, 13)
            unblock(owner, by=cast["management"])
        assert Entry.objects.filter(verb="lock_out").count() == 2

    @pytest.mark.parametrize("who", ["owner", "support", "no team"])
    def test_nobody_else_does(self, owner, cast, who):
        guess(Client(), owner.email, 11)
        with nothing_changes(), pytest.raises(Refused):
            unblock(owner, by=cast[who])
        assert sign_in(Client(), owner.email).status_code == 429
        browser = Client()
        browser.force_login(cast[who])
        assert browser.post(f"/admin/accounts/user/{owner.pk}/unblock/").status_code == 403

    def test_an_account_that_is_told_however_much_else_failed(self, owner, settings):
        limits = settings.ACCOUNT_RATE_LIMITS | {"journal_failure": "3/15m/key"}
        settings.ACCOUNT_RATE_LIMITS = limits
        guess(Client(), owner.email, 11)
        assert Entry.objects.first().verb == "lock_out"


class TestCounters:
    def test_the_processes_share_them(self, browser, owner):
        assert isinstance(caches["default"], DatabaseCache)
        guess(browser, owner.email, 1)
        assert counters("login_failed:") == counters("login_failed_address:") == 1

    def test_one_address_does_not_push_the_others_out(self, browser, db, settings):
        settings.ACCOUNT_RATE_LIMITS = ADDRESS_LIMIT
        for n in range(3):
            guess(browser, f"person{n}@x.example", 1)
        before, told = counters(), Entry.objects.count()
        for n in range(10):
            assert guess(browser, f"somebody{n}@x.example", 1) == [429]
        assert (counters(), Entry.objects.count()) == (before, told)


def test_a_counter_that_is_over_is_held_no_longer_than_a_day(owner):
    """Addresses and hashes of accounts: the cache itself keeps them until it is full."""
    guess(Client(REMOTE_ADDR="192.0.2.1"), owner.email, 1)
    with later(minutes=10):
        guess(Client(REMOTE_ADDR="192.0.2.2"), owner.email, 1)
    assert (counters("192.0.2.1"), counters("192.0.2.2")) == (1, 1)
    before = counters()
    with later(minutes=16):
        call_command("clear_counters", stdout=StringIO())
        assert (counters("192.0.2.1"), counters("192.0.2.2")) == (0, 1)
        assert counters() == before - 1  # The account's was counted again meanwhile.
        assert guess(Client(), owner.email, 10) == [422] * 9 + [429]


def test_addresses_in_ipv6_clothes_are_told_apart(cast, settings):
    """A server that listens on IPv6 sees everybody of IPv4 so."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "login_failed_address": "3/15m/ip"
    }
    guess(Client(), cast["owner"].email, 4, REMOTE_ADDR="::ffff:192.0.2.7")
    [answer] = guess(Client(), cast["colleague"].email, 1, REMOTE_ADDR="::ffff:192.0.2.8")
    assert answer == 422


def test_of_one_ipv6_line_all_addresses_are_one(cast, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "login_failed_address": "3/15m/ip"
    }
    for n in range(3):
        guess(Client(), f"nobody{n}@agency.example", 1, REMOTE_ADDR=f"2001:db8:1:{n}::1")
    [answer] = guess(Client(), cast["colleague"].email, 1, REMOTE_ADDR="2001:db8:1:9::1")
    assert answer == 429


def test_what_is_refused_by_address_leaves_no_row(db, settings):
    """Else whoever asks for links often enough pushes the counters of guesses out of the cache."""
    settings.MAIL_IS_SET_UP = True
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "reset_password": "3/15m/ip,5/15m/key"
    }

    def ask(n):
        return Client().post("/account/password/reset/", {"email": f"nobody{n}@agency.example"})

    assert [ask(n).status_code for n in range(5)] == [302, 302, 302, 429, 429]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_cache WHERE cache_key LIKE '%reset_password%'")
        assert cursor.fetchone()[0] == 4  # Three of addresses of mail, one of ours.


def test_the_setting_asks_the_address_first():
    assert settings.ACCOUNT_RATE_LIMITS["reset_password"].startswith("50/15m/ip,")
