import pytest
from django.urls import reverse

from accounts.models import User

PASSWORD = "a-long-and-quiet-password"


@pytest.fixture
def owner(cast):
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save(update_fields=["password"])
    return cast["owner"]


def sign_in(browser, email, password=PASSWORD):
    return browser.post("/login/", {"login": email, "password": password})


def signed_in(browser):
    return browser.get("/clients/").status_code == 200


def test_it_works(browser, owner):
    response = sign_in(browser, owner.email.upper())
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert signed_in(browser)


def test_every_refusal_reads_the_same(browser, owner):
    wrong = sign_in(browser, owner.email, "wrong")
    unknown = sign_in(browser, "nobody@agency.example")
    User.objects.filter(pk=owner.pk).update(is_active=False)
    closed = sign_in(browser, owner.email)
    assert [r.status_code for r in (wrong, unknown, closed)] == [422] * 3
    said = [list(r.context["form"].non_field_errors()) for r in (wrong, unknown, closed)]
    assert said[0] == said[1] == said[2] != []
    assert not signed_in(browser)


def test_fifteen_guesses_do_not_get_through(browser, owner):
    answers = [sign_in(browser, owner.email, f"guess {n}").status_code for n in range(15)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert sign_in(browser, owner.email).status_code == 429
    assert not signed_in(browser)


def test_one_persons_errors_do_not_lock_out_the_office(browser, owner):
    for n in range(15):
        sign_in(browser, "colleague@agency.example", f"guess {n}")
    assert sign_in(browser, owner.email).status_code == 302


def test_next_leads_to_this_site_only(browser, owner):
    response = browser.post(
        "/login/?next=https://evil.example/",
        {"login": owner.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert response.headers["Location"] == "/"


def test_sign_out_is_a_post(browser, owner):
    browser.force_login(owner)
    assert browser.get(reverse("account_logout")).status_code == 200
    assert signed_in(browser)
    response = browser.post(reverse("account_logout"))
    assert response.headers["Clear-Site-Data"]
    assert not signed_in(browser)


def test_deactivation_ends_an_open_session(browser, owner):
    browser.force_login(owner)
    assert signed_in(browser)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert not signed_in(browser)
