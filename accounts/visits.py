"""What others did to a record since a person opened it the last time."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, When
from django.utils.timezone import now

from .counting import Count, counted, value_of
from .models import Visit

A_VISIT = timedelta(minutes=30)  # What is opened again within is still the same visit.


class News(NamedTuple):
    since: datetime | None = None  # None: it is opened for the first time.
    number: Count | None = None


def visit(request, record, entries):
    """
    Write down that a record is open, at most every half hour, and tell what others did since the
    last time: of its ``entries``, how many.

    Two queries at most. Two windows at once write one visit: the second finds the row there, or
    changed. What a browser fetches ahead is not opened yet.
    """
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return News()
    person, moment = request.user, now()
    over = moment - A_VISIT
    ours = Visit.objects.filter(person=person, label=record._meta.label_lower, record_id=record.pk)
    others = entries.filter(at__gt=OuterRef("since")).exclude(actor_id=person.pk)
    last = ours.annotate(
        since=Case(When(began_at__lt=over, then=F("began_at")), default=F("before_at")),
        news=value_of(others),
    ).first()
    if last is None:
        made = Visit(person=person, label=record._meta.label_lower, record_id=record.pk)
        Visit.objects.bulk_create([made], ignore_conflicts=True)
        return News()
    if last.began_at < over:
        ours.filter(began_at=last.began_at).update(before_at=F("began_at"), began_at=moment)
    return News(last.since, counted(last.news))
