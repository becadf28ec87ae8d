"""Who may do what with a contract. Whose it is, is decided by its client."""

from django.db.models import Q

from accounts.access import every, lent, policies
from accounts.models import Team

MANAGEMENT, SALES, SUPPORT = Team


def own(user):
    return Q(client__sales_contact=user)


def entrusted(user):
    lent_contracts = Q(pk__in=lent(user, "contracts.contract"))
    lent_clients = Q(client_id__in=lent(user, "clients.client"))
    return own(user) | lent_contracts | lent_clients


policies.update({
    "contracts.view_contract":          {MANAGEMENT: every, SALES: every, SUPPORT: every},
    "contracts.change_contract":        {MANAGEMENT: every, SALES: entrusted},
    "contracts.change_terms_contract":  {MANAGEMENT: every, SALES: entrusted},
    "contracts.amend_contract":         {MANAGEMENT: every},
    "contracts.sign_contract":          {MANAGEMENT: every, SALES: entrusted},
    "contracts.cancel_contract":        {MANAGEMENT: every, SALES: entrusted},
    "contracts.cancel_signed_contract": {MANAGEMENT: every},
    "contracts.reopen_contract":        {MANAGEMENT: every},
    "contracts.create_event_contract":  {MANAGEMENT: every, SALES: entrusted},
    "contracts.delegate_contract":      {MANAGEMENT: every, SALES: own},
    # The support contact of its event, too: events/policy.py.
    "contracts.note_contract":          {MANAGEMENT: every, SALES: entrusted},
})  # fmt: skip

TERMS = (
    "title", "amount", "payment_due", "expected_date", "expected_attendees", "expected_venue"
)  # fmt: skip
# Which right lets a person type a field; amending signed terms wants a reason.
FIELDS = {
    "client": (),
    **dict.fromkeys(TERMS, ("change_terms", "amend")),
    "signed_on": ("amend",),
    "notes": ("change",),
}
