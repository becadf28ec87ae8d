import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.tests.pages import inputs
from clients.models import Client
from history.tests.tables import nothing_changes, told

NEW = reverse("clients:create")
PROSPECT = {
    "company_name": "Cool Startup",
    "stage": "prospect",
    "first_name": "Kévin",
    "last_name": "Casey",
    "email": "kevin@startup.example",
    "phone": "01 99 00 41 17",
    "source": "meeting",
    "follow_up_on": "2027-05-04",
}


def test_it_works(browser, cast):
    browser.force_login(cast["owner"])
    assert set(PROSPECT) < set(inputs(browser.get(NEW)))
    with told("create_client"):
        response = browser.post(NEW, PROSPECT, follow=True)
    kevin = Client.objects.get()
    assertRedirects(response, kevin.get_absolute_url())
    assertContains(response, "Prospect added.")
    assert (kevin.sales_contact, kevin.stage) == (cast["owner"], "prospect")
    assert (kevin.phone, str(kevin.follow_up_on)) == ("+33199004117", "2027-05-04")


def test_a_client_from_the_start(browser, cast):
    browser.force_login(cast["owner"])
    response = browser.post(NEW, PROSPECT | {"stage": "client"}, follow=True)
    assertContains(response, "Client saved.")
    assert Client.objects.get().converted_at


def test_whoever_sells_becomes_the_contact_whatever_is_posted(browser, cast):
    browser.force_login(cast["owner"])
    assert "sales_contact" not in inputs(browser.get(NEW))
    browser.post(NEW, PROSPECT | {"sales_contact": cast["colleague"].pk})
    assert Client.objects.get().sales_contact == cast["owner"]


def test_management_names_the_contact_among_those_who_sell(browser, cast):
    browser.force_login(cast["management"])
    form = browser.get(NEW).context["form"]
    offered = {
        form.fields["sales_contact"].label_from_instance(p)
        for p in form.fields["sales_contact"].queryset
    }
    assert offered == {
        f"{cast[who]} · 0 clients" for who in ("management", "owner", "colleague", "delegate")
    }
    browser.post(NEW, PROSPECT | {"sales_contact": cast["colleague"].pk})
    assert Client.objects.get().sales_contact == cast["colleague"]


@pytest.mark.parametrize("who", ["support", "no team", "leaver"])
def test_management_cannot_name_who_does_not_sell(browser, cast, who):
    browser.force_login(cast["management"])
    with nothing_changes():
        response = browser.post(NEW, PROSPECT | {"sales_contact": cast[who].pk})
    assert list(response.context["form"].errors) == ["sales_contact"]
    assert response.status_code == 422


def test_ownership_and_state_are_not_typed(browser, cast):
    """Fields of the model that no form has are nobody's to post."""
    forged = {"version": 7, "archived_at": "2026-01-01", "converted_at": "2020-01-01", "id": 99}
    browser.force_login(cast["owner"])
    browser.post(NEW, PROSPECT | forged)
    kevin = Client.objects.get()
    assert (kevin.version, kevin.archived_at, kevin.converted_at) == (1, None, None)
    assert kevin.pk != 99


def test_what_is_not_valid_is_shown_again(browser, cast):
    browser.force_login(cast["owner"])
    with nothing_changes():
        response = browser.post(NEW, {"first_name": "Kévin", "phone": "12", "email": "kevin"})
    assert response.status_code == 422
    wrong = {"company_name", "stage", "last_name", "phone", "email"}
    assert set(response.context["form"].errors) == wrong
    assertContains(response, 'value="Kévin"', status_code=422)
    assertContains(response, "Enter the company name.", status_code=422)
    assertContains(response, "<title>Error: ", status_code=422)


def test_what_was_typed_is_escaped(browser, cast):
    browser.force_login(cast["owner"])
    name = "<script>alert(1)</script>"
    response = browser.post(NEW, PROSPECT | {"company_name": name}, follow=True)
    assert Client.objects.get().company_name == name
    assertContains(response, "&lt;script&gt;alert(1)")
    assertNotContains(response, "<script>alert")


@pytest.mark.parametrize("name", ["\u200b", "Cool\u202ecom", "Cool\r\nStartup", "\x1b[31mCool"])
def test_a_name_that_does_not_look_as_it_is_is_refused(browser, cast, name):
    browser.force_login(cast["owner"])
    with nothing_changes():
        response = browser.post(NEW, PROSPECT | {"company_name": name})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["company_name"])


def test_accents_are_stored_composed(browser, cast):
    browser.force_login(cast["owner"])
    browser.post(NEW, PROSPECT | {"company_name": "E\u0301clat"})
    assert Client.objects.get().company_name == "Éclat"
