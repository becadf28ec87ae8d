"""The page on which management erases a client's personal data by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import bulk, search_index
from accounts.confirm import confirmed_lately
from accounts.forms import PlainForm
from accounts.views import VerbView
from clients.models import Client

from . import erasure


class EraseForm(PlainForm):
    ground = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose…")), *erasure.Ground.choices],
        error_messages={"required": _("Choose a reason.")},
    )


class EraseView(VerbView):
    queryset = Client.objects.select_related("sales_contact")
    action = "erase"
    verb = erasure.erase
    form_class = EraseForm
    template_name = "dashboard/erase.html"
    # Not the name: it was just erased.
    message = _("The personal data is erased.")

    def get_context_data(self, **kwargs):
        signed = self.record.contracts.filter(signed_on__isnull=False).exists()
        return super().get_context_data(is_signed=signed, **kwargs)

    def do(self, form):
        result = super().do(form)
        self.request.session.pop(bulk.KEPT, None)  # Or it is written back with this answer.
        search_index.purge()
        return result

    def next_page(self, result):
        return result or "clients:list"


erase = confirmed_lately(erasure.ERASE)(EraseView.as_view())
