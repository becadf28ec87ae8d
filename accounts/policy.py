"""Who may do what with people. Managing them is the admin site's business (see domain.md)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .access import Part, Rule, actions, every, policies
from .models import Team

others = Rule(Part(lambda user: ~Q(pk=user.pk), _("another manager")))

policies.update({
    "accounts.view_user": dict.fromkeys(Team, every),
    "accounts.manage_user": {Team.MANAGEMENT: every},
    "accounts.reset_factor_user": {Team.MANAGEMENT: others},
})  # fmt: skip

actions.update({
    "accounts.view_user":   _("see who works here"),
    "accounts.manage_user": _("look after accounts"),
    "accounts.reset_factor_user": _("reset a second factor"),
})  # fmt: skip
