"""
How records are found by what people type: the words, and the lookups that use an index.

A word of three letters or more is looked for anywhere in ``search_text``, by trigrams; shorter
ones are in too many texts, so that a name has to begin with them. What is slow when it is common
is bounded by whoever asks: ``PolicyQuerySet.matching``.
"""

import re

import phonenumbers
from django.db.models import Lookup, Q
from phonenumber_field.phonenumber import to_python

from .fields import PlainField, plain

SHORT = 3  # Letters in a trigram.
HIGHEST = "\U0010ffff"  # Sorts behind every other character, on both engines.
DIALLED = re.compile(r"\(?(\+|0)[\d\s().\-/]+", re.ASCII)
PAIRS = re.compile(r"\d\d(?:[ .]\d\d)+", re.ASCII)  # A part of a number, as the French say it.
REFERENCE = re.compile(r"(?:c[- ]?)?(20\d\d)[- ]0*([1-9]\d{0,5})", re.ASCII)


def search_words(text):
    """The plain words of a search; a phone number is one, in whatever spelling, even its start."""
    text = plain(text)
    if PAIRS.fullmatch(text) and not text.startswith("0"):
        return [re.sub(r"\D", "", text)]
    if not DIALLED.fullmatch(text):
        return text.split()
    dialled = re.sub(r"[^\d+]", "", text)
    if dialled.startswith("0") and not dialled.startswith("00"):
        return [dialled]  # As at home: the text that is searched has it so, too.
    number = to_python(text)
    if hasattr(number, "country_code") and phonenumbers.is_possible_number(number):
        return [number.as_e164]
    return [re.sub(r"^00", "+", dialled)]


def reference(text):
    """The reference of a contract that is written shorter: ``2026-41``, ``c 2026 041``; or None."""
    match = REFERENCE.fullmatch(plain(text))
    return f"c-{match[1]}-{int(match[2]):03d}" if match else None


def begins(text, field="sort_key"):
    """The records whose name begins so: a range, which an index answers in order."""
    start = plain(text)
    return Q(**{f"{field}__gte": start, f"{field}__lt": start + HIGHEST})


def holds(text):
    """The records that hold every word of a search, in whatever order."""
    words = search_words(text)
    if not words:
        return Q()
    if all(len(word) < SHORT for word in words):
        first, *others = words
        return begins(first) & (Q(search_text__holds=others) if others else Q())
    found = Q(search_text__holds=words)
    whole = reference(text)
    return found | Q(search_text__holds=[whole]) if whole else found


class Words(Lookup):
    """What the lookups have in common: a list of plain words at the right."""

    prepare_rhs = False

    def key(self, compiler):
        return f"{compiler.quote_name(self.lhs.alias)}.{compiler.quote_name('id')}"

    def names(self, compiler):
        """The table of the records, and that of its trigrams: names of ours, never typed."""
        table = self.lhs.target.model._meta.db_table
        return compiler.quote_name(table), compiler.quote_name(trigrams(table))


class Holds(Words):
    """Every word is in the text."""

    lookup_name = "holds"

    def as_postgresql(self, compiler, connection):
        column, _params = self.process_lhs(compiler, connection)
        like = [f"%{connection.ops.prep_for_like_query(word)}%" for word in self.rhs]
        return f"({' AND '.join([f'{column} LIKE %s'] * len(like))})", tuple(like)

    def as_sqlite(self, compiler, connection):
        column, _params = self.process_lhs(compiler, connection)
        long = [word for word in self.rhs if len(word) >= SHORT]
        conditions = [f"instr({column}, %s) > 0" for word in self.rhs if word not in long]
        params = [word for word in self.rhs if word not in long]
        if long:
            _table, index = self.names(compiler)
            found = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608  # nosec B608
            conditions.append(f"{self.key(compiler)} IN ({found})")
            params.append(" AND ".join(map(quoted, long)))
        return f"({' AND '.join(conditions)})", tuple(params)


PlainField.register_lookup(Holds)


def trigrams(table):
    """The name of the index of trigrams of a table."""
    return f"{table}_trigrams"


def quoted(text):
    """A string of FTS5, in which nothing is an operator."""
    return '"' + text.replace('"', '""') + '"'
