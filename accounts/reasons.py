"""Why not: the rule in words, made from the policies, and whom to ask."""

from typing import Any, NamedTuple

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .access import actions, first_hand, holds, moments, policies
from .models import Record, Team, User
from .requests import may_ask

TEAMS = {
    Team.SALES: gettext_lazy("the sales team"),
    Team.SUPPORT: gettext_lazy("the support team"),
    Team.MANAGEMENT: gettext_lazy("management"),
}


class Reason(NamedTuple):
    """
    Why a person may not: the rule, the role and name of each of those to ask, and where to ask
    for a loan if that would help.
    """

    sentence: str
    people: list[tuple[Any, Any]]
    ask: str = ""


def why_not(reader, perm, record=None):
    """What stands on a refusal and on a read-only record: one query."""
    if record is None:
        return Reason(rule(perm), whom_to_ask(reader, perm))
    asked = _asked(reader, perm, record)
    if perm in moments and asked.reader_may:
        return Reason(_sentence(moments[perm].words), asked.managers)
    ask = reverse("access_ask", args=[perm, record.pk]) if may_ask(reader, perm, record) else ""
    return Reason(rule(perm), asked.contacts or asked.managers, ask)


def rule(perm):
    """
    Who may, in a sentence. People come first: in French the word that opens it follows them.

    Loans are left out: they come from those who are named.
    """
    people, teams = holders(perm)
    words = {"who": either([*people, *teams]), "action": actions[perm]}
    if people:
        return pgettext("people", "Only %(who)s can %(action)s.") % words
    return pgettext("teams", "Only %(who)s can %(action)s.") % words


def holders(perm, *, loans=False):
    """Who may, in words: people by what they are to the record, and whole teams."""
    rules = policies[perm]
    teams = [words for team, words in TEAMS.items() if _is_all(rules.get(team))]
    parts = [
        part
        for team in TEAMS
        if team in rules and not _is_all(rules[team])
        for part in rules[team].parts
        if loans or not part.is_loan
    ]
    parts.sort(key=lambda part: part.is_loan)
    return [*dict.fromkeys(str(part.words) for part in parts)], teams


def either(words):
    """One, two or three, any of which will do."""
    *others, last = map(str, words)
    return (
        _("%(others)s or %(last)s") % {"others": ", ".join(others), "last": last}
        if others
        else last
    )


def whom_to_ask(reader, perm, record=None, *, team=None):
    """
    The contacts of the record who work here and hold the permission, or else management.

    Never the reader, who was just told no. With a ``team``: those contacts who are in it, or in
    management.
    """
    asked = _asked(reader, perm, record, team)
    return asked.contacts or asked.managers


class _Asked(NamedTuple):
    contacts: list[tuple[Any, Any]]
    managers: list[tuple[Any, Any]]
    reader_may: bool


def _asked(reader, perm, record, team=None):
    contacts = record.contacts() if isinstance(record, Record) else []
    named = {person.pk: person for _role, person in contacts if person}
    teams = {team, Team.MANAGEMENT} if team else set(Team)
    held = first_hand(perm, record, named.values()) & Q(groups__name__in=teams)
    theirs = Q(pk=reader.pk) & holds(reader, perm, record)
    either = Q(pk__in=[*named, reader.pk]) | Q(groups__name=Team.MANAGEMENT)
    people = User.objects.active().with_team().filter(either)
    people = people.annotate(holds=Case(When(held | theirs, then=True), default=False))
    known = {person.pk: person for person in people}
    may = reader.pk in known and known.pop(reader.pk).holds
    found = [
        (role, known[person.pk])
        for role, person in contacts
        if person and person.pk in known and known[person.pk].holds
    ]
    managers = [person for person in known.values() if person.team == Team.MANAGEMENT]
    return _Asked(found, [(Team.MANAGEMENT.label, person) for person in managers], may)


def _sentence(words):
    return f"{capfirst(words)}."


def _is_all(rule):
    return rule is not None and any(not part.words for part in rule.parts)
