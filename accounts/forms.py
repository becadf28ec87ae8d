from copy import copy
from functools import partial
from uuid import uuid4

from crispy_forms.layout import Hidden
from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import construct_instance
from django.utils.translation import gettext_lazy as _

from history.models import Note

from . import mail
from .access import Refused
from .fields import DATE_WANTED, date_widget
from .layout import GroupedForm
from .models import Mails, Theme, User
from .portfolio import portfolio
from .submissions import once, read_key

MAIL_WANTED = _("Enter a full e-mail address, for example name@company.com.")


class PlainForm(GroupedForm, forms.Form):
    """A form of its own, not of a record."""

    def refuse(self, error):
        """Show what a verb found wrong: at its field, or on top if it is not here."""
        refuse(self, error)


class ReasonForm(PlainForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the history, for everybody to read."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter the reason.")},
    )


class OnceForm(GroupedForm):
    """A form that makes a record: its page carries a key, so that sent twice it makes one."""

    @property
    def key(self):
        return read_key(self.data.get("submission"))

    @property
    def helper(self):
        helper = super().helper
        helper.layout.append(Hidden("submission", self.key or uuid4()))
        return helper

    def once(self, verb, *args, by):
        """Do the verb with what was typed. Raise AlreadyMade if this form did so before."""
        return once(self.key, partial(verb, *args, by=by, **self.cleaned_data), by=by)


class NewRecordForm(OnceForm, forms.ModelForm):
    """
    What is typed to make a record. The verb makes it, so the form leaves its instance alone.

    ``by`` is the person who types; ``limited`` maps a field to the right without which it is
    not offered.
    """

    limited: dict[str, str] = {}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        for name, perm in self.limited.items():
            if not by.has_perm(perm):
                if self.add_prefix(name) in self.data:
                    raise Refused(perm)
                del self.fields[name]

    def _post_clean(self):
        tell_the_rest(self)

    def refuse(self, error):
        refuse(self, error)


def tell_the_rest(form):
    """
    Of a form with mistakes, say at once what the record itself would find wrong in the rest.

    Without mistakes the verb says so: it validates the record whole.
    """
    if not form.errors:
        return
    names = {field.name for field in form.instance._meta.fields}
    typed = {name for name in form._meta.fields if name in form.cleaned_data}
    record = construct_instance(form, copy(form.instance), typed)
    for check in (record.clean_fields, record.validate_constraints):
        try:
            check(exclude=names - typed)
        except ValidationError as error:
            refuse(form, error)


def refuse(form, error):
    """
    Show a ValidationError on ``form``: at its field, or on top if the field is not here.

    The code of a constraint is the name of the field it speaks of.
    """
    for name, errors in error.update_error_dict({}).items():
        for each in errors:
            field = each.code if name == NON_FIELD_ERRORS else name
            form.add_error(field if field in form.fields else None, each)


class PersonChoiceField(forms.ModelChoiceField):
    """A colleague who may take this over, each with what they carry already; nobody preset."""

    holding: str  # Of the portfolio: what the colleague would take over.

    def label_from_instance(self, person):
        return portfolio[self.holding].with_load(person)


class NoteForm(NewRecordForm):
    groups = ((None, ["text", ("channel", "happened_on")]),)

    class Meta:
        model = Note
        fields = ["text", "channel", "happened_on"]
        help_texts = {
            "text": _("Read by the whole team. Facts useful to the file, nothing sensitive."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "happened_on": date_widget()}
        error_messages = {
            "text": {"required": _("Enter the note.")},
            "channel": {"required": _("Choose a channel.")},
            "happened_on": {"required": _("Enter the date."), "invalid": DATE_WANTED},
        }


class UntilField(forms.DateField):
    """The last day of a loan."""

    widget = date_widget()
    default_error_messages = {"required": _("Enter the date."), "invalid": DATE_WANTED}

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Until"), help_text=_("This day included, 60 days at most."), **kwargs
        )


class DelegateForm(PlainForm):
    """To whom a record is lent, and until when."""

    groups = ((None, ["user", "until"]),)
    user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Delegate to"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a colleague.")},
    )
    until = UntilField()

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues


class AbsenceForm(PlainForm):
    """From when to when one is away, and who stands in."""

    groups = ((_("Plan an absence"), [("starts_on", "ends_on"), "delegate"]),)
    starts_on = forms.DateField(
        label=_("First day"),
        widget=date_widget(),
        error_messages={"required": _("Enter the date."), "invalid": DATE_WANTED},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=date_widget(),
        error_messages={"required": _("Enter the date."), "invalid": DATE_WANTED},
    )
    delegate = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a colleague.")},
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delegate"].queryset = colleagues


class EndAbsenceForm(forms.Form):
    """Which of one's absences to end."""

    absence: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None)

    def __init__(self, *args, absences, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["absence"].queryset = absences


class UntilForm(PlainForm):
    """Until when somebody who asked for a record is lent it."""

    until = UntilField()


class AskForm(ReasonForm, UntilForm):
    """Why one asks for a record, and until when."""

    field_order = ["reason", "until"]


class SettingField(forms.ChoiceField):
    """A choice that is always made: to leave it empty is one of the answers."""

    answered = True

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class PreferencesForm(GroupedForm, forms.ModelForm):
    """What a person chooses for their own screen; empty, the browser and the system decide."""

    groups = ((None, ["language", "theme", "mails", "shortcuts"]),)
    language = SettingField(
        label=_("Language"),
        choices=[("", _("As the browser")), ("fr", "Français"), ("en", "English")],
    )
    theme = SettingField(
        label=_("Theme"),
        choices=[("", Theme.AUTO.label), *((t, t.label) for t in (Theme.LIGHT, Theme.DARK))],
    )

    mails = SettingField(
        label=_("Notifications by mail"),
        choices=[("", _("Never")), *Mails.choices],
        help_text=_("What you have read here already is not mailed."),
    )

    class Meta:
        model = User
        fields = ["language", "theme", "mails", "shortcuts"]
        labels = {"shortcuts": _("Single-key shortcuts")}
        help_texts = {"shortcuts": _("Help lists them. They do nothing while you type.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not mail.goes_out():
            del self.fields["mails"]

    def fact(self, name):
        if settings.DEMO:
            why = _("Not available in demonstration mode.")
        else:
            why = _("This server sends no mail: notifications stay in the CRM.")
        return {"label": self.base_fields[name].label, "value": _("Never"), "who": why}


class EndSessionForm(forms.Form):
    """Which of one's other sessions to end; left out, all of them."""

    session: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        self.sessions = self.fields["session"].queryset = sessions

    def chosen(self):
        one = self.cleaned_data["session"]
        return self.sessions.filter(pk=one.pk) if one else self.sessions
