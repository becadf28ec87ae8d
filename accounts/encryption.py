"""What is kept where others may read it: AES-256-GCM, one key for each purpose."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK, NONCE = "gcm.", 12  # Bytes, random: of one key fewer than 2³² texts.


class Cipher:
    """
    Encrypts with the first of ``keys``, decrypts with each of them: so a key can be replaced.

    ``purpose`` parts what they are used for, by HKDF.
    """

    def __init__(self, keys, purpose):
        self.keys, self.purpose = keys, purpose.encode()

    def encrypt(self, text):
        nonce = urandom(NONCE)
        sealed = self._gcm(self.keys[0]).encrypt(nonce, text.encode(), None)
        return MARK + urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, token):
        """Raise InvalidToken if it is none of ours, was altered, or no key opens it."""
        mark, sealed = token[: len(MARK)], token[len(MARK) :]
        try:
            raw = urlsafe_b64decode(sealed) if mark == MARK else b""
        except ValueError:
            raise InvalidToken from None
        for key in self.keys:
            try:
                return self._gcm(key).decrypt(raw[:NONCE], raw[NONCE:], None).decode()
            except (InvalidTag, ValueError):
                continue
        raise InvalidToken

    def _gcm(self, key):
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=self.purpose)
        return AESGCM(made.derive(key.encode()))
