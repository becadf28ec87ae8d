import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from history.tests.tables import contents

PAGES = ["/", "/clients/", "/clients/new/", "/contracts/", "/events/", "/agenda/", "/search/?q=a"]


@pytest.fixture
def newcomer(browser, cast):
    browser.force_login(cast["no team"])
    return cast["no team"]


@pytest.mark.parametrize("page", PAGES)
def test_it_works(browser, newcomer, cast, page):
    """One page: what is missing, and whom to ask for it."""
    response = browser.get(page)
    assert response.status_code == 403
    assert "Your account is in no team yet." in response.text
    assert f'<a href="mailto:{cast["management"].email}">Mona Manager</a>' in response.text
    assert cast["leaver"].email not in response.text  # A manager, but gone.
    assert 'href="/clients/"' not in response.text


def test_not_a_word_about_records_and_nothing_done(browser, newcomer, kevin, contract):
    before = contents()
    for page in (kevin.get_absolute_url(), reverse("contracts:sign", args=[contract.pk])):
        for response in (browser.get(page), browser.post(page, {"signed_on": "2026-01-01"})):
            assert response.status_code == 403
            assert "Cool Startup" not in response.text
    assert contents() == before


def test_ones_own_account_and_the_way_out_are_open(browser, newcomer):
    assert browser.get(reverse("account")).status_code == 200
    assert browser.get(reverse("account_change_password")).status_code == 200
    assert browser.post(reverse("account_logout")).status_code == 302
    assert browser.get("/").headers["Location"].startswith("/login/")


def test_a_page_that_is_not_there_is_not_there(browser, newcomer):
    assert browser.get("/nowhere/").status_code == 404


def test_once_in_a_team_everything_opens(browser, newcomer):
    newcomer.groups.set([Group.objects.get(name="sales")])
    assert browser.get("/clients/").status_code == 200


def test_when_there_is_nobody_to_ask(browser, newcomer, cast):
    cast["management"].groups.clear()
    assert "mailto:" not in browser.get("/").text
