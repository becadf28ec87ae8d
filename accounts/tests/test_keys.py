"""What nobody may guess: how long it is, and that no two are alike."""

import math
import re

import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.hashers import get_hasher
from django.test import override_settings

from accounts import feeds
from accounts.sessions import SessionStore
from history import journal

MADE = 20
BASE32, LOWER, BASE64URL, HEX = "[A-Z2-7]", "[a-z0-9]", "[A-Za-z0-9_-]", "[0-9a-f]"
SIZE = {BASE32: 32, LOWER: 36, BASE64URL: 64, HEX: 16}
KEYS = {
    "session": (lambda cast, kevin: SessionStore()._get_new_session_key(), LOWER, 32),
    "seed of an app": (lambda cast, kevin: generate_totp_secret(), BASE32, 32),
    "password of a feed": (lambda cast, kevin: feeds.make(cast["owner"]), BASE64URL, 43),
    "nonce of an entry": (
        lambda cast, kevin: journal.record(cast["owner"], "update", kevin).nonce, HEX, 32,
    ),
}  # fmt: skip


@pytest.mark.any_database
@pytest.mark.parametrize("key", KEYS)
def test_nobody_guesses_it(cast, kevin, key):
    make, letters, length = KEYS[key]
    made = [make(cast, kevin) for _n in range(MADE)]
    assert all(re.fullmatch(f"{letters}{{{length}}}", each) for each in made)
    assert length * math.log2(SIZE[letters]) >= 128
    assert len(set(made)) == MADE
    # Every place of it varies: nothing of it is a clock or a counter.
    assert all(len({each[place] for each in made}) > 3 for place in range(length))


def test_a_password_is_kept_as_argon2id_at_owasps_minimum():
    """19 MiB, two rounds, one lane: OWASP, Password Storage Cheat Sheet."""
    with override_settings(PASSWORD_HASHERS=["accounts.hashers.PasswordHasher"]):
        hasher = get_hasher("default")
        one, other = (hasher.encode("a quiet password", hasher.salt()) for _n in range(2))
    assert one.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other
    assert hasher.verify("a quiet password", one)
    assert not hasher.verify("a quiet Password", one)
