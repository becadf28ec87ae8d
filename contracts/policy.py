"""Who may do what with a contract. Whose it is, is decided by its client."""

from django.utils.translation import gettext_lazy as _

from accounts.access import actions, every, held_by, in_charge, lent_to, policies, unless_erased
from accounts.models import Team

MANAGEMENT, SALES, SUPPORT = Team

own = held_by("client__sales_contact", _("the client’s sales contact"))
unerased = unless_erased("client__")
entrusted = (
    own
    | lent_to("client__sales_contact", "accounts.user")
    | lent_to("pk", "contracts.contract")
    | lent_to("client_id", "clients.client")
)

policies.update({
    "contracts.view_contract":          {MANAGEMENT: every, SALES: unerased, SUPPORT: unerased},
    "contracts.change_contract":        {MANAGEMENT: every, SALES: entrusted},
    "contracts.change_terms_contract":  {MANAGEMENT: every, SALES: entrusted},
    "contracts.amend_contract":         {MANAGEMENT: every},
    "contracts.sign_contract":          {MANAGEMENT: every, SALES: entrusted},
    "contracts.cancel_contract":        {MANAGEMENT: every, SALES: entrusted},
    "contracts.cancel_signed_contract": {MANAGEMENT: every},
    "contracts.reopen_contract":        {MANAGEMENT: every},
    "contracts.create_event_contract":  {MANAGEMENT: every, SALES: entrusted},
    "contracts.delegate_contract":      {MANAGEMENT: every, SALES: own},
    "contracts.export_contract":        {MANAGEMENT: every, SALES: own},
    # The support contact of its event, too: events/policy.py.
    "contracts.note_contract":          {MANAGEMENT: every, SALES: entrusted},
})  # fmt: skip

actions.update({
    "contracts.view_contract":          _("see it"),
    "contracts.change_contract":        _("edit it"),
    "contracts.change_terms_contract":  _("edit its terms"),
    "contracts.amend_contract":         _("edit its terms once signed"),
    "contracts.sign_contract":          _("mark it as signed"),
    "contracts.cancel_contract":        _("cancel it"),
    "contracts.cancel_signed_contract": _("cancel it once signed"),
    "contracts.reopen_contract":        _("reopen it"),
    "contracts.create_event_contract":  _("create its event"),
    "contracts.delegate_contract":      _("delegate it"),
    "contracts.export_contract":        _("export it"),
    "contracts.note_contract":          _("add a note to it"),
})  # fmt: skip

in_charge["contracts.contract"] = {MANAGEMENT: own, SALES: entrusted}

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
