from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField, PlainField, in_our_time
from accounts.models import Delegation, Record, Team
from accounts.querysets import PolicyManager
from accounts.steps import days
from contracts.models import MOST, TOO_MANY

from .querysets import EventQuerySet

NEAR = timedelta(hours=48)  # From here on the page of the day is the one to open.


EARLIEST = 365  # Days before an event, for what is to be done for it.
TOO_EARLY = _("Enter a number of days up to 365.")


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
    sort_key = PlainField(of=["name"], max_length=120)
    search_text = PlainField(
        of=["name", "venue", "address", "contract.search_text"], max_length=1800
    )

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
            models.Index(fields=["sort_key", "id"], name="event_name"),
            # What is over and not completed: every page of management counts it at the side.
            models.Index(fields=["status", "ends_at"], name="event_status_end"),
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
                condition=Q(attendees=None) | Q(attendees__lte=MOST),
                name="event_attendees_believable",
                violation_error_code="attendees",
                violation_error_message=TOO_MANY,
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
    def is_one_day(self):
        return localtime(self.starts_at).date() == localtime(self.ends_at).date()

    @property
    def is_today(self):
        return localtime(self.starts_at).date() <= localdate() <= localtime(self.ends_at).date()

    @property
    def day_of_days(self):
        """Which of its days it is today, in words; empty unless it takes several and has begun."""
        if self.is_one_day or not self.is_today:
            return ""
        first = localtime(self.starts_at).date()
        total = (localtime(self.ends_at).date() - first).days + 1
        number = (localdate() - first).days + 1
        return gettext("day %(number)d of %(total)d") % {"number": number, "total": total}

    @property
    def is_near(self):
        """In two days at most, or on."""
        return self.status == Status.PLANNED and now() >= self.starts_at - NEAR and not self.is_over

    @property
    def is_soon(self):
        """From here on a missing support contact is urgent."""
        return now() <= self.starts_at <= now() + days("support_urgent")

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


class Role(models.TextChoices):
    """Who does a point of a checklist, whoever that is by then."""

    SUPPORT = "support", _("Support contact")
    SALES = "sales", _("Sales contact")


class ChecklistItem(models.Model):
    """
    Something to do for an event: what, by when, who, and whether it is done.

    ``role`` or ``who`` has it to do, or nobody yet. Done, without ``done_by``: by somebody whose
    account is gone since; the journal keeps the name.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="checklist")
    what = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("due on"), null=True, blank=True, validators=[in_our_time])
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who"),
    )
    done_at = models.DateTimeField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        verbose_name = _("item of the checklist")
        verbose_name_plural = _("items of the checklist")
        constraints = [
            models.CheckConstraint(
                condition=Q(role="") | Q(who=None),
                name="checklist_item_one_has_it",
                violation_error_code="who",
                violation_error_message=_("Choose a role or a person."),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by=None),
                name="checklist_item_done_at_a_moment",
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return f"{self.event.get_absolute_url()}#checklist"

    @property
    def person(self):
        """Who has it to do; None for nobody, or a role that nobody has yet."""
        contacts = {
            Role.SUPPORT: self.event.support_contact,
            Role.SALES: self.event.contract.client.sales_contact,
        }
        return contacts.get(self.role, self.who)

    @property
    def is_late(self):
        return not self.done_at and self.due_on is not None and self.due_on < localdate()

    @property
    def is_due_today(self):
        return not self.done_at and self.due_on == localdate()


class TemplateItem(models.Model):
    """A point of the list that the checklist of an event begins with. The agency edits it."""

    what = models.CharField(_("what"), max_length=200)
    days_before = models.PositiveSmallIntegerField(_("days before the event"))
    role = models.CharField(_("who"), max_length=10, choices=Role, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PolicyManager()

    class Meta:
        ordering = ["-days_before", "pk"]
        verbose_name = _("checklist template")
        verbose_name_plural = _("checklist template")
        constraints = [
            models.CheckConstraint(
                condition=Q(days_before__lte=EARLIEST),
                name="template_item_within_a_year",
                violation_error_code="days_before",
                violation_error_message=TOO_EARLY,
            )
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("events:template")


class EventDelegation(Delegation):
    """One event, lent to a colleague."""

    content_object = models.ForeignKey(Event, models.CASCADE)

    teams = (Team.SALES, Team.SUPPORT)
