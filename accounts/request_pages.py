"""The pages on which somebody asks for a record, and is answered."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from . import requests
from .access import Refused, actions, model_of, permission, policies
from .forms import AskForm, ReasonForm, UntilForm
from .models import AccessRequest, Delegation
from .reasons import whom_to_ask
from .views import VerbView

LATELY = 20


@require_safe
def access(request):
    """The requests one can answer, and those one has made."""
    waiting = requests.answerable(request.user).select_related("person")
    mine = AccessRequest.objects.filter(person=request.user).select_related("answered_by")[:LATELY]
    context = {"waiting": requests.with_records(waiting), "mine": requests.with_records(mine)}
    return render(request, "accounts/access.html", context)


class Ask(VerbView):
    """Ask to be lent a record: offered where a loan would help."""

    form_class = AskForm
    template_name = "accounts/access_ask.html"
    message = _("Your request is waiting for an answer.")

    @cached_property
    def record(self):
        perm, user = self.kwargs["perm"], self.request.user
        if perm not in policies or model_of(perm) not in Delegation.tables():
            raise Http404
        record = model_of(perm).objects.get_for(user, "view", self.kwargs["pk"])
        if not requests.may_ask(user, perm, record):
            raise Refused(perm, record)
        return record

    def get_context_data(self, **kwargs):
        user, record = self.request.user, self.record
        perm = permission(record, "delegate")
        people = whom_to_ask(user, perm, record, team=user.team)
        action = actions[self.kwargs["perm"]]
        return super().get_context_data(people=people, action=action, **kwargs)

    def do(self, form):
        perm = self.kwargs["perm"]
        return requests.ask(self.record, perm, by=self.request.user, **form.cleaned_data)

    def next_page(self, result):
        return self.record


class AnswerView(VerbView):
    """Answer a request, once."""

    @cached_property
    def asked(self):
        return get_object_or_404(
            AccessRequest.objects.select_related("person"), pk=self.kwargs["pk"]
        )

    @cached_property
    def record(self):
        record = self.asked.record
        if record is None:
            raise Http404
        if not requests.may_answer(self.asked, record, self.request.user):
            raise Refused(permission(record, "delegate"), record)
        requests.refuse_answered(self.asked, record)
        return record

    def get_context_data(self, **kwargs):
        return super().get_context_data(asked=self.asked, **kwargs)

    def do(self, form):
        return type(self).verb(self.asked, by=self.request.user, **form.cleaned_data)

    def next_page(self, result):
        return "access"


class Grant(AnswerView):
    verb = requests.grant
    form_class = UntilForm
    template_name = "accounts/access_grant.html"
    message = _("The request is granted: %(record)s is delegated to %(person)s.")

    def get_initial(self):
        _ = self.record
        return {"until": self.asked.until}

    def said(self, form):
        return self.message % {"record": self.record, "person": self.asked.person}


class Decline(AnswerView):
    verb = requests.decline
    form_class = ReasonForm
    template_name = "accounts/access_decline.html"
    message = _("The request is declined.")
