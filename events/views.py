from datetime import datetime, time

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.delegation_views import DelegateView, EndDelegationView, loans, stand_ins
from accounts.forms import NoteForm, ReasonForm
from accounts.lists import RecordListView
from accounts.models import Team
from accounts.steps import banner
from accounts.timelines import HistoryView, record_timeline
from accounts.undo import Undo
from accounts.views import NoteView, RecordUpdateView, VerbView, creating
from contracts.models import Contract
from history.models import Entry

from . import ics, workflow
from .checklist_forms import QuickNoteForm
from .checklist_views import card
from .forms import AssignForm, EventFilter, EventForm, NewEventForm
from .models import Event

EVENTS = Event.objects.with_contacts()
DAY = time(9), time(18)  # The hours a new event is offered on its expected date.


class EventList(RecordListView):
    queryset = EVENTS
    template_name = "events/event_list.html"
    title = _("Events")
    search_label = _("Search by name, venue, reference or client")
    views = {
        "mine": (_("My events"), "in_hand"),
        "upcoming": (_("Upcoming"), "upcoming"),
        "unassigned": (_("Without support"), "unassigned"),
        "to-complete": (_("To complete"), "to_complete"),
        "past": (_("Past"), "past"),
        "all": (_("All"), "everybodys"),
        "delegated": (_("Delegated to me"), "delegated"),
    }
    sorts = {"start": (_("Date"), "starts_at"), "created": (_("Created on"), "created_at")}
    default_sort = "start"
    view_sorts = {"past": "-start"}  # What was last is asked for most.
    filterset_class = EventFilter
    total_of = "attendees"
    bulk = "assign"

    def with_details(self, records):
        return records.with_rights(self.request.user, "assign") if self.may_choose else records

    def default_view(self, user):
        return "upcoming" if user.team == Team.MANAGEMENT else "mine"


@require_http_methods(["GET", "HEAD", "POST"])
@creating(NewEventForm)
def create(request, pk):
    contracts = Contract.objects.select_related("client__sales_contact")
    contract = contracts.get_for(request.user, "create_event", pk)
    form = NewEventForm(request.POST or None, by=request.user, initial=expected(contract))
    if form.is_valid():
        try:
            event = form.once(workflow.create, contract, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, created_message(event))
            return redirect(event)
    context = {"contract": contract, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "events/event_new.html", context, status=status)


def expected(contract):
    """What the contract says of its event: nobody types it twice."""
    hours = {}
    if day := contract.expected_date:
        hours = {
            "starts_at": make_aware(datetime.combine(day, DAY[0])),
            "ends_at": make_aware(datetime.combine(day, DAY[1])),
        }
    return {
        "name": contract.title,
        "venue": contract.expected_venue,
        "attendees": contract.expected_attendees,
        **hours,
    }


def created_message(event):
    if event.support_contact:
        return gettext("Event created.")
    if event.is_over:
        return gettext("Event created. It is over: complete it.")
    return gettext("Event created. It waits for management to assign a support contact.")


@require_safe
def detail(request, pk):
    event = EVENTS.with_overlaps().with_absences().with_steps().get_for(
        request.user, "view", pk, "change", "amend", "assign", "complete", "cancel", "reopen",
        "note", "delegate", "prepare",
    )  # fmt: skip
    told = [event, event.contract]
    context = {
        "record": event,
        "banner": banner(event, request.user),
        "loans": loans(event, request.user),
        "stand_ins": stand_ins(event),
        "contract": event.contract,
        "client": event.contract.client,
        "note_form": NoteForm(by=request.user),
        "assign_form": assign_form(event),
        "overlaps": overlaps(event, request.user),
        "story": record_timeline(request, event, Entry.objects.about(*told), told),
    }
    return render(request, "events/event_detail.html", card(event, **context))


def assign_form(event):
    """Offered where the event is in nobody's hands."""
    return AssignForm(event=event) if event.may_assign and event.orphaned else None


def overlaps(event, user):
    """The other events of its support contact at that time."""
    if not (event.is_overlapped and (event.may_change or event.may_assign)):
        return []
    events = Event.objects.visible_to(user).of_support(event.support_contact)
    return list(events.overlapping(event))


@require_safe
def download(request, pk):
    """The event for one's own calendar."""
    event = EVENTS.get_for(request.user, "view", pk)
    name = f'attachment; filename="event-{event.pk}.ics"'
    content = ics.calendar([event], request.build_absolute_uri)
    return HttpResponse(content, ics.CONTENT_TYPE, headers={"Content-Disposition": name})


class History(HistoryView):
    queryset = EVENTS

    def told(self, record):
        records = [record, record.contract]
        return Entry.objects.about(*records), records


class Update(RecordUpdateView):
    queryset = EVENTS
    form_class = EventForm
    template_name = "events/event_form.html"


class Assign(VerbView):
    queryset = EVENTS
    action = "assign"
    verb = workflow.assign
    form_class = AssignForm
    template_name = "events/event_assign.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"event": self.record}

    message = _("%(support_contact)s is assigned to “%(record)s”.")

    def said(self, form):
        if form.cleaned_data["support_contact"]:
            return super().said(form)
        return gettext("“%(record)s” has no support contact any more.") % {"record": self.record}

    def undo(self, form):
        before = {"support_contact": self.record.support_contact_id or "", "despite_overlap": "on"}
        return Undo(self.request.path, gettext("Undo the assignment"), before)


class Complete(VerbView):
    queryset = EVENTS
    action = "complete"
    verb = workflow.complete
    template_name = "events/event_complete.html"
    message = _("Event completed.")

    def get_context_data(self, **kwargs):
        left = self.record.checklist.filter(done_at=None).count()
        return super().get_context_data(left=left, **kwargs)


class Cancel(VerbView):
    queryset = EVENTS
    action = "cancel"
    verb = workflow.cancel
    form_class = ReasonForm
    template_name = "events/event_cancel.html"
    message = _("%(record)s is cancelled.")


class Reopen(VerbView):
    queryset = EVENTS
    action = "reopen"
    verb = workflow.reopen
    form_class = ReasonForm
    template_name = "events/event_reopen.html"
    message = _("%(record)s is planned again.")


class AddNote(NoteView):
    queryset = EVENTS

    def get_form_class(self):
        return QuickNoteForm if "from_day" in self.request.POST else NoteForm

    def next_page(self, result):
        if "from_day" in self.request.POST:
            return f"{reverse('events:day', args=[self.record.pk])}#notes"
        return super().next_page(result)


class Delegate(DelegateView):
    queryset = EVENTS
    consequence = _(
        "Your colleague can work on the event until the end of that day. "
        "Nothing changes hands, and it can be ended at any time."
    )


class EndDelegation(EndDelegationView):
    queryset = EVENTS
