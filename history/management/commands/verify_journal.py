from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import connection

from history import seals
from history.verifying import Count, check

MOST = 100  # Altered entries that are named.


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server."""

    help = "Check every entry of the journal; fail if one was altered or is missing."

    @no_translations
    def handle(self, **options):
        if not seals.keys():
            raise CommandError("JOURNAL_KEY is not set: nothing can be checked without it.")
        self._look_at_the_role()
        checked = blanked = altered = foreign = 0
        newest, first = None, 0  # The first that is as it was written: how many came before.
        count = Count()
        for each in check():
            newest = each.entry
            if not each.is_altered and checked == altered:
                first = checked
            checked += 1
            if each.is_whole:
                count.add(newest)
            blanked += bool(each.erased)
            altered += each.is_altered
            foreign += len(each.foreign)
            if each.is_altered and altered <= MOST:
                self.stderr.write(_named(newest, each.fields))
            if each.foreign and foreign <= MOST:
                self.stderr.write(f"Foreign: {', '.join(each.foreign)} of entry {newest.pk}.")
        self.stdout.write(
            f"{checked} entries checked: {altered} altered, {blanked} with erased values."
        )
        key_is_missing = bool(altered) and altered in (checked, first)
        latest = count.finish(seal=not key_is_missing)
        for checkpoint in count.broken[:MOST]:
            self.stderr.write(
                f"Not whole: up to entry {checkpoint.last_id} there were {checkpoint.entries} more"
                " than at the checkpoint before it."
            )
        for checkpoint in count.forged[:MOST]:
            self.stderr.write(
                f"Forged: checkpoint {checkpoint.pk}, up to entry {checkpoint.last_id}."
            )
        if key_is_missing:
            raise CommandError(
                f"The first {altered} entries do not fit JOURNAL_KEY. If it was replaced after"
                " them, write the new one, a comma, the old one; else they were altered."
            )
        if altered:
            raise CommandError("The journal was altered in the database.")
        if foreign:
            raise CommandError("Values or notes were hung on entries that are not theirs.")
        if count.broken:
            raise CommandError("Entries of the journal, or checkpoints, are missing or too many.")
        if count.forged:
            raise CommandError("Checkpoints do not fit JOURNAL_KEY: they were forged or altered.")
        if count.is_held_up:
            raise CommandError("No checkpoint was written: another session holds its lock.")
        if latest:
            self.stdout.write(f"The checkpoint to keep and compare: {latest}.")
        if newest:
            self.stdout.write(f"The newest is entry {newest.pk} of {newest.at:%Y-%m-%d %H:%M} UTC.")

    def _look_at_the_role(self):
        """Whoever owns the tables can disable what keeps them: the application should not."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, pg_has_role(relowner, 'MEMBER') FROM pg_class"
                " WHERE oid = 'history_entry'::regclass"
            )
            role, owns = cursor.fetchone()
        if owns:
            self.stderr.write(
                f"The role {role} may alter the journal. If the application signs in with it,"
                " give it one of its own: docs/operations.md, The database's roles."
            )


def _named(entry, fields):
    what = f"the values of {', '.join(fields)}" if fields else "what it says of itself"
    told = f"Altered: entry {entry.pk} of {entry.at:%Y-%m-%d %H:%M} UTC ({entry}): {what}."
    # Whoever forges an entry chooses its words: none of them begins a line, or moves the cursor.
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in told)
