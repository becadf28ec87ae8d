"""What the CRM is made of: each package has a reason and a hash, and no secret lies about."""

import re
import subprocess
import sys
import tomllib

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database
ROOT = settings.BASE_DIR


def direct(name):
    """The packages that a .in file names itself."""
    lines = (ROOT / name).read_text().splitlines()
    return {re.split(r"[\[~><= ]", line)[0] for line in lines if line and line[0] not in "#-"}


def test_each_direct_dependency_has_a_reason():
    """docs/dependencies.md has a table for each of the files, and nothing that is not there."""
    _, run, demo, check = (ROOT / "docs/dependencies.md").read_text().split("\n## ")[:4]
    for names, table in [
        ("requirements.in", run),
        ("requirements-demo.in", demo),
        ("requirements-dev.in", check),
    ]:
        rows = re.findall(r"^\| `([^`]+)` \| (.{10,}) \|$", table, re.MULTILINE)
        assert len(rows) == len(direct(names))
        assert {name for name, _why in rows} == direct(names), names


@pytest.mark.parametrize("part", ["", "-demo", "-dev"])
def test_everything_is_locked_by_version_and_hash(part):
    lock = f"requirements{part}.txt"
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    for line in lines:
        assert re.match(
            r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", line
        ), line
    locked = {re.split(r"[\[=]", line)[0] for line in lines}
    assert locked >= direct(lock.replace(".txt", ".in"))
    assert locked >= (direct("requirements.in") if "demo" not in lock else set())


def test_what_runs_has_nothing_of_the_tests_nor_of_the_demonstration():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    installed = {re.split(r"[\[=]", line)[0] for line in lines if re.match("[a-z]", line)}
    assert not installed & (direct("requirements-demo.in") | direct("requirements-dev.in"))


def test_nothing_is_installed_without_its_hash():
    make = (ROOT / "Makefile").read_text()
    installs = re.findall(r"^.*pip install.*$", make, re.MULTILINE)
    assert installs
    assert all("--require-hashes" in line and "--only-binary :all:" in line for line in installs)
    assert "git+" not in (ROOT / "requirements-dev.txt").read_text()


def test_the_rules_of_security_are_on():
    """ruff's S: no eval, no shell, no pickle, no MD5, no SQL in pieces, no weak random numbers."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in rules["select"]
    assert not [rule for rule in rules["ignore"] if rule.startswith("S")]
    rooms = [each.name for each in ROOT.iterdir() if (each / "__init__.py").is_file()]
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "S", *rooms]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    for step in ("ruff check .", "bandit -q", ".ci/check_secrets.py", ".ci/proof.py --check"):
        assert step in (ROOT / "Makefile").read_text()


def scan(*files):
    command = [sys.executable, ".ci/check_secrets.py", *map(str, files)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


# In pieces: whole, they would be found here.
SECRETS = {
    "a private key": "-----BEGIN EC PRIVATE" + " KEY-----",
    "a key of AWS": "key = AKIA" + "ABCDEFGHIJKLMNOP",
    "a token of GitHub": "ghp_" + "a1B2" * 10,
    "a signed token": ".".join(
        ["eyJ" + "hbGciOiJIUzI1", "eyJ" + "zdWIiOiIxMjM0", "SflKxwRJSMeKKF2QT"]
    ),
    "a password in an address": "DATABASE_URL=postgres://crm:" + "h7Kq2@db.example/crm",
    "a value that looks like a key ": "JOURNAL_KEY=" + "d41d8cd98f00b204" + "e9800998ecf8427e",
    "a seed of codes": "otpauth://totp/x?secret=" + "JBSWY3DPEHPK3PXP",
    "a value that looks like a key": "SECRET_KEY = '" + "x8!k2Lq9$vTz3&bN6rWm0^pY5'",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_in_a_file_is_found_and_not_shown(tmp_path, kind):
    file = tmp_path / "settings.py"
    file.write_text(f"nothing\n{SECRETS[kind]}\n")
    told = scan(file)
    assert told.returncode == 1
    assert f"{file}:2: {kind.strip()}" in told.stdout
    assert SECRETS[kind] not in told.stdout + told.stderr


def test_what_is_none_is_not_found(tmp_path):
    file = tmp_path / "x"
    file.write_text(
        "SECRET_KEY=\npostgres://user:password@host/name\ntoken = get_random_string(12)\n"
        'PASSWORD = "a-long-and-quiet-password"\nJOURNAL_KEY: ${JOURNAL_KEY_OF_THIS_SERVER}\n'
    )
    assert scan(file).returncode == 0


def test_the_repository_has_none():
    told = scan()
    assert (told.returncode, told.stdout) == (0, "")
