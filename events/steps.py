"""
When something is to be done for an event, and how it reads.

One step an event, the first that applies. That it is today is told above the others, on a card.
"""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import steps
from accounts.models import Team
from accounts.steps import Banner, Step, Turn, day_of, days, line
from history import formats

from .models import Event
from .querysets import LACKING, coming, over

POINTS = Q(points_since__isnull=False)


def marked(events):
    """With the step of each and its day, whether it is ``urgent``, and ``orphaned``."""
    lacking = coming() & LACKING & Q(starts_at__lte=now() + days("event_details"))
    urgent = lacking & Q(starts_at__lte=now() + days("event_details_urgent"))
    found = {
        "event_complete": (over(), day_of("ends_at")),
        "event_details": (lacking, day_of("starts_at")),
        "event_points": (coming() & POINTS, F("points_since")),
    }
    urgent |= coming() & ~lacking & Q(points_since__lt=localdate())
    return events.with_points().marked(found, urgent=urgent, orphaned=events.uncovered())


def pointed_out(events, user):
    """Those of colleagues for which ``user`` has something to do by now, as the only step."""
    found = {"event_points": (POINTS, F("points_since"))}
    late = Q(points_since__lt=localdate())
    return events.with_points_of(user).marked(found, urgent=late)


# --- How each reads ---------------------------------------------------------------------------


def support_assign(event):
    title = _("Assign a support contact to “%(event)s”") % {"event": event}
    url, button = reverse("events:assign", args=[event.pk]), _("Assign")
    return Step(
        "support_assign", "warning", "person-exclamation", title, _on(event), url, button,
        localdate(event.starts_at), event.contract.amount, event,
    )  # fmt: skip


def event_today(event):
    title = _("“%(event)s” takes place today") % {"event": event}
    url, button = reverse("events:day", args=[event.pk]), _("Open event day")
    return Step(
        "event_today", "violet", "broadcast", title, str(event.contract.client), url, button,
        localdate(), event.contract.amount, event,
    )  # fmt: skip


def event_details(event):
    lacking = _("missing: %(facts)s") % {"facts": ", ".join(str(fact) for fact in event.missing)}
    return Step(
        "event_details", "danger" if event.urgent else "warning", "exclamation-triangle",
        _("Fill in “%(event)s”") % {"event": event},
        line(_on(event), lacking, *_points(event)),
        reverse("events:update", args=[event.pk]), _("Fill in"),
        event.step_on, event.contract.amount, event,
    )  # fmt: skip


def _points(event):
    """What is due of the checklist, beside a step that comes before it."""
    if event.points:
        told = ngettext(
            "%(number)d item of the checklist to do",
            "%(number)d items of the checklist to do",
            event.points,
        )
        yield told % {"number": event.points}


def event_points(event):
    told = ngettext(
        "%(number)d item of the checklist to do for “%(event)s”",
        "%(number)d items of the checklist to do for “%(event)s”",
        event.points,
    )
    return Step(
        "event_points", "danger" if event.urgent else "warning", "list-check",
        told % {"number": event.points, "event": event}, _on(event),
        f"{event.get_absolute_url()}#checklist", _("Open the checklist"),
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


def _on(event):
    off = event.day_of_days or formats.distance(event.starts_at)
    return line(event.contract.client, f"{formats.day(event.starts_at)} ({off})")


STEPS = {
    "event_complete": event_complete,
    "event_details": event_details,
    "event_points": event_points,
}


# --- What its page says first -------------------------------------------------------------------


def banner(event, reader):
    """Of an event that is marked, also with who may assign, change or complete it."""
    if event.status == "cancelled":
        text = _("Management can reopen it if it takes place after all.")
        return Banner(event, _("The event is cancelled"), text, "x-circle")
    if event.status == "completed":
        heading = _("Event completed on %(day)s.") % {"day": formats.day(event.completed_at)}
        text = _("The chain is complete. The next contract starts it again.")
        return Banner(event, heading, text, "flag")
    turn = steps.most_pressing(_turns(event, reader))
    if turn is None or (not turn.is_readers and turn.step.code == "event_today"):
        return _in_time(event)
    if not turn.is_readers and turn.step.code == "support_assign":
        waiting = _("Waiting for management to assign a support contact.")
        return Banner(event, waiting, turn.step.context)
    return turn.told()


def _turns(event, reader):
    """
    Its support contact's, or its salesperson's as long as nobody supports it. Management assigns,
    and sees what is to be completed.
    """
    covered = event.support_contact and not event.orphaned
    holder = event.support_contact if covered else event.responsible(Team.SALES)
    teams = (Team.SUPPORT,) if covered else (Team.SUPPORT, Team.SALES)
    is_its = reader.team in teams and bool(event.may_change)
    if event.step == "event_complete":
        is_theirs = is_its or reader.team == Team.MANAGEMENT
        yield Turn(event_complete(event), is_theirs and bool(event.may_complete), holder)
    if event.orphaned:
        yield Turn(support_assign(event), bool(event.may_assign), None)
    if event.step == "event_details":
        yield Turn(event_details(event), is_its, holder)
    if event.is_today and not event.is_over:
        yield Turn(event_today(event), is_its, holder)
    if event.step == "event_points":
        yield Turn(event_points(event), is_its, holder)


def _in_time(event):
    """Nothing is to be done before its day, or on it."""
    who = event.support_contact or event.responsible(Team.SALES)
    text = line(event.contract.client, _("%(support)s looks after it.") % {"support": who})
    if event.state == "in_progress":
        return Banner(event, _("The event is taking place"), text, "broadcast")
    day, distance = formats.day(event.starts_at, "long"), formats.distance(event.starts_at)
    heading = _("Waiting for the event: %(day)s (%(distance)s).")
    return Banner(event, heading % {"day": day, "distance": distance}, text)


steps.tellers[Event] = steps.Teller(marked, STEPS, banner)
