import re

import pytest
from django.urls import reverse

from accounts.models import User

PAGE = "/account/"


def chosen(user):
    return User.objects.values_list("language", "theme").get(pk=user.pk)


def html(response):
    return re.search(r'<html lang="(\w+)" data-bs-theme="(\w+)"', response.text).groups()


@pytest.fixture
def owner(browser, cast):
    browser.force_login(cast["owner"])
    return cast["owner"]


def test_it_works(browser, owner):
    response = browser.post(PAGE, {"language": "fr", "theme": "dark"})
    assert response.headers["Location"] == PAGE
    assert chosen(owner) == ("fr", "dark")
    page = browser.get(PAGE, headers={"accept-language": "en"})
    assert html(page) == ("fr", "dark")
    assert "Préférences enregistrées." in page.text


def test_left_empty_the_browser_and_the_system_decide(browser, owner):
    browser.post(PAGE, {"language": "", "theme": ""})
    assert chosen(owner) == ("", "")
    for language, said in {"en": "Preferences saved.", "fr": "Préférences enregistrées."}.items():
        asked = {"accept-language": language}
        response = browser.post(PAGE, {"language": "", "theme": ""}, headers=asked, follow=True)
        assert html(response) == (language, "auto")
        assert said in response.text


def test_the_page_shows_what_was_chosen(browser, owner):
    page = browser.get(PAGE).text
    assert re.search(r'<option value="en" selected', page)
    assert re.search(r'<option value="" selected[^>]*>As the system', page)


def test_and_who_one_is(browser, owner):
    page = browser.get(PAGE).text
    assert owner.email in page
    assert "Only management can change this." in page
    assert reverse("account_change_password") in page


@pytest.mark.parametrize("typed", [{"language": "xx"}, {"theme": "neon"}, {"language": "en\0"}])
def test_what_is_not_offered_changes_nothing(browser, owner, typed):
    assert browser.post(PAGE, {"language": "fr", "theme": "dark"} | typed).status_code == 422
    assert chosen(owner) == ("en", "")


def test_nothing_else_is_taken(browser, owner):
    more = {"email": "me@evil.example", "first_name": "Eve", "is_superuser": "1", "groups": "1"}
    browser.post(PAGE, {"language": "fr", "theme": "", "is_active": ""} | more)
    user = User.objects.get(pk=owner.pk)
    kept = (user.email, user.first_name, user.is_superuser, user.is_active, user.team)
    assert kept == (owner.email, "Olivia", False, True, "sales")


def test_without_a_team_too(browser, cast):
    browser.force_login(cast["no team"])
    assert browser.post(PAGE, {"language": "fr", "theme": "dark"}).status_code == 302
    assert chosen(cast["no team"]) == ("fr", "dark")


def test_whoever_is_not_signed_in_cannot(browser, cast):
    assert browser.get(PAGE).headers["Location"].startswith("/login/")
    browser.post(PAGE, {"language": "fr", "theme": "dark"})
    assert not User.objects.filter(theme="dark").exists()
