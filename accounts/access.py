"""
Who may do what, and when.

Each app declares who in ``policy.py``: for every permission a Rule per team, which turns a user
into a ``Q``. It declares when in ``workflow.py``: a Moment, a ``Q`` on the state. The same ``Q``
filters a list, marks a row with ``may_…`` and decides on one record, so the three cannot disagree.
Both carry words, so that a refusal says what stands here and not what somebody wrote elsewhere.
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from history.models import Entry

NONE = Q(pk__in=[])
ALL = ~NONE  # Not Q(): an empty Q vanishes when or-ed with another.


class Part(NamedTuple):
    """Some of the people of a rule: a user → ``Q``, and who that is."""

    records: Callable[[Any], Q]
    words: Any = ""  # Empty: whoever is in the team.
    is_loan: bool = False
    path: str = ""  # Of the field that names the holder, if the record itself leads there.


class Rule:
    """On which records a team holds a permission. ``one | other`` gives both."""

    def __init__(self, *parts):
        self.parts = parts

    def __call__(self, user):
        return _any(self.parts, user)

    def first_hand(self, user):
        """Without what is only lent."""
        return _any((part for part in self.parts if not part.is_loan), user)

    def __or__(self, other):
        return Rule(*self.parts, *other.parts)


def _any(parts, user):
    return reduce(or_, (part.records(user) for part in parts), NONE)


class Moment(NamedTuple):
    """When a permission may be used: in words what must be so, and as a ``Q``."""

    words: Any
    when: Any  # A Q, or a function that makes one of the clock.

    def __call__(self):
        return self.when() if callable(self.when) else self.when


every = Rule(Part(lambda user: ALL))
nothing = Rule()


def held_by(path, words, *, among=None):
    """
    The records in whose field at ``path`` the user stands: the one test of "this is mine".

    ``among``: the field is that of another model, ``(label, path to the record)``.
    """

    def records(user):
        return _reached(Q(**{path: user}), among)

    return Rule(Part(records, words, path="" if among else path))


def _reached(condition, among):
    if among is None:
        return condition
    label, record = among
    return Q(pk__in=apps.get_model(label)._default_manager.filter(condition).values(record))


def lent_to(path, label, *, among=None):
    """
    The records with, at ``path``, one of the ``label`` model that is delegated to the user.

    A person who is away is one, too. ``among``: as in ``held_by``.
    """

    def records(user):
        keys = user.delegated_keys[label]
        return _reached(Q(**{f"{path}__in": keys}), among) if keys else NONE

    return Rule(Part(records, _("a colleague to whom it is delegated"), is_loan=True))


def unless_erased(path=""):
    """
    The records whose client, at ``path``, has its personal data: what an erasure leaves is
    restricted to management (GDPR, article 18). docs/adr/0033.
    """
    condition = Q(**{f"{path}erased_at": None})
    words = _("anybody in a team (not once its personal data is erased)")
    return Rule(Part(lambda user: condition, words))


# Permission → {team: Rule}.
policies: dict[str, dict] = {}
# Model label → {team: Rule}: what is in a person's hands, which the brake never counts.
in_charge: dict[str, dict] = {}
# Permission → what it lets one do, as it reads after "can": "edit it".
actions: dict[str, Any] = {}
# Permission → Moment; without one there is no bad moment.
moments: dict[str, Moment] = {}
# Permission → the entry that came first, where the record's own journal lacks it.
firsts: dict[str, Any] = {}


class Refused(PermissionDenied):
    """The wrong person: says which permission, on which record."""

    def __init__(self, perm, record=None):
        super().__init__(perm)
        self.perm, self.record = perm, record


class WrongMoment(Exception):
    """The right person at the wrong moment: who came before, and what must be so, in words."""

    def __init__(self, record, entry=None, wanted=""):
        super().__init__(str(record))
        self.record, self.entry, self.wanted = record, entry, wanted


def permission(model, action):
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def model_of(perm):
    """The model a permission is about: ``clients.open_contract_client`` → Client."""
    app_label, codename = perm.split(".")
    return apps.get_model(app_label, codename.rsplit("_", 1)[1])


def scope(user, perm):
    """The records on which ``user`` holds ``perm``, as a ``Q``."""
    if not user.is_active:
        return NONE
    if user.is_superuser:
        return ALL
    return policies[perm].get(user.team, nothing)(user)


def moment(perm):
    """The records for which this is the moment, as a ``Q``."""
    return moments[perm]() if perm in moments else ALL


def chance(user, perm):
    """The records on which ``user`` may use ``perm`` now: who, and when."""
    return scope(user, perm) & moment(perm)


def allows(user, perm, record=None):
    """
    Tell whether ``user`` holds ``perm`` on ``record``; without one, on every record.

    Ask the database, not the instance: a form may have changed it already.
    """
    if record is None:
        return user.is_active and (user.is_superuser or policies[perm].get(user.team) is every)
    return _matches(record, scope(user, perm), perm)


def require(user, perm, record=None):
    """Raise Refused for the wrong person, WrongMoment for the wrong moment."""
    if not allows(user, perm, record):
        raise Refused(perm, record)
    if record is not None and perm in moments and not _matches(record, moment(perm), perm):
        raise WrongMoment(record, _first(perm, record), moments[perm].words)


def holds(user, perm, record):
    """What ``allows`` tells, as a ``Q`` on whatever is asked anyway."""
    if record is None:
        return ALL if allows(user, perm) else NONE
    return Q(Exists(_one(perm, record).filter(scope(user, perm))))


def first_hand(perm, record, people):
    """Those of the people who hold ``perm`` on ``record`` themselves, not by a loan: a ``Q``."""
    if not people:
        return NONE
    one = _one(perm, record)
    return reduce(
        or_,
        (
            Q(Exists(one.filter(rule.first_hand(person))), pk=person.pk, groups__name=team)
            for person in people
            for team, rule in policies[perm].items()
        ),
        NONE,
    )


def _first(perm, record):
    """The entry that tells why it is too late, if there is one."""
    if perm in firsts and (entry := firsts[perm](record)):
        return entry
    return Entry.objects.about(record).touching(moment(perm).referenced_base_fields).first()


def _matches(record, condition, perm):
    return _one(perm, record).filter(condition).exists()


def _one(perm, record):
    """The record as a queryset of the model that the permission is about."""
    model = model_of(perm)
    if not isinstance(record, model):
        raise TypeError(f"{perm} does not apply to {record._meta.label}.")
    return model._default_manager.filter(pk=record.pk)
