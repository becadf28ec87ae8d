"""
What the home page of each team tells: what to do next, then how things stand.

Each takes the person, and how many steps to show; a fixed number of queries whatever the data.
"""

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.counting import counts
from accounts.querysets import AHEAD
from clients.forms import AssignForm as SalesForm
from clients.models import Client
from contracts.models import Contract
from events.engagements import engagements, offered
from events.forms import AssignForm as SupportForm
from events.models import Event
from events.steps import event_today
from history import formats

from . import activity, lent, steps
from .beginning import beginnings

FEW = 5  # Lines of a card before its list takes over.
ROWS = 10  # Lines that have a form in them.


def sales(user, most):
    contracts = Contract.objects.visible_to(user).of_sales(user)
    events = Event.objects.visible_to(user).of_sales(user).coming()
    prospects = Client.objects.visible_to(user).mine(user).filter(stage="prospect")
    mine = steps.without_snoozed(steps.of_sales(user), user)
    number_of_prospects, coming, *found = counts(user, prospects, events, *mine)
    context = _todo(mine, found, most)
    return context | {
        "headline": _actions(context["number"]),
        "contracts": contracts.open().select_related("client").order_by("updated_at", "pk")[:FEW],
        "standing": contracts.standing(quarter()),
        "quarter": quarter(),
        "prospects": number_of_prospects,
        "events": _soonest(events)[:3],
        "coming": coming,
        "activity": activity.of_sales(user),
        "lent": lent.to(user),
    }


def support(user, most):
    events = Event.objects.visible_to(user).of_support(user).coming().with_overlaps()
    coming = list(_soonest(events)[: 2 * ROWS])
    today = [event for event in coming if event.is_today]
    later = [event for event in coming if event not in today]
    mine = steps.without_snoozed(steps.of_support(user), user)
    until = now() + AHEAD
    return _todo(mine, counts(user, *mine), most) | {
        "headline": _next(today, later),
        "today": [event_today(event) for event in today],
        "events": [event for event in later if event.starts_at <= until],
        "idle": not coming,
        "activity": activity.of_support(user),
        "lent": lent.to(user),
    }


def management(user, most):
    events, clients = Event.objects.visible_to(user), Client.objects.visible_to(user)
    coming, over = events.coming(), events.over()
    uncovered, orphans = coming.without_support(user), clients.unassigned(user)
    current = clients.current()
    found = counts(user, coming, uncovered, over, current, orphans)
    number = dict(zip(("coming", "uncovered", "over", "current", "orphans"), found, strict=True))
    number["covered"] = number["coming"].number - number["uncovered"].number
    number["followed"] = number["current"].number - number["orphans"].number
    supporters = _options(_supporters())
    waiting = _offering(_soonest(uncovered)[:ROWS], supporters)
    people = [key.instance for key, _label in supporters]
    sellers = _options(SalesForm().fields["sales_contact"])
    standing = Contract.objects.visible_to(user).standing(quarter())
    return {
        "beginnings": beginnings(
            colleagues=len({*people, *(key.instance for key, _label in sellers)} - {user}),
            clients=number["current"].number,
            orphans=number["orphans"].number,
            in_use=bool(standing["open"] or standing["signed"] or number["coming"].number),
        ),
        "headline": _waiting(number["uncovered"].number, number["orphans"].number),
        "number": number,
        "uncovered": waiting,
        "orphans": orphans.select_related("sales_contact").order_by("sort_key", "pk")[:ROWS],
        "sellers": sellers,
        "over": over.select_related(*steps.EVENT).order_by("ends_at", "pk")[:FEW],
        "busy": sorted(filter(is_busy, people), key=lambda person: -person.month),
        "free": [person for person in people if not is_busy(person)],
        "standing": standing,
        "quarter": quarter(),
        "activity": activity.of_all(user),
        "lent": lent.to(user),
    }


def quarter():
    """The first day of this quarter."""
    today = localdate()
    return today.replace(month=today.month - (today.month - 1) % 3, day=1)


def is_busy(person):
    return person.month > 0


def _soonest(events):
    return events.select_related(*steps.EVENT).order_by("starts_at", "pk")


def _supporters():
    """The field that names a support contact; its people know how busy their ``month`` is."""
    field = SupportForm().fields["support_contact"]
    field.queryset = field.queryset.with_month()
    return field


def _options(field):
    """What a select of people offers, read once for all the rows it stands in."""
    return [(key, label) for key, label in field.choices if key]


def _offering(events, supporters):
    """These, each with ``supporters``: whom it can be given to, and what they have on its days."""
    events = list(events)
    busy = engagements(*events)
    for event in events:
        have = busy[event.pk]
        event.supporters = [(key, offered(label, have.get(key.value))) for key, label in supporters]
    return events


# --- To do --------------------------------------------------------------------------------------


def _todo(sets, found, most):
    todo = steps.first(sets, most)
    number = sum(each.number for each in found)
    return {"todo": todo, "number": number, "more": any(each.more for each in found)}


def _actions(number):
    if not number:
        return _("nothing urgent today")
    told = ngettext(
        "%(number)d action to take on your records",
        "%(number)d actions to take on your records",
        number,
    )
    return told % {"number": number}


def _next(today, later):
    if today:
        told = ngettext("%(number)d event today", "%(number)d events today", len(today))
        return told % {"number": len(today)}
    if later:
        distance = formats.distance(later[0].starts_at)
        return _("next event %(distance)s") % {"distance": distance}
    return _("no coming event")


def _waiting(events, clients):
    """How many events and clients are in nobody's hands."""
    event = ngettext("%(number)d event", "%(number)d events", events) % {"number": events}
    client = ngettext("%(number)d client", "%(number)d clients", clients) % {"number": clients}
    if events and clients:
        parts = {"events": event, "clients": client}
        return _("%(events)s and %(clients)s wait for somebody in charge") % parts
    if not events and not clients:
        return _("every event and every client is in somebody’s hands")
    waits = ngettext(
        "%(what)s waits for somebody in charge",
        "%(what)s wait for somebody in charge",
        events or clients,
    )
    return waits % {"what": event if events else client}
