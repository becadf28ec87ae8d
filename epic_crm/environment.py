"""
Read the environment. A wrong value never stops the reading: it becomes a sentence.

The sentences come out of ``manage.py check``, and the server does not start while there is one
(``wsgi.py``). Every variable stands in ``.env.example``.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


class Environment:
    def __init__(self, env_file: Path):
        self.env = environ.Env()
        self.problems: list[str] = []
        if env_file.is_file():
            self.env.read_env(env_file)

    @staticmethod
    def package(name, path):
        """A folder inside an installed package, found without importing the package."""
        spec = find_spec(name)
        return Path(spec.submodule_search_locations[0]) / path

    def text(self, name, default=""):
        return self.env.str(name, default=default).strip()

    def flag(self, name, default=False):
        value = self.text(name, "1" if default else "").lower()
        if value not in YES | NO:
            return self._wrong(name, value, "write 1 or 0", default)
        return value in YES

    def number(self, name, default):
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit()):
            return self._wrong(name, value, "write a whole number", default)
        return int(value)

    def words(self, name, default):
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def hosts(self, name, default):
        hosts = self.words(name, default)
        for host in hosts:
            if "/" in host or "*" in host:
                self._wrong(name, host, "write host names separated by commas, no wildcard", None)
        return hosts

    def origins(self, name):
        origins = self.words(name, "")
        for origin in origins:
            if urlsplit(origin).scheme not in ("http", "https") or not urlsplit(origin).netloc:
                self._wrong(name, origin, "write addresses such as https://crm.example.fr", None)
        return origins

    def time_zone(self, name, default):
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return self._wrong(name, value, "write a zone such as Europe/Paris", default)
        return value

    def database(self, name, default):
        """A Django database from a URL: SQLite or PostgreSQL, nothing else is tested."""
        value = self.text(name) or default
        engines = ("sqlite", "postgres", "postgresql")
        if urlsplit(value).scheme in engines:
            try:
                return self.env.db_url_config(value)
            except (ImproperlyConfigured, ValueError):
                pass
        wanted = "write postgres://user:password@host:5432/name or sqlite:///file"
        # Not the value itself: it may hold a password.
        self._wrong(name, urlsplit(value).scheme or "no scheme", wanted, None)
        return self.env.db_url_config("sqlite://:memory:")

    def mailer(self, name):
        """Django's MAILERS from ``smtp://user:password@host:587?tls=1``; empty: no mail."""
        value = self.text(name)
        if not value:
            return {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
        if value == "console":
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        try:
            url = urlsplit(value)
            port = url.port or 25
        except ValueError:
            url, port = urlsplit(""), 0
        if url.scheme not in ("smtp", "smtps") or not url.hostname:
            wanted = "write smtp://user:password@host:587?tls=1, console, or nothing"
            self._wrong(name, url.scheme or "no scheme", wanted, None)
            return {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": url.hostname,
                "port": port,
                "username": url.username or "",
                "password": url.password or "",
                "use_tls": "tls=1" in url.query,
                "use_ssl": url.scheme == "smtps",
                "timeout": 10,
            },
        }

    def secret(self, name, keep_in: Path, demanded: bool):
        """
        A key from the environment. For a trial, one that is made once and kept in a file.

        ``demanded``: this is no trial, so a key that lies beside the code will not do.
        """
        if value := self.text(name):
            if len(value) < 32:
                self._wrong(name, "…", "write at least 32 characters", None)
            return value
        if demanded:
            self.problems.append(f"{name} is missing: with TLS=1 it must be set.")
            return get_random_secret_key()
        try:
            keep_in.parent.mkdir(exist_ok=True)
            with open(os.open(keep_in, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(get_random_secret_key())
        except FileExistsError:
            pass
        return keep_in.read_text()

    def _wrong(self, name, value, wanted, instead):
        self.problems.append(f"{name} is “{value}”: {wanted}.")
        return instead
