from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import search_index
from accounts.access import require
from accounts.delegation_views import DelegateView, EndDelegationView, loans, stand_ins
from accounts.forms import ReasonForm
from accounts.lists import RecordListView
from accounts.steps import banner
from accounts.timelines import HistoryView, record_timeline
from accounts.undo import Undo
from accounts.views import NoteView, RecordUpdateView, VerbView, creating
from history import formats
from history.models import Channel, Entry

from . import workflow
from .forms import (
    AssignForm,
    ClientFilter,
    ClientForm,
    ClientNoteForm,
    FollowUpForm,
    NewClientForm,
)
from .models import Client
from .steps import pressing

PEOPLE = Client.objects.select_related("sales_contact")


class ClientList(RecordListView):
    queryset = PEOPLE
    template_name = "clients/client_list.html"
    title = _("Clients")
    search_label = _("Search by company, person, e-mail or phone")
    views = {
        "mine": (_("My clients"), "mine"),
        "prospects": (_("Prospects"), "prospects"),
        "all": (_("All"), "everybodys"),
        "delegated": (_("Delegated to me"), "delegated"),
        "unassigned": (_("Without sales contact"), "unassigned"),
        "silent": (_("Not heard of for 90 days"), "silent"),
        "archived": (pgettext_lazy("several", "Archived"), "archived"),
        "ever": (_("With archived ones"), "ever"),
    }
    sorts = {
        "company": (_("Company"), "sort_key"),
        "activity": (_("Last activity"), "updated_at"),
        "created": (_("Added on"), "created_at"),
    }
    default_sort = "-activity"
    filterset_class = ClientFilter
    kept = (*RecordListView.kept, "for")

    @property
    def bulk(self):
        return "" if self.choosing else "assign"

    @property
    def choosing(self):
        """``?for=contract``: a client is chosen, and its new contract is the next page."""
        return self.request.GET.get("for") == "contract"

    def with_details(self, records):
        if self.choosing:
            records = records.with_rights(self.request.user, "open_contract")
        if self.view_code == "silent":
            records = records.with_last_talk()
        return records.with_next_event()


