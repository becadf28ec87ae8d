"""Who works here, and in which browsers they are signed in."""

from collections import defaultdict

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from ..fields import PhoneField
from ..querysets import SessionManager, UserManager
from ..sessions import SessionStore
from .lending import Absence, Delegation
from .teams import Team


class Theme(models.TextChoices):
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    AUTO = "auto", _("As the system")


class Mails(models.TextChoices):
    """How often notifications come by mail, too; empty: never."""

    EACH = "each", _("As they come")
    DAILY = "daily", _("Once a day, in one mail")


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
    mails = models.CharField(
        _("notifications by mail"), max_length=5, choices=Mails, blank=True, default=""
    )
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=False)
    # When the link was made with which a password can be chosen; empty once that is done.
    invited_at = models.DateTimeField(_("invited on"), null=True, blank=True, editable=False)

    # Until then nothing that the person reads is counted: brake.py.
    unbraked_until = models.DateTimeField(
        _("reading limit lifted until"), null=True, blank=True, editable=False
    )

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

    @property
    def must_have_factor(self):
        """As one of their team, or as a superuser."""
        teams = settings.SECOND_FACTOR_TEAMS
        return self.team in teams or bool(self.is_superuser and teams)

    @property
    def owes_factor(self):
        return self.must_have_factor and not self.has_factor

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

    @cached_property
    def missing_keys(self):
        """
        Keys of those whose work nobody does today, for this person to look after.

        Read once a request, for the reason that ``delegated_keys`` has.
        """
        return list(User.objects.missing().values_list("pk", flat=True))


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


class CalendarFeed(models.Model):
    """
    The address at which a calendar reads somebody's events without signing in.

    Whoever has the address reads them: only the digest of its token is kept.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self):
        return str(self.person)
