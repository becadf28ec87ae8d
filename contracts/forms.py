import django_filters
from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.editing import RecordForm
from accounts.fields import date_widget
from accounts.filters import AmountFilter, KeyFilter, RecordFilter, period, person
from accounts.forms import DATE_WANTED, NewRecordForm, PlainForm
from accounts.numbers import AmountField, WholeField
from clients.models import Client

from .models import MOST, TOO_MANY, Contract, Status
from .policy import FIELDS, TERMS

TERM_GROUPS = (
    (_("Terms"), [("amount", "payment_due")]),
    (_("Expected event"), ["expected_date", ("expected_attendees", "expected_venue")]),
    (_("Follow-up"), ["notes"]),
)


class AttendeesField(WholeField):
    default_error_messages = {
        "invalid": _("Enter a positive number of attendees, for example 120."),
        "max_value": TOO_MANY,
    }

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"min_value": 0, "max_value": MOST})


class ContractMeta:
    model = Contract
    fields = [*TERMS, "notes"]
    field_classes = {"amount": AmountField, "expected_attendees": AttendeesField}
    help_texts = {
        "amount": _("In euros, without tax, for example 12,500.00"),
        "payment_due": _("Day, month, year"),
        "expected_date": _("It shows in the agenda as an option until the contract is signed."),
    }
    widgets = {
        "amount": AmountField.widget,
        "payment_due": date_widget(),
        "expected_date": date_widget(),
        "notes": forms.Textarea(attrs={"rows": 3}),
    }
    error_messages = {
        "title": {"required": _("Enter the subject.")},
        "amount": {"required": _("Enter the amount.")},
        "payment_due": {"required": _("Enter the payment due date."), "invalid": DATE_WANTED},
        "expected_date": {"invalid": DATE_WANTED},
    }


class NewContractForm(NewRecordForm):
    groups = ((_("Contract"), ["title"]), *TERM_GROUPS)

    class Meta(ContractMeta):
        pass


class SignedOnField(forms.DateField):
    default_error_messages = {
        "required": _("Enter the date of the signature."),
        "invalid": DATE_WANTED,
    }

    def __init__(self, **kwargs):
        super().__init__(label=_("Signature date"), widget=date_widget(), **kwargs)


class ContractForm(RecordForm):
    rights = FIELDS
    reasoned = {"amend"}
    groups = ((_("Contract"), ["client", "title", "signed_on"]), *TERM_GROUPS)
    signed_on = SignedOnField()

    class Meta(ContractMeta):
        fields = [*ContractMeta.fields, "signed_on"]

    def fact(self, name):
        """An open contract says nothing of a signature."""
        if name == "signed_on" and not self.instance.signed_on:
            return None
        return super().fact(name)


class SignForm(PlainForm):
    signed_on = SignedOnField(initial=localdate)


class ContractFilter(RecordFilter):
    client = KeyFilter(label=_("Client"), queryset=Client.objects.all())
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Status)
    sales_contact = person(_("Sales contact"), "client__sales_contact", "sales", "management")
    sold_by = person(_("Sold by"), "sold_by", "sales", "management")
    least = AmountFilter(label=_("Amount from"), field_name="amount", lookup_expr="gte")
    most = AmountFilter(label=_("Amount up to"), field_name="amount", lookup_expr="lte")
    created_from, created_to = period(_("Opened from"), _("Opened until"), "created_at")
    signed_from, signed_to = period(_("Signed from"), _("Signed until"), "signed_on", moment=False)

    class Meta:
        model = Contract
        fields = ["client", "status", "sales_contact", "sold_by"]
