from django.contrib.auth.hashers import Argon2PasswordHasher

from .passwords import same


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum, 19 MiB: Django's default takes 100 MiB a login."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password, salt):
        return super().encode(same(password), salt)

    def verify(self, password, encoded):
        return super().verify(same(password), encoded)
