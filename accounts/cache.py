"""The cache in the database, which reads what stands there as data and as nothing else."""

import json
from base64 import b64decode
from pickletools import genops  # nosec B403: it reads a pickle, and loads none.

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils.timezone import now

# What a pickled text is made of.
TEXT = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"}
AROUND = {"PROTO", "FRAME", "MEMOIZE", "STOP"}


class JSONDatabaseCache(DatabaseCache):
    """
    Keeps JSON: texts, numbers, lists and mappings.

    Django pickles what it keeps and unpickles what stands there: whoever can write a row, through a
    hole in a query, would run code in the server, which knows the keys. Here Django pickles a text,
    and nothing is unpickled: the text is taken out of it. What is anything else is not there.
    """

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        super().set(key, json.dumps(value), timeout, version)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return super().add(key, json.dumps(value), timeout, version)

    def get_many(self, keys, version=None):
        asked = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not asked:
            return {}
        table = connection.ops.quote_name(self._table)
        marks = ", ".join(["%s"] * len(asked))
        sql = f"SELECT cache_key, value FROM {table} WHERE cache_key IN ({marks}) AND expires >= %s"  # noqa: S608  # nosec B608
        with connection.cursor() as cursor:
            cursor.execute(sql, [*asked, connection.ops.adapt_datetimefield_value(now())])
            rows = cursor.fetchall()
        found = {}
        for key, kept in rows:
            try:
                found[asked[key]] = json.loads(_text(b64decode(kept)))
            except (ValueError, RecursionError):
                continue
        return found


def _text(pickled):
    """The text in a pickle that holds one. Raise ValueError if it holds anything else."""
    parts = [(code.name, argument) for code, argument, _place in genops(pickled)]
    texts = [argument for name, argument in parts if name in TEXT]
    if len(texts) != 1 or {name for name, _argument in parts} - TEXT - AROUND:
        raise ValueError("This is no text.")
    return texts[0]
