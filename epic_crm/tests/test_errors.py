import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from epic_crm import errors

ENGLISH = {"accept-language": "en"}
HOME = 'href="/"'


@pytest.fixture
def visit(browser, cast):
    """A page as one of the cast reads it."""

    def visit(part, page, **posted):
        browser.force_login(cast[part])
        return browser.post(page, posted) if posted else browser.get(page)

    return visit


def in_the_shell(response):
    return 'class="ee-side"' in response.text


class TestNotFound:
    def test_it_works(self, visit):
        response = visit("owner", "/nowhere/")
        assert response.status_code == 404
        assert "The address is wrong or the record no longer exists." in response.text
        assert in_the_shell(response)
        main = response.text.partition("<main")[2]
        assert HOME in main
        assert f'href="{reverse("dashboard:search")}"' in main

    def test_whoever_is_not_signed_in_sees_a_bare_page(self, browser, db):
        response = browser.get("/nowhere/", headers=ENGLISH)
        assert response.status_code == 404
        assert "Page not found." in response.text
        assert not in_the_shell(response)
        assert HOME in response.text

    @pytest.mark.parametrize("page", ["/clients/999/", "/clients/999999999999999999999999/"])
    def test_a_record_that_is_not_there(self, visit, page):
        assert visit("owner", page).status_code == 404


class TestForbidden:
    def test_it_works(self, visit, kevin, cast):
        """Who may, whom to ask, and back to the record."""
        response = visit("support", reverse("clients:update", args=[kevin.pk]))
        assert response.status_code == 403
        assert "Only this client’s sales contact or management can edit it." in response.text
        assert f'<a href="mailto:{cast["owner"].email}">Olivia Owner</a>' in response.text
        assert f'href="{kevin.get_absolute_url()}"' in response.text
        assert in_the_shell(response)

    def test_nobody_is_in_charge(self, visit, kevin, cast):
        type(kevin).objects.update(sales_contact=None)
        response = visit("support", reverse("clients:update", args=[kevin.pk]))
        assert response.status_code == 403
        assert f'<a href="mailto:{cast["management"].email}">Mona Manager</a>' in response.text

    def test_without_a_record_management_is_asked(self, visit, cast):
        response = visit("support", reverse("clients:create"))
        assert response.status_code == 403
        assert "Only the sales team or management can add a client or a prospect." in response.text
        assert f'<a href="mailto:{cast["management"].email}">Mona Manager</a>' in response.text
        assert cast["leaver"].email not in response.text

    def test_whoever_is_not_signed_in_learns_no_names(self, rf, cast):
        request = rf.get("/login/")
        request.user = AnonymousUser()
        response = errors.forbidden(request, PermissionDenied("no address"))
        assert response.status_code == 403
        assert "mailto:" not in response.text

    def test_a_page_that_stayed_open_too_long(self, cast):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast["owner"])
        response = browser.post(reverse("account"), {"language": "fr"})
        assert response.status_code == 403
        assert "This page stayed open too long." in response.text
        assert "data-back" in response.text


class TestTooLate:
    def test_it_works(self, visit, contract):
        page = reverse("contracts:sign", args=[contract.pk])
        assert visit("management", page, signed_on="2026-01-01").status_code == 302
        response = visit("owner", page)
        assert response.status_code == 409
        assert "For this, the contract must be open." in response.text
        said = re.sub(r"<[^>]*>", "", response.text)
        assert f"Mona Manager marked contract {contract} as signed (" in " ".join(said.split())
        assert f'href="{contract.get_absolute_url()}"' in response.text

    def test_when_the_journal_does_not_tell(self, visit, contract):
        """Too early, for instance: nobody did anything."""
        type(contract).objects.update(status="cancelled")
        response = visit("owner", reverse("contracts:sign", args=[contract.pk]))
        assert response.status_code == 409
        assert "For this, the contract must be open." in response.text


class TestNotRead:
    @pytest.mark.parametrize("host", ["evil.example", "localhost:port", "a b"])
    def test_another_host(self, browser, db, host):
        response = browser.get("/login/", HTTP_HOST=host, headers=ENGLISH)
        assert response.status_code == 400
        assert "The request could not be read." in response.text
        assert host not in response.text

    def test_thousands_of_fields(self, visit):
        response = visit("owner", "/account/", **{f"field{n}": "1" for n in range(1100)})
        assert response.status_code == 400
        assert "Go back and check what you typed." in response.text

    def test_megabytes(self, visit):
        assert visit("owner", "/account/", language="x" * 3_000_000).status_code == 400


class TestOurFault:
    @pytest.fixture
    def broken(self, browser, cast, monkeypatch):
        """Every session fails to load, as with a database that is down."""
        browser.force_login(cast["owner"])
        browser.raise_request_exception = False

        def down(self):
            raise OperationalError("server closed the connection: host=db.internal")

        monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", down)
        return browser

    def test_it_works(self, broken, caplog):
        response = broken.get("/clients/?q=arvel", headers=ENGLISH)
        assert response.status_code == 500
        assert "Something went wrong on our side." in response.text
        assert 'href="/clients/?q=arvel"' in response.text  # Try again.
        assert HOME in response.text
        assert "db.internal" not in response.text
        code = re.search(
            r"give code <strong[^>]*>([0-9A-F]{4}-[0-9A-F]{2})</strong>", response.text
        )
        assert f"Incident {code[1]} at /clients/" in caplog.text
        assert "db.internal" in caplog.text

    def test_a_form_is_not_sent_again(self, broken):
        response = broken.post("/account/", {"language": "fr"})
        assert response.status_code == 500
        assert 'href="/account/"' not in response.text
        assert "data-back" in response.text

    def test_it_asks_nothing_of_the_database(self, rf):
        """No fixture gives this test one: a single query would fail it."""
        response = errors.server_error(rf.get("/"))
        assert response.status_code == 500
        assert "ee-error" in response.text

    def test_and_comes_even_if_its_files_are_lost(self, rf, settings):
        lost = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        settings.STORAGES = settings.STORAGES | {"staticfiles": lost}
        settings.STATIC_ROOT = "/nowhere"
        response = errors.server_error(rf.get("/"))
        assert response.status_code == 500
        assert re.search(r"[0-9A-F]{4}-[0-9A-F]{2}", response.text)

    def test_what_one_asked_for_is_no_markup(self, rf):
        response = errors.server_error(rf.get('/"><b>', {"q": '"><b>'}))
        assert "<b>" not in response.text


def test_too_many_attempts(visit, settings):
    settings.MAIL_IS_SET_UP = True
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/15m/ip"}
    visit("owner", "/account/password/reset/", email="nobody@agency.example")
    response = visit("owner", "/account/password/reset/", email="nobody@agency.example")
    assert response.status_code == 429
    assert "Try again in 15 minutes." in response.text
    assert in_the_shell(response)
