"""
The leak brake: reading is everybody's right, reading all of it in an evening is not.

In an hour, a person opens so many records that are in other hands, and searches so often
(``READING_LIMITS``). What is in their own, or lent to them, is never counted, nor what they
opened already. Management is told at half, and at the end; and of a day of slow reading.
docs/adr/0021.
"""

from datetime import UTC, datetime, time, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate, localtime, make_aware, now
from django.utils.translation import gettext_lazy as _

from history import journal
from history.models import Entry
from history.verbs import Kind, Verb, facts, verbs

from .access import in_charge, nothing, require
from .records import lock

KINDS = ("records", "searches", "exports")
DAY = 24  # Hours that are remembered.
A_DAY = timedelta(hours=DAY)
MUCH = 3  # Limits of an hour that somebody may read in a day before management is told.
TURN = 5  # Searches that a further page of a list is worth: a script turns pages, people narrow.

verbs["read_half"] = Verb(
    "eye",
    _("You reached half of your hourly reading limit"),
    _("%(who)s reached half of their hourly reading limit"),
    tells=KINDS,
    kind=Kind.ACCESS,
    own=True,
)
verbs["read_all"] = Verb(
    "eye-slash",
    _("You reached your hourly reading limit"),
    _("%(who)s reached their hourly reading limit"),
    tells=KINDS,
    kind=Kind.ACCESS,
    own=True,
)
verbs["read_day"] = Verb(
    "eye",
    _("You read a great deal within a day"),
    _("%(who)s read a great deal within a day"),
    tells=KINDS,
    kind=Kind.ACCESS,
    own=True,
)
verbs["lift_limit"] = Verb(
    "unlock",
    _("You lifted the hourly reading limit of %(what)s"),
    _("%(who)s lifted the hourly reading limit of %(what)s"),
    tells=("lifted_until",),
    kind=Kind.ACCESS,
)
facts["records"] = models.PositiveIntegerField(_("records opened"))
facts["searches"] = models.PositiveIntegerField(_("searches made"))
facts["exports"] = models.PositiveIntegerField(_("lists exported"))
facts["lifted_until"] = models.DateTimeField(_("lifted until"))


class TooMuch(Exception):
    """A person has read what may be read in this hour: from ``until`` on they go on."""

    def __init__(self, until):
        super().__init__()
        self.until = until


def this_hour():
    return int(now().timestamp()) // 3600


def next_hour():
    return datetime.fromtimestamp((this_hour() + 1) * 3600, tz=UTC)


def is_lifted(person):
    return bool(person.unbraked_until and now() < person.unbraked_until)


def watched(records, person):
    """Mark with ``is_free`` the records that this person may open without their being counted."""
    label = records.model._meta.label_lower
    if label not in in_charge or is_lifted(person):
        return records
    own = in_charge[label].get(person.team, nothing)(person)
    counted = person.allowances.model.openings.rel.related_model.objects.filter(
        allowance__person=person, allowance__hour=this_hour(), label=label, record_id=OuterRef("pk")
    )
    return records.annotate(is_free=own | Exists(counted))


def open_record(person, record):
    """Count a ``watched`` record that is about to be shown. Raise TooMuch."""
    if not getattr(record, "is_free", True):
        spend(person, "records", record=record)


def search(person, cost=1):
    """Count a search, or a page of a list. Raise TooMuch."""
    if cost and not is_lifted(person):
        spend(person, "searches", cost)


def show_names(person, records):
    """
    Count, as a search, that a page names these records, of one kind, unless all of them are one's
    own: a name, an address or a key that is tried tells of others'. Raise TooMuch.
    """
    if not records or is_lifted(person):
        return
    model = type(records[0])
    own = in_charge[model._meta.label_lower].get(person.team, nothing)(person)
    keys = {record.pk for record in records}
    if model._base_manager.filter(own, pk__in=keys).count() < len(keys):
        search(person)


def export(person):
    """Count a list that is about to be copied out: one's own, too. Raise TooMuch."""
    if not is_lifted(person):
        spend(person, "exports")


