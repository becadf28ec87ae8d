"""A wrong value of the environment is one sentence, and nothing is served while there is one."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def run(*arguments, **environment):
    """A command in a process of its own, since settings are read once."""
    kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "epic_crm.settings"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_works_with_an_empty_environment():
    """Safe: no debug pages, a key that nobody knows, this machine only."""
    told = run("manage.py", "check")
    assert told.returncode == 0, told.stderr
    ask = "from django.conf import settings as s; print(s.DEBUG, s.DEMO, len(s.SECRET_KEY) >= 50)"
    assert run("-c", ask).stdout.split() == ["False", "False", "True"]
    assert settings.VAR.joinpath("secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"DEBUG": "maybe"},
        {"TRUSTED_PROXIES": "two"},
        {"ALLOWED_HOSTS": "*"},
        {"CSRF_TRUSTED_ORIGINS": "crm.example.fr"},
        {"TIME_ZONE": "Mars"},
        {"DATABASE_URL": "mysql://user:sesame@host/name"},
        {"EMAIL_URL": "mail.example"},
        {"SECRET_KEY": "short"},
        {"TLS": "1"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_value_is_one_sentence_and_nothing_starts(wrong):
    told = run("manage.py", "check", **wrong)
    name = "SECRET_KEY" if "TLS" in wrong else next(iter(wrong))
    assert told.returncode == 1
    assert f"{name} is" in told.stderr
    assert "Traceback" not in told.stderr
    assert "sesame" not in told.stderr

    served = run("-c", "import epic_crm.wsgi", **wrong)
    assert served.returncode == 1
    assert f"{name} is" in served.stderr
    assert "Traceback" not in served.stderr
