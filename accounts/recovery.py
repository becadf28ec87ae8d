"""
Recovery codes: for when the app and the passkeys are lost. Shown once, kept as hashes.

The hashes of a set have one salt, so that a guess costs one computation and not ten. They are
sealed as the seeds of apps are: whoever has the hashes alone tries eight digits in days.
"""

import json
from secrets import SystemRandom

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.utils import decrypt, encrypt
from django.utils.crypto import constant_time_compare

from .hashers import PasswordHasher

NUMBER, DIGITS = 10, 8


def make():
    """Codes, no two of them alike."""
    return [f"{code:0{DIGITS}}" for code in SystemRandom().sample(range(10**DIGITS), NUMBER)]


def keep(codes):
    """What is stored of them: how they were hashed, and the hashes."""
    hasher = PasswordHasher()
    salt = hasher.salt()
    costs = [hasher.time_cost, hasher.memory_cost, hasher.parallelism]
    hashes = [_hash(code, salt, costs) for code in codes]
    return {"hashes": _seal({"salt": salt, "costs": costs, "hashes": hashes})}


def left(data):
    """How many of what is stored were not used yet. Raise InvalidToken if the key is lost."""
    return len(_open(data)["hashes"])


def strike_out(data, code):
    """What is to be stored once ``code`` is used, or None if it is none of them."""
    code = normalize_user_code(code)
    if not (len(code) == DIGITS and code.isascii() and code.isdigit()):
        return None
    kept = _open(data)
    given = _hash(code, kept["salt"], kept["costs"])
    others = [known for known in kept["hashes"] if not constant_time_compare(known, given)]
    if len(others) == len(kept["hashes"]):
        return None
    return {"hashes": _seal(kept | {"hashes": others})}


def _hash(code, salt, costs):
    """With the costs of that time: a later release may take others for passwords."""
    hasher = PasswordHasher()
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = costs
    return hasher.encode(code, salt).rpartition("$")[2]


def _seal(kept):
    return encrypt(json.dumps(kept))


def _open(data):
    return json.loads(decrypt(data["hashes"]))
