"""
When something is to be done for an event, and how it reads.

One step an event, the first that applies. That it is today is told above the others, on a card.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from accounts.steps import Step, day_of, days, line
from history import formats

from .querysets import LACKING, coming, over


def marked(events):
    """With the step of each and its day, and whether it is ``urgent``."""
    lacking = coming() & LACKING & Q(starts_at__lte=now() + days("event_details"))
    urgent = lacking & Q(starts_at__lte=now() + days("event_details_urgent"))
    steps = {
        "event_complete": (over(), day_of("ends_at")),
        "event_details": (lacking, day_of("starts_at")),
    }
    return events.marked(steps, urgent)


# --- How each reads ---------------------------------------------------------------------------


def told(event):
    """The step of an event that has one."""
    return STEPS[event.step](event)


def event_today(event):
    title = _("“%(event)s” takes place today") % {"event": event}
    url, button = reverse("events:day", args=[event.pk]), _("Open event day")
    return Step(
        "event_today", "violet", "broadcast", title, str(event.contract.client), url, button,
        localdate(), event.contract.amount, event,
    )  # fmt: skip


def event_details(event):
    day = f"{formats.day(event.starts_at)} ({formats.distance(event.starts_at)})"
    lacking = _("missing: %(facts)s") % {"facts": ", ".join(str(fact) for fact in event.missing)}
    return Step(
        "event_details", "danger" if event.urgent else "warning", "exclamation-triangle",
        _("Fill in “%(event)s”") % {"event": event},
        line(event.contract.client, day, lacking),
        reverse("events:update", args=[event.pk]), _("Fill in"),
        event.step_on, event.contract.amount, event,
    )  # fmt: skip


def event_complete(event):
    ended = _("ended on %(day)s") % {"day": formats.day(event.ends_at)}
    return Step(
        "event_complete", "warning", "flag",
        _("Complete “%(event)s”") % {"event": event},
        line(event.contract.client, ended),
        reverse("events:complete", args=[event.pk]), _("Complete event"),
        event.step_on, event.contract.amount, event,
    )  # fmt: skip


STEPS = {"event_complete": event_complete, "event_details": event_details}
