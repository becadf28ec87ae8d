"""Our scripts make no object of what comes from outside: its keys could reach every other one."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database

# What writes under a name that is computed, or copies names from one object to another.
WRITES = re.compile(
    r"[\w\])]\[[^\]]+\]\s*([-+*/|&?]{0,2}=)(?!=)|Object\.(assign|defineProperty|setPrototypeOf)"
    r"|__proto__(?!: null)|\bfor \((const|let|var) \w+ in\b|\.prototype\b"
)


def written(text):
    """The lines that do."""
    return [line.strip() for line in text.splitlines() if WRITES.search(line)]


def test_no_script_writes_under_a_name_from_outside():
    scripts = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))
    assert len(scripts) >= 4
    assert {script.name: written(script.read_text()) for script in scripts} == {
        script.name: [] for script in scripts
    }


@pytest.mark.parametrize(
    "line",
    [
        "kept[name] = value;",
        "kept[a][b] ??= value;",
        "Object.assign(kept, JSON.parse(text));",
        "for (const name in said) kept.push(name);",
        "kept.__proto__.said = 1;",
        "Array.prototype.last = 1;",
    ],
)
def test_what_would_be_found(line):
    assert written(line) == [line]


@pytest.mark.parametrize("line", ["if (kept[at] === 1) go();", "all[at + 1].focus();"])
def test_what_only_reads_is_not(line):
    assert written(line) == []
