"""The five steps from an open contract to a completed event."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def chain(contract):
    """Label, done and current of each step; the labels of steps to come say what is to do."""
    event = getattr(contract, "event", None)
    covered = bool(event and event.support_contact_id)
    completed = bool(event and event.status == "completed")
    cancelled = bool(event and event.status == "cancelled")
    support = _("Support assigned") if covered else _("Without support")
    last = _("Event to come") if event and not event.is_over else _("Event to complete")
    if event and event.state == "in_progress":
        last = _("Event in progress")
    if cancelled:
        last = _("Event cancelled")
    steps = [
        (True, _("Contract opened"), ""),
        (contract.status == "signed", _("Contract signed"), _("Contract to sign")),
        (event is not None, _("Event created"), _("Event to create")),
        (covered or completed, support, _("Support to assign")),
        (completed, _("Event completed"), last),
    ]
    to_do = (i for i, (done, *_rest) in enumerate(steps) if not done)
    current = None if cancelled else next(to_do, None)
    return [(yes if done else no, done, i == current) for i, (done, yes, no) in enumerate(steps)]


@register.filter
def chain_step(contract):
    """The number of the current step; 5 once all are done or the event is cancelled."""
    steps = chain(contract)
    return next((i for i, (_label, _done, now) in enumerate(steps, 1) if now), len(steps))
