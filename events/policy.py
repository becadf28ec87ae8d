"""
Who may do what with an event. Its sales side is decided by its client, its support side here.
"""

from django.utils.translation import gettext_lazy as _

from accounts.access import actions, every, held_by, in_charge, lent_to, policies, unless_erased
from accounts.models import Team

MANAGEMENT, SALES, SUPPORT = Team

own = held_by("contract__client__sales_contact", _("the client’s sales contact"))
unerased = unless_erased("contract__client__")
lent = lent_to("pk", "events.event")
entrusted = (
    own
    | lent_to("contract__client__sales_contact", "accounts.user")
    | lent
    | lent_to("contract_id", "contracts.contract")
    | lent_to("contract__client_id", "clients.client")
)
supported = held_by("support_contact", _("this event’s support contact"))
looked_after = supported | lent_to("support_contact", "accounts.user") | lent

# About what the event hangs on.
its_contract = held_by("event__support_contact", _("the support contact of its event")) | lent_to(
    "event__support_contact", "accounts.user"
)
ITS_EVENTS = ("events.event", "contract__client")
its_client = held_by(
    "support_contact", _("the support contact of one of its events"), among=ITS_EVENTS
) | lent_to("support_contact", "accounts.user", among=ITS_EVENTS)

policies.update({
    "events.view_event":     {MANAGEMENT: every, SALES: unerased, SUPPORT: unerased},
    "events.change_event":   {MANAGEMENT: every, SALES: entrusted, SUPPORT: looked_after},
    "events.amend_event":    {MANAGEMENT: every},
    "events.assign_event":   {MANAGEMENT: every},
    "events.complete_event": {MANAGEMENT: every, SALES: entrusted, SUPPORT: looked_after},
    "events.cancel_event":   {MANAGEMENT: every, SALES: entrusted},
    "events.reopen_event":   {MANAGEMENT: every},
    "events.delegate_event": {MANAGEMENT: every, SALES: own, SUPPORT: supported},
    "events.export_event":   {MANAGEMENT: every, SALES: own},
    "events.note_event":     {MANAGEMENT: every, SALES: entrusted, SUPPORT: looked_after},
    # A right of its own, with a moment of its own: who prepares an event need not move its dates.
    "events.prepare_event":  {MANAGEMENT: every, SALES: entrusted, SUPPORT: looked_after},
    "events.edit_templateitem": {MANAGEMENT: every},
})  # fmt: skip

actions.update({
    "events.view_event":     _("see it"),
    "events.change_event":   _("edit it"),
    "events.amend_event":    _("edit it once completed or cancelled"),
    "events.assign_event":   _("name its support contact"),
    "events.complete_event": _("complete it"),
    "events.cancel_event":   _("cancel it"),
    "events.reopen_event":   _("reopen it"),
    "events.delegate_event": _("delegate it"),
    "events.export_event":   _("export it"),
    "events.note_event":     _("add a note to it"),
    "events.prepare_event":  _("work on its checklist"),
    "events.edit_templateitem": _("edit the checklist template"),
})  # fmt: skip

# The support contact also notes about the contract and the client of the event.
policies["contracts.note_contract"][SUPPORT] = its_contract
policies["clients.note_client"][SUPPORT] = its_client

in_charge["events.event"] = {MANAGEMENT: own, SALES: entrusted, SUPPORT: looked_after}
in_charge["contracts.contract"][SUPPORT] = its_contract
in_charge["clients.client"][SUPPORT] = its_client

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
