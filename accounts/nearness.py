"""
Names that are nearly what was typed: a slip of the keyboard, a letter too many, two the wrong way.

The database proposes records that share trigrams with the words, and Python compares: so both
engines find the same.
"""

import re
from contextlib import contextmanager
from difflib import SequenceMatcher
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from .fields import PlainField, plain
from .searching import SHORT, Words, quoted

LETTERS = r"[^\W\d_]+"
CANDIDATES = 100  # Records that share trigrams with what was typed: read, and compared here.
NEAR = 0.75  # Of a word: one slip in four letters is still near.
NEAR_WORDS = 4


class Resembles(Words):
    """
    Among the records that share most trigrams with the words: which are near, ``nearest`` says.

    On PostgreSQL ``pg_trgm.word_similarity_threshold`` of the connection leaves out the others.
    """

    lookup_name = "resembles"

    def as_postgresql(self, compiler, connection):
        table, _index = self.names(compiler)
        some = " OR ".join(["search_text %%> %s"] * len(self.rhs))
        score = " + ".join(["word_similarity(%s, search_text)"] * len(self.rhs))
        most = f"ORDER BY {score} DESC, id LIMIT {CANDIDATES}"
        found = f"SELECT id FROM {table} WHERE {some} {most}"  # noqa: S608  # nosec B608
        return f"{self.key(compiler)} IN ({found})", (*self.rhs, *self.rhs)

    def as_sqlite(self, compiler, connection):
        _table, index = self.names(compiler)
        parts = {word[i : i + SHORT] for word in self.rhs for i in range(len(word) - SHORT + 1)}
        most = f"ORDER BY rank LIMIT {CANDIDATES}"
        found = f"SELECT rowid FROM {index} WHERE {index} MATCH %s {most}"  # noqa: S608  # nosec B608
        return f"{self.key(compiler)} IN ({found})", (" OR ".join(map(quoted, sorted(parts))),)


PlainField.register_lookup(Resembles)


def near_words(text):
    """The words of a search in which a slip can be told from another name."""
    words = re.findall(LETTERS, plain(text))
    return [word[:30] for word in words if len(word) > SHORT][:NEAR_WORDS]


def nearest(records, words, *, whole=False):
    """
    The records that are near most of the words; the nearest come first.

    Half of the words at least, all of them if ``whole``.

    Each brings its ``likes``: its own words that are near.
    """
    likeness = cache(_likeness)  # Names share many words.
    found = []
    for record in records:
        own = set(re.findall(LETTERS, record.search_text))
        best = [max((likeness(word, each), each) for each in own or {""}) for word in words]
        near = [(ratio, each) for ratio, each in best if ratio >= NEAR]
        record.likes = [each for _ratio, each in near]
        found.append((len(near), sum(ratio for ratio, _each in near), record))
    most = max((number for number, _ratio, _record in found), default=0)
    if not most or most * (1 if whole else 2) < len(words):
        return []
    near = [(-ratio, record) for number, ratio, record in found if number == most]
    near.sort(key=lambda pair: (pair[0], pair[1].sort_key, pair[1].pk))
    return [record for _ratio, record in near]


def _likeness(word, other):
    """How much of two words is the same, from 0 to 1."""
    if abs(len(word) - len(other)) > 2:
        return 0.0
    return SequenceMatcher(None, word, other).ratio()


@contextmanager
def by_index(using=DEFAULT_DB_ALIAS):
    """
    Inside, PostgreSQL looks for trigrams in their index.

    It takes comparing a word with every name there is for as cheap as comparing two numbers, and
    would rather read the whole table: 80 ms instead of 12 for 10,000 names.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        # There may be a transaction around this one, which goes on.
        cursor.execute("SET LOCAL enable_seqscan = DEFAULT")


def has_trigrams(connection):
    """Whether the database can propose. SQLite always has what it takes."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


@cache
def can_resemble(using):
    """Asked once a process: an extension does not come and go."""
    return has_trigrams(connections[using])
