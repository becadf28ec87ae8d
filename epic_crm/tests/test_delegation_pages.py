"""To lend a record from its page, to see who has it, and to end that before its day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import delegations
from accounts.access import Refused, WrongMoment
from accounts.models import User
from accounts.tests.pages import inputs
from clients.models import ClientDelegation
from history.tests.tables import changes, nothing_changes, told

LENT = "Delegated to <strong"  # The card; the history says it without.


@pytest.fixture
def as_(browser, cast):
    def sign_in(who):
        browser.force_login(cast[who])
        return browser

    return sign_in


@pytest.fixture
def loan(kevin):
    """The one that ``kevin`` comes with."""
    return ClientDelegation.objects.get()


def delegate_url(record):
    return reverse(f"{record._meta.app_label}:delegate", args=[record.pk])


def end_url(loan):
    record = loan.content_object
    return reverse(f"{record._meta.app_label}:end_delegation", args=[record.pk, loan.pk])


@pytest.mark.parametrize(
    ("fixture", "who", "to"),
    [
        ("kevin", "owner", "colleague"),
        ("contract", "management", "colleague"),
        ("event", "owner", "colleague"),
        ("event", "support", "other support"),
    ],
)
def test_it_works(request, as_, cast, today, fixture, who, to):
    record, until = request.getfixturevalue(fixture), today + timedelta(days=3)
    page = as_(who).get(record.get_absolute_url())
    assertContains(page, delegate_url(record))
    with nothing_changes():
        form = as_(who).get(delegate_url(record))
    assert inputs(form).keys() == {"user", "until"}
    with told("delegate"):
        response = as_(who).post(
            delegate_url(record), {"user": cast[to].pk, "until": until}, follow=True
        )
    assertRedirects(response, record.get_absolute_url())
    assertContains(response, f"{record} is delegated to {cast[to]}.")
    assertContains(response, f'Delegated to <strong class="fw-semibold">{cast[to]}</strong>')
    assertContains(response, f"by {cast[who]}")
    assert changes(record)["until"] == (None, until.isoformat())


def test_only_who_may_take_it_is_offered(cast, kevin, event):
    def offered(record, who):
        people = delegations.colleagues(record, cast[who])
        return {part for part, person in cast.items() if person in people}

    sales, support = {"colleague", "delegate"}, {"other support"}
    assert offered(kevin, "owner") == offered(kevin, "management") == sales
    assert offered(event, "owner") == sales
    assert offered(event, "support") == support
    assert offered(event, "management") == sales | support


def test_who_holds_it_already_is_not(as_, cast, kevin, today):
    """Its contact, or whoever asks."""
    typed = {"user": cast["owner"].pk, "until": today}
    with nothing_changes():
        response = as_("management").post(delegate_url(kevin), typed)
    assertContains(response, 'href="#id_user"', status_code=422)


@pytest.mark.parametrize("days", [-1, 61])
def test_a_day_that_is_past_or_too_far_is_told_at_its_field(as_, cast, kevin, today, days):
    typed = {"user": cast["colleague"].pk, "until": today + timedelta(days=days)}
    with nothing_changes():
        response = as_("owner").post(delegate_url(kevin), typed)
    assertContains(response, "Choose a day within the next 60 days.", status_code=422)
    assert inputs(response)["until"] == str(typed["until"])  # Nothing typed is lost.


@pytest.mark.parametrize("who", ["colleague", "support", "delegate"])
def test_others_see_it_and_are_offered_nothing(as_, kevin, contract, who):
    page = as_(who).get(kevin.get_absolute_url())
    assertContains(page, LENT)
    assertNotContains(page, delegate_url(kevin))
    page = as_(who).get(contract.get_absolute_url())
    assertContains(page, "along with")  # Its client.
    assertNotContains(page, "/end/")


class TestTheEnd:
    @pytest.mark.parametrize("who", ["management", "owner", "delegate"])
    def test_it_works(self, as_, cast, kevin, loan, who):
        assertContains(as_(who).get(kevin.get_absolute_url()), end_url(loan))
        with nothing_changes():
            assertContains(as_(who).get(end_url(loan)), "Dora Delegate")
        with told("end_delegation"):
            response = as_(who).post(end_url(loan), follow=True)
        assertRedirects(response, kevin.get_absolute_url())
        assertContains(response, "The delegation has ended.")
        assertNotContains(response, LENT)
        delegate = User.objects.get(pk=cast["delegate"].pk)
        assert not delegate.has_perm("clients.change_client", kevin)

    def test_who_lent_it_ends_it_after_the_client_went_to_a_colleague(self, cast, kevin, loan):
        type(kevin).objects.update(sales_contact=cast["colleague"])
        delegations.end(loan, by=cast["owner"])
        assert not ClientDelegation.objects.exists()

    def test_who_lent_it_and_left_does_not(self, cast, kevin, loan):
        cast["owner"].groups.clear()
        with nothing_changes(), pytest.raises(Refused):
            delegations.end(loan, by=User.objects.get(pk=cast["owner"].pk))

    @pytest.mark.parametrize("who", ["colleague", "support", "no team", "leaver"])
    def test_nobody_else(self, cast, loan, who):
        with nothing_changes(), pytest.raises(Refused):
            delegations.end(loan, by=cast[who])

    def test_the_second_is_told_that_it_has_ended(self, cast, loan):
        delegations.end(loan, by=cast["owner"])
        with nothing_changes(), pytest.raises(WrongMoment) as late:
            delegations.end(loan, by=cast["delegate"])
        assert late.value.entry.actor_id == cast["owner"].pk

    def test_what_ended_by_itself_is_not_shown(self, as_, kevin, loan, today):
        ClientDelegation.objects.update(until=today - timedelta(days=1))
        assertNotContains(as_("owner").get(kevin.get_absolute_url()), LENT)
        assert as_("owner").get(end_url(loan)).status_code == 404

    def test_of_another_record_is_not_there(self, as_, cast, loan, contract, today):
        address = reverse("contracts:end_delegation", args=[contract.pk, loan.pk])
        assert as_("owner").post(address).status_code == 404


def test_in_words_of_both_languages(as_, cast, kevin, loan):
    delegations.end(loan, by=cast["delegate"])
    assertContains(as_("delegate").get(kevin.get_absolute_url()), "You ended the delegation of")
    assertContains(as_("owner").get(kevin.get_absolute_url()), "ended the delegation of")
