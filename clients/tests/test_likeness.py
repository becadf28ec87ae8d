"""Is this company with us already? The form asks once, and never refuses."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.tests.pages import inputs
from clients.likeness import name_key
from clients.models import Client
from clients.tests.factories import ClientFactory
from clients.tests.test_create import NEW, PROSPECT
from history.tests.tables import nothing_changes, told

NEWCOMER = PROSPECT | {"company_name": "S.A.R.L. maison-ARVÉL", "email": "new@arvel.example"}


@pytest.fixture
def arvel(cast):
    return ClientFactory(
        company_name="Maison Arvel", email="Lea@Arvel.example", phone="+33199004199",
        sales_contact=cast["colleague"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Maison Arvel", "maisonarvel"),
        ("MAISON  ARVÉL, SAS", "maisonarvel"),
        ("S. A. R. L. Maison-Arvel", "maisonarvel"),
        ("Café & Co. GmbH", "cafe"),
        ("Dupont & Fils", "dupontetfils"),
        ("L’Atelier", "latelier"),
        ("SA", "sa"),
        ("…", "..."),
        ("株式会社", "株式会社"),
    ],
)
def test_a_name_in_any_spelling(name, key):
    assert name_key(name) == key


@settings(max_examples=30)
@given(st.lists(st.text("abcdéèçüñ", min_size=3, max_size=8), min_size=1, max_size=4))
def test_a_spelling_does_not_make_another_company(words):
    name = " ".join(words)
    others = name.upper(), "  ".join(words), "-".join(words), f"{name}, S.A.S.", f"SCI {name}"
    for spelling in others:
        assert name_key(spelling) == name_key(name)


def test_it_works(browser, cast, arvel):
    """Asked once, saved the second time; whose client it is, is said."""
    browser.force_login(cast["owner"])
    page = inputs(browser.get(NEW)) | NEWCOMER
    with nothing_changes():
        response = browser.post(NEW, page)
    link = f'<a href="{arvel.get_absolute_url()}"'
    assertContains(response, f"A client named “{link}", status_code=422)
    assertContains(response, "Colin Colleague", status_code=422)
    assertContains(response, "Save anyway", status_code=422)
    assertNotContains(response, "<title>Error", status_code=422)
    with told("create_client"):
        saved = browser.post(NEW, inputs(response))
    made = Client.objects.latest("pk")
    assertRedirects(saved, made.get_absolute_url(), fetch_redirect_response=False)
    assert browser.post(NEW, inputs(response)).url == made.get_absolute_url()  # Sent twice.


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"company_name": "maison arvel"}, "A client named"),
        ({"email": "lea@arvel.EXAMPLE"}, "has this e-mail address already"),
        ({"mobile": "+33 (0)1.99.00.41.99"}, "has this phone number already"),
    ],
)
def test_by_what_a_company_is_known(browser, cast, arvel, typed, said):
    Client.objects.update(archived_at="2026-01-01T00:00:00Z")  # Archived ones are known too.
    browser.force_login(cast["owner"])
    with nothing_changes():
        response = browser.post(NEW, PROSPECT | typed)
    assertContains(response, said, status_code=422)
    assertContains(response, "Archived", status_code=422)


def test_what_was_not_asked_about_is_asked(browser, cast, arvel):
    """An answer is about what was shown: another likeness is another question."""
    browser.force_login(cast["owner"])
    page = inputs(browser.post(NEW, NEWCOMER))
    with nothing_changes():
        again = browser.post(NEW, page | {"email": "lea@arvel.example"})
    assert again.status_code == 422
    assert browser.post(NEW, page | {"company_name": "Nobody yet"}).status_code == 302


def test_a_change_of_name_is_asked_about_too(browser, cast, kevin, arvel):
    browser.force_login(cast["owner"])
    address = reverse("clients:update", args=[kevin.pk])
    page = inputs(browser.get(address))
    with nothing_changes():
        response = browser.post(address, page | {"company_name": "Maison Arvel SAS"})
    assertContains(response, "exists already", status_code=422)
    with told("update"):
        assert browser.post(address, inputs(response)).status_code == 302
    with told("update"):  # What is as it was is not asked about, nor the client itself.
        page = inputs(browser.get(address))
        assert browser.post(address, page | {"job_title": "Owner"}).status_code == 302


def test_those_who_were_there_before_are_known(arvel):
    Client.objects.update(name_key="")
    import_module("clients.migrations.0002_likeness").fill(apps, None)
    arvel.refresh_from_db()
    assert arvel.name_key == "maisonarvel"
