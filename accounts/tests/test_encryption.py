"""What is encrypted: opened by its key and purpose alone, unaltered."""

import pytest
from cryptography.fernet import InvalidToken

from accounts.encryption import Cipher

pytestmark = pytest.mark.any_database


def test_it_works():
    text = "JBSWY3DPEHPK3PXP é"
    first, again = (Cipher(["a key"], "seeds").encrypt(text) for _n in range(2))
    assert first != again
    assert text not in first
    assert {Cipher(["a key"], "seeds").decrypt(token) for token in (first, again)} == {text}


def test_a_key_that_was_replaced_still_opens():
    token = Cipher(["old"], "seeds").encrypt("x")
    assert Cipher(["new", "old"], "seeds").decrypt(token) == "x"
    with pytest.raises(InvalidToken):
        Cipher(["old"], "seeds").decrypt(Cipher(["new", "old"], "seeds").encrypt("x"))


def test_a_key_opens_nothing_of_another_purpose():
    with pytest.raises(InvalidToken):
        Cipher(["a key"], "places").decrypt(Cipher(["a key"], "seeds").encrypt("x"))


def test_what_was_altered_is_refused():
    token = Cipher(["a key"], "seeds").encrypt("a longer text")
    for at in range(4, len(token) - 2, 3):
        other = "A" if token[at] != "A" else "B"
        with pytest.raises(InvalidToken):
            Cipher(["a key"], "seeds").decrypt(token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize("token", ["", "gcm.", "gcm.é", "gcm.AAAA", "gAAAA", "x" * 5000, "gcm.%"])
def test_what_is_none_is_refused(token):
    with pytest.raises(InvalidToken):
        Cipher(["a key"], "seeds").decrypt(token)
