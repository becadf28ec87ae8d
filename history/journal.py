"""Write down who did what to which record."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.crypto import salted_hmac

from .models import Entry, EntryValue

# Who wants to hear of every entry, in its transaction: given the entry, who did it, the subject
# and the changes, as ``record`` got them.
listeners: list[Callable[[Entry, Any, Model, dict], None]] = []


def record(by, verb, subject, changes=None, *, principal=None):
    """
    Note that ``by`` did ``verb`` to ``subject``, for ``principal`` if it was for somebody; no
    ``by``: a command on the server did.

    ``changes`` maps a field to its old and new value; the ``client_key`` of the subject says
    whose page tells of it. Call it in the transaction of the change itself, so that there is
    never one without the other.
    """
    changes = changes or {}
    values = [(field, _raw(old), _raw(new)) for field, (old, new) in changes.items()]
    entry = Entry.objects.create(
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else "manage.py",
        verb=verb,
        label=subject._meta.label_lower,
        record_id=subject.pk,
        client_id=getattr(subject, "client_key", None),
        principal_id=principal.pk if principal else None,
        principal_name=str(principal) if principal else "",
        digest=digest(values, principal),
    )
    rows = (EntryValue(entry=entry, field=field, old=old, new=new) for field, old, new in values)
    EntryValue.objects.bulk_create(rows)
    for listen in listeners:
        listen(entry, by, subject, changes)
    return entry


def digest(values, principal=None):
    """
    Seal ``(field, old, new)`` rows, and for whom it was done, with a key that the database does
    not hold.

    With a plain hash, whoever writes to the database could forge it, and whoever reads it could
    confirm a guess at a value that was blanked.
    """
    sealed = {"for": _raw(principal), "values": values} if principal else values
    text = json.dumps(sealed, cls=DjangoJSONEncoder, sort_keys=True)
    key = settings.JOURNAL_KEY
    return salted_hmac("history", text, key, algorithm="sha256").hexdigest()


def _raw(value):
    """As JSON holds it: what cannot be a number, a list or a text there becomes text."""
    if isinstance(value, Model):
        return {"pk": value.pk, "label": str(value)}
    return value if value is None or isinstance(value, int | bool | list) else _text(value)


def _text(value):
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder, default=str))
