import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.hashers import PasswordHasher
from accounts.models import Session, User

PASSWORD = "a-long-and-quiet-password"
HOME, LOGIN, LOGOUT = "/", "/login/", "/logout/"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def owner(cast):
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save(update_fields=["password"])
    return cast["owner"]


def sign_in(browser, email, password=PASSWORD, **kwargs):
    typed = {"login": email, "password": password}
    return browser.post(LOGIN, typed, **{"headers": ENGLISH} | kwargs)


def signed_in(browser):
    return browser.get("/clients/").status_code == 200


def guess(browser, email, times, **kwargs):
    return [sign_in(browser, email, f"guess {n}", **kwargs).status_code for n in range(times)]


def test_it_works(browser, owner):
    response = sign_in(browser, owner.email.upper())
    assert (response.status_code, response.headers["Location"]) == (302, HOME)
    assert signed_in(browser)
    page = browser.get(LOGIN)  # Whoever is in has nothing to do there.
    assert (page.status_code, page.headers["Location"]) == (302, HOME)


def test_the_page_says_what_to_type(browser, db):
    page = browser.get(LOGIN, headers=ENGLISH).text
    for words in ("E-mail address", "Password", "Sign in", "Forgotten password: ask management."):
        assert words in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "placeholder" not in page
    assert "Demonstration" not in page


class TestRefused:
    def test_every_refusal_reads_the_same(self, browser, owner):
        wrong = sign_in(browser, owner.email, "wrong")
        unknown = sign_in(browser, "nobody@agency.example")
        User.objects.filter(pk=owner.pk).update(is_active=False)
        closed = sign_in(browser, owner.email)
        for response in (wrong, unknown, closed):
            assert response.status_code == 422
            assert response.text.count("Wrong e-mail address or password.") == 1
        assert not signed_in(browser)
        assert not Session.objects.exists()

    def test_every_refusal_takes_the_same_time(self, browser, owner, cast, monkeypatch):
        """What takes time is to hash, and each of them does it once."""
        hashed = []
        for work in ("encode", "verify"):
            real = getattr(PasswordHasher, work)
            monkeypatch.setattr(
                PasswordHasher,
                work,
                lambda *args, real=real, work=work: (hashed.append(work), real(*args))[1],
            )
        cast["support"].set_unusable_password()
        cast["support"].save()
        cast["leaver"].set_password(PASSWORD)
        cast["leaver"].save()
        hashed.clear()
        people = ("nobody@agency.example", owner.email, cast["leaver"].email, cast["support"].email)
        for email in people:
            sign_in(browser, email, "wrong")
            assert len(hashed) == 1, email
            hashed.clear()
        sign_in(browser, cast["leaver"].email)
        assert len(hashed) == 1

    def test_what_is_missing_is_said_on_top_and_at_its_field(self, browser, db):
        page = browser.post(LOGIN, {"login": "camille", "password": ""}, headers=ENGLISH)
        assert page.status_code == 422
        mail = "Enter a full e-mail address, for example name@company.com."
        assert page.text.count(mail) == page.text.count("Enter your password.") == 2
        assert "<title>Error:" in page.text

    @pytest.mark.parametrize("address", ["a\0b@c.example", "a" * 400 + "@c.example", "é@c.example"])
    def test_strange_addresses(self, browser, db, address):
        assert sign_in(browser, address).status_code == 422

    def test_no_answer_in_json(self, browser, owner):
        """It would be a second way in."""
        asking = {"accept": "application/json", "x-requested-with": "XMLHttpRequest"}
        response = sign_in(browser, owner.email, "wrong", headers=asking)
        assert response.headers["Content-Type"].startswith("text/html")
        assert response.status_code == 422


