"""
Whether a search that somebody kept looks for the contact person of a client.

Asked before an erasure: of the client, its contracts and events, and of what the journal says
they held before.
"""

import re
from collections import defaultdict

from django.apps import apps

from accounts.fields import plain, searchable
from accounts.searching import SHORT, holds, search_words
from clients.models import Client
from contracts.models import Contract
from events.models import Event
from history.models import EntryValue

ALONE = ("email", "phone", "mobile", "onsite_phone")  # Each says who it is.
WHO = ("first_name", "last_name", "onsite_contact", *ALONE)
WHAT = ("job_title", "title", "expected_venue", "name", "venue", "address")  # Others' as well.
APART = re.compile(r"(?<=\d)[ .-](?=\d\d?\b)")  # The pairs of a number: 01 99 00 41 17.


class Person:
    """The contact person of a client as one looks for them, by their company too if it ``goes``."""

    def __init__(self, client, *, goes):
        self.client, self.told = client, _told(client)
        stays = ("reference",) if goes else ("reference", "company_name")
        self.who = self._texts(*WHO, *(("company_name",) if goes else ()))
        self.what = self._texts(*WHAT)
        self.stays = self._texts(*stays)

    def is_sought(self, search):
        """Whether a search finds them, or tells of them and asks for more than there is."""
        words = [word for word in map(_bare, search_words(_joined(search))) if word]
        return self._is_meant(search, words, _holds) or self._is_called(_whole(search))

    def is_named(self, label):
        """Whether the name of a view tells of them, by whole words: “Marchés” not of a Marc."""
        words = _whole(label)
        named = [_whole(text) for text in self.who if len(text) > 1]
        if any(name and name <= words - _every(self.stays) for name in named):
            return True
        return self._is_meant(label, words, lambda texts, word: word in _every(texts))

    def _is_meant(self, text, words, found):
        """
        Whether all of the words are theirs, and one at least is erased. A subject or a place is
        only theirs if nobody else is found by it.
        """
        known, stays = [*self.who, *self.stays], _every(self.stays)
        told = [word for word in words if word not in stays]
        if all(found(known, word) for word in words):
            return any(found(self.who, word) for word in told)
        known += self.what
        return all(found(known, word) for word in words) and not self._finds_others(text)

    def _is_called(self, words):
        """Whether among the words are both of their names, or what says alone who it is."""
        first, last, alone = (
            any(name and name <= words for name in map(_whole, self._texts(*names)))
            for names in (["first_name"], ["last_name"], ALONE)
        )
        return (first and last) or alone

    def _finds_others(self, text):
        others = {
            Client: {"pk": self.client.pk},
            Contract: {"client": self.client},
            Event: {"contract__client": self.client},
        }
        return any(
            model.objects.exclude(**theirs).filter(holds(text)).exists()
            for model, theirs in others.items()
        )

    def _texts(self, *names):
        return [text for name in names for text in self.told[name]]


def _told(client):
    """The plain texts of a client, its contracts and events, now and before, by field."""
    contracts = Contract.objects.filter(client=client)
    records = [client, *contracts, *Event.objects.filter(contract__in=contracts)]
    names = (*WHO, *WHAT, "company_name", "reference")
    values = EntryValue.objects.filter(entry__client_id=client.pk, field__in=names)
    told = defaultdict(set)
    for record in records:
        for name in names:
            if value := getattr(record, name, ""):
                told[name].update(_spellings(value))
    for label, name, *both in values.values_list("entry__label", "field", "old", "new"):
        field = _field(label, name)  # Else an entry tells a fact of that name.
        for text in filter(None, both):
            if field and isinstance(text, str):  # None of ours is anything else.
                told[name].update(_spellings(field.to_python(text)))
    return told


def _field(label, name):
    if label not in (model._meta.label_lower for model in (Client, Contract, Event)):
        return None
    return {field.name: field for field in apps.get_model(label)._meta.fields}.get(name)


def _spellings(value):
    """The text, plain; a number as it is dialled at home and, in two ways, from abroad."""
    text = plain(searchable(value))
    if not getattr(value, "country_code", None):
        return [text]
    return [*text.split(), value.as_e164.replace("+", "00")]


def _holds(texts, word):
    """As a search does: anywhere, but for what is shorter than a trigram."""
    return any(word in (_whole(text) if len(word) < SHORT else text) for text in texts)


def _every(texts):
    return _whole(" ".join(texts))


def _whole(text):
    return set(re.findall(r"\w+", _joined(text)))


def _joined(text):
    return APART.sub("", plain(text))


def _bare(word):
    return word.strip(".,;:!?\"'()<>«»“”")
