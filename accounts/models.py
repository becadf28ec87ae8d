from collections import defaultdict

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from .access import actions
from .fields import PhoneField
from .querysets import AbsenceManager, PolicyManager, SessionManager, UserManager
from .sessions import SessionStore


class Team(models.TextChoices):
    """The three Django groups. A person is in one of them, or in none."""

    MANAGEMENT = "management", _("Management")
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")


# In whose place the members of a team can stand: management sells too.
SAME_WORK = {
    Team.MANAGEMENT: (Team.MANAGEMENT, Team.SALES),
    Team.SALES: (Team.MANAGEMENT, Team.SALES),
    Team.SUPPORT: (Team.SUPPORT,),
}


class Theme(models.TextChoices):
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    AUTO = "auto", _("As the system")


class User(AbstractUser):
    """
    Somebody who works here and signs in with an e-mail address.

    ``is_staff`` and ``is_superuser`` stay false: rights come from the team, by the policies.
    """

    username = None  # type: ignore[assignment]
    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is already an account with this address.")},
    )
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    phone = PhoneField(_("phone"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, blank=True)
    # When the link was made with which a password can be chosen; empty once that is done.
    invited_at = models.DateTimeField(_("invited on"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["first_name", "last_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_whatever_the_case",
                violation_error_message=_("There is already an account with this address."),
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    @cached_property
    def team(self):
        """The person's team or None. PolicyBackend brings it along with the user."""
        return self.groups.values_list("name", flat=True).first()

    @cached_property
    def has_factor(self):
        """Whether a second factor guards the account. PolicyBackend brings it along too."""
        return type(self).objects.with_factor().get(pk=self.pk).has_factor

    def get_team_display(self):
        return Team(self.team).label if self.team else _("No team")

    @cached_property
    def delegated_keys(self):
        """
        Keys of the records delegated to this person today, by model label. Of ``accounts.user``:
        those who are away, in whose place this person stands.

        Read once a request, in one query for all tables: a list of keys keeps a page fast where
        a subquery would make the database walk the whole table.
        """
        away = Absence.objects.on(localdate()).of_same_work().filter(delegate=self)
        loans = (
            table.objects.filter(user=self, until__gte=localdate()).values_list(
                Value(model._meta.label_lower), "content_object_id"
            )
            for model, table in Delegation.tables().items()
        )
        keys = defaultdict(list)
        rows = away.values_list(Value(User._meta.label_lower), "person_id")
        for label, pk in rows.union(*loans, all=True):
            keys[label].append(pk)
        return keys


class Session(AbstractBaseSession):
    """
    A browser in which somebody is signed in, or nobody yet. Written by ``sessions``.

    Pages name it by ``pk``: whoever has the ``session_key`` is signed in.
    """

    id = models.BigAutoField(primary_key=True)
    session_key = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions", null=True
    )
    device = models.CharField(_("device"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("signed in on"))
    last_seen_at = models.DateTimeField(_("last seen on"), default=now)

    objects = SessionManager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


class Delegation(UserObjectPermissionBase):
    """
    A record lent to a colleague until a day, included. One table per model.

    Written by ``delegations.delegate``: guardian's ``assign_perm`` knows no ``until``.
    """

    until = models.DateField(_("until"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )

    teams: tuple[Team, ...] = ()  # The teams that do this work: to whose members it may be lent.

    class Meta:
        abstract = True
        unique_together = ["user", "content_object"]

    @classmethod
    def tables(cls):
        """The table for each model whose records can be delegated."""
        return {table.content_object.field.related_model: table for table in cls.__subclasses__()}


class Absence(models.Model):
    """
    From a day to a day, both included, a colleague stands in for somebody who is away.

    It begins and ends by itself: the policies ask for it by the day. It lends what the person
    holds, not what was lent to them. The colleague may be gone since: then nobody stands in.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("person")
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        verbose_name=_("stands in"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = AbsenceManager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="absence_ends_after_its_start",
                violation_error_code="ends_on",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=~models.Q(delegate=models.F("person")),
                name="absence_covered_by_somebody_else",
                violation_error_code="delegate",
                violation_error_message=_("Choose a colleague."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.starts_on} – {self.ends_on}"


class AccessRequest(models.Model):
    """
    Somebody asks to be lent a record, because of one thing they may not do to it.

    It reaches whoever may delegate the record: ``requests.reaching``. A key without constraint,
    as in the journal: the record may be deleted.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    permission = models.CharField(max_length=100)
    label = models.CharField(max_length=100)
    record_id = models.BigIntegerField()
    reason = models.CharField(_("reason"), max_length=500)
    until = models.DateField(_("until"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "label", "record_id", "permission"],
                condition=models.Q(state="open"),
                name="one_open_request",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at=None)
                | (~models.Q(state="open") & models.Q(answered_at__isnull=False)),
                name="request_answered_at_a_moment",
            ),
        ]

    def __str__(self):
        return f"{self.permission} {self.record_id}: {self.state}"

    @property
    def action(self):
        """What the person wants to do, as it reads after "to"."""
        return actions[self.permission]

    @cached_property
    def record(self):
        """The record it is about, or None once that is deleted."""
        return apps.get_model(self.label)._default_manager.filter(pk=self.record_id).first()


class Record(models.Model):
    """What every business record has. ``records.write`` alone changes it."""

    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed on"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PolicyManager()

    class Meta:
        abstract = True

    def contacts(self):
        """Whom to ask about this record: role and person, or nobody, of each contact."""
        raise NotImplementedError

    def responsible(self, team):
        """The contact whose work on this record ``team`` does, if it does any."""
        return None

    def above(self):
        """The records it belongs to: who has been lent one of those works on this one too."""
        return []


class Submission(models.Model):
    """A form that made a record: sent again by the same person, it makes no second one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField()
    label = models.CharField(max_length=100)
    record_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="submission_once"),
        ]

    def __str__(self):
        return f"{self.label} {self.record_id}"

    @property
    def record(self):
        """What it made; None once that is deleted."""
        return apps.get_model(self.label)._base_manager.filter(pk=self.record_id).first()
