"""The three teams, and whose work each can do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.TextChoices):
    """The three Django groups. A person is in one of them, or in none."""

    MANAGEMENT = "management", _("Management")
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")


# In whose place the members of a team can stand: management sells too.
SAME_WORK = {
    Team.MANAGEMENT: (Team.MANAGEMENT, Team.SALES),
    Team.SALES: (Team.MANAGEMENT, Team.SALES),
    Team.SUPPORT: (Team.SUPPORT,),
}
