"""Filters of lists: what narrows them beside a view and words, each of them a removable chip."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from history import formats

from .fields import DATE_WANTED, date_widget, in_our_time, plain
from .models import User
from .numbers import AmountField


class PersonFilter(django_filters.ChoiceFilter):
    """By who is in charge: somebody of these teams, closed accounts last, or nobody."""

    def __init__(self, *, teams, **kwargs):
        self.teams = teams
        super().__init__(null_label=_("Nobody"), **kwargs)


def person(label, field, *teams):
    return PersonFilter(label=label, field_name=field, teams=teams)


class AmountFilter(django_filters.NumberFilter):
    """By an amount as people type it; ``lookup_expr`` says whether it is the least or the most."""

    field_class = AmountField


class DayField(forms.DateField):
    default_error_messages = {"invalid": DATE_WANTED}
    default_validators = [in_our_time]
    widget = date_widget()


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class SinceFilter(DayFilter):
    """For a moment: from the start of that day, in our time zone."""

    def filter(self, records, value):
        return super().filter(records, value and make_aware(datetime.combine(value, time())))


class UntilFilter(SinceFilter):
    """For a moment: until the end of that day."""

    def filter(self, records, value):
        return super().filter(records, value and value + timedelta(days=1))


def period(since, until, field, *, moment=True):
    """Two filters, from a day and until a day; ``field`` holds a moment, or else a day."""
    first, last = (SinceFilter, UntilFilter) if moment else (DayFilter, DayFilter)
    return (
        first(label=since, field_name=field, lookup_expr="gte"),
        last(label=until, field_name=field, lookup_expr="lt" if moment else "lte"),
    )


class KeyField(django_filters.fields.ModelChoiceField):
    """A record that a link names: too many to choose from."""

    widget = forms.HiddenInput

    def to_python(self, value):
        if value and not (value.isascii() and value.isdigit() and len(value) < 19):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class KeyFilter(django_filters.ModelChoiceFilter):
    field_class = KeyField


class RecordFilter(django_filters.FilterSet):
    """The filters of a list; those that name people read them in one query."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        by_person = [each for each in self.filters.values() if isinstance(each, PersonFilter)]
        teams = {team for each in by_person for team in each.teams}
        people = User.objects.in_team(*teams).with_team() if teams else []
        people = sorted(people, key=lambda person: (not person.is_active, plain(str(person))))
        for each in by_person:
            each.extra["choices"] = [(p.pk, str(p)) for p in people if p.team in each.teams]

    def is_backwards(self):
        """Whether of a period, or of two amounts, the end that was typed is before the start."""
        ends: dict = {}
        for name, value in self.form.cleaned_data.items():
            each = self.filters[name]
            if value is not None and each.lookup_expr in ("gte", "lt", "lte"):
                ends.setdefault(each.field_name, {})[each.lookup_expr == "gte"] = value
        return any(len(pair) == 2 and pair[False] < pair[True] for pair in ends.values())

    def in_words(self):
        """Name, label and value of each filter in force, the value as one reads it."""
        return [
            (name, self.form[name].label, self._value(name, value))
            for name, value in self.form.cleaned_data.items()
            if value not in (None, "", [])
        ]

    def _value(self, name, value):
        if isinstance(value, Decimal):
            return formats.money(value)
        if isinstance(value, date):
            return formats.day(value)
        choices = getattr(self.form.fields[name], "choices", ())
        if isinstance(value, str):
            return {str(key): label for key, label in choices}.get(value, value)
        return value
