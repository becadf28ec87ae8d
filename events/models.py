from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField, PlainField, in_our_time
from accounts.models import Delegation, Record, Team
from accounts.querysets import PolicyManager

from .querysets import EventQuerySet

SOON = timedelta(days=7)  # From here on a missing support contact is urgent.


class Status(models.TextChoices):
    PLANNED = "planned", _("Planned")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class Event(Record):
    """What a signed contract promised: planned, looked after by support, completed."""

    contract = models.OneToOneField(
        "contracts.Contract", models.PROTECT, related_name="event", verbose_name=_("contract")
    )
    name = models.CharField(_("name"), max_length=120)
    starts_at = models.DateTimeField(_("start"), validators=[in_our_time])
    ends_at = models.DateTimeField(_("end"), validators=[in_our_time])
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    attendees = models.PositiveIntegerField(_("attendees"), null=True, blank=True)
    onsite_contact = models.CharField(_("contact on site"), max_length=150, blank=True)
    onsite_phone = PhoneField(_("phone on site"), blank=True)
    instructions = models.TextField(_("instructions"), blank=True, max_length=10_000)
    support_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
        verbose_name=_("support contact"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    completed_at = models.DateTimeField(_("completed on"), null=True, blank=True)
    search_text = PlainField(of=["name", "venue", "address"], max_length=640)

    objects = PolicyManager.from_queryset(EventQuerySet)()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["starts_at", "id"], name="event_start"),
            models.Index(fields=["support_contact", "starts_at", "id"], name="event_support"),
            models.Index(
                fields=["starts_at", "id"],
                condition=Q(support_contact=None),
                name="event_without_support",
            ),
            models.Index(fields=["-created_at", "-id"], name="event_created"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_its_start",
                violation_error_code="ends_at",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(attendees=None) | Q(attendees__lte=1_000_000),
                name="event_attendees_believable",
                violation_error_code="attendees",
                violation_error_message=_("Enter a number of attendees up to 1,000,000."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.COMPLETED, completed_at__isnull=False)
                | (~Q(status=Status.COMPLETED) & Q(completed_at=None)),
                name="event_completed_at_a_moment",
                violation_error_message=_("A completed event was completed at some time."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def client_key(self):
        return self.contract.client_id

    def contacts(self):
        return [*self.contract.contacts(), (_("Support contact"), self.support_contact)]

    def responsible(self, team):
        return self.support_contact if team == Team.SUPPORT else self.contract.responsible(team)

    def above(self):
        return [self.contract, *self.contract.above()]

    # --- What people call its state ------------------------------------------------------------

    @property
    def state(self):
        """One of planned, no_support, in_progress, to_complete, completed, cancelled."""
        if self.status != Status.PLANNED:
            return self.status
        if self.starts_at <= now() <= self.ends_at:
            return "in_progress"
        if self.is_over:
            return "to_complete"
        return "planned" if self.is_covered else "no_support"

    @property
    def is_over(self):
        return self.ends_at < now()

    @property
    def is_covered(self):
        return bool(self.support_contact and self.support_contact.is_active)

    @property
    def is_today(self):
        return localtime(self.starts_at).date() <= localdate() <= localtime(self.ends_at).date()

    @property
    def is_soon(self):
        return now() <= self.starts_at <= now() + SOON

    @property
    def missing(self):
        """The facts that support needs and nobody has given yet, as labels."""
        facts = {"venue": self.venue, "attendees": self.attendees}
        return [
            self._meta.get_field(name).verbose_name
            for name, value in facts.items()
            if value in (None, "")
        ]

    def get_absolute_url(self):
        return reverse("events:detail", args=[self.pk])


class EventDelegation(Delegation):
    """One event, lent to a colleague."""

    content_object = models.ForeignKey(Event, models.CASCADE)

    teams = (Team.SALES, Team.SUPPORT)
