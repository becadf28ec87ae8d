"""The team pages: who carries what, what nobody carries, and a portfolio that goes to another."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.tests.factories import UserFactory
from clients.models import Client
from clients.tests.factories import ClientFactory
from events.models import Event
from events.tests.factories import EventFactory
from history.tests.tables import nothing_changes, told


@pytest.fixture
def manager(browser, cast):
    browser.force_login(cast["management"])
    return browser


def page(name, person=None):
    return reverse(f"dashboard:{name}", args=[person.pk] if person else [])


def test_it_works(manager, cast, kevin, event):
    response = manager.get(page("team"))
    people = {person.first_name: person for person in response.context["people"]}
    assert (people["Olivia"].clients_held, people["Olivia"].team) == (1, "sales")
    assert (people["Sam"].events_held, people["Leo"].is_active) == (1, False)
    assertContains(response, "Cool Startup")  # Lent to the delegate.
    assertContains(response, "to Dora Delegate until")


def test_what_is_not_covered(manager, cast, kevin, event):
    ClientFactory(company_name="Nobody knows them", sales_contact=None)
    ClientFactory(company_name="Left behind", sales_contact=cast["leaver"])
    EventFactory(name="Without support", support_contact=None)
    response = manager.get(page("team"))
    for name in ("Nobody knows them", "Left behind", "Without support"):
        assertContains(response, name)
    assert (response.context["orphans"].number, response.context["uncovered"].number) == (2, 1)


def test_a_superuser_is_not_there(manager):
    root = UserFactory(is_superuser=True, first_name="Root")
    assertNotContains(manager.get(page("team")), "Root")
    assert manager.get(page("person", root)).status_code == 404


def test_a_person(manager, cast, kevin, event):
    response = manager.get(page("person", cast["owner"]))
    assertContains(response, "Cool Startup")
    assertContains(response, page("transfer", cast["owner"]))
    assertNotContains(manager.get(page("person", cast["colleague"])), "Transfer portfolio")


class TestTransfer:
    def test_it_works(self, manager, cast, kevin):
        other = ClientFactory(sales_contact=cast["owner"])
        response = manager.get(page("transfer", cast["owner"]))
        assertContains(response, kevin.company_name)
        with told("assign_client", "assign_client", "hand_over"):
            response = manager.post(
                page("transfer", cast["owner"]), {"clients": cast["colleague"].pk}, follow=True
            )
        assertRedirects(response, page("person", cast["owner"]))
        assertContains(response, "Clients: 2 to Colin Colleague")
        assert set(Client.objects.filter(sales_contact=cast["colleague"])) == {kevin, other}

    def test_to_nobody(self, manager, cast, event):
        with told("assign_event", "hand_over"):
            manager.post(page("transfer", cast["support"]), {"events": "nobody"})
        assert Event.objects.get().support_contact is None

    @pytest.mark.parametrize("heir", ["", "support", "leaver", "owner", "x"])
    def test_only_to_who_does_this_work(self, manager, cast, kevin, heir):
        typed = {"clients": cast[heir].pk if heir in cast else heir}
        with nothing_changes():
            response = manager.post(page("transfer", cast["owner"]), typed)
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["clients"])

    def test_nothing_to_transfer(self, manager, cast):
        with nothing_changes():
            response = manager.post(page("transfer", cast["colleague"]), {"clients": "nobody"})
        assertContains(response, "Nothing is in this person", status_code=422)


def test_on_a_phone_it_is_in_the_menu_of_the_person(browser, cast):
    """Five places fit at the bottom."""
    browser.force_login(cast["management"])
    page = browser.get("/").text
    assert 'href="/team/"' not in page[page.index("ee-tabs-bottom") :]
    menu = page[page.index("Menu of Mona Manager") :]
    assert 'href="/team/"' in menu[: menu.index("</details>")]
