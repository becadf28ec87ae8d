from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import BaseUserManager
from django.contrib.sessions.base_session import BaseSessionManager
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate, now

from . import brake
from .access import NONE, chance, permission, require, scope
from .nearness import can_resemble, near_words, nearest
from .portfolio import number_each, portfolio
from .searching import begins, holds
from .sessions import idle
from .steps import tellers

FOUND = 500  # Records that a search finds at most.
AHEAD = timedelta(days=30)  # How far one looks to see how busy somebody is.


def full_name(path):
    """The name of the person at ``path``, for rows that carry no person."""
    return Concat(f"{path}__first_name", Value(" "), f"{path}__last_name")


class PolicyQuerySet(models.QuerySet):
    """A queryset that knows what a person may do with its records."""

    def allowing(self, user, action):
        return self.filter(scope(user, permission(self.model, action)))

    def visible_to(self, user):
        return self.allowing(user, "view")

    def with_rights(self, user, *actions):
        """Mark each record with ``may_<action>``, who and when, in the same query."""
        return self.annotate(
            **{f"may_{a}": chance(user, permission(self.model, a)) for a in actions}
        )

    def with_steps(self):
        """Mark each record with what comes next for it, as its app has it."""
        return tellers[self.model].marked(self)

    def marked(self, steps, *, urgent=NONE, orphaned=NONE):
        """
        Mark each record with what comes next for it: the code of a ``step``, its day ``step_on``,
        whether it is ``urgent``, and whether it is ``orphaned``: in nobody's hands.

        ``steps`` maps a code to when it applies and to its day. The first that applies counts.
        """
        codes = [When(when, then=Value(code)) for code, (when, _day) in steps.items()]
        days = [When(when, then=day) for when, day in steps.values()]
        return self.annotate(
            step=Case(*codes, output_field=models.CharField()),
            step_on=Case(*days, output_field=models.DateField()),
            urgent=Case(When(urgent, then=True), default=False),
            orphaned=Case(When(orphaned, then=True), default=False),
        )

    def to_do(self):
        """Of the marked ones, those for which something comes next."""
        return self.filter(step__isnull=False)

    def get_for(self, user, action, pk, *offers, shown=True):
        """
        Fetch a record to act on; ``offers`` are other actions to mark it with.

        Every page about one record begins here, so the brake is here, too; one of many, to which a
        verb is done at once, is not ``shown``. Raise Http404 if ``user`` may not see it, Refused
        if they may not do this, WrongMoment if not now, TooMuch if they have opened too many that
        are in other hands.
        """
        records = self.visible_to(user).with_rights(user, action, *offers)
        record = get_object_or_404(brake.watched(records, user) if shown else records, pk=pk)
        if not getattr(record, f"may_{action}"):
            require(user, permission(self.model, action), record)
        brake.open_record(user, record)
        return record

    def matching(self, words):
        """
        The records that hold every word, accents and case ignored: any ``FOUND`` of them and one
        more if there are more.

        Found in no order and put in order afterwards: to look for a rare word along the index of
        an order, the database may read all of it. So filter first, then search.
        """
        if not words.strip():
            return self
        return self.filter(pk__in=self.filter(holds(words)).order_by().values("pk")[: FOUND + 1])

    def near(self, words, most, *, whole=False):
        """
        The records whose names are nearly these words, the nearest first: ``most`` of them.

        ``whole``: only those that are near every word.
        """
        sought = near_words(words)
        if not sought or not can_resemble(self.db):
            return []
        return nearest(self.filter(search_text__resembles=sought), sought, whole=whole)[:most]

    def beginning(self, words):
        """The records whose name begins so, by name."""
        return self.filter(begins(words)).order_by("sort_key", "pk")


class PolicyManager(models.Manager.from_queryset(PolicyQuerySet)):
    """Fetch a missing relation for the whole page at once, never row by row."""

    def get_queryset(self):
        return super().get_queryset().fetch_mode(models.FETCH_PEERS)


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def in_team(self, *teams):
        return self.filter(groups__name__in=teams)

    def may_sell(self):
        """Who can be the sales contact of a client, with how many they have."""
        current = self._related("clients").filter(archived_at=None)
        people = self.active().in_team("sales", "management")
        return people.annotate(load=number_each(current, "sales_contact"))

    def may_support(self):
        """Who can be the support contact of an event, with how many are to come; least first."""
        load = number_each(self._to_come(), "support_contact")
        people = self.active().in_team("support").annotate(load=load)
        return people.order_by("load", "first_name", "last_name", "pk")

    def with_month(self):
        """Bring along ``month``: how many planned events begin in these days and are not over."""
        soon = self._to_come().filter(starts_at__date__lte=localdate() + AHEAD)
        return self.annotate(month=number_each(soon, "support_contact"))

    def _to_come(self):
        return self._related("events").filter(status="planned", ends_at__gte=now())

    def _related(self, name):
        return self.model._meta.get_field(name).related_model.objects

    def missing(self):
        """Whose work nobody does: accounts closed, and who is away with nobody standing in."""
        away = self._related("absences").on(localdate())
        theirs = away.filter(person=OuterRef("pk"))
        return self.filter(Q(is_active=False) | Exists(theirs) & ~Exists(theirs.covered()))

    def employees(self):
        """Without superusers, whom no page touches."""
        return self.filter(is_superuser=False)

    def with_holdings(self):
        """Bring along how much is in the hands of each: ``<holding>_held``."""
        held = {f"{name}_held": holding.number() for name, holding in portfolio.items()}
        return self.annotate(**held)

    def with_team(self):
        """Bring the team along: one row a person, a unique index allows one team."""
        return self.annotate(team=F("groups__name"))

    def with_factor(self):
        """Bring along whether the person has a second factor."""
        factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
        return self.annotate(has_factor=Exists(factors.filter(user=OuterRef("pk"))))

    def with_unread(self):
        """Bring along how many notifications the person has not read: ``unread``."""
        unread = self._related("notifications").unread()
        return self.annotate(unread=number_each(unread, "recipient"))


class AbsenceQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def during(self, first, last):
        """On one of the days from the first to the last, whoever goes first at the front."""
        return self.filter(starts_on__lte=last, ends_on__gte=first).order_by("starts_on", "pk")

    def of_same_work(self):
        """Whose colleague does the work of the one who is away: it ends with a change of team."""
        from .models import SAME_WORK

        either = Q(pk__in=[])
        for team, teams in SAME_WORK.items():
            either |= Q(delegate__groups__name=team, person__groups__name__in=teams)
        return self.filter(either)

    def covered(self):
        """Whose colleague works here, does this work, and is not away today."""
        there = self.of_same_work().filter(delegate__is_active=True)
        away = self.model.objects.on(localdate()).filter(person=OuterRef("delegate"))
        return there.exclude(Exists(away))


class AbsenceManager(models.Manager.from_queryset(AbsenceQuerySet)):
    """Those of a person, or of a day."""


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    use_in_migrations = False

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """From the command line only: no page makes one."""
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)


class SessionQuerySet(models.QuerySet):
    def with_team(self):
        return self.annotate(team=F("person__groups__name"))

    def open_of(self, person):
        """Where ``person`` is signed in now, the latest first."""
        seen_since = now() - idle(person.team)
        return self.filter(
            person=person, expire_date__gt=now(), last_seen_at__gt=seen_since
        ).order_by("-last_seen_at", "-pk")


class SessionManager(BaseSessionManager.from_queryset(SessionQuerySet)):
    pass
