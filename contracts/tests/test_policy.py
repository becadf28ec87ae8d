"""Whose a contract is: its client's. Cell by cell: epic_crm/tests/test_rights.py."""

from accounts.delegations import delegate
from accounts.models import User
from contracts.models import Contract
from contracts.tests.factories import ContractFactory


def again(user):
    """The same person on the next request."""
    return User.objects.get(pk=user.pk)


def test_it_works(cast, contract):
    ContractFactory()  # Of somebody else's client.
    for who in ("owner", "delegate"):
        assert Contract.objects.allowing(cast[who], "change").get() == contract
    assert Contract.objects.allowing(cast["management"], "change").count() == 2
    assert not Contract.objects.allowing(cast["colleague"], "change").exists()
    assert Contract.objects.visible_to(cast["support"]).count() == 2


def test_it_goes_with_its_client(cast, contract):
    type(contract.client).objects.update(sales_contact=cast["colleague"])
    assert cast["colleague"].has_perm("contracts.sign_contract", contract)
    assert not cast["owner"].has_perm("contracts.sign_contract", contract)


def test_lent_by_itself_and_with_its_client_it_comes_once(cast, contract, today):
    delegate(contract, by=cast["owner"], to=cast["delegate"], until=today)
    delegate_ = again(cast["delegate"])
    assert Contract.objects.allowing(delegate_, "change").count() == 1


def test_lent_alone_it_lets_its_holder_do_what_the_owner_does(cast, today):
    contract = ContractFactory()
    delegate(contract, by=cast["management"], to=cast["colleague"], until=today)
    colleague = again(cast["colleague"])
    given = colleague.get_all_permissions(contract)
    assert given >= {f"contracts.{action}_contract" for action in ("sign", "cancel", "note")}
    assert not given & {"contracts.delegate_contract", "contracts.amend_contract"}
    assert not colleague.has_perm("clients.open_contract_client", contract.client)
