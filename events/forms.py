import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.editing import RecordForm
from accounts.fields import MomentField
from accounts.filters import KeyFilter, RecordFilter, period, person
from accounts.forms import NewRecordForm, PersonChoiceField, PlainForm
from accounts.models import User
from clients.models import Client
from contracts.forms import AttendeesField

from .engagements import engagements, offered
from .models import Event, Status
from .policy import FACTS, FIELDS

GROUPS = (
    (_("Event"), ["contract", "name"]),
    (_("Date and place"), [("starts_at", "ends_at"), "venue", "address", "attendees"]),
    (_("On site"), [("onsite_contact", "onsite_phone"), "instructions"]),
    (_("Follow-up"), ["support_contact", "despite_overlap"]),
)


class SupportContactField(PersonChoiceField):
    """Each with what they carry; ``engagements`` are words on what somebody has then."""

    holding = "events"
    engagements: dict[int, str] = {}

    def __init__(self, **kwargs):
        super().__init__(User.objects.none(), label=_("Support contact"), **kwargs)

    def label_from_instance(self, person):
        return offered(super().label_from_instance(person), self.engagements.get(person.pk))


class EventMeta:
    model = Event
    fields = list(FACTS)
    field_classes = {
        "starts_at": MomentField,
        "ends_at": MomentField,
        "attendees": AttendeesField,
    }
    help_texts = {
        "venue": _("Can be given later; support needs it two weeks before the event."),
    }
    widgets = {
        "starts_at": MomentField.widget,
        "ends_at": MomentField.widget,
        "instructions": forms.Textarea(attrs={"rows": 5}),
    }
    error_messages = {
        "name": {"required": _("Enter the name of the event.")},
        "starts_at": {"required": _("Enter the date and time of the start.")},
        "ends_at": {"required": _("Enter the date and time of the end.")},
    }


class OverlapForm(forms.Form):
    """A question more, once it has been shown that the support contact has another event then."""

    despite_overlap = forms.BooleanField(
        label=_("Assign all the same"), required=False, widget=forms.HiddenInput
    )

    def refuse(self, error):
        super().refuse(error)
        if self.has_error("support_contact", "overlap"):
            self.fields["despite_overlap"].widget = forms.CheckboxInput()


class NewEventForm(OverlapForm, NewRecordForm):
    limited = dict.fromkeys(("support_contact", "despite_overlap"), "events.assign_event")
    groups = GROUPS
    support_contact = SupportContactField(required=False, empty_label=_("Later"))

    class Meta(EventMeta):
        pass

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        if "support_contact" in self.fields:
            self.fields["support_contact"].queryset = User.objects.may_support()


class EventForm(RecordForm):
    rights = FIELDS
    reasoned = {"amend"}
    groups = GROUPS

    class Meta(EventMeta):
        pass


class AssignForm(OverlapForm, PlainForm):
    """Who looks after ``event``; the select tells what people have on its days already."""

    groups = ((None, ["support_contact", "despite_overlap"]),)

    support_contact = SupportContactField(
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a support contact.")},
    )

    def __init__(self, *args, event=None, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["support_contact"]
        field.queryset = User.objects.may_support()
        field.required = "undo" not in self.data  # There may have been nobody before.
        if event:
            field.engagements = engagements(event)[event.pk]


LIVE = ("live", _("Not cancelled"))


class EventFilter(RecordFilter):
    client = KeyFilter(
        label=_("Client"), field_name="contract__client", queryset=Client.objects.all()
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=[*Status.choices, LIVE], method="in_status"
    )
    support_contact = person(_("Support contact"), "support_contact", "support")
    sales_contact = person(
        _("Sales contact"), "contract__client__sales_contact", "sales", "management"
    )
    facts = django_filters.ChoiceFilter(
        label=_("Venue and attendees"), choices=[("missing", _("One of them is missing"))],
        method="lacking",
    )  # fmt: skip
    starts_from, starts_to = period(_("Starts from"), _("Starts until"), "starts_at")

    class Meta:
        model = Event
        fields = ["client", "status", "support_contact", "sales_contact"]

    def lacking(self, events, name, value):
        return events.lacking_facts()

    def in_status(self, events, name, value):
        return events.live() if value == LIVE[0] else events.filter(status=value)
