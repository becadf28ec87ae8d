"""
The indexes of trigrams behind ``searching``: FTS5 on SQLite, ``pg_trgm`` on PostgreSQL.

Made after every ``migrate``, not by a migration: SQLite rebuilds a table to alter it and drops
its triggers on the way, and a role that may not create the extension shall still have a CRM.
"""

from django.apps import apps
from django.core.checks import Tags, Warning, register
from django.db import DatabaseError, connections, transaction

from .nearness import has_trigrams
from .searching import trigrams

LACKING = (
    "PostgreSQL does not let this role create the extension pg_trgm: searches read whole tables, "
    "and words with a slip find nothing. Let a superuser run CREATE EXTENSION pg_trgm in this "
    "database, then migrate again."
)
# An index that has no text of its own, and the triggers that keep it in step.
FTS5 = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5(search_text, content='{table}', "
    "content_rowid='id', tokenize='trigram')",
    "DROP TRIGGER IF EXISTS {index}_insert",
    "DROP TRIGGER IF EXISTS {index}_update",
    "DROP TRIGGER IF EXISTS {index}_delete",
    "CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {add} END",
    "CREATE TRIGGER {index}_update AFTER UPDATE OF search_text ON {table} "
    "WHEN OLD.search_text <> NEW.search_text BEGIN {remove} {add} END",
    "CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {remove} END",
    "INSERT INTO {index}({index}) VALUES ('rebuild')",
)
ADD = "INSERT INTO {index}(rowid, search_text) VALUES (NEW.id, NEW.search_text);"
REMOVE = (
    "INSERT INTO {index}({index}, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);"
)


def install(using, verbosity=1, **kwargs):
    connection = connections[using]
    if connection.vendor == "sqlite":
        with transaction.atomic(using), connection.cursor() as cursor:
            for table in _tables(connection):
                names = {"table": table, "index": trigrams(table)}
                words = names | {"add": ADD.format(**names), "remove": REMOVE.format(**names)}
                for statement in FTS5:
                    cursor.execute(statement.format(**words))
    elif connection.vendor == "postgresql":
        try:
            with transaction.atomic(using), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return  # The check says so, in this same ``migrate``.
        with connection.cursor() as cursor:
            for table in _tables(connection):
                on = f"{table} USING gin (search_text gin_trgm_ops)"
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {trigrams(table)} ON {on}")


def purge(using="default"):
    """
    Make SQLite's anew after an erasure: it strikes words out without removing them at once.

    PostgreSQL's are cleaned by its own vacuum, with the rows.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in _tables(connection):
                cursor.execute(FTS5[-1].format(index=trigrams(table)))


def _tables(connection):
    """Those with a text that is searched, and that exist by now."""
    there = connection.introspection.table_names()
    return [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table in there
        and any(field.name == "search_text" for field in model._meta.concrete_fields)
    ]


@register(Tags.database)
def check_trigrams(app_configs, databases, **kwargs):
    return [
        Warning(LACKING, id="accounts.W001")
        for using in databases or ()
        if not has_trigrams(connections[using])
    ]
