"""Who else works on a record today, and the pages on which it is lent and taken back."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Value
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from . import delegations
from .access import Refused, permission
from .forms import DelegateForm
from .models import Absence
from .querysets import full_name
from .views import VerbView


def stand_ins(record):
    """The absences of its contacts for which somebody stands in today, for its page."""
    contacts = [person.pk for _role, person in record.contacts() if person]
    away = Absence.objects.on(localdate()).covered().filter(person__in=contacts)
    return away.select_related("person", "delegate").order_by("ends_on", "pk")


class Loan(NamedTuple):
    """A loan as the page of a record tells it; ``through``: it came along with that record."""

    user: str
    until: date
    granted_by: str
    through: Any
    end_url: str


def loans(record, user):
    """
    Who may work on a record today beside its contact, for its page: one query.

    Each loan of its own has the address where ``user`` may end it; one that came along with a
    record above has that record as ``through``.
    """
    sources = (record, *record.above())
    current = [
        delegations.loans(source)
        .order_by()
        .values_list(
            Value(level), "until", "pk", "user_id", "granted_by_id",
            full_name("user"), full_name("granted_by"),
        )
        for level, source in enumerate(sources)
    ]  # fmt: skip
    found = []
    for level, until, pk, *people, name, lender in sorted(current[0].union(*current[1:], all=True)):
        through, end_url = sources[level] if level else None, ""
        if not through and (record.may_delegate or user.pk in people):
            end_url = reverse(f"{record._meta.app_label}:end_delegation", args=[record.pk, pk])
        found.append(Loan(name, until, lender.strip(), through, end_url))
    return found


class DelegateView(VerbView):
    """Lend a record to a colleague; ``consequence`` says how much goes along."""

    action = "delegate"
    form_class = DelegateForm
    template_name = "accounts/delegate.html"
    message = gettext_lazy("%(record)s is delegated to %(user)s.")
    consequence: Any = ""

    def get_form_kwargs(self):
        colleagues = delegations.colleagues(self.record, self.request.user)
        return super().get_form_kwargs() | {"colleagues": colleagues}

    def get_context_data(self, **kwargs):
        told = _partials(self.record) | {"consequence": self.consequence}
        return super().get_context_data(**told, **kwargs)

    def do(self, form):
        to, until = form.cleaned_data["user"], form.cleaned_data["until"]
        return delegations.delegate(self.record, by=self.request.user, to=to, until=until)

    def next_page(self, result):
        return self.record


class EndDelegationView(VerbView):
    """Take a record back, or give it back, before the day."""

    template_name = "accounts/delegation_end.html"
    message = gettext_lazy("The delegation has ended.")

    @cached_property
    def record(self):
        return self.queryset.all().get_for(self.request.user, "view", self.kwargs["pk"])

    @cached_property
    def loan(self):
        loan = get_object_or_404(delegations.loans(self.record), pk=self.kwargs["loan"])
        if not delegations.may_end(loan, self.request.user):
            raise Refused(permission(self.record, "delegate"), self.record)
        return loan

    def get_form(self, form_class=None):
        _ = self.loan
        return super().get_form(form_class)

    def get_context_data(self, **kwargs):
        return super().get_context_data(loan=self.loan, **_partials(self.record), **kwargs)

    def do(self, form):
        return delegations.end(self.loan, by=self.request.user)


def _partials(record):
    """The templates by which an app shows a record on a page that is not its own."""
    start = f"{record._meta.app_label}/{record._meta.model_name}"
    return {"breadcrumb": f"{start}_breadcrumb.html", "summary": f"{start}_summary.html"}
