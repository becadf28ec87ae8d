"""Who may do what with people. Managing them is the admin site's business (see domain.md)."""

from .access import every, policies
from .models import Team

policies.update({
    "accounts.view_user": dict.fromkeys(Team, every),
    "accounts.manage_user": {Team.MANAGEMENT: every},
})  # fmt: skip
