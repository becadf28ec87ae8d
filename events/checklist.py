"""What is to be done for an event, point by point."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access import require
from accounts.records import lock, tell
from history.verbs import Verb, facts, verbs

from .models import ChecklistItem, Event, Role, TemplateItem

PREPARE = "events.prepare_event"


def _verb(icon, you, they):
    return Verb(icon, you, they, part="item")


verbs.update(
    {
        "take_template": _verb(
            "list-check",
            gettext_lazy("You took the template for the checklist of %(what)s"),
            gettext_lazy("%(who)s took the template for the checklist of %(what)s"),
        ),
        "add_item": _verb(
            "plus-square",
            gettext_lazy("You added to the checklist of %(what)s"),
            gettext_lazy("%(who)s added to the checklist of %(what)s"),
        ),
        "change_item": _verb(
            "pencil",
            gettext_lazy("You changed an item of the checklist of %(what)s"),
            gettext_lazy("%(who)s changed an item of the checklist of %(what)s"),
        ),
        "tick_item": _verb(
            "check-square",
            gettext_lazy("You ticked an item of the checklist of %(what)s"),
            gettext_lazy("%(who)s ticked an item of the checklist of %(what)s"),
        ),
        "untick_item": _verb(
            "square",
            gettext_lazy("You opened again an item of the checklist of %(what)s"),
            gettext_lazy("%(who)s opened again an item of the checklist of %(what)s"),
        ),
        "remove_item": _verb(
            "dash-square",
            gettext_lazy("You removed an item from the checklist of %(what)s"),
            gettext_lazy("%(who)s removed an item from the checklist of %(what)s"),
        ),
    }
)
facts["item"] = models.CharField(pgettext_lazy("checklist", "item"))
facts["due_on"] = ChecklistItem._meta.get_field("due_on")
facts["in_charge"] = models.CharField(gettext_lazy("who"), choices=Role)


class Stale(ValidationError):
    """Somebody else changed it since the page was opened: looked at once more, it can be saved."""


@transaction.atomic
def take_template(event, *, by):
    """
    Begin the checklist with the template: due dates are counted back from the start, none is past.

    An event that has a checklist keeps it: asked twice, it happens once. Return what was added,
    and how much of it should have been done before today.
    """
    event = _prepare(event, by)
    if event.checklist.exists():
        return [], 0
    today, start = localdate(), localdate(event.starts_at)
    points = [(point, start - timedelta(point.days_before)) for point in TemplateItem.objects.all()]
    items = [
        ChecklistItem(event=event, what=point.what, due_on=max(today, day), role=point.role)
        for point, day in points
    ]
    for item in items:
        item.full_clean()
    ChecklistItem.objects.bulk_create(items)
    if items:
        tell(by, "take_template", event, {"item": (None, " · ".join(map(str, items)))})
    return items, sum(day < today for _point, day in points)


@transaction.atomic
def add(event, *, by, **facts):
    """Add an item. Raise ValidationError if it is not valid."""
    if facts.get("who"):
        lock(facts["who"])
    event = _prepare(event, by)
    item = ChecklistItem(event=event, **facts)
    item.full_clean()
    item.save(force_insert=True)
    tell(by, "add_item", event, {"item": (None, item.what)})
    return item


@transaction.atomic
def change(item, *, by, version, **facts):
    """
    Change what, by when or who, of the ``version`` that was shown.

    Raise Stale if somebody else changed it meanwhile, ValidationError if it is not valid.
    """
    if facts.get("who"):
        lock(facts["who"])
    event, item = _prepare(item.event, by), lock(item)
    name = item.what
    if told := write_version(item, version, facts, _item_facts):
        tell(by, "change_item", event, {"item": (name, item.what)} | told)
    return item


@transaction.atomic
def tick(item, *, by, done=True):
    """
    Done, or after all not. Asked twice, it happens once.

    Return the item, and whether it had been so before.
    """
    event, item = _prepare(item.event, by), lock(item)
    if bool(item.done_at) is done:
        return item, True
    item.done_at, item.done_by = (now(), by) if done else (None, None)
    item.save(update_fields=["done_at", "done_by"])
    tell(by, "tick_item" if done else "untick_item", event, {"item": (None, item.what)})
    return item, False


@transaction.atomic
def remove(item, *, by):
    event, item = _prepare(item.event, by), lock(item)
    tell(by, "remove_item", event, {"item": (item.what, None)})
    item.delete()


def _prepare(event: Event, by):
    """The event, held: its checklist is changed by whoever may, while it is planned."""
    event = lock(event)
    require(by, PREPARE, event)
    return event


def _item_facts(item):
    return {"item": item.what, "due_on": item.due_on, "in_charge": item.role or item.who}


def write_version(item, version, facts, told):
    """Write the facts. Return what changed, as ``told`` has it for the journal."""
    before = told(item)
    for name, value in facts.items():
        setattr(item, name, value)
    after = told(item)
    changed = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not changed:
        return {}
    if item.version != version:
        raise Stale(_("Somebody else changed this meanwhile. Look at it once more, then save."))
    item.version += 1
    item.full_clean()
    item.save(update_fields=[*facts, "version"])
    return changed
