"""Entries sealed by their values alone are sealed anew, whole: those whose digest was right."""

import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations
from django.utils.crypto import salted_hmac

from history import seals, triggers


def former(entry, rows):
    values = [(row.field, row.old, row.new) for row in rows]
    person = entry.principal_id and {"pk": entry.principal_id, "label": entry.principal_name}
    sealed = {"for": person, "values": values} if person else values
    text = json.dumps(sealed, cls=DjangoJSONEncoder, sort_keys=True)
    return salted_hmac("history", text, settings.JOURNAL_KEY, algorithm="sha256").hexdigest()


def reseal(apps, schema_editor):
    """What was blanked could be told from what was altered by nobody: it is taken as it is."""
    using = schema_editor.connection.alias
    triggers.remove(using)  # They come back after every migrate.
    for entry in apps.get_model("history", "Entry").objects.using(using).order_by("pk").iterator():
        rows = list(apps.get_model("history", "EntryValue").objects.using(using).filter(entry_id=entry.pk).order_by("pk"))
        blanked = any(row.old is None and row.new is None for row in rows)
        if not blanked and former(entry, rows) != entry.digest:
            continue
        for row in rows:
            row.seal = seals.seal_value(entry, row)
            row.save(update_fields=["seal"])
        entry.digest = seals.seal_entry(entry, rows)
        entry.save(update_fields=["digest"])


class Migration(migrations.Migration):
    dependencies = [("history", "0003_seals")]
    operations = [migrations.RunPython(reseal, migrations.RunPython.noop)]
