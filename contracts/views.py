from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require
from accounts.delegation_views import DelegateView, EndDelegationView, loans, stand_ins
from accounts.forms import NoteForm, PlainForm, ReasonForm
from accounts.lists import RecordListView
from accounts.steps import banner
from accounts.timelines import HistoryView, record_timeline
from accounts.views import NoteView, RecordUpdateView, VerbView, creating
from clients.models import Client
from history.models import Entry

from . import workflow
from .forms import ContractFilter, ContractForm, NewContractForm, SignForm
from .models import Contract, Status

CONTRACTS = Contract.objects.select_related("client__sales_contact")


class ContractList(RecordListView):
    queryset = CONTRACTS
    template_name = "contracts/contract_list.html"
    title = _("Contracts")
    search_label = _("Search by reference, subject or client")
    views = {
        "mine": (_("My contracts"), "mine"),
        "open": (pgettext_lazy("several", "Open"), "opened"),
        "signed": (pgettext_lazy("several", "Signed"), "agreed"),
        "no-event": (_("Without event"), "eventless"),
        "all": (_("All"), "everybodys"),
        "delegated": (_("Delegated to me"), "delegated"),
    }
    sorts = {
        "created": (_("Opened on"), "created_at"),
        "amount": (_("Amount"), "amount"),
        "due": (_("Payment due"), "payment_due"),
    }
    default_sort = "-created"
    filterset_class = ContractFilter
    total_of = "amount"

    def with_details(self, records):
        return records.with_rights(self.request.user, "create_event").select_related("event")


@require_http_methods(["GET", "HEAD", "POST"])
@creating(NewContractForm)
def create(request, pk):
    clients = Client.objects.select_related("sales_contact")
    client = clients.get_for(request.user, "open_contract", pk)
    form = NewContractForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            contract = form.once(workflow.open_contract, client, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            created = gettext("Contract %(reference)s created.")
            messages.success(request, created % {"reference": contract.reference})
            return redirect(contract)
    context = {"client": client, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "contracts/contract_new.html", context, status=status)


@require_safe
def detail(request, pk):
    contract = CONTRACTS.select_related("sold_by").with_steps().with_event(request.user).get_for(
        request.user, "view", pk, "change", "change_terms", "amend", "sign", "cancel",
        "cancel_signed", "reopen", "create_event", "note", "delegate",
    )  # fmt: skip
    told = with_event(contract)
    context = {
        "contract": contract,
        "record": contract,
        "banner": banner(contract, request.user),
        "loans": loans(contract, request.user),
        "stand_ins": stand_ins(contract),
        "note_form": NoteForm(by=request.user),
        "story": record_timeline(request, contract, Entry.objects.about(*told), told),
    }
    return render(request, "contracts/contract_detail.html", context)


def with_event(contract):
    """A contract and its event have one story."""
    return [contract, contract.event] if hasattr(contract, "event") else [contract]


class History(HistoryView):
    queryset = CONTRACTS.select_related("event")

    def told(self, record):
        return Entry.objects.about(*with_event(record)), with_event(record)


class Update(RecordUpdateView):
    queryset = CONTRACTS
    form_class = ContractForm
    template_name = "contracts/contract_form.html"


class Sign(VerbView):
    queryset = CONTRACTS
    action = "sign"
    verb = workflow.sign
    form_class = SignForm
    template_name = "contracts/contract_sign.html"
    message = _(
        "Contract %(record)s marked as signed. Create its event now, or later from the home page."
    )

    def next_page(self, result):
        return reverse("events:create", args=[result.pk])


class Cancel(VerbView):
    """An open contract; a signed one by management, with a reason."""

    queryset = CONTRACTS
    verb = workflow.cancel
    form_class = ReasonForm
    template_name = "contracts/contract_cancel.html"
    message = _("Contract %(record)s is cancelled.")

    @cached_property
    def record(self):
        user, rights = self.request.user, ("cancel", "cancel_signed")
        contract = self.queryset.get_for(user, "view", self.kwargs["pk"], *rights)
        if not (contract.may_cancel or contract.may_cancel_signed):
            signed = contract.status == Status.SIGNED
            signed = signed and user.has_perm("contracts.cancel_signed_contract")
            right = "cancel_signed" if signed else "cancel"
            require(user, f"contracts.{right}_contract", contract)
        return contract

    def get_form_class(self):
        return self.form_class if self.record.may_cancel_signed else PlainForm


class Reopen(VerbView):
    queryset = CONTRACTS
    action = "reopen"
    verb = workflow.reopen
    form_class = ReasonForm
    template_name = "contracts/contract_reopen.html"
    message = _("Contract %(record)s is open again.")


class AddNote(NoteView):
    queryset = CONTRACTS


class Delegate(DelegateView):
    queryset = CONTRACTS
    consequence = _(
        "Your colleague can work on the contract and its event until the end of that day. "
        "Nothing changes hands, and it can be ended at any time."
    )


class EndDelegation(EndDelegationView):
    queryset = CONTRACTS
