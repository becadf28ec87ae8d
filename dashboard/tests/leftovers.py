"""One person of whom every room holds something, and what of her can be found anywhere."""

import json

from django.db import connection
from django.utils.timezone import localdate

from accounts.fields import plain
from accounts.models import Session
from contracts import workflow as contracts

GONE = [  # What only this person has to do with: no two rooms hold the same.
    "Zénobie", "Quillmark", "zenobie@quillmark.example", "+33199004117", "0199004117",
    "+33639980011", "Chief of Whimsy", "allergic to walnuts", "Their daughter weds", "a boathouse",
    "Uncle Ferdinand", "Vivat regina", "the old mill", "12 Lark Lane", "silver napkins",
    "Order confetti", "bring the harp", "Call her at home", "Rosamund", "+33199006226",
]  # fmt: skip
COMPANY = "Bellweather Works"


class Dump(str):
    """Its ``indexes`` are the trigrams that each index still has, struck out or not."""

    indexes: list[set[str]]


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
        texts, indexes = [], []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = cursor.fetchall()
            texts += [_text(value) for row in rows for value in row]
            if table.endswith("_trigrams_data"):
                indexes.append({term for key, page in rows for term in _terms(key, page)})
    texts += [str(session.get_decoded()) for session in Session.objects.all()]
    dump = Dump("\n".join(texts).casefold())
    dump.indexes = indexes
    return dump


def _terms(key, page):
    """
    The terms on a page of FTS5: https://sqlite.org/fts5.html does not tell, fts5_index.c does.

    Behind the data stands where each begins: how much it has of the one before, then the rest.
    """
    if key <= 10 or key >> 36 & 1:  # How many there are, where they are, and where in a list.
        return
    place, start, term = int.from_bytes(page[2:4]), 0, b""
    while place < len(page):
        (step, place), is_first = _number(page, place), not start
        start += step
        kept, at = (0, start) if is_first else _number(page, start)
        length, at = _number(page, at)
        term = term[:kept] + page[at : at + length]
        yield term[1:].decode()


def _number(page, at):
    number = 0
    while True:
        byte, at = page[at], at + 1
        number = number << 7 | byte & 127
        if byte < 128:
            return number, at


def _text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "ignore")
    return str(value)


def found(words, text):
    spelled = {word: {word.casefold(), plain(word), json.dumps(word)[1:-1].casefold()}
               for word in words}  # fmt: skip
    return [
        word
        for word, ways in spelled.items()
        if any(way in text for way in ways) or _indexed(word, getattr(text, "indexes", ()))
    ]


def _indexed(word, indexes):
    word = plain(word)
    trigrams = {word[n : n + 3] for n in range(len(word) - 2)}
    return any(trigrams <= index for index in indexes)


def a_contract(client, by):
    return contracts.open_contract(
        client, by=by, title="Their daughter weds", amount=1500, notes="Uncle Ferdinand pays",
        expected_venue="a boathouse", payment_due=localdate(),
    )  # fmt: skip