@require_http_methods(["GET", "HEAD", "POST"])
@creating(NewClientForm)
def create(request):
    require(request.user, "clients.create_client")
    form = NewClientForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            client = form.once(workflow.create, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            added = {"client": gettext("Client saved."), "prospect": gettext("Prospect added.")}
            messages.success(request, added[client.stage])
            return redirect(client)
    status = 422 if form.is_bound else 200
    return render(request, "clients/client_new.html", {"form": form}, status=status)


@require_safe
def detail(request, pk):
    client = PEOPLE.with_steps().with_contracts(request.user).get_for(
        request.user, "view", pk, "change", "convert", "revert", "assign", "archive", "restore",
        "delete", "open_contract", "note", "delegate", "erase", "disclose",
    )  # fmt: skip
    channel = request.GET.get("channel")  # Of a step that says to call.
    given = {"channel": channel} if channel in Channel.values else {}
    note_form = ClientNoteForm(by=request.user, initial=given)
    if not client.may_change:  # The day to get in touch again is the client's.
        del note_form.fields["follow_up_on"]
    contracts = client.contracts.all()
    events = [contract.event for contract in contracts if hasattr(contract, "event")]
    context = {
        "client": client,
        "record": client,
        "loans": loans(client, request.user),
        "stand_ins": stand_ins(client),
        "contracts": contracts,
        "events": sorted(events, key=lambda event: event.starts_at, reverse=True),
        "contract": pressing(client),
        "banner": banner(client, request.user),
        "signed": sum(contract.amount for contract in contracts if contract.status == "signed"),
        "note_form": note_form,
        "story": record_timeline(
            request, client, Entry.objects.of_client(client), [client, *contracts, *events]
        ),
    }
    return render(request, "clients/client_detail.html", context)


class History(HistoryView):
    queryset = PEOPLE

    def told(self, record):
        return Entry.objects.of_client(record), [record]


class Update(RecordUpdateView):
    queryset = PEOPLE
    form_class = ClientForm
    template_name = "clients/client_form.html"

    def undo(self, form, record):
        return undo_follow_up(self.object) if "follow_up_on" in form.changed_data else None


class FollowUp(VerbView):
    """The day to get in touch again, and nothing else."""

    queryset = PEOPLE
    action = "change"
    verb = workflow.follow_up
    form_class = FollowUpForm
    template_name = "clients/client_follow_up.html"

    def get_initial(self):
        return {"follow_up_on": self.record.follow_up_on}

    def said(self, form):
        return day_said(form.cleaned_data["follow_up_on"])

    def undo(self, form):
        return undo_follow_up(self.record)


def day_said(day):
    """What is said of a day to get in touch again that was set, or taken away."""
    if day is None:
        return gettext("No day to get in touch again any more.")
    return gettext("To get in touch again on %(day)s.") % {"day": formats.day(day)}


def undo_follow_up(before):
    """What puts the day to get in touch again back to that of the client ``before``."""
    address = reverse("clients:follow_up", args=[before.pk])
    day = before.follow_up_on
    fields = {"follow_up_on": day.isoformat() if day else ""}
    return Undo(address, gettext("Undo the change of day"), fields)


class Convert(VerbView):
    queryset = PEOPLE
    action = "convert"
    verb = workflow.convert
    template_name = "clients/client_convert.html"
    message = _("%(record)s is now a client. Create its first contract.")


class Revert(VerbView):
    queryset = PEOPLE
    action = "revert"
    verb = workflow.revert
    form_class = ReasonForm
    template_name = "clients/client_revert.html"
    message = _("%(record)s is a prospect again.")


class Assign(VerbView):
    queryset = PEOPLE
    action = "assign"
    verb = workflow.assign
    form_class = AssignForm
    template_name = "clients/client_assign.html"
    message = _("The sales contact of %(record)s is changed.")

    def get_initial(self):
        return {"sales_contact": self.record.sales_contact_id}

    def undo(self, form):
        before = {"sales_contact": self.record.sales_contact_id or ""}
        return Undo(self.request.path, gettext("Undo the assignment"), before)


class Archive(VerbView):
    queryset = PEOPLE.with_unfinished()
    action = "archive"
    verb = workflow.archive
    template_name = "clients/client_archive.html"
    message = _("Client archived.")

    def undo(self, form):
        return Undo(reverse("clients:restore", args=[self.record.pk]), gettext("Restore"), {})


class Restore(VerbView):
    queryset = PEOPLE
    action = "restore"
    verb = workflow.restore
    template_name = "clients/client_restore.html"
    message = _("Client restored.")

    def undo(self, form):
        return Undo(reverse("clients:archive", args=[self.record.pk]), gettext("Archive"), {})


class Delete(VerbView):
    queryset = PEOPLE
    action = "delete"
    verb = workflow.delete
    template_name = "clients/client_delete.html"
    message = _("%(record)s is deleted.")

    def do(self, form):
        result = super().do(form)
        search_index.purge()
        return result

    def next_page(self, result):
        return "clients:list"


class AddNote(NoteView):
    queryset = PEOPLE
    form_class = ClientNoteForm
    verb = workflow.add_note

    def tell(self, form, result):
        super().tell(form, result)
        if value := result.entry.values.filter(field="follow_up_on").first():
            day = date.fromisoformat(value.new) if value.new else None
            # Good only if nobody came between: then this is the version that the note made.
            undo = undo_follow_up(self.record).packed(self.record.version + 1)
            messages.success(self.request, day_said(day), extra_tags=undo)


class Delegate(DelegateView):
    queryset = PEOPLE
    consequence = _(
        "Your colleague can work on the client, its contracts and its events until the end "
        "of that day. Nothing changes hands, and it can be ended at any time."
    )


class EndDelegation(EndDelegationView):
    queryset = PEOPLE
