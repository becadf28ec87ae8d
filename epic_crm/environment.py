"""
Read the environment. A wrong value never stops the reading: it becomes a sentence.

The sentences come out of ``manage.py check``, and the server does not start while there is one
(``wsgi.py``). Every variable stands in ``.env.example``.
"""

import os
import re
from contextlib import suppress
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.utils import get_random_secret_key
from django.core.validators import validate_email

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.?|\[[0-9a-f:.]+\]", re.IGNORECASE | re.ASCII)
NO_MAIL = {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


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

    def folder(self, path):
        """A folder to write in, made if it is not there."""
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            self.problems.append(f"{path} cannot be made: {error.strerror}.")
        return path

    def text(self, name, default=""):
        """An empty value is a missing one."""
        return self.env.str(name, default="").strip() or default

    def flag(self, name):
        value = self.text(name, "0").lower()
        if value not in YES | NO:
            return self._wrong(name, value, "write 1 or 0", False)
        return value in YES

    def number(self, name, default):
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit()):
            return self._wrong(name, value, "write a whole number", default)
        return int(value)

    def numbers(self, name, defaults, least=0):
        """Numbers by name, as in ``one=14,other=7``; those not named keep their default."""
        found = dict(defaults)
        for word in self.words(name, ""):
            key, _, number = (part.strip() for part in word.partition("="))
            if key in defaults and re.fullmatch("[0-9]{1,4}", number) and int(number) >= least:
                found[key] = int(number)
            else:
                known = key if key in defaults else next(iter(defaults))
                wanted = f"write for example {known}={defaults[known]}"
                wanted += f", {least} at least" if least else ""
                self._wrong(name, word, wanted, None)
        return found

    def words(self, name, default):
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def teams(self, name, default):
        """Teams by their codes; ``none`` for none of them."""
        teams = self.words(name, default)
        if teams == ["none"]:
            return []
        for team in teams:
            if team not in ("management", "sales", "support"):
                self._wrong(name, team, "write management, sales, support, or none", None)
        return teams

    def hosts(self, name, default):
        hosts = self.words(name, default)
        for host in hosts:
            if not HOST.fullmatch(host):
                wanted = "write host names separated by commas, without port or wildcard"
                self._wrong(name, host, wanted, None)
        return hosts

    def origins(self, name):
        origins = self.words(name, "")
        for origin in origins:
            if urlsplit(origin).scheme not in ("http", "https") or not urlsplit(origin).netloc:
                self._wrong(name, origin, "write addresses such as https://crm.example.fr", None)
        return origins

    def address(self, name, default):
        """Where the CRM is reached, without a slash at the end."""
        value = self.text(name, default).rstrip("/")
        try:
            url = urlsplit(value)
        except ValueError:
            url = urlsplit("")
        if url.scheme not in ("http", "https") or not url.netloc:
            wanted = "write an address such as https://crm.example.fr"
            return self._wrong(name, value, wanted, default)
        return value

    def time_zone(self, name, default):
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return self._wrong(name, value, "write a zone such as Europe/Paris", default)
        return value

    def database(self, name, default):
        """A Django database from a URL: SQLite or PostgreSQL, nothing else is tested."""
        value = self.text(name, default)
        try:
            url = urlsplit(value)
            complete = url.path.strip("/") and not (url.scheme == "sqlite" and url.netloc)
            if url.scheme in ("sqlite", "postgres", "postgresql") and complete:
                return self._with_folder(name, self.env.db_url_config(value))
        except (ImproperlyConfigured, ValueError):
            pass
        wanted = "write postgres://user:password@host:5432/name or sqlite:////path/of/file"
        # Not the value itself: it may hold a password.
        self._wrong(name, "…", wanted, None)
        return self.env.db_url_config("sqlite://:memory:")

    def _with_folder(self, name, database):
        folder = Path(database["NAME"]).absolute().parent
        if "sqlite" in database["ENGINE"] and not folder.is_dir():
            self._wrong(name, "…", f"write a file in a folder that exists, not in {folder}", None)
            return database | {"NAME": ":memory:"}
        return database

    def mailer(self, name):
        """Django's MAILERS from ``smtp://user:password@host:587?tls=1``; empty: no mail."""
        value = self.text(name)
        if not value:
            return NO_MAIL
        if value == "console":
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        try:
            url = urlsplit(value)
            port = url.port or (465 if url.scheme == "smtps" else 25)
        except ValueError:
            url, port = urlsplit(""), 0
        if url.scheme not in ("smtp", "smtps") or not url.hostname:
            wanted = "write smtp://user:password@host:587?tls=1, console, or nothing"
            return self._wrong(name, "…", wanted, NO_MAIL)
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": url.hostname,
                "port": port,
                "username": unquote(url.username or ""),
                "password": unquote(url.password or ""),
                "use_tls": "tls=1" in url.query,
                "use_ssl": url.scheme == "smtps",
                "timeout": 10,
            },
        }

    def sender(self, name, default):
        value = self.text(name, default)
        try:
            validate_email(parseaddr(value)[1])
        except ValidationError:
            wanted = "write an address such as Epic Events CRM <crm@example.fr>"
            return self._wrong(name, value, wanted, default)
        return value

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
            if not keep_in.exists():
                make_key(keep_in)
            return keep_in.read_text()
        except OSError as error:
            self.problems.append(f"{name} is missing, and {keep_in} fails: {error.strerror}.")
            return get_random_secret_key()

    def _wrong(self, name, value, wanted, instead):
        self.problems.append(f"{name} is “{value}”: {wanted}.")
        return instead


def make_key(file):
    """
    Put a new key there, readable by its owner alone.

    In one piece: two processes that start together have the same key, and none has half of it.
    """
    with NamedTemporaryFile("w", dir=file.parent) as draft:  # Its mode is 0600.
        draft.write(get_random_secret_key())
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, file)
