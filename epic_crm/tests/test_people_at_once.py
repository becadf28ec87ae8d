"""Accounts and what they hold, changed by several managers at the same moment."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from accounts import people
from accounts.access import Refused
from accounts.models import Team, User
from accounts.tests.factories import UserFactory
from accounts.tests.races import at_once
from accounts.workflow import hand_over
from clients import workflow as clients
from clients.models import Client
from clients.tests.factories import ClientFactory
from events import workflow as events
from history.tests.tables import nothing_changes


def as_their_request_read_it(person):
    return User.objects.with_team().get(pk=person.pk)


@pytest.mark.parametrize("verb", [people.deactivate, partial(people.set_team, team="support")])
def test_who_was_demoted_meanwhile_does_nothing_more(cast, verb):
    other = as_their_request_read_it(UserFactory(team=Team.MANAGEMENT))
    people.set_team(other, by=cast["management"], team="sales")
    other.team = Team.MANAGEMENT  # What their own request still believes.
    with nothing_changes(), pytest.raises(Refused):
        verb(cast["colleague"], by=other)


@pytest.mark.postgresql
@pytest.mark.parametrize("_round", range(10))
def test_who_goes_at_this_moment_takes_nothing_over(transactional_db, cast, kevin, _round):
    """A hand-over to them is refused, or what they took goes on with the rest."""
    for _number in range(5):
        ClientFactory(sales_contact=cast["owner"])
    manager, heir = cast["management"], cast["colleague"]
    results = at_once(
        partial(hand_over, cast["owner"], by=manager, clients=heir),
        partial(people.deactivate, heir, by=manager, clients=cast["delegate"]),
    )
    assert not Client.objects.filter(sales_contact=heir).exists(), results
    assert not User.objects.get(pk=heir.pk).is_active


@pytest.mark.postgresql
@pytest.mark.parametrize("_round", range(20))
def test_a_portfolio_comes_while_its_heir_goes(transactional_db, cast, kevin, _round):
    """Each names the other: they are held in one order, so that neither waits for the other."""
    manager, owner, heir = cast["management"], cast["owner"], cast["colleague"]
    ClientFactory(sales_contact=heir)
    pair = (owner, heir) if _round % 2 else (heir, owner)
    results = at_once(
        partial(hand_over, pair[0], by=manager, clients=pair[1]),
        partial(people.deactivate, pair[1], by=manager, clients=pair[0]),
    )
    failures = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(failure, ValidationError) for failure in failures), results
    assert not Client.objects.filter(sales_contact=pair[1]).exists()


@pytest.mark.postgresql
@pytest.mark.parametrize("verb", ["deactivate", "delete"])
def test_who_goes_at_this_moment_is_given_nothing(transactional_db, cast, kevin, event, verb):
    """The account goes first, or the record is given first: never both, never a fault."""
    manager = cast["management"]
    ends = {"deactivate": people.deactivate, "delete": people.delete_user}[verb]
    for _round in range(50):
        seller, supporter = UserFactory(team=Team.SALES), UserFactory(team=Team.SUPPORT)
        given = at_once(
            partial(clients.assign, kevin, by=manager, sales_contact=seller),
            partial(ends, seller, by=manager),
            partial(
                events.assign, event, by=manager, support_contact=supporter, despite_overlap=True
            ),
            partial(ends, supporter, by=manager),
        )
        faults = [each for each in given if isinstance(each, Exception)]
        assert len(faults) == 2, given
        assert all(isinstance(fault, ValidationError | Http404) for fault in faults), given
