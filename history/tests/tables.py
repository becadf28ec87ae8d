"""What stands in the tables, so that a test can say what a deed left there, or that it did not."""

from contextlib import contextmanager

from django.apps import apps

from history.models import Entry, EntryValue
from history.verbs import quiet

READ = {"accounts.Session", "accounts.Visit", "accounts.Allowance", "accounts.Opening"}
ROOMS = ("accounts", "clients", "contracts", "dashboard", "events", "history")


def contents():
    """
    Every row of our own tables; who is signed in, what they opened, and that they were refused, is
    not business.
    """
    return {
        model._meta.label: [
            {field: value for field, value in row.items() if field != "last_login"}
            for row in _business(model).order_by("pk").values()
        ]
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if model._meta.label not in READ
    }


def _business(model):
    told = {Entry: "verb__in", EntryValue: "entry__verb__in"}.get(model)
    rows = model._base_manager.all()
    return rows.exclude(**{told: quiet()}) if told else rows


@contextmanager
def nothing_changes():
    """Also when what is tried inside raises."""
    before = contents()
    try:
        yield
    finally:
        assert contents() == before


@contextmanager
def told(*verbs):
    """The journal gets these entries, in this order, and no other."""
    last = Entry.objects.values_list("pk", flat=True).first() or 0
    yield
    new = Entry.objects.deeds().filter(pk__gt=last).order_by("pk")
    assert tuple(new.values_list("verb", flat=True)) == verbs


def changes(record):
    """What the latest entry about ``record`` says: old and new value by field."""
    values = Entry.objects.about(record).first().values
    return {value.field: (value.old, value.new) for value in values.all()}
