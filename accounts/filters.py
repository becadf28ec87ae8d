"""Filters that several lists offer."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .fields import date_widget
from .models import User


def period(since, until, field):
    """Two filters, from a day and until a day; ``field`` is one, or the day of a moment."""
    return (
        django_filters.DateFilter(
            label=label, field_name=field, lookup_expr=lookup, widget=date_widget()
        )
        for label, lookup in ((since, "gte"), (until, "lte"))
    )


def person(label, field, *teams):
    """One of those teams, or nobody."""
    return django_filters.ModelChoiceFilter(
        label=label,
        field_name=field,
        queryset=lambda request: User.objects.in_team(*teams),
        null_label=_("Nobody"),
    )
