"""Whose a client is. Who may do what with it, cell by cell: epic_crm/tests/test_rights.py."""

from datetime import timedelta

from accounts.models import User
from clients.models import Client, ClientDelegation
from clients.tests.factories import ClientFactory


def again(user):
    """The same person on the next request."""
    return User.objects.get(pk=user.pk)


def test_it_works(cast, kevin):
    ClientFactory()  # Somebody else's.
    for who in ("owner", "delegate"):
        assert Client.objects.allowing(cast[who], "change").get() == kevin
    assert Client.objects.allowing(cast["management"], "change").count() == 2
    assert not Client.objects.allowing(cast["colleague"], "change").exists()
    assert Client.objects.visible_to(cast["colleague"]).count() == 2


def test_a_client_goes_with_its_sales_contact(cast, kevin):
    Client.objects.update(sales_contact=cast["colleague"])
    assert cast["colleague"].has_perm("clients.change_client", kevin)
    assert not cast["owner"].has_perm("clients.change_client", kevin)


def test_a_client_of_nobody_is_managements(cast, kevin):
    Client.objects.update(sales_contact=None)
    may_change = [
        who for who, user in cast.items() if user.has_perm("clients.change_client", kevin)
    ]
    assert may_change == ["management", "delegate"]


def test_a_loan_that_is_over_gives_nothing(cast, kevin, today):
    ClientDelegation.objects.update(until=today - timedelta(days=1))
    assert not Client.objects.allowing(again(cast["delegate"]), "change").exists()


def test_a_client_lent_to_its_own_contact_comes_once(cast, kevin):
    Client.objects.update(sales_contact=cast["delegate"])
    assert Client.objects.allowing(cast["delegate"], "change").count() == 1


def test_support_never_changes_a_client(cast, event):
    assert not Client.objects.allowing(cast["support"], "change").exists()
