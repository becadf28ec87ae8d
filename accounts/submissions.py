"""A form that is sent twice makes one record: a click too many, a page that was reloaded."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from .models import Submission

REMEMBERED = timedelta(days=7)


class AlreadyMade(Exception):
    """This very form has made its record before: ``record``, or None if it is gone since."""

    def __init__(self, record):
        super().__init__(record)
        self.record = record


@transaction.atomic
def once(key, make, *, by):
    """
    Return what ``make`` makes. Raise AlreadyMade if ``by`` sent the form of this ``key`` before.

    The key is stored first, in the transaction of the record: a second submission waits for the
    first, and may try again if that one failed. Without a key nothing is remembered.
    """
    if key is None:
        return make()
    Submission.objects.filter(person=by, made_at__lt=now() - REMEMBERED).delete()
    submission, is_first = Submission.objects.get_or_create(person=by, key=key)
    if not is_first:
        raise AlreadyMade(submission.record)
    made = make()
    submission.label, submission.record_id = made._meta.label_lower, made.pk
    submission.save(update_fields=["label", "record_id"])
    return made


def made_before(by, key):
    """What the form of this key made, if it did."""
    submission = key and Submission.objects.filter(person=by, key=key).first()
    return submission and submission.record


def read_key(text):
    """The key that a page sent back; one that was tampered with is none."""
    try:
        return UUID(text)
    except (AttributeError, TypeError, ValueError):
        return None