def spend(person, kind, cost=1, record=None):
    """
    Raise TooMuch when the hour is used up.

    The refusal is told and kept: nothing of it may stand in a transaction that is undone.
    """
    if not _spend(person, kind, cost, record):
        raise TooMuch(next_hour())


@transaction.atomic(savepoint=False)
def _spend(person, kind, cost, record):
    key, reached, today = _add(person, kind, cost)
    if reached == cost:  # The first of its kind in this hour.
        _forget(person)
    limit = settings.READING_LIMITS[kind]
    passed = partial(_passed, reached, cost)
    if passed(limit + 1):
        journal.record(person, "read_all", person, {kind: (None, limit)})
    elif passed(half(limit)):
        journal.record(person, "read_half", person, {kind: (None, reached)})
    if reached <= limit and _passed(today, cost, MUCH * limit) and not _was_told(person, kind):
        journal.record(person, "read_day", person, {kind: (None, today)})
    if record and reached <= limit:
        label = record._meta.label_lower
        openings = person.allowances.model(pk=key).openings
        opening = openings.model(allowance_id=key, label=label, record_id=record.pk)
        openings.bulk_create([opening], ignore_conflicts=True)
    return reached <= limit


def _was_told(person, kind):
    """Whether management has heard of this day: the sum falls with each hour, and comes again."""
    lately = Entry.objects.filter(verb="read_day", actor_id=person.pk, at__gt=now() - A_DAY)
    return lately.filter(values__field=kind).exists()


def _forget(person):
    """What was opened in hours gone by, and how much was read on days gone by."""
    allowances = person.allowances.filter(hour__lt=this_hour())
    person.allowances.model.openings.rel.related_model.objects.filter(
        allowance__in=allowances
    ).delete()
    allowances.filter(hour__lte=this_hour() - DAY).delete()


def half(limit):
    return max(limit // 2, 1)


def _passed(reached, cost, mark):
    """Whether this step was the one that came to the mark: one step does, whoever else counts."""
    return reached - cost < mark <= reached


def _add(person, kind, cost):
    """
    Count in one statement: the key of the hour's row, what it has come to with this, and with the
    hours before it since this time yesterday.

    ``kind`` is one of ours, never typed.
    """
    table = connection.ops.quote_name(person.allowances.model._meta.db_table)
    first = {name: cost if name == kind else 0 for name in KINDS}
    names, marks = ", ".join(first), ", ".join(["%s"] * len(first))
    sql = (
        f"INSERT INTO {table} (person_id, hour, {names}) VALUES (%s, %s, {marks}) "  # noqa: S608  # nosec B608
        f"ON CONFLICT (person_id, hour) DO UPDATE SET {kind} = {table}.{kind} + %s "
        f"RETURNING id, {kind}, (SELECT coalesce(sum("
        f"CASE WHEN past.{kind} > %s THEN %s ELSE past.{kind} END), 0) FROM {table} past "
        f"WHERE past.person_id = %s AND past.hour > %s AND past.hour < %s)"
    )
    hour, limit = this_hour(), settings.READING_LIMITS[kind]  # Beyond it, it was refused.
    before = [limit, limit, person.pk, hour - DAY, hour]
    with connection.cursor() as cursor:
        cursor.execute(sql, [person.pk, hour, *first.values(), cost, *before])
        key, reached, past = cursor.fetchone()
    return key, reached, reached + past


def used(person):
    """Of this hour, by kind: how much was used, and of how much. What was refused is neither."""
    row = person.allowances.filter(hour=this_hour()).first()
    limits = settings.READING_LIMITS
    return [
        (facts[kind].verbose_name, min(getattr(row, kind, 0), limits[kind]), limits[kind])
        for kind in KINDS
    ]


@transaction.atomic
def lift(person, *, by, whole_day=False):
    """Nothing more is counted for this person until the end of the hour, or of the day."""
    person = lock(person)
    require(by, "accounts.lift_limit_user", person)
    tomorrow = localdate() + timedelta(days=1)
    until = make_aware(datetime.combine(tomorrow, time())) if whole_day else next_hour()
    person.unbraked_until = until
    person.save(update_fields=["unbraked_until"])
    journal.record(by, "lift_limit", person, {"lifted_until": (None, localtime(until))})
    return until
