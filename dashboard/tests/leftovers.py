"""One person of whom every room holds something, and what of her can be found anywhere."""

import json

from django.db import connection
from django.utils.timezone import localdate

from accounts.fields import plain
from accounts.models import Session
from contracts import workflow as contracts

GONE = [  # What only this person has to do with.
    "Zénobie", "Quillmark", "zenobie@quillmark.example", "+33199004117", "0199004117",
    "+33639980011", "Chief of Whimsy", "allergic to walnuts", "Their daughter weds", "the old mill",
    "Uncle Ferdinand", "12 Lark Lane", "silver napkins", "Call her at home", "Rosamund",
]  # fmt: skip
COMPANY = "Bellweather Works"


def everything():
    """
    All that the database holds, column by column, SQLite's tables behind an index too; and what
    is packed in a column.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = [name for (name,) in cursor.fetchall()]
        else:
            tables = connection.introspection.table_names(cursor)
        texts = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            texts += [_text(value) for row in cursor.fetchall() for value in row]
    texts += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(texts).casefold()


def _text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "ignore")
    return str(value)


def found(words, text):
    spelled = {word: {word.casefold(), plain(word), json.dumps(word)[1:-1].casefold()}
               for word in words}  # fmt: skip
    return [word for word, ways in spelled.items() if any(way in text for way in ways)]


def a_contract(client, by):
    return contracts.open_contract(
        client, by=by, title="Their daughter weds", amount=1500, notes="Uncle Ferdinand pays",
        expected_venue="the old mill", payment_due=localdate(),
    )  # fmt: skip
