"""Who may do what with a client. The table is domain.md's."""

from django.utils.translation import gettext_lazy as _

from accounts.access import actions, every, held_by, in_charge, lent_to, policies, unless_erased
from accounts.models import Team

MANAGEMENT, SALES, SUPPORT = Team

own = held_by("sales_contact", _("this client’s sales contact"))
unerased = unless_erased()
entrusted = own | lent_to("sales_contact", "accounts.user") | lent_to("pk", "clients.client")

policies.update({
    "clients.view_client":          {MANAGEMENT: every, SALES: unerased, SUPPORT: unerased},
    "clients.create_client":        {MANAGEMENT: every, SALES: every},
    "clients.change_client":        {MANAGEMENT: every, SALES: entrusted},
    "clients.convert_client":       {MANAGEMENT: every, SALES: entrusted},
    "clients.revert_client":        {MANAGEMENT: every},
    "clients.assign_client":        {MANAGEMENT: every},
    "clients.archive_client":       {MANAGEMENT: every, SALES: entrusted},
    "clients.restore_client":       {MANAGEMENT: every, SALES: entrusted},
    "clients.delete_client":        {MANAGEMENT: every},
    "clients.erase_client":         {MANAGEMENT: every},
    "clients.disclose_client":      {MANAGEMENT: every},
    "clients.delegate_client":      {MANAGEMENT: every, SALES: own},
    "clients.open_contract_client": {MANAGEMENT: every, SALES: entrusted},
    # Out of the CRM: whoever loses a loan or a team has no copy of what was never theirs.
    "clients.export_client":        {MANAGEMENT: every, SALES: own},
    # The support contact of one of its events, too: events/policy.py.
    "clients.note_client":          {MANAGEMENT: every, SALES: entrusted},
})  # fmt: skip

actions.update({
    "clients.view_client":          _("see it"),
    "clients.create_client":        _("add a client or a prospect"),
    "clients.change_client":        _("edit it"),
    "clients.convert_client":       _("make it a client"),
    "clients.revert_client":        _("make it a prospect again"),
    "clients.assign_client":        _("name its sales contact"),
    "clients.archive_client":       _("archive it"),
    "clients.restore_client":       _("restore it"),
    "clients.delete_client":        _("delete it"),
    "clients.erase_client":         _("erase its personal data"),
    "clients.disclose_client":      _("hand out what is held about its contact person"),
    "clients.delegate_client":      _("delegate it"),
    "clients.open_contract_client": _("open a contract for it"),
    "clients.export_client":        _("export it"),
    "clients.note_client":          _("add a note to it"),
})  # fmt: skip

# Management has a right to everything, and in its hands what names it.
in_charge["clients.client"] = {MANAGEMENT: own, SALES: entrusted}

# Which right lets a person type a field of an existing client.
FIELDS: dict[str, tuple[str, ...]] = {
    "company_name": ("change",),
    "first_name": ("change",),
    "last_name": ("change",),
    "job_title": ("change",),
    "email": ("change",),
    "phone": ("change",),
    "mobile": ("change",),
    "source": ("change",),
    "follow_up_on": ("change",),
    "sales_contact": ("assign",),
}
