"""A wrong value of the environment is one sentence, and nothing is served while there is one."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from epic_crm.environment import Environment, make_key

pytestmark = pytest.mark.any_database

ASK = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""
KEYS = {"SECRET_KEY": "s" * 50, "JOURNAL_KEY": "j" * 50, "SECOND_FACTOR_KEY": "f" * 50}


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """The project in a folder of its own: no .env, no var, nothing of this machine."""
    house = tmp_path_factory.mktemp("house")
    shutil.copy(settings.BASE_DIR / "manage.py", house)
    left_out = shutil.ignore_patterns("tests", "__pycache__")
    for room in ("epic_crm", "dashboard", "events", "contracts", "clients", "accounts", "history"):
        shutil.copytree(settings.BASE_DIR / room, house / room, ignore=left_out)
    (house / "static").mkdir()
    return house


@pytest.fixture
def run(house):
    """A command there, in a process of its own, since settings are read once."""

    def run(*arguments, **environment):
        kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "epic_crm.settings"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=house,
            env=kept | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    yield run
    shutil.rmtree(house / "var", ignore_errors=True)
    (house / ".env").unlink(missing_ok=True)


@pytest.fixture
def asked(run):
    """The values of some settings in an environment."""

    def asked(*names, **environment):
        answer = run("-c", ASK, *names, **environment)
        assert answer.stderr == ""
        return json.loads(answer.stdout)

    return asked


def test_it_works_with_an_empty_environment(run, asked, house):
    """Safe: no debug pages, keys that nobody knows, this machine only."""
    told = run("manage.py", "check")
    assert (told.returncode, told.stderr) == (0, "")
    safe = asked("DEBUG", "DEMO", "ALLOWED_HOSTS", "SECRET_KEY", "JOURNAL_KEY", "MAIL_IS_SET_UP")
    assert not any(safe[name] for name in ("DEBUG", "DEMO", "MAIL_IS_SET_UP"))
    assert safe["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert len({safe["SECRET_KEY"], safe["JOURNAL_KEY"]}) == 2
    for name in ("SECRET_KEY", "JOURNAL_KEY"):
        file = house / "var" / name.lower()
        assert file.read_text() == safe[name]
        assert len(safe[name]) >= 50
        assert file.stat().st_mode & 0o777 == 0o600
    assert asked("SECRET_KEY") == {"SECRET_KEY": safe["SECRET_KEY"]}  # It stays.


WRONG = [
    ("DEBUG", "maybe"),
    ("DEMO", "2"),
    ("TLS", "of course"),
    ("TRUSTED_PROXIES", "two"),
    ("TRUSTED_PROXIES", "-1"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "crm.example.fr:8000"),
    ("ALLOWED_HOSTS", "https://crm.example.fr"),
    ("ALLOWED_HOSTS", ".example.fr"),
    ("CSRF_TRUSTED_ORIGINS", "crm.example.fr"),
    ("SITE_URL", "crm.example.fr"),
    ("SITE_URL", "http://["),
    ("TIME_ZONE", "Mars"),
    ("TIME_ZONE", "../../etc/passwd"),
    ("DATABASE_URL", "mysql://user:sesame@host/name"),
    ("DATABASE_URL", "postgres://user:sesame@host"),
    ("DATABASE_URL", "postgres://user:sesame@host:port/name"),
    ("DATABASE_URL", "sqlite://var/crm.sqlite3"),
    ("DATABASE_URL", "sqlite:////nowhere/crm.sqlite3"),
    ("DATABASE_URL", "nonsense"),
    ("EMAIL_URL", "mail.example"),
    ("EMAIL_URL", "smtp://user:sesame@host:port"),
    ("EMAIL_FROM", "Epic Events"),
    ("SECRET_KEY", "sesame"),
    ("JOURNAL_KEY", "sesame"),
    ("SECOND_FACTOR_KEY", "sesame"),
    ("SECOND_FACTOR_TEAMS", "managers"),
    ("READING_LIMITS", "records=1"),  # Of one there is no half.
    ("READING_LIMITS", "pages=100"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{n}={v}" for n, v in WRONG])
def test_a_wrong_value_is_one_sentence(run, name, value):
    told = run("manage.py", "check", **{name: value})
    assert told.returncode == 1
    sentences = re.findall(r"\(epic_crm\.E001\) (.*)", told.stderr)
    assert len(sentences) == 1
    assert re.fullmatch(rf"{name} is “.*”: write .*\.", sentences[0])
    assert "Traceback" not in told.stderr
    assert "sesame" not in told.stderr


def test_a_limit_that_is_not_named_keeps_its_default(asked):
    limits = asked("READING_LIMITS", READING_LIMITS="searches=400")["READING_LIMITS"]
    assert limits == {"records": 200, "searches": 400, "exports": 10}


@pytest.mark.parametrize("wrong", [{"DEBUG": "maybe"}, {"TLS": "1"}], ids=["wrong", "missing"])
def test_nothing_is_served_meanwhile(run, wrong):
    """The status is the one that keeps gunicorn from trying again for ever."""
    served = run("-c", "import epic_crm.wsgi; print('serving')", **wrong)
    assert served.returncode == 3
    assert "write 1 or 0" in served.stderr or "must be set" in served.stderr
    assert "Traceback" not in served.stderr
    assert "serving" not in served.stdout
    assert "serving" in run("-c", "import epic_crm.wsgi; print('serving')").stdout


def test_no_debug_pages_in_production(run):
    """They would show code and settings to whoever asks for a page that fails."""
    told = run("manage.py", "check", TLS="1", DEBUG="1", **KEYS)
    assert told.returncode == 1
    assert "DEBUG=1 with TLS=1" in told.stderr


def test_tls_demands_keys_and_secures_the_cookies(run, asked, house):
    told = run("manage.py", "check", TLS="1")
    assert told.returncode == 1
    for name in KEYS:
        assert f"{name} is missing: with TLS=1 it must be set." in told.stderr
    assert not list((house / "var").glob("*_key"))
    secure = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
    assert set(asked(*secure, TLS="1", **KEYS).values()) == {True}
    assert set(asked(*secure).values()) == {False}  # A trial on plain HTTP works.
    assert all(n.startswith("__Host-") for n in asked(*names, TLS="1", **KEYS).values())


def test_the_example_says_all_there_is_and_changes_nothing(run, asked, house):
    example = (settings.BASE_DIR / ".env.example").read_text()
    files = [*(settings.BASE_DIR / "epic_crm").glob("s*.py")]  # settings…, surroundings
    read = "".join(file.read_text() for file in files)
    names = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', read))
    assert set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)) == names
    settings_read = ("DEBUG", "DEMO", "ALLOWED_HOSTS", "MAILERS", "DATABASES", "TIME_ZONE")
    without = asked(*settings_read, "DEFAULT_FROM_EMAIL", "SESSION_COOKIE_SECURE")
    (house / ".env").write_text(example)
    assert run("manage.py", "check").returncode == 0
    del without["DATABASES"]["default"]["TEST"]  # It has the number of the process.
    with_it = asked(*settings_read, "DEFAULT_FROM_EMAIL", "SESSION_COOKIE_SECURE")
    del with_it["DATABASES"]["default"]["TEST"]
    assert with_it == without


def test_the_options_of_a_database_url_are_kept(asked):
    """Lost, sslmode=require would be a connection in clear."""
    url = "postgres://crm:p%40ss@db.example:5433/crm?sslmode=require"
    database = asked("DATABASES", DATABASE_URL=url)["DATABASES"]["default"]
    assert (database["PASSWORD"], database["PORT"]) == ("p@ss", 5433)
    assert database["OPTIONS"]["sslmode"] == "require"
    assert "statement_timeout" in database["OPTIONS"]["options"]


def test_a_mail_server(asked):
    url = "smtp://crm%40example.fr:p%2Fss@mail.example:587?tls=1"
    mailer = asked("MAILERS", EMAIL_URL=url)["MAILERS"]["default"]["OPTIONS"]
    assert (mailer["username"], mailer["password"]) == ("crm@example.fr", "p/ss")
    assert (mailer["port"], mailer["use_tls"], mailer["use_ssl"]) == (587, True, False)
    secure = asked("MAILERS", EMAIL_URL="smtps://mail.example")["MAILERS"]["default"]["OPTIONS"]
    assert (secure["port"], secure["use_tls"], secure["use_ssl"]) == (465, False, True)


def test_two_processes_that_start_together_have_one_key(tmp_path):
    make_key(tmp_path / "key")
    key = (tmp_path / "key").read_text()
    make_key(tmp_path / "key")
    assert (tmp_path / "key").read_text() == key
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_a_key_that_cannot_be_kept_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "var").write_text("no folder")
    environment = Environment(tmp_path / ".env")
    assert environment.secret("SECRET_KEY", tmp_path / "var" / "secret_key", demanded=False)
    assert environment.problems[0].startswith("SECRET_KEY is missing, and ")
    environment.folder(tmp_path / "var")
    assert environment.problems[1].endswith("cannot be made: File exists.")
