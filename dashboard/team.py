"""The team: who carries what, what nobody carries, and how it goes to somebody else."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import brake, throttle
from accounts.access import chance, require
from accounts.confirm import confirmed_lately
from accounts.counting import counts
from accounts.fields import plain
from accounts.hand_over import HandOverForm
from accounts.models import Absence, Delegation, User
from accounts.own_views import absences_of
from accounts.portfolio import portfolio
from accounts.workflow import hand_over
from clients.models import Client
from events.models import Event
from history.models import Entry
from history.words import story

from . import steps

FEW = 5  # Lines of a card before its list takes over.
MOST = 100  # Records or loans that a person's page names.
STORY = 10


@require_safe
def people(request):
    """Everybody with what they carry, what is not covered, and what is lent to whom."""
    require(request.user, "accounts.manage_user")
    clients = Client.objects.visible_to(request.user).unassigned(request.user)
    events = Event.objects.visible_to(request.user).unassigned(request.user)
    orphans, uncovered = counts(request.user, clients, events)
    context = {
        "people": sorted(_people(), key=lambda person: (not person.is_active, plain(str(person)))),
        "orphans": orphans,
        "uncovered": uncovered,
        "clients": clients.select_related("sales_contact").order_by("-updated_at", "pk")[:FEW],
        "events": events.select_related(*steps.EVENT).order_by("starts_at", "pk")[:FEW],
        "loans": _loans(),
        "absences": Absence.objects.filter(ends_on__gte=localdate())
        .select_related("person", "delegate")
        .order_by("starts_on", "pk")[:MOST],
    }
    return render(request, "dashboard/team.html", context)


@require_safe
def person(request, pk):
    """Somebody with what they hold, what is lent to and by them, and what they did lately."""
    require(request.user, "accounts.manage_user")
    may_lift = chance(request.user, "accounts.lift_limit_user")
    person = get_object_or_404(_people().annotate(may_lift=may_lift), pk=pk)
    context = {
        "person": person,
        "blocked_until": throttle.blocked_until(person.email),
        "used": brake.used(person),
        "is_lifted": brake.is_lifted(person),
        "holdings": [
            (holding.label, holding.of(person)[:MOST], getattr(person, f"{name}_held"))
            for name, holding in portfolio.items()
            if getattr(person, f"{name}_held")
        ],
        "loans": _loans(person),
        "story": story(
            Entry.objects.deeds().filter(actor_id=person.pk).told()[:STORY], request.user
        ),
    }
    return render(request, "dashboard/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request, pk):
    """When somebody is away, planned or ended for them: who is ill does not do it."""
    require(request.user, "accounts.manage_user")
    person = get_object_or_404(User.objects.employees().with_team(), pk=pk)
    return absences_of(request, person, "dashboard/absence.html")


@confirmed_lately("accounts.manage_user")
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request, pk):
    """Give what somebody holds to colleagues: all of it, or nothing."""
    require(request.user, "accounts.manage_user")
    person = get_object_or_404(_people(), pk=pk)
    form = HandOverForm(request.POST or None, person=person)
    if form.is_valid() and form.holdings:
        try:
            moved = hand_over(person, by=request.user, **form.heirs())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _told(moved))
            return redirect("dashboard:person", person.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "person": person}
    return render(request, "dashboard/transfer.html", context, status=status)


def _people():
    """Everybody who works here, and whoever left something behind."""
    away = Absence.objects.on(localdate()).filter(person=OuterRef("pk"))
    people = User.objects.employees().with_team().with_factor().with_holdings()
    return people.with_month().annotate(is_away=Exists(away))


def _loans(person=None):
    """What is lent today: to or by ``person``, or to anybody."""
    found = []
    for table in Delegation.tables().values():
        loans = table.objects.filter(until__gte=localdate(), user__is_active=True)
        if person:
            loans = loans.filter(Q(user=person) | Q(granted_by=person))
        found += loans.select_related("user", "granted_by", "content_object")[:MOST]
    return sorted(found, key=lambda loan: loan.until)


def _told(moved):
    done = [
        _("%(what)s: %(number)d to %(who)s")
        % {"what": portfolio[name].label, "number": number, "who": heir or _("nobody")}
        for name, (number, heir) in moved.items()
    ]
    return _("Handed over. %(done)s.") % {"done": ", ".join(done)}
