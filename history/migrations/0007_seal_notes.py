"""Notes written before they were sealed are sealed as they are."""

from django.db import migrations

from history import seals


def seal(apps, schema_editor):
    notes = apps.get_model("history", "Note").objects.using(schema_editor.connection.alias)
    for note in notes.select_related("entry").order_by("pk").iterator():
        note.seal = seals.seal_note(note.entry, note)
        note.save(update_fields=["seal"])


class Migration(migrations.Migration):
    dependencies = [("history", "0006_checkpoints")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
