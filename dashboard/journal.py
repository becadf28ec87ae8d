"""The journal of everything, for management: narrowed by person, record, kind and period."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from accounts import brake
from accounts.access import require
from accounts.fields import plain
from accounts.filters import RecordFilter, period
from accounts.lists import RecordListView
from accounts.models import User
from accounts.querysets import FOUND
from clients.models import Client
from contracts.models import Contract
from events.models import Event
from history.models import COMMAND, Entry, EntryValue
from history.verbs import Kind, verbs
from history.words import story

PEOPLE = User._meta.label_lower
# Deeds to records by what they were done to, then the other kinds.
ROOMS = {
    "clients": _("Clients"),
    "contracts": _("Contracts"),
    "events": _("Events"),
    "notes": _("Notes"),
}
# Kinds whose entries tell of accounts and not of clients: whoever investigates is never held up.
OF_ACCOUNTS = {kind.value for kind in Kind} - {Kind.RECORD, Kind.LOAN}
KINDS = [*ROOMS.items(), *((kind.value, kind.label) for kind in Kind if kind != Kind.RECORD)]


@dataclass
class Subject:
    """A record whose entries are sought; it may be gone."""

    label: str
    pk: int
    record: Any

    def __str__(self):
        if self.record is not None:
            return str(self.record)
        return f"{capfirst(apps.get_model(self.label)._meta.verbose_name)} {self.pk}"


class SubjectField(forms.CharField):
    """A record that a link names, as ``clients.client-12``."""

    widget = forms.HiddenInput

    def to_python(self, value):
        if not (text := super().to_python(value)):
            return None
        label, _dash, key = text.rpartition("-")
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise ValidationError(_("There is no such record."))
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            raise ValidationError(_("There is no such record.")) from None
        record = model._base_manager.filter(pk=key).first()
        return Subject(model._meta.label_lower, int(key), record)


class SubjectFilter(django_filters.CharFilter):
    field_class = SubjectField


def everybody():
    """Whoever has an account, closed ones last, then those whose account is gone."""
    people = sorted(User.objects.all(), key=lambda one: (not one.is_active, plain(str(one))))
    parts = ("first_name", "last_name")
    told = EntryValue.objects.filter(entry__verb="delete_user", field__in=parts)
    gone: dict = defaultdict(dict)
    for key, field, name in told.values_list("entry__record_id", "field", "old"):
        gone[key][field] = str(name or "")
    names = {key: " ".join(told.get(part, "") for part in parts) for key, told in gone.items()}
    former = sorted(names.items(), key=lambda one: plain(one[1]))
    return [(person.pk, str(person)) for person in people] + [
        (key, gettext("%(person)s (account deleted)") % {"person": name}) for key, name in former
    ]


class JournalFilter(RecordFilter):
    """Narrows entries; a person is who did it, or whose account it was done to."""

    person = django_filters.ChoiceFilter(
        label=_("Person"),
        empty_label=_("Everybody"),
        null_label=_("A command on the server"),
        method="by_person",
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), empty_label=_("All kinds"), choices=KINDS, method="by_kind"
    )
    since, until = period(_("From"), _("Until"), "at")
    record = SubjectFilter(label=_("Record"), method="by_record")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["person"].extra["choices"] = everybody()

    def by_person(self, entries, _name, value):
        if value == "null":
            return entries.filter(actor_id=None, actor_name=COMMAND)
        return entries.filter(Q(actor_id=value) | Q(label=PEOPLE, record_id=value))

    def by_kind(self, entries, _name, value):
        if value == "notes":
            return entries.filter(verb="note")
        if value not in ROOMS:
            return entries.filter(verb__in=[code for code in verbs if verbs[code].kind == value])
        deeds = [code for code in verbs if verbs[code].kind == Kind.RECORD and code != "note"]
        return entries.filter(label__startswith=f"{value}.", verb__in=deeds)

    def by_record(self, entries, _name, value):
        if value.label == Client._meta.label_lower:  # Its contracts and its events too.
            return entries.filter(client_id=value.pk)
        return entries.filter(label=value.label, record_id=value.pk)


@method_decorator(require_safe, name="dispatch")
class JournalView(RecordListView):
    """The list of entries, newest first; a search finds those of the records it finds."""

    queryset = Entry.objects.all()
    template_name = "dashboard/journal.html"
    title = _("Journal")
    search_label = _("Search by client, contract or event")
    sorts = {"at": (_("When"), "at")}
    default_sort = "-at"
    view_code = "all"
    filterset_class = JournalFilter
    kept = ()
    export_url = ""  # The journal is read here, and stays here.

    def get_context_data(self, **kwargs):
        require(self.request.user, "accounts.audit_user")
        brake.search(self.request.user, self.cost)
        rows, chips = self.page(), self.chips()
        told = story(rows, self.request.user)
        return super(RecordListView, self).get_context_data(
            frame="components/list_part.html" if self.request.htmx else "base.html",
            story={"lines": told},
            records=rows,
            chips=chips,
            filterset=self.filterset,
            words=self.words,
            narrowed=bool(self.words or chips),
            base_url="?",
            **kwargs,
        )

    @property
    def cost(self):
        asked = self.filterset.form.cleaned_data
        record = asked.get("record")
        of_accounts = asked.get("kind") in OF_ACCOUNTS or (record and record.label == PEOPLE)
        of_record = self.words or (record and record.label != PEOPLE)
        return 0 if of_accounts and not of_record else super().cost

    def render_to_response(self, context, **kwargs):
        return TemplateView.render_to_response(self, context, **kwargs)

    def found(self, _view_code):
        entries = self.filterset.filter_queryset(self.queryset.all())
        return entries.filter(self._of_words()) if self.words else entries

    def with_details(self, records):
        return records.told()

    def _of_words(self):
        """The entries of the clients, with all that is theirs, contracts and events found."""
        keys = {
            model: list(
                model.objects.visible_to(self.request.user)
                .matching(self.words)
                .values_list("pk", flat=True)[:FOUND]
            )
            for model in (Client, Contract, Event)
        }
        either = Q(client_id__in=keys[Client])
        for model in (Contract, Event):
            either |= Q(label=model._meta.label_lower, record_id__in=keys[model])
        return either


journal = JournalView.as_view()
