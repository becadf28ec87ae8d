"""How we know a company again that is typed a second time, in another spelling."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256

from accounts.fields import PlainField, one_spelling, plain

# In front of a name or behind it, these say what a company is, not which.
FRENCH = "sarl sas sasu sa eurl sci scop snc selarl selas gie ei eirl association ste societe cie"
FOREIGN = "co gmbh ag kg ohg ug ltd limited llc llp plc inc corp bv nv srl sprl spa sl ab oy"
LEGAL_FORMS = frozenset(f"{FRENCH} {FOREIGN}".split())
JOINTS = {"et", "and", "und"}  # Of "et Cie": nothing is left to join.
LONGEST = 250
NEAR = 0.85  # Of a whole name: one slip in seven letters is still near.
TRAITS = ("company_name", "email", "phone", "mobile")  # What tells a company from another.


def name_words(text):
    """The words of a name without case, accents, punctuation and legal form."""
    words = re.findall(r"[^\W_]+", plain(text).replace("&", " et ").replace(".", ""))
    words = re.sub(r"\b(?:\w )+\w\b", _joined, " ".join(words)).split()  # S A R L
    while len(words) > 1 and words[-1] in LEGAL_FORMS | JOINTS:
        words.pop()
    while len(words) > 1 and words[0] in LEGAL_FORMS:
        words.pop(0)
    return words


def name_key(text):
    """
    The name without case, accents, punctuation, spaces and legal form: Café & Co. SARL → cafe.

    Never empty for a name that is not.
    """
    return ("".join(name_words(text)) or plain(text).replace(" ", ""))[:LONGEST]


def _joined(letters):
    return letters[0].replace(" ", "")


class NameKeyField(PlainField):
    """The ``name_key`` of a company name."""

    reduce = staticmethod(name_key)


@dataclass(frozen=True)
class Traits:
    """By what a company is known again."""

    name: str
    words: str  # Of the name: near ones are looked for by them.
    email: str
    numbers: frozenset[str]

    @classmethod
    def of(cls, company_name="", email="", phone="", mobile=""):
        numbers = {str(one_spelling(number)) for number in (phone, mobile) if number}
        words = " ".join(name_words(company_name))
        return cls(name_key(company_name), words, email.lower(), frozenset(numbers))

    @property
    def code(self):
        """Short for all of it: what a page says it has asked about already."""
        return sha256(repr((self.name, self.email, sorted(self.numbers))).encode()).hexdigest()[:16]

    def shared_with(self, client):
        """What a client has of this: its name before anything else."""
        if self.name and client.name_key == self.name:
            return "name"
        return "email" if self.email and client.email.lower() == self.email else "phone"

    def is_near(self, client):
        """
        Whether its name is this one but for a slip; what is numbered differs by more than that.
        """
        mine, other = self.name, client.name_key
        if re.findall(r"\d+", mine) != re.findall(r"\d+", other):
            return False
        return SequenceMatcher(None, mine, other).ratio() >= NEAR
