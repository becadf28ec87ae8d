"""
What docs/threat-model.md and docs/asvs.md claim, and whether it is so.

    proof.py --check    do the documents name what there is? Asked by ``make lint``
    proof.py            run every test they name, and print what became of it: ``make proof``

A claim is a row of a table: first what it is about, last what shows it - tests, as
`room/tests/test_file.py::test_name`, or documents, as `docs/file.md`. What is printed is made of
those rows and of what pytest says, and of nothing else.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
THREATS, ASVS = "threat-model.md", "asvs.md"
STATUSES = {"met", "host", "n/a"}
NAMED = re.compile(r"`([^`\s]+\.(?:py::[\w:]+|md|sql))`")
# Of ASVS 5.0.0, by section: the level of each requirement in turn. Those of level 3 are not ours.
LEVELS = """
1.1 22  1.2 1111122223  1.3 112222222223  1.4 222  1.5 123
2.1 122  2.2 112  2.3 12223  2.4 23
3.1 3  3.2 113  3.3 12223  3.4 11222233  3.5 11122333  3.6 3  3.7 22333
4.1 12233  4.2 23333  4.3 22  4.4 1222
5.1 2  5.2 112333  5.3 113  5.4 222
6.1 122  6.2 111111112222  6.3 11223333  6.4 112233  6.5 22222333  6.6 2223  6.7 33  6.8 2222
7.1 222  7.2 1111  7.3 22  7.4 11222  7.5 223  7.6 22
8.1 1233  8.2 1123  8.3 133  8.4 23
9.1 111  9.2 1222
10.1 22  10.2 223  10.3 22223  10.4 1111122222233333  10.5 22222  10.6 22  10.7 222
11.1 2233  11.2 22233  11.3 11233  11.4 1222  11.5 23  11.6 23  11.7 33
12.1 12233  12.2 11  12.3 22223
13.1 2333  13.2 222223  13.3 2233  13.4 1222233
14.1 22  14.2 12223333  14.3 122
15.1 12233  15.2 12233  15.3 1222222  15.4 3333
16.1 2  16.2 22222  16.3 2222  16.4 222  16.5 2223
17.1 23  17.2 22223333  17.3 22
"""


class Claim(NamedTuple):
    about: str
    status: str
    why: str
    tests: list[str]
    documents: list[str]


def rows(path):
    """The cells of each row of its tables, but for the two that head each."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    table = [line for line in lines if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return [row for row in cells if not re.fullmatch(r"[-: ]*", row[0]) and row[0] not in HEADS]


HEADS = {"risk", "requirement", "status"}


def claims(docs):
    for risk, control, shown in rows(docs / THREATS):
        yield Claim(risk, "met", control, *named(shown))
    for number, _level, status, why, shown in rows(docs / ASVS):
        yield Claim(number, status, why, *named(shown))


def named(text):
    found = NAMED.findall(text)
    return [name for name in found if "::" in name], [name for name in found if "::" not in name]


def wanted():
    """Each requirement of levels 1 and 2, and its level."""
    told = LEVELS.split()
    for section, levels in zip(told[::2], told[1::2], strict=True):
        for number, level in enumerate(levels, 1):
            if level != "3":
                yield f"{section}.{number}", level


@cache
def tests_of(file):
    """What can be named of a file of tests: functions, classes, and methods."""
    path = ROOT / file
    if not path.is_file():
        return set()
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inside = (child for child in node.body if isinstance(child, ast.FunctionDef))
            found |= {f"{node.name}::{child.name}" for child in inside}
    return {name for name in found if name.split("::")[-1].lower().startswith("test")}


def faults(docs):
    """What is wrong with the documents, in sentences."""
    told = list(claims(docs))
    for claim in told:
        for test in claim.tests:
            file, _, name = test.partition("::")
            if name not in tests_of(file):
                yield f"{claim.about}: there is no {test}."
        for document in claim.documents:
            if not (ROOT / document).is_file():
                yield f"{claim.about}: there is no {document}."
        if claim.status == "met" and not claim.tests + claim.documents:
            yield f"{claim.about}: nothing shows it."
        if claim.status != "met" and not claim.why:
            yield f"{claim.about}: {claim.status}, and it does not say why."
        if claim.status not in STATUSES:
            yield f"{claim.about}: “{claim.status}” is none of {', '.join(sorted(STATUSES))}."
    for risk, _control, shown in rows(docs / THREATS):
        if not named(shown)[0]:
            yield f"{risk}: no test shows it."
    levels = {row[0]: row[1] for row in rows(docs / ASVS)}
    for number, level in wanted():
        if levels.pop(number, None) != level:
            yield f"{number}, of level {level}, has no row, or one of another level."
    for number in levels:
        yield f"{number} is no requirement of level 1 or 2."
    for about, number in Counter(claim.about for claim in told).items():
        if number > 1:
            yield f"{about} has {number} rows."


class Recorder:
    """What became of each test; of one with many cases, of all of them."""

    def __init__(self):
        self.outcomes = defaultdict(set)

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.partition("[")[0]
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[name].add(report.outcome)

    def of(self, test):
        """A class is what its tests are."""
        found = {
            outcome
            for name, outcomes in self.outcomes.items()
            if name == test or name.startswith(f"{test}::")
            for outcome in outcomes
        }
        for outcome in ("failed", "passed", "skipped"):  # Some cases are of one engine alone.
            if outcome in found:
                return outcome
        return "not run"


def verdict(claim, recorder):
    """Its status; of what is met, whether it was shown just now."""
    outcomes = {recorder.of(test) for test in claim.tests}
    if claim.status != "met" or outcomes <= {"passed"}:
        return claim.status
    return "met, not shown on this engine" if outcomes <= {"passed", "skipped"} else "not shown"


def prove(docs):
    import pytest

    told = list(claims(docs))
    recorder = Recorder()
    names = sorted({test for claim in told for test in claim.tests})
    options = ["-q", "-n", "auto", "--dist", "worksteal", "-r", "", "--no-header", "--tb=short"]
    pytest.main([*options, *names], plugins=[recorder])
    table = [("result", "status", "claim", "shown by, or why")]
    for claim in told:
        shown = [(recorder.of(test), test) for test in claim.tests]
        shown += [("document", document) for document in claim.documents]
        for outcome, what in shown or [("", claim.why)]:
            table.append((outcome, claim.status, claim.about, what))
    failed = sum(row[0] in ("failed", "not run") for row in table)
    widths = [max(map(len, column)) for column in list(zip(*table, strict=True))[:3]]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)]
        print(" | ".join([*cells, row[3]]))
    told_of = Counter(verdict(claim, recorder) for claim in told if re.match(r"\d", claim.about))
    ran = Counter(recorder.of(name) for name in names)
    print()
    print("ASVS 5.0, levels 1 and 2: " + ", ".join(f"{n} {s}" for s, n in told_of.most_common()))
    print("Tests: " + ", ".join(f"{n} {outcome}" for outcome, n in ran.most_common()))
    if ran["skipped"]:
        print("What was skipped needs PostgreSQL: DATABASE_URL=postgres://… make proof")
    return failed


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--check"]
    folder = Path(words[0]) if words else ROOT / "docs"
    wrong = list(faults(folder))
    print("\n".join(wrong)) if wrong else None
    if wrong or "--check" in sys.argv:
        sys.exit(bool(wrong))
    sys.exit(bool(prove(folder)))
