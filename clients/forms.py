import json

import django_filters
from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts import brake
from accounts.editing import RecordForm
from accounts.fields import date_widget
from accounts.filters import RecordFilter, period, person
from accounts.forms import (
    DATE_WANTED,
    MAIL_WANTED,
    NewRecordForm,
    NoteForm,
    PersonChoiceField,
    PlainForm,
)
from accounts.models import User
from history import formats

from .likeness import TRAITS, Traits
from .models import Client, Source, Stage
from .policy import FIELDS
from .workflow import Alike, ask_first

CONTACT = [("first_name", "last_name"), "job_title", "email", ("phone", "mobile")]


class AheadForm:
    """A form whose day to get in touch again is not over when it is typed; an old one may stay."""

    def clean(self):
        values = super().clean()
        day = self.cleaned_data.get("follow_up_on")
        is_typed = "follow_up_on" in self.changed_data and "undo" not in self.data
        if is_typed and day and day < localdate():
            self.add_error("follow_up_on", _("Choose a date to come."))
        return values


class SalesContactField(PersonChoiceField):
    holding = "clients"

    def __init__(self, **kwargs):
        super().__init__(User.objects.none(), label=_("Sales contact"), required=False, **kwargs)


class ClientMeta:
    model = Client
    fields = [
        "company_name", "first_name", "last_name", "job_title", "email", "phone", "mobile",
        "source", "follow_up_on",
    ]  # fmt: skip
    labels = {"first_name": _("First name"), "last_name": _("Last name")}
    help_texts = {
        "follow_up_on": _("It comes back on the home page that day."),
    }
    widgets = {
        "company_name": forms.TextInput(attrs={"autocomplete": "off"}),
        "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        "follow_up_on": date_widget(),
    }
    error_messages = {
        "company_name": {"required": _("Enter the company name.")},
        "first_name": {"required": _("Enter the first name.")},
        "last_name": {"required": _("Enter the last name.")},
        "email": {"required": _("Enter the e-mail address."), "invalid": MAIL_WANTED},
        "follow_up_on": {"invalid": DATE_WANTED},
    }


class Question:
    """Where a form asks about companies like the one that is typed: in front of its buttons."""

    def render(self, form, context, template_pack=None, **kwargs):
        told = {"alike": form.alike, "code": form.code, "request": context.get("request")}
        return render_to_string("clients/client_alike.html", told | {"focus": bool(form.alike)})


class AskingForm:
    """
    A form that asks once before it makes a second record of one company, and never refuses to.

    ``alike`` are the clients it asks about. ``seen`` is what it asked about the last time. With a
    script, a field tells what it knows while one types.
    """

    alike: list[Client] = []
    code = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {*TRAITS}:
            field = self.fields[name]
            field.told_in = f"alike-{name}"
            field.widget.attrs |= {
                "hx-post": reverse("clients:alike"),
                "hx-trigger": "input changed delay:500ms",
                "hx-target": f"#{field.told_in}",
                "hx-params": f"{name},but,csrfmiddlewaretoken",  # Not the rest of the form.
                "hx-sync": "this:replace",
            }
            if self.instance.pk:
                field.widget.attrs["hx-vals"] = json.dumps({"but": self.instance.pk})

    @property
    def helper(self):
        helper = super().helper
        helper.layout.append(Question())
        return helper

    @property
    def seen(self):
        return self.data.get("seen", "")

    def _ask(self, error):
        """About the clients it is like; beyond the limit of reading they are not named."""
        try:
            brake.show_names(error.by, error.clients)
        except brake.TooMuch as much:
            words = _("You have read a great deal in this hour: save this after %(time)s.")
            self.add_error(None, words % {"time": formats.time(much.until)})
        else:
            self.alike, self.code = error.clients, error.traits.code

    def refuse(self, error):
        if isinstance(error, Alike):
            self._ask(error)
        else:
            super().refuse(error)


class NewClientForm(AheadForm, AskingForm, NewRecordForm):
    groups = (
        (_("Company"), ["company_name", "stage", "source"]),
        (_("Contact person"), CONTACT),
        (_("Follow-up"), ["follow_up_on", "sales_contact"]),
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=Stage,
        initial=Stage.PROSPECT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose prospect or client.")},
    )
    sales_contact = SalesContactField()

    class Meta(ClientMeta):
        pass

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        if by.has_perm("clients.assign_client"):
            self.fields["sales_contact"].queryset = User.objects.may_sell()
        else:  # Whoever sells becomes the contact, whatever is posted.
            del self.fields["sales_contact"]

    def clean(self):
        return super().clean() | {"seen": self.seen}


class ClientForm(AheadForm, AskingForm, RecordForm):
    rights = FIELDS
    groups = (
        (_("Company"), ["company_name", "source"]),
        (_("Contact person"), CONTACT),
        (_("Follow-up"), ["follow_up_on", "sales_contact"]),
    )

    class Meta(ClientMeta):
        pass

    def write(self, record, *, by, **values):
        typed = {name: values[name] for name in TRAITS if name in values}
        ask_first(Traits.of(**typed), by=by, seen=self.seen, but=record)
        super().write(record, by=by, **values)


class AssignForm(PlainForm):
    sales_contact = SalesContactField(
        empty_label=_("Nobody"), error_messages={"required": _("Choose a sales contact.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["sales_contact"]
        field.queryset = sellers = User.objects.may_sell()
        present = self.initial.get("sales_contact")
        # A closed account is not offered: without this, "Nobody" would stand there as if chosen.
        if present and not sellers.filter(pk=present).exists():
            field.required, field.empty_label = "undo" not in self.data, _("Choose…")


class FollowUpField(forms.DateField):
    widget = date_widget()
    default_error_messages = {"invalid": DATE_WANTED}

    def __init__(self, **kwargs):
        super().__init__(label=_("Get in touch again on"), required=False, **kwargs)


class ClientNoteForm(AheadForm, NoteForm):
    groups = ((None, ["text", ("channel", "happened_on"), "follow_up_on"]),)
    follow_up_on = FollowUpField()


class FollowUpForm(AheadForm, PlainForm):
    follow_up_on = FollowUpField(help_text=_("It comes back on the home page that day."))


class ClientFilter(RecordFilter):
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=Stage)
    sales_contact = person(_("Sales contact"), "sales_contact", "sales", "management")
    source = django_filters.ChoiceFilter(label=_("How we met"), choices=Source)
    created_from, created_to = period(_("Added from"), _("Added until"), "created_at")
    converted_from, converted_to = period(_("Client from"), _("Client until"), "converted_at")

    class Meta:
        model = Client
        fields = ["stage", "sales_contact", "source"]
