"""
Who may do what with an event. Its sales side is decided by its client, its support side here.
"""

from django.db.models import Q

from accounts.access import every, lent, policies
from accounts.models import Team

MANAGEMENT, SALES, SUPPORT = Team


def own(user):
    return Q(contract__client__sales_contact=user)


def entrusted(user):
    lent_contracts = Q(contract_id__in=lent(user, "contracts.contract"))
    lent_clients = Q(contract__client_id__in=lent(user, "clients.client"))
    return own(user) | lent_events(user) | lent_contracts | lent_clients


def supported(user):
    return Q(support_contact=user)


def looked_after(user):
    return supported(user) | lent_events(user)


def lent_events(user):
    return Q(pk__in=lent(user, "events.event"))


def its_contract(user):
    return Q(event__support_contact=user)


def its_client(user):
    from .models import Event

    events = Event.objects.filter(support_contact=user)
    return Q(pk__in=events.values("contract__client"))


policies.update({
    "events.view_event":     {MANAGEMENT: every, SALES: every, SUPPORT: every},
    "events.change_event":   {MANAGEMENT: every, SALES: entrusted, SUPPORT: looked_after},
    "events.amend_event":    {MANAGEMENT: every},
    "events.assign_event":   {MANAGEMENT: every},
    "events.complete_event": {MANAGEMENT: every, SALES: entrusted, SUPPORT: looked_after},
    "events.cancel_event":   {MANAGEMENT: every, SALES: entrusted},
    "events.reopen_event":   {MANAGEMENT: every},
    "events.delegate_event": {MANAGEMENT: every, SALES: own, SUPPORT: supported},
    "events.note_event":     {MANAGEMENT: every, SALES: entrusted, SUPPORT: looked_after},
})  # fmt: skip

# The support contact also notes about the contract and the client of the event.
policies["contracts.note_contract"][SUPPORT] = its_contract
policies["clients.note_client"][SUPPORT] = its_client

FACTS = (
    "name", "starts_at", "ends_at", "venue", "address", "attendees", "onsite_contact",
    "onsite_phone", "instructions",
)  # fmt: skip
# Which right lets a person type a field; amending what is over wants a reason.
FIELDS = {
    "contract": (),
    **dict.fromkeys(FACTS, ("change", "amend")),
    "support_contact": ("assign",),
}
