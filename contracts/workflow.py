"""What happens to a contract, step by step."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.access import Moment, moments, require
from accounts.records import add, lock, write
from clients.workflow import become_client
from history.verbs import Verb, verbs

from .models import Contract, ReferenceCounter, Status
from .querysets import WITHOUT_LIVE_EVENT

THEIR_CONTRACTS = Contract.objects.filter(client=OuterRef("pk"))

still_open = Moment(_("the contract must be open"), Q(status=Status.OPEN))
moments.update({
    "contracts.change_terms_contract": still_open,
    "contracts.amend_contract": Moment(
        _("the contract must be signed"), Q(status=Status.SIGNED)
    ),
    "contracts.sign_contract": still_open,
    "contracts.cancel_contract": still_open,
    "contracts.cancel_signed_contract": Moment(
        _("the contract must be signed, without a planned or completed event"),
        Q(status=Status.SIGNED) & WITHOUT_LIVE_EVENT,
    ),
    "contracts.reopen_contract": Moment(
        _("the contract must be signed or cancelled, without a planned or completed event"),
        ~Q(status=Status.OPEN) & WITHOUT_LIVE_EVENT,
    ),
    # What a client's contracts forbid.
    "clients.revert_client": Moment(
        _("it must be a client without a signed contract"),
        Q(stage="client") & ~Q(Exists(THEIR_CONTRACTS.filter(status=Status.SIGNED))),
    ),
    "clients.delete_client": Moment(
        _("the client must never have had a contract"), ~Q(Exists(THEIR_CONTRACTS))
    ),
})  # fmt: skip

verbs.update(
    {
        "open": Verb(
            "file-earmark-plus",
            _("You opened contract %(what)s"),
            _("%(who)s opened contract %(what)s"),
        ),
        "sign": Verb(
            "pen",
            _("You marked contract %(what)s as signed"),
            _("%(who)s marked contract %(what)s as signed"),
            says=("status", "sold_by"),
        ),
        "cancel_contract": Verb(
            "x-circle",
            _("You cancelled contract %(what)s"),
            _("%(who)s cancelled contract %(what)s"),
            says=("status",),
        ),
        "reopen_contract": Verb(
            "arrow-counterclockwise",
            _("You reopened contract %(what)s"),
            _("%(who)s reopened contract %(what)s"),
            says=("status", "signed_on", "sold_by"),
        ),
    }
)


@transaction.atomic
def open_contract(client, *, by, **terms):
    """A client or a prospect may want an event: put the terms in writing."""
    client = lock(client)
    require(by, "clients.open_contract_client", client)
    return add(Contract(client=client, reference=_next_reference(), **terms), "open", by=by)


@transaction.atomic
def sign(contract, *, by, signed_on):
    """The client has signed: a prospect becomes a client, an event may follow."""
    client, contract = lock(contract.client), lock(contract)
    require(by, "contracts.sign_contract", contract)
    seller = client.sales_contact
    write(contract, "sign", by=by, status=Status.SIGNED, signed_on=signed_on, sold_by=seller)
    become_client(client, by=by)
    return contract


@transaction.atomic
def cancel(contract, *, by, reason=None):
    """Nothing will come of it. A signed one is cancelled by management alone, with a reason."""
    contract = lock(contract)
    right = "cancel_signed" if contract.status == Status.SIGNED and reason is not None else "cancel"
    require(by, f"contracts.{right}_contract", contract)
    return write(contract, "cancel_contract", by=by, reason=reason, status=Status.CANCELLED)


@transaction.atomic
def reopen(contract, *, by, reason):
    """Signed or cancelled by mistake: its terms are open again."""
    contract = lock(contract)
    require(by, "contracts.reopen_contract", contract)
    again = {"status": Status.OPEN, "signed_on": None, "sold_by": None}
    return write(contract, "reopen_contract", by=by, reason=reason, **again)


def _next_reference():
    """The next of the year, under a lock; a rolled-back transaction gives its number back."""
    year = localdate().year
    ReferenceCounter.objects.get_or_create(year=year)
    counter = ReferenceCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return str(counter)
