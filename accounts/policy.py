"""Who may do what with people. Managing them is the admin site's business (see domain.md)."""

from django.utils.translation import gettext_lazy as _

from .access import actions, every, policies
from .models import Team

policies.update({
    "accounts.view_user": dict.fromkeys(Team, every),
    "accounts.manage_user": {Team.MANAGEMENT: every},
})  # fmt: skip

actions.update({
    "accounts.view_user":   _("see who works here"),
    "accounts.manage_user": _("look after accounts"),
})  # fmt: skip
