"""What is typed about an item of a checklist, and about a point of the template."""

from django import forms
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import DATE_WANTED, date_widget
from accounts.forms import NewRecordForm, NoteForm, SettingField, refuse, tell_the_rest
from accounts.layout import GroupedForm
from accounts.models import Team, User
from accounts.numbers import WholeField
from history import formats

from .models import EARLIEST, TOO_EARLY, ChecklistItem, Role, TemplateItem

WHAT_WANTED = gettext_lazy("Enter what is to be done.")


class DaysField(WholeField):
    default_error_messages = {
        **dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter a number of days, for example 14.")
        ),
        "max_value": TOO_EARLY,
    }

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"min_value": 0, "max_value": EARLIEST})


class InChargeField(forms.ChoiceField):
    """
    Nobody yet, one of the event's contacts, whoever that is by then, or a colleague, by team.

    Who is a contact stands there as such alone, unless the item names them (``kept``).
    """

    answered = True  # To leave it empty is one of the answers.
    people: dict[str, User] = {}

    def __init__(self, **kwargs):
        super().__init__(label=gettext_lazy("Who"), required=False, **kwargs)

    def offer(self, event, kept=None):
        contacts = {
            Role.SUPPORT: event.support_contact,
            Role.SALES: event.contract.client.sales_contact,
        }
        here = User.objects.active().filter(groups__isnull=False)
        here |= User.objects.filter(pk=kept, groups__isnull=False)
        self.people = {str(person.pk): person for person in here.distinct().with_team()}
        roles = [
            (role.value, f"{role.label} ({person})" if person else role.label)
            for role, person in contacts.items()
        ]
        named = {person.pk for person in contacts.values() if person} - {kept}
        others = [each for each in self.people.values() if each.pk not in named]
        teams = [
            (team.label, [(str(each.pk), str(each)) for each in others if each.team == team])
            for team in (Team.SUPPORT, Team.SALES, Team.MANAGEMENT)
        ]
        self.choices = [("", _("Nobody yet")), (_("For this event"), roles), *teams]


class ItemMeta:
    model = ChecklistItem
    fields = ["what", "due_on"]
    widgets = {"due_on": date_widget()}
    error_messages = {"what": {"required": WHAT_WANTED}, "due_on": {"invalid": DATE_WANTED}}


class ItemFields(forms.Form):
    in_charge = InChargeField()

    def clean(self):
        """The one choice of the page is a role or a person."""
        typed = super().clean()
        chosen = typed.pop("in_charge", "")
        return typed | {
            "role": chosen if chosen in Role.values else "",
            "who": self.fields["in_charge"].people.get(chosen),
        }


class NewItemForm(ItemFields, NewRecordForm):
    groups = ((None, ["what", ("due_on", "in_charge")]),)

    class Meta(ItemMeta):
        pass

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["in_charge"].offer(event)
        self.last_day = localtime(event.ends_at).date()

    def clean(self):
        """Due on a day on which it can still be done, and while there is an event to do it for."""
        typed = super().clean()
        day = typed.get("due_on")
        if day and day < localdate():
            self.add_error("due_on", _("The due day is past: choose today or a later day."))
        elif day and day > max(self.last_day, localdate()):
            after = _("The due day is after the event: choose %(day)s or an earlier day.")
            self.add_error("due_on", after % {"day": formats.day(self.last_day)})
        return typed


class VersionedForm(GroupedForm, forms.ModelForm):
    """An edit of the version that the page showed. The verb writes: the instance is let alone."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def _post_clean(self):
        tell_the_rest(self)

    def refuse(self, error):
        refuse(self, error)

    def look_again(self, stored):
        """Somebody else saved first: what was typed stays, on the version of by now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = stored.version


class ItemForm(ItemFields, VersionedForm):
    groups = NewItemForm.groups

    class Meta(ItemMeta):
        pass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        item = self.instance
        self.initial["in_charge"] = item.role or item.who_id or ""
        self.fields["in_charge"].offer(item.event, item.who_id)


class TemplateMeta:
    model = TemplateItem
    fields = ["what", "days_before", "role"]
    field_classes = {"days_before": DaysField}
    error_messages = {"what": {"required": WHAT_WANTED}}


class RoleFields(forms.Form):
    role = SettingField(
        label=gettext_lazy("Who"), choices=[("", gettext_lazy("Nobody yet")), *Role.choices]
    )


class NewTemplateItemForm(RoleFields, NewRecordForm):
    groups = ((None, ["what", ("days_before", "role")]),)

    class Meta(TemplateMeta):
        pass


class TemplateItemForm(RoleFields, VersionedForm):
    groups = NewTemplateItemForm.groups

    class Meta(TemplateMeta):
        pass


class QuickNoteForm(NoteForm):
    """A note of today, in one field: for a phone, on the day, to whose page it leads back."""

    groups = ((None, ["text"]),)
    from_day = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)

    class Meta(NoteForm.Meta):
        widgets = NoteForm.Meta.widgets | dict.fromkeys(
            ("channel", "happened_on"), forms.HiddenInput()
        )

    def clean(self):
        typed = super().clean()
        typed.pop("from_day", None)
        return typed