class TestWhereTo:
    @pytest.mark.parametrize("inside", ["/clients/?view=all", "/events/", "/account/"])
    def test_one_goes_on_where_one_wanted_to(self, browser, owner, inside):
        ask = browser.get(inside)
        assert ask.headers["Location"].startswith(f"{LOGIN}?next=")
        page = browser.get(ask.headers["Location"])
        kept = re.search(r'name="next" value="([^"]*)"', page.text)[1]
        typed = {"login": owner.email, "password": PASSWORD, "next": kept}
        assert browser.post(LOGIN, typed).headers["Location"] == inside

    @pytest.mark.parametrize(
        "outside",
        [
            "https://evil.example/",
            "//evil.example/",
            "///evil.example",
            "https:evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "http://testserver@evil.example/",
            "\x01//evil.example",
            "",
        ],
    )
    def test_and_nowhere_else(self, browser, owner, outside):
        typed = {"login": owner.email, "password": PASSWORD, "next": outside}
        assert browser.post(LOGIN, typed).headers["Location"] == HOME
        assert browser.get(LOGIN, {"next": outside}).headers["Location"] == HOME


class TestSessions:
    def test_deactivation_ends_an_open_session(self, browser, owner):
        browser.force_login(owner)
        assert signed_in(browser)
        User.objects.filter(pk=owner.pk).update(is_active=False)
        assert not signed_in(browser)

    def test_a_change_of_team_shows_at_the_next_request(self, browser, owner, kevin):
        browser.force_login(owner)
        page = reverse("clients:update", args=[kevin.pk])
        assert browser.get(page).status_code == 200
        owner.groups.set([Group.objects.get(name="support")])
        assert browser.get(page).status_code == 403
        owner.groups.clear()
        assert "in no team yet" in browser.get("/clients/").text

    def test_whoever_was_in_is_told_that_the_session_is_over(self, browser, owner):
        browser.force_login(owner)
        Session.objects.all().delete()
        page = browser.get("/clients/", follow=True, headers=ENGLISH)
        assert "Your session has ended. Sign in to continue." in page.text

    def test_whoever_was_not_is_not(self, browser, db):
        assert "has ended" not in browser.get("/clients/", follow=True, headers=ENGLISH).text

    def test_twelve_hours_in_all(self, browser, owner):
        sign_in(browser, owner.email)
        with time_machine.travel(localtime() + timedelta(hours=11)):
            assert signed_in(browser)
        with time_machine.travel(localtime() + timedelta(hours=13)):
            assert not signed_in(browser)

    def test_the_cookie_is_for_this_site_and_no_script(self, browser, owner):
        cookie = sign_in(browser, owner.email).cookies["session"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"

    def test_another_session_begins_with_a_new_key(self, browser, owner):
        """Or somebody who planted the key before would share it."""
        browser.get(LOGIN)
        browser.session.save()
        planted = browser.session.session_key
        sign_in(browser, owner.email)
        assert browser.session.session_key != planted


class TestSignOut:
    def test_it_works(self, browser, owner):
        browser.force_login(owner)
        response = browser.post(LOGOUT, headers=ENGLISH, follow=True)
        assert response.redirect_chain == [(LOGIN, 302)]
        assert "You are signed out." in response.text
        assert not signed_in(browser)
        assert not Session.objects.exists()

    def test_a_visit_only_asks(self, browser, owner):
        browser.force_login(owner)
        page = browser.get(LOGOUT)
        assert page.status_code == 200
        assert "Sign out?" in page.text
        assert signed_in(browser)

    def test_nobody_is_signed_out_by_another_site(self, owner):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(owner)
        assert browser.post(LOGOUT).status_code == 403
        assert signed_in(browser)


def test_what_allauth_offers_besides_is_not_there(browser, owner):
    """No sign-up, no other addresses, no codes; and no page of ours that leads there."""
    for path in (
        "signup",
        "email",
        "reauthenticate",
        "code",
        "inactive",
        "confirm-email",
        "social",
    ):
        for page in (f"/{path}/", f"/account/{path}/", f"/accounts/{path}/", f"/login/{path}/"):
            assert browser.get(page).status_code == 404
    assert "signup" not in browser.get(LOGIN).text
