"""What a visitor of the demonstration is to find in it."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils.timezone import localdate, now

from accounts.models import Absence, Delegation, User
from accounts.requests import reaching
from clients import steps as clients
from clients.models import Client
from contracts import steps as contracts
from contracts.models import Contract
from dashboard import steps
from dashboard.models import Notification
from events.models import ChecklistItem, Event, TemplateItem
from history.models import Channel, Entry, EntryValue, Note

BUSINESS = Client, Contract, Event
LISTS = ChecklistItem, TemplateItem
CAMILLE, INES, HELENE = (
    f"{name}@epic-events.example" for name in ("camille.roussel", "ines.morel", "helene.vidal")
)


def in_days(number):
    return now() + timedelta(number)


def states():
    """Every state of the chain, each with its records."""
    clients, contracts, events = Client.objects.all(), Contract.objects.all(), Event.objects.all()
    prospects = clients.current().filter(stage="prospect")
    noted = Entry.objects.filter(verb="note")
    untouched = contracts.open().filter(updated_at__lte=in_days(-14))
    planned = events.coming().filter(starts_at__gt=now(), support_contact__is_active=True)
    return {
        "prospect never contacted": prospects.filter(version=1).exclude(
            pk__in=noted.values("client_id")
        ),
        "prospect to call today": prospects.filter(follow_up_on=localdate()),
        "prospect overdue": prospects.filter(follow_up_on__lt=localdate()),
        "prospect to call later": prospects.filter(follow_up_on__gt=localdate()),
        "prospect with an open contract": prospects.filter(contracts__status="open"),
        "prospect again": prospects.filter(
            pk__in=Entry.objects.filter(verb="revert").values("client_id")
        ),
        "prospect archived": clients.filter(stage="prospect").exclude(archived_at=None),
        "client archived": clients.filter(stage="client").exclude(archived_at=None),
        "client restored": clients.current().filter(
            pk__in=Entry.objects.filter(verb="restore").values("client_id")
        ),
        "client without contract": clients.filter(stage="client", contracts=None),
        "client who came back": clients.annotate(
            deals=Count("contracts", filter=Q(contracts__status="signed"))
        ).filter(deals__gt=1),
        "without sales contact": clients.current().filter(sales_contact=None),
        "contract open, recent": contracts.open().filter(created_at__gt=in_days(-14)),
        "contract open, old": untouched,
        "contract open, expected": contracts.open().exclude(expected_date=None),
        "contract open, no date": contracts.open().filter(expected_date=None),
        "contract signed, no event": contracts.without_event(),
        "contract cancelled": contracts.filter(status="cancelled", signed_on=None),
        "contract cancelled after signature": contracts.filter(status="cancelled").exclude(
            signed_on=None
        ),
        "contract of years ago": contracts.signed().filter(
            signed_on__lt=localdate() - timedelta(700)
        ),
        "contract amended, with the reason": contracts.signed().filter(
            pk__in=EntryValue.objects.filter(field="reason", entry__verb="update").values(
                "entry__record_id"
            )
        ),
        "event without support, soon": events.without_support().filter(
            starts_at__range=(now(), in_days(7))
        ),
        "event without support, later": events.without_support().filter(starts_at__gt=in_days(7)),
        "event prepared": planned.exclude(venue="").exclude(attendees=None),
        "event without venue": planned.filter(venue=""),
        "event without attendees": planned.filter(attendees=None),
        "event in progress": [event for event in events if event.state == "in_progress"],
        "event to complete": events.over(),
        "event completed": events.filter(status="completed"),
        "event cancelled": events.filter(status="cancelled"),
        "event reopened": events.planned().filter(
            pk__in=Entry.objects.filter(verb="reopen_event").values("record_id")
        ),
        "checklist overdue": [item for item in ChecklistItem.objects.all() if item.is_late],
        "checklist item of today": [i for i in ChecklistItem.objects.all() if i.is_due_today],
        "checklist item done": ChecklistItem.objects.exclude(done_at=None),
        "event soon, without checklist": events.coming().filter(
            checklist=None, starts_at__lt=in_days(15)
        ),
        "event of several days": [
            event for event in events if event.ends_at - event.starts_at > timedelta(days=1)
        ],
        **{
            f"{model.__name__} delegated": table.objects.filter(until__gte=localdate())
            for model, table in Delegation.tables().items()
            if model is not Contract
        },
        "access asked for": reaching(User.objects.get(email=CAMILLE)),
        **{
            f"told, {state}, {email}": Notification.objects.filter(
                recipient__email=email, read_at__isnull=unread
            )
            for email in (CAMILLE, INES, HELENE)
            for state, unread in (("unread", True), ("read", False))
        },
        "somebody away, and covered": Absence.objects.on(localdate()).covered(),
        "event while its contact is away": events.with_absences().filter(is_unattended=True),
        **{f"note by {channel}": Note.objects.filter(channel=channel) for channel in Channel},
    }


def next_steps():
    """Who has what to do next: each code of the design's table, with the records it is about."""
    camille, ines = (User.objects.get(email=email) for email in (CAMILLE, INES))
    events = Event.objects.of_support(ines).planned()
    found = {
        "event_today": [event for event in events if event.is_today],
        "support_assign": Event.objects.without_support(),
        "sales_assign": Client.objects.unassigned(),
    }
    found |= {f"{code}, sales": [] for code in clients.STEPS | contracts.STEPS}
    found |= {
        "event_details, sales": [],
        "event_details, support": [],
        "event_complete, support": [],
        "event_points, support": [],
    }
    for step in steps.first(steps.of_sales(camille), 99):
        found.setdefault(f"{step.code}, sales", []).append(step.record)
    for step in steps.first(steps.of_support(ines), 99):
        found[f"{step.code}, support"].append(step.record)
    return found


def lacking():
    """The names of those of which there is no record."""
    return [name for name, records in (states() | next_steps()).items() if not records]
