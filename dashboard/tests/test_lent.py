"""The card of the home page with what was delegated: what, by whom, until when."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts import absences
from accounts.delegations import delegate, end
from accounts.models import User
from clients.models import ClientDelegation
from dashboard import lent

CARD = "Delegated to me"


def lines(person):
    return [line[:3] for line in lent.to(User.objects.get(pk=person.pk))]


@pytest.fixture
def home(browser, cast):
    def home(who):
        browser.force_login(cast[who])
        return browser.get(reverse("dashboard:home"))

    return home


def test_it_works(home, kevin):
    page = home("delegate")
    assertContains(page, CARD)
    assertContains(page, kevin.get_absolute_url())
    assertContains(page, "By Olivia Owner, until")


def test_nothing_lent_nothing_shown(home, kevin):
    for who in ("owner", "colleague", "support", "management"):
        assertNotContains(home(who), CARD)


def test_every_kind_in_one_query(cast, contract, event, today, django_assert_num_queries):
    kevin = contract.client
    for record in (contract, event):
        delegate(record, by=cast["owner"], to=cast["delegate"], until=today)
    delegation = ClientDelegation.objects.get()
    owner = "Olivia Owner"
    assert sorted(lines(cast["delegate"])) == sorted([
        (str(record), record.get_absolute_url(), owner) for record in (kevin, contract, event)
    ])  # fmt: skip
    person = User.objects.with_team().get(pk=cast["delegate"].pk)
    assert any(person.delegated_keys.values())
    with django_assert_num_queries(1):
        lent.to(person)
    end(delegation, by=cast["owner"])
    assert len(lines(cast["delegate"])) == 2


@pytest.mark.parametrize(
    ("who", "stands_in", "where"),
    [
        ("owner", "colleague", "clients:list"),
        ("support", "other support", "events:list"),
        ("owner", "management", "clients:list"),
    ],
)
def test_in_whose_place_one_stands(home, cast, event, today, who, stands_in, where):
    days = {"starts_on": today, "ends_on": today}
    absences.plan(cast[who], by=cast[who], delegate=cast[stands_in], **days)
    page = home(stands_in)
    assertContains(page, f"All that is in the hands of {cast[who]}")
    assertContains(page, "You stand in for ")
    assertContains(page, reverse(where) + "?view=delegated")


def test_who_lent_it_may_be_gone(cast, kevin):
    ClientDelegation.objects.update(granted_by=None)
    assert lines(cast["delegate"])[0][2] == ""
