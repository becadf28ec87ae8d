"""What was written before there were locks is locked; what was erased before gets its proof."""

from hashlib import sha256
from itertools import batched

from django.db import migrations

from history import seals, triggers


# Python reads no integer of more than 4300 digits, and no list in a list in a list ten thousand
# times; PostgreSQL's JSON has them: one row, and nobody could read the others.
FLAT = "NOT jsonb_path_exists({0}, 'strict $.**{{4}}')"
SHORT = "NOT jsonb_path_exists({0}, '$.** ? (@.type() == \"number\" && (@ > 1e30 || @ < -1e30))')"
READABLE = "ALTER TABLE history_entryvalue ADD CONSTRAINT entryvalue_readable CHECK (" + " AND ".join(
    f"({rule.format(name)}) IS NOT FALSE" for name in ("old", "new") for rule in (FLAT, SHORT)
) + ")"


def lock(apps, schema_editor):
    using = schema_editor.connection.alias
    triggers.remove(using)  # They come back after every migrate.
    for name in ("EntryValue", "Note"):
        rows = apps.get_model("history", name).objects.using(using).select_related("entry")
        for some in batched(rows.order_by("pk").iterator(), 500):
            for row in some:
                row.lock = seals.lock_of(row)
                erased = name == "EntryValue" and row.old is None and row.new is None
                if erased and _is_whole(row.entry):  # Not to a copy: it is the true one's too.
                    row.token = seals.token_of(row)
            rows.model.objects.using(using).bulk_update(some, ["lock", "token"])
    _bring_back(apps, using)
    _link(apps, using)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(READABLE)


def _is_whole(entry):
    rows = sorted(entry.values.all(), key=lambda row: row.pk)
    return seals.fits(entry.digest, seals.seal_entry, entry, rows)


def _bring_back(apps, using):
    """Notes that were taken back or erased were deleted; their rows stay now, without text."""
    Note = apps.get_model("history", "Note")
    entries = apps.get_model("history", "Entry").objects.using(using)
    for entry in entries.filter(verb="note", note=None).order_by("pk").iterator():
        note = Note(entry=entry, channel="note", happened_on=entry.at.date(), text="", seal="")
        note.lock, note.token = seals.lock_of(note), seals.token_of(note)
        note.save(using=using, force_insert=True)


def _link(apps, using):
    """Checkpoints keep what they sealed: the seal is the same."""
    entries = apps.get_model("history", "Entry").objects.using(using).order_by("pk")
    before, last = "", -(2**63)
    for checkpoint in apps.get_model("history", "Checkpoint").objects.using(using).order_by("last_id"):
        counted = sha256()
        for digest in entries.filter(pk__gt=last, pk__lte=checkpoint.last_id).values_list("digest", flat=True):
            counted.update(digest.encode())
        checkpoint.before, checkpoint.digests = before, counted.hexdigest()
        checkpoint.save(update_fields=["before", "digests"])
        before, last = checkpoint.seal, checkpoint.last_id


class Migration(migrations.Migration):
    dependencies = [("history", "0008_erasure_by_token")]
    operations = [migrations.RunPython(lock, migrations.RunPython.noop)]
