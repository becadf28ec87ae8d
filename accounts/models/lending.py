"""What is lent to whom: a record, all that somebody away holds, and what was asked for."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from ..access import actions
from ..querysets import AbsenceManager
from .teams import Team


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
