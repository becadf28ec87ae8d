"""One's sessions: how long they last, what ends them, and the page that shows them."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import localtime, now

from accounts import sessions
from accounts.models import Session, User
from accounts.tests.test_login import LOGIN, PASSWORD, signed_in
from history.tests.tables import told

PAGE = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.fixture
def owner(browser, cast):
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save(update_fields=["password"])
    browser.force_login(cast["owner"])
    return cast["owner"]


@pytest.fixture
def elsewhere(owner):
    """Another browser of the owner's, signed in with the password."""
    other = Client(headers={"User-Agent": IPHONE})
    other.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert signed_in(other)
    return other


def key(browser):
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def row(browser):
    return Session.objects.get(session_key=key(browser))


def at(**later):
    return time_machine.travel(localtime() + timedelta(**later), tick=False)


class TestPage:
    def test_it_works(self, browser, owner, elsewhere):
        page = browser.get(PAGE).text
        assert "Safari · iPhone" in page
        assert "Unknown device" in page  # Where the tests signed in by hand.
        assert page.count("This session") == 1
        with told("end_sessions"):
            response = browser.post(PAGE, {"session": row(elsewhere).pk}, follow=True)
        assert "Signed out there." in response.text
        assert not signed_in(elsewhere)
        assert signed_in(browser)

    def test_all_the_others_at_once(self, browser, owner, elsewhere):
        third = Client()
        third.force_login(owner)
        with told("end_sessions"):
            browser.post(PAGE)
        assert signed_in(browser)
        assert not signed_in(elsewhere)
        assert not signed_in(third)

    def test_a_key_is_nowhere_on_it(self, browser, owner, elsewhere):
        page = browser.get(PAGE).text
        assert key(browser) not in page
        assert key(elsewhere) not in page

    def test_nobody_ends_somebody_elses(self, browser, cast, owner):
        colleague = Client()
        colleague.force_login(cast["colleague"])
        assert "Unknown device" in colleague.get(PAGE).text
        for asked in ({"session": row(colleague).pk}, {}):
            with told():
                response = browser.post(PAGE, asked, follow=True)
            assert "That session had ended already." in response.text
        assert signed_in(colleague)

    @pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "\0", "1e3"])
    def test_what_is_no_session(self, browser, owner, elsewhere, asked):
        with told():
            assert browser.post(PAGE, {"session": asked}).status_code == 302
        assert signed_in(elsewhere)

    def test_this_one_is_not_ended_here(self, browser, owner):
        browser.post(PAGE, {"session": row(browser).pk})
        assert signed_in(browser)

    def test_what_is_over_is_not_shown(self, browser, owner, elsewhere):
        Session.objects.filter(pk=row(elsewhere).pk).update(expire_date=now())
        assert "iPhone" not in browser.get(PAGE).text

    def test_whoever_is_not_signed_in_cannot(self, db):
        assert Client().post(PAGE).headers["Location"].startswith(LOGIN)


class TestTime:
    def test_twelve_hours_in_all(self, browser, owner):
        for hours in (4, 8, 11.9):
            with at(hours=hours):
                assert signed_in(browser)
                browser.post("/account/", {"language": "en", "theme": "dark"})  # Saves it too.
        with at(hours=12.1):
            assert not signed_in(browser)

    def test_management_two_hours_without_a_request(self, browser, cast):
        browser.force_login(cast["management"])
        with at(hours=1.9):
            assert signed_in(browser)
        with at(hours=3.8):
            assert signed_in(browser)
        with at(hours=5.9):
            assert not signed_in(browser)

    def test_support_a_whole_event_day(self, browser, cast):
        browser.force_login(cast["support"])
        with at(hours=11.9):
            assert signed_in(browser)

    def test_a_new_password_does_not_start_them_anew(self, browser, owner):
        before = row(browser).started_at
        with at(hours=6):
            typed = {
                "oldpassword": PASSWORD,
                "password1": "a-long-new-one",
                "password2": "a-long-new-one",
            }
            assert browser.post("/account/password/", typed).status_code == 302
            assert row(browser).started_at == before
            assert browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= 6 * 60 * 60
        with at(hours=12.1):
            assert not signed_in(browser)

    def test_seen_is_written_once_a_minute(self, browser, owner):
        signed_in(browser)
        before = row(browser).last_seen_at
        with at(seconds=50):
            signed_in(browser)
        assert row(browser).last_seen_at == before
        with at(seconds=70):
            signed_in(browser)
        assert row(browser).last_seen_at > before

    def test_what_is_over_can_be_cleared_away(self, browser, owner):
        with at(hours=13):
            call_command("clearsessions")
        assert not Session.objects.exists()


class TestEffectAtOnce:
    """What management does to an account holds from the next request of an open session on."""

    def test_a_closed_account(self, browser, owner, elsewhere):
        User.objects.filter(pk=owner.pk).update(is_active=False)
        assert not signed_in(browser)
        assert not signed_in(elsewhere)

    def test_another_team(self, browser, cast, owner):
        assert browser.get("/clients/new/").status_code == 200
        owner.groups.set([Group.objects.get(name="support")])
        assert browser.get("/clients/new/").status_code == 403
        owner.groups.clear()
        assert browser.get("/clients/").status_code == 403

    def test_ended(self, browser, owner, elsewhere):
        assert sessions.end(owner, except_key=key(browser)) == 1
        assert not signed_in(elsewhere)
        assert sessions.end(owner) == 1
        assert not signed_in(browser)

    def test_a_new_password(self, browser, owner, elsewhere):
        typed = {
            "oldpassword": PASSWORD,
            "password1": "a-long-new-one",
            "password2": "a-long-new-one",
        }
        browser.post("/account/password/", typed)
        assert signed_in(browser)
        assert not signed_in(elsewhere)
        assert [s.session_key for s in Session.objects.filter(person=owner)] == [key(browser)]

    def test_signing_out_leaves_nothing(self, browser, owner):
        browser.post("/logout/")
        assert not Session.objects.filter(person=owner).exists()

    def test_a_deleted_account_takes_them_along(self, browser, owner):
        owner.groups.clear()
        User.objects.filter(pk=owner.pk).delete()
        assert not Session.objects.filter(person=owner.pk).exists()
        assert not signed_in(browser)


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (FIREFOX, "Firefox · Linux"),
        (IPHONE, "Safari · iPhone"),
        (EDGE, "Edge · Windows"),
        ("curl/8", ""),
        ("", ""),
        ("<script>Firefox", "Firefox"),
    ],
)
def test_the_device_in_two_words(user_agent, said):
    assert sessions.device(user_agent) == said
