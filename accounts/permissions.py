"""
Who can do what, and when: a table for each kind of record, made from policies and moments.

The page "Who can do what" and ``docs/permissions.md`` show it; nobody writes it by hand.
"""

from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .access import actions, model_of, moments, policies
from .reasons import TEAMS, either, holders

HEADER = """# Who can do what

Made by `manage.py permissions` from the `policy.py` and `workflow.py` of each app: change those,
run `make permissions`, and commit both. The application shows the same at `/help/permissions/`.
"""


class Line(NamedTuple):
    action: str
    who: str
    when: Any


def tables():
    """The name of each model, and a line for each of its permissions; people come last."""
    found: dict[Any, list] = {}
    for perm in policies:
        found.setdefault(model_of(perm), []).append(_line(perm))
    ours = sorted(found, key=lambda model: model._meta.app_label == "accounts")
    return [(capfirst(model._meta.verbose_name), found[model]) for model in ours]


def markdown():
    """The tables as they stand in the documentation."""
    parts = [HEADER]
    for name, lines in tables():
        parts.append(f"\n## {name}\n\n| to | who | when |\n| --- | --- | --- |\n")
        parts += [f"| {line.action} | {line.who} | {line.when} |\n" for line in lines]
    return "".join(parts)


def _line(perm):
    people, teams = holders(perm, loans=True)
    who = _("everybody in a team") if len(teams) == len(TEAMS) else either([*people, *teams])
    when = moments[perm].words if perm in moments else ""
    return Line(str(actions[perm]), str(who), str(when))
