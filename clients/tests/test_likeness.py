"""Is this company with us already? The form asks once, and never refuses."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
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


@pytest.mark.parametrize("typed", ["Cool Startups", "Col Startup", "Cool-Statrup SAS"])
def test_a_slip_of_the_keyboard(browser, cast, kevin, typed):
    """It is asked about once; of one that has exactly this name, or that number, first."""
    browser.force_login(cast["owner"])
    newcomer = PROSPECT | {"company_name": typed, "email": "new@col.example"}
    with nothing_changes():
        response = browser.post(NEW, inputs(browser.get(NEW)) | newcomer)
    link = f'“<a href="{kevin.get_absolute_url()}">Cool Startup</a>”'
    assertContains(response, f"{link} has nearly this name.", status_code=422)
    with told("create_client"):
        assert browser.post(NEW, inputs(response)).status_code == 302
    page = inputs(browser.get(NEW)) | newcomer
    assertNotContains(browser.post(NEW, page), "has nearly this name", status_code=422)
    other = page | {"company_name": "Cool Startupp", "email": kevin.email}
    assert browser.post(NEW, other).text.count(kevin.get_absolute_url()) == 1


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


ALIKE = reverse("clients:alike")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"company_name": "S.A.R.L. maison-ARVÉL"}, "A client named"),
        ({"email": "lea@arvel.EXAMPLE"}, "has this e-mail address already"),
        ({"mobile": "01.99 00-41 99"}, "has this phone number already"),
        ({"company_name": "Maison Avel"}, "has nearly this name"),
        ({"company_name": "SARL Masion Arvell"}, "has nearly this name"),
        ({"company_name": "Maison"}, ""),
        ({"company_name": "Maison Martel"}, ""),
        ({"company_name": "Maison Arvel 2"}, ""),
        ({"company_name": "Une Maison"}, ""),
        ({"phone": "01 99"}, ""),
        ({"email": "lea@"}, ""),
        ({"company_name": "x" * 300}, ""),
        ({"company_name": "\x00"}, ""),
        ({"company_name": "maison arvel", "but": "a"}, "A client named"),
        ({}, ""),
    ],
)
def test_while_it_is_typed(browser, cast, arvel, typed, said):
    """A sentence with a link, or nothing; two questions at most, and the brake's of whose it is."""
    browser.force_login(cast["owner"])
    with nothing_changes(), CaptureQueriesContext(connection) as queries:
        response = browser.post(ALIKE, typed, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert (said in response.text and arvel.get_absolute_url() in response.text) or not said
    assert bool(response.text.strip()) is bool(said)
    brakes = 2 if said else 0
    assert sum("clients_client" in query["sql"] for query in queries) <= 2 + brakes
    assert not browser.post(ALIKE, typed | {"but": arvel.pk}).text.strip()  # It is no other.


def test_a_few_of_many_at_a_bounded_rate(browser, cast, arvel, settings):
    ClientFactory.create_batch(4, company_name="Maison Arvel")
    browser.force_login(cast["owner"])
    assertContains(browser.post(ALIKE, {"company_name": "Maison Arvel"}), "exists already", 2)
    settings.ACCOUNT_RATE_LIMITS = {"alike": "2/5m/user"}
    codes = [browser.post(ALIKE, {"company_name": "x"}).status_code for _ in range(3)]
    assert codes[-1] == 429
    browser.force_login(cast["colleague"])
    assert browser.post(ALIKE, {"company_name": "x"}).status_code == 200


def test_who_adds_no_client_is_told_nothing(browser, cast, arvel):
    browser.force_login(cast["support"])
    assert browser.post(ALIKE, {"company_name": "Maison Arvel"}).status_code == 403
