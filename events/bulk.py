"""Many events into one person's hands."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.bulk import BulkForm, BulkView
from accounts.models import User

from . import workflow
from .engagements import engaged
from .forms import SupportContactField
from .models import Event


class AssignManyForm(BulkForm):
    """Who looks after ``events``; the select tells what people have at their time already."""

    support_contact = SupportContactField(
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a support contact.")},
    )
    despite_overlap = forms.BooleanField(
        label=_("Assign all the same"),
        help_text=_("Also an event at whose time this person has another one or is away."),
        required=False,
    )

    def __init__(self, *args, events, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["support_contact"]
        field.queryset = User.objects.may_support()
        field.engagements = engaged(events)


class AssignMany(BulkView):
    queryset = Event.objects.with_contacts()
    action = "assign"
    verb = workflow.assign
    form_class = AssignManyForm
    template_name = "events/event_assign_many.html"
    row_template = "events/event_bulk_row.html"
    list_title = _("Events")
    order = ("starts_at", "pk")
    contact = "support_contact"
    title = _("Bulk assign a support contact")

    def waiting(self, records):
        return records.without_support()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"events": self.rows}
