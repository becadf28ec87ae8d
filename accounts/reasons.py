"""Why not: the rule in words, made from the policies, and whom to ask."""

from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .access import actions, first_hand, policies
from .models import Record, Team, User

TEAMS = {
    Team.SALES: gettext_lazy("the sales team"),
    Team.SUPPORT: gettext_lazy("the support team"),
    Team.MANAGEMENT: gettext_lazy("management"),
}


class Reason(NamedTuple):
    """Why a person may not: the rule, and the role and name of each of those to ask."""

    sentence: str
    people: list[tuple[Any, Any]]


def why_not(reader, perm, record=None):
    """What stands on a refusal and on a read-only record."""
    return Reason(rule(perm), whom_to_ask(reader, perm, record))


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


def whom_to_ask(reader, perm, record=None):
    """
    The contacts of the record who work here and hold the permission, or else management.

    Never the reader, who was just told no.
    """
    contacts = record.contacts() if isinstance(record, Record) else []
    keys = [person.pk for _role, person in contacts if person]
    either = Q(pk__in=keys) | Q(groups__name=Team.MANAGEMENT)
    people = User.objects.active().with_team().filter(either).exclude(pk=reader.pk)
    known = {person.pk: person for person in people}
    asked = [known[pk] for pk in keys if pk in known]
    held = first_hand(perm, record, asked)
    found = [(role, known[person.pk]) for role, person in contacts if person and person.pk in held]
    managers = [person for person in known.values() if person.team == Team.MANAGEMENT]
    return found or [(Team.MANAGEMENT.label, person) for person in managers]


def _is_all(rule):
    return rule is not None and any(not part.words for part in rule.parts)
