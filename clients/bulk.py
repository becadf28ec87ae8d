"""Many clients into one person's hands, or out of the way."""

from django.utils.translation import gettext_lazy as _

from accounts.bulk import BulkForm, BulkView
from accounts.models import User

from . import workflow
from .forms import SalesContactField
from .models import Client

PEOPLE = Client.objects.select_related("sales_contact")


class AssignManyForm(BulkForm):
    sales_contact = SalesContactField(
        empty_label=_("Choose…"), error_messages={"required": _("Choose a sales contact.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["sales_contact"]
        field.required = True
        sellers = User.objects.may_sell()
        field.queryset = sellers.order_by("load", "first_name", "last_name", "pk")


class AssignMany(BulkView):
    queryset = PEOPLE
    action = "assign"
    verb = workflow.assign
    form_class = AssignManyForm
    template_name = "clients/client_assign_many.html"
    row_template = "clients/client_bulk_row.html"
    list_title = _("Clients")
    order = ("sort_key", "pk")
    contact = "sales_contact"
    title = _("Bulk assign a sales contact")

    def waiting(self, records):
        return records.unassigned()


class ArchiveMany(BulkView):
    queryset = PEOPLE.with_unfinished()
    action = "archive"
    verb = workflow.archive
    template_name = "clients/client_archive_many.html"
    row_template = "clients/client_archive_row.html"
    list_title = _("Clients")
    order = ("sort_key", "pk")
    title = _("Archive clients")
    message = _("Client archived.")
