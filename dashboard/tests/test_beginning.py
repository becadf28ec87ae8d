"""What an agency does first, on management's home page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.tests.factories import UserFactory
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory

HOME = reverse("dashboard:home")
TITLE = "Getting started"


@pytest.fixture
def helene(browser, db):
    browser.force_login(UserFactory(team="management", language="en"))
    return browser


def done(browser):
    return [step.done for step in browser.get(HOME).context["beginnings"]]


def test_an_empty_house_step_by_step(helene):
    page = helene.get(HOME)
    assertContains(page, TITLE)
    for name in ("admin:accounts_user_add", "clients:create", "clients:assign_many"):
        assertContains(page, f'<li class="ee-line"><a href="{reverse(name)}">')
        assert helene.get(reverse(name)).status_code == 200
    assert done(helene) == [False, False, False]
    seller = UserFactory(team="sales")
    assert done(helene) == [True, False, False]
    client = ClientFactory(sales_contact=None)
    assert done(helene) == [True, True, False]
    Client.objects.update(sales_contact=seller)
    assertNotContains(helene.get(HOME), TITLE)
    Client.objects.update(sales_contact=None)
    assert done(helene) == [True, True, False]
    ContractFactory(client=client)
    assertNotContains(helene.get(HOME), TITLE)  # It has begun, whoever leaves.


def test_somebody_of_support_is_a_colleague_too(helene):
    UserFactory(team="support")
    assert done(helene) == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("team", ["sales", "support"])
def test_the_others_see_their_empty_home(browser, team):
    browser.force_login(UserFactory(team=team, language="en"))
    assertNotContains(browser.get(HOME), TITLE)


def test_it_asks_nothing_more(helene):
    def number():
        with CaptureQueriesContext(connection) as queries:
            helene.get(HOME)
        return len(queries)

    helene.get(HOME)
    empty = number()
    ContractFactory(client__sales_contact=UserFactory(team="sales"))
    assert number() == empty
