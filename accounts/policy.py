"""Who may do what with people, and with their notes. The table is domain.md’s."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .access import Part, Rule, actions, every, policies
from .models import Team

# Nor a superuser, whom no page touches.
others = Rule(
    Part(lambda user: Q(is_superuser=False) & ~Q(pk=user.pk), _("another manager")),
)
written = Rule(Part(lambda user: Q(actor_id=user.pk), _("its author")))

policies.update({
    "accounts.view_user":       dict.fromkeys(Team, every),
    "accounts.manage_user":     {Team.MANAGEMENT: every},
    "accounts.measure_user":    {Team.MANAGEMENT: every},
    "accounts.audit_user":      {Team.MANAGEMENT: every},
    "accounts.create_user":     {Team.MANAGEMENT: every},
    "accounts.invite_user":     {Team.MANAGEMENT: others},
    "accounts.change_user":     {Team.MANAGEMENT: every},
    "accounts.move_user":       {Team.MANAGEMENT: others},
    "accounts.deactivate_user": {Team.MANAGEMENT: others},
    "accounts.reactivate_user": {Team.MANAGEMENT: every},
    "accounts.delete_user":     {Team.MANAGEMENT: others},
    "accounts.reset_factor_user": {Team.MANAGEMENT: others},
    "accounts.sign_out_user":   {Team.MANAGEMENT: others},
    "accounts.lift_limit_user": {Team.MANAGEMENT: others},
    "history.remove_note_entry": dict.fromkeys(Team, written),
})  # fmt: skip

actions.update({
    "accounts.view_user":       _("see who works here"),
    "accounts.manage_user":     _("look after accounts"),
    "accounts.measure_user":    _("read the agency’s figures"),
    "accounts.audit_user":      _("read the journal"),
    "accounts.create_user":     _("create an account"),
    "accounts.invite_user":     _("make a link to choose a password"),
    "accounts.change_user":     _("correct an account"),
    "accounts.move_user":       _("change somebody’s team"),
    "accounts.deactivate_user": _("close an account"),
    "accounts.reactivate_user": _("reopen an account"),
    "accounts.delete_user":     _("delete an account"),
    "accounts.reset_factor_user": _("reset a second factor"),
    "accounts.sign_out_user":   _("end somebody’s sessions"),
    "accounts.lift_limit_user": _("lift an hourly reading limit"),
    "history.remove_note_entry": _("take back the note in it"),
})  # fmt: skip
