from django.core.cache import caches
from django.core.management.base import BaseCommand, no_translations
from django.db import connection
from django.utils.timezone import now


class Command(BaseCommand):
    help = "Remove counters of guesses that are over: addresses, and hashes of accounts."

    @no_translations
    def handle(self, **options):
        """The cache itself does so only when it is full: they would be held for years."""
        table = connection.ops.quote_name(caches["default"]._table)
        over = connection.ops.adapt_datetimefield_value(now().replace(microsecond=0))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [over])  # noqa: S608  # nosec B608
            self.stdout.write(f"{cursor.rowcount} counters were over.")
