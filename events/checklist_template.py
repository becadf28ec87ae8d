"""The list that the checklist of an event begins with. The agency edits it."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import require
from accounts.models import Team
from accounts.records import lock
from history import journal
from history.verbs import Kind, Verb, verbs

from .checklist import write_version
from .models import Role, TemplateItem

EDIT = "events.edit_templateitem"

verbs.update(
    {
        "add_template_item": Verb(
            "plus-square",
            gettext_lazy("You added to the checklist template: %(what)s"),
            gettext_lazy("%(who)s added to the checklist template: %(what)s"),
            kind=Kind.ADMIN,
        ),
        "change_template_item": Verb(
            "pencil",
            gettext_lazy("You changed in the checklist template: %(what)s"),
            gettext_lazy("%(who)s changed in the checklist template: %(what)s"),
            kind=Kind.ADMIN,
        ),
        "remove_template_item": Verb(
            "dash-square",
            gettext_lazy("You removed from the checklist template: %(what)s"),
            gettext_lazy("%(who)s removed from the checklist template: %(what)s"),
            kind=Kind.ADMIN,
        ),
    }
)


def proposed():
    """What an agency might begin with, in the language of whoever asks: (what, days, role)."""
    return (
        (_("Visit the venue with the client"), 45, Role.SUPPORT),
        (_("Book the caterer"), 30, Role.SUPPORT),
        (_("Book sound, light and video"), 21, Role.SUPPORT),
        (_("Have the budget of the day agreed by the client"), 21, Role.SALES),
        (_("Send the programme and the map to the client"), 14, Role.SALES),
        (_("Confirm the number of attendees and special diets"), 7, Role.SUPPORT),
        (_("Confirm the times of deliveries and of access"), 3, Role.SUPPORT),
        (_("Call the contact on site"), 1, Role.SUPPORT),
    )


@transaction.atomic
def propose(*, by):
    """Fill an empty template; one that has been filled meanwhile stays as it is."""
    # One after the other: two who find it empty at once would fill it twice.
    list(Group.objects.select_for_update(no_key=True).filter(name=Team.MANAGEMENT))
    require(by, EDIT)
    if TemplateItem.objects.exists():
        return []
    return [add(by=by, what=what, days_before=days, role=role) for what, days, role in proposed()]


@transaction.atomic
def add(*, by, **facts):
    """Add a point to the template. Raise ValidationError if it is not valid."""
    require(by, EDIT)
    point = TemplateItem(**facts)
    point.full_clean()
    point.save(force_insert=True)
    journal.record(by, "add_template_item", point)
    return point


@transaction.atomic
def change(point, *, by, version, **facts):
    """As ``checklist.change``. Lists that were begun with it stay as they are."""
    point = lock(point)
    require(by, EDIT, point)
    if told := write_version(point, version, facts, _point_facts):
        journal.record(by, "change_template_item", point, told)
    return point


@transaction.atomic
def remove(point, *, by):
    point = lock(point)
    require(by, EDIT, point)
    journal.record(by, "remove_template_item", point, {"what": (point.what, None)})
    point.delete()


def _point_facts(point):
    return {"what": point.what, "days_before": point.days_before, "role": point.role}
