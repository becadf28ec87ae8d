"""How a verb touches a record: lock it, then write and tell in one breath."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from history import journal


def lock(record):
    """
    Fetch the record again and hold it until the transaction ends.

    A verb that needs two takes the upper one first (people, client, contract, event): two verbs
    then never wait for each other. Who is named as a contact is held too: an account that goes
    at this moment goes before, or with what it was just given. A verb that only names the record
    in a foreign key does not wait: its key never changes.

    Raise Http404 if somebody deleted it meanwhile.
    """
    rows = record._meta.model._default_manager.select_for_update(no_key=True)
    return get_object_or_404(rows, pk=record.pk)


def tell(by, verb, record, changes=None):
    """
    Write the journal entry of what ``by`` did to ``record``, as a colleague of its contact or not.

    What sales and support do to a record that is in nobody's or another's hands, they may do
    because it was lent to them or because they stand in: it is done for that person. Management
    does nothing for somebody else.
    """
    principal = record.responsible(by.team) if by else None
    principal = None if principal == by else principal
    _touch(record)
    return journal.record(by, verb, record, changes, principal=principal)


def _touch(record):
    """
    What happens to a contract or an event is activity of its client: lists show and sort by it.

    Written after the transaction: inside, the client would be locked after what belongs to it.
    """
    moment = now()
    for top in record.above()[-1:]:
        rows = type(top)._base_manager.filter(pk=top.pk, updated_at__lt=moment)
        transaction.on_commit(partial(rows.update, updated_at=moment), robust=True)


def add(record, verb, *, by):
    """Store a new record and its journal entry. Raise ValidationError if not valid."""
    record.full_clean()
    record.save(force_insert=True)
    tell(by, verb, record)
    return record


def write(record, verb, *, by, reason=None, **values):
    """
    Write these fields of a locked record, the next version, and the journal entry.

    The record is validated whole, so ValidationError may name any of its fields. A verb that
    has a ``reason`` wants one.
    """
    why = {}
    if reason is not None:
        if not reason.strip():
            raise ValidationError({"reason": _("Enter the reason.")})
        why["reason"] = (None, reason)
    tell(by, verb, record, store(record, **values) | why)
    return record


def store(record, **values):
    """Write these fields of a locked record, the next version; return what is to be told of it."""
    changes = {name: (getattr(record, name), new) for name, new in values.items()}
    for name, new in values.items():
        setattr(record, name, new)
    record.full_clean()
    record.version += 1
    record.save(update_fields=[*values, *derived(record), "version", "updated_at"])
    return changes


def derived(record):
    """The fields that follow from others when the record is saved."""
    return [field.name for field in record._meta.concrete_fields if hasattr(field, "of")]


def remove(record, verb, *, by, told):
    """Delete a locked record; ``told`` fields say in the journal what it was."""
    changes = {name: (getattr(record, name), None) for name in told}
    tell(by, verb, record, changes)
    record.delete()
