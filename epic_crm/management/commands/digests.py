from hashlib import sha256

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction


class Command(BaseCommand):
    """What a restored copy is compared with: the same lines mean the same rows."""

    help = "Print a digest of the rows of each table, in whatever order they lie."

    def handle(self, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # All tables as they are at one moment.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            models = apps.get_models(include_auto_created=True)
            for model in sorted(models, key=lambda model: model._meta.db_table):
                table = model._meta.db_table
                if model._meta.managed and not model._meta.proxy:
                    number, digest = _digest(model)
                    self.stdout.write(f"{table} {number} {digest:064x}")


def _digest(model):
    """How many rows there are, and the sum of their digests, in which their order is lost."""
    columns = [field.attname for field in model._meta.local_concrete_fields]
    number = total = 0
    for row in model._base_manager.order_by().values_list(*columns).iterator():
        number += 1
        total += int.from_bytes(sha256(repr(row).encode()).digest())
    return number, total % 2**256
