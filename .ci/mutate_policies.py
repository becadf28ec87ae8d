"""
Is every rule of the policies tested? Break one at a time and see a test fail.

For each permission and team the rule is taken away, made "every", and loses each of its parts;
a team without a rule gets one; each moment is dropped, and loses each of its conditions. A mutant
that no test of RIGHTS notices is a survivor, and a failure. One database and one process: a
mutant lasts a moment, so this takes a few minutes at most.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parent.parent
# The table of who, what a loan and an absence give, and the table of when.
TABLES = ("rights", "delegate", "absence", "moments", "notes")
RIGHTS = [f"epic_crm/tests/test_{name}.py" for name in TABLES]
RIGHTS.append("dashboard/tests/test_restriction.py")  # What is left of an erasure.
LOANS = "test_each_right"
SLOW = "test_the_verb"  # The whole deed: not before what only asks has let a mutant pass.


class Mutant(NamedTuple):
    name: str
    perm: str
    table: dict
    key: Any
    value: Any

    @contextmanager
    def at_large(self):
        missing = object()
        before = self.table.get(self.key, missing)
        self.table[self.key] = self.value
        try:
            yield
        finally:
            if before is missing:
                del self.table[self.key]
            else:
                self.table[self.key] = before


def mutants() -> Iterator[Mutant]:
    from accounts.access import ALL, moments, policies
    from accounts.models import Team

    for perm, rules in policies.items():
        for team in Team:
            for what, rule in broken_rules(rules.get(team)):
                yield Mutant(f"{perm}, {team.value}: {what}", perm, rules, team, rule)
    for perm, moment in moments.items():
        yield Mutant(f"{perm}: at any moment", perm, moments, perm, moment._replace(when=ALL))
        for what, changed in broken_moments(moment):
            yield Mutant(f"{perm}: moment without {what}", perm, moments, perm, changed)


def broken_rules(rule):
    from accounts.access import Rule, every, nothing

    if rule is not every:
        yield "every", every
    if rule is None:
        return
    yield "nothing", nothing
    if len(rule.parts) > 1:
        for n, part in enumerate(rule.parts):
            rest = Rule(*rule.parts[:n], *rule.parts[n + 1 :])
            yield f"without part {n + 1}, {part.words}", rest


def broken_moments(moment):
    from django.db.models import Q

    when = moment()
    if when.connector != Q.AND or when.negated or len(when.children) < 2:
        return
    for n, child in enumerate(when.children):
        rest = Q(*when.children[:n], *when.children[n + 1 :])
        yield child, moment._replace(when=rest)


class Hunt:
    """Runs, for each mutant, the tests that speak of its permission, then the others."""

    survivors: list[str]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        quick = [item for item in session.items if SLOW not in item.name]
        if failed := self.first_failure(session, quick):
            print(f"Fails without a mutant: {failed.nodeid}")
            session.testsfailed = 1
            return True
        self.survivors = []
        hunted = list(mutants())
        for mutant in hunted:
            with mutant.at_large():
                killer = self.first_failure(session, ordered(session.items, mutant.perm))
            if not killer:
                self.survivors.append(mutant.name)
            if "-v" in sys.argv or not killer:
                print(f"{mutant.name}: {killer.name if killer else 'SURVIVES'}", flush=True)
        print(f"{len(hunted)} mutants, {len(self.survivors)} survivors.")
        session.testsfailed = len(self.survivors)
        return True

    def first_failure(self, session, items):
        for item in items:
            reports = runtestprotocol(item, log=False, nextitem=session)
            if any(report.failed for report in reports):
                return item
        return None


def ordered(items, perm):
    """Those about this permission first, then what a loan gives; the slow ones last."""

    def place(item):
        return SLOW in item.name, not speaks_of(item, perm), LOANS not in item.name

    return sorted(items, key=place)


def speaks_of(item, perm):
    from epic_crm.tests import test_rights

    params = item.callspec.params if hasattr(item, "callspec") else {}
    action = test_rights.RIGHTS.get(params.get("action"))
    return perm == (action.perm if action else params.get("perm"))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    quiet = ["-p", "no:xdist", "-p", "no:terminalreporter", "--capture=no", f"--rootdir={ROOT}"]
    paths = [str(ROOT / path) for path in RIGHTS]
    sys.exit(pytest.main([*quiet, *paths], plugins=[Hunt()]))
