"""What is kept where others may read it: AES-256-GCM, one key for each purpose."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK, NONCE = "gcm.", 12  # Bytes, random: of one key fewer than 2³² texts.


class Cipher:
    """
    Encrypts with the first of ``keys``, decrypts with each of them: so a key can be replaced.

    ``keys``: as in the environment, one or several with commas between; ``purpose`` parts what
    they are used for, by HKDF.
    """

    def __init__(self, keys, purpose):
        self.keys, self.purpose = keys.split(","), purpose.encode()

    def encrypt(self, text):
        nonce = urandom(NONCE)
        sealed = self._gcm(self.keys[0]).encrypt(nonce, text.encode(), None)
        return MARK + urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, token):
        """Raise InvalidToken if it is none of ours, was altered, or no key opens it."""
        if not token.startswith(MARK):
            return self._before(token)
        try:
            raw = urlsafe_b64decode(token.removeprefix(MARK))
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

    def _before(self, token):
        """As Fernet wrote it, before there was this: ``manage.py encrypt_factors`` moves it."""
        digests = [sha256(key.encode()).digest() for key in self.keys]
        before = MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
        return before.decrypt(token.encode()).decode()
