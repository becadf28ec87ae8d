from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.fields import PlainField, in_our_time
from accounts.models import Delegation, Record, Team
from accounts.querysets import PolicyManager

from .querysets import ContractQuerySet

AMOUNT_WANTED = _("Enter an amount above zero, for example 12,500.00.")
MOST = 1_000_000  # People at an event.
TOO_MANY = _("Enter a number of attendees up to 1,000,000.")


class Status(models.TextChoices):
    OPEN = "open", _("Open")
    SIGNED = "signed", _("Signed")
    CANCELLED = "cancelled", _("Cancelled")


def not_in_the_future(day):
    if day > localdate():
        raise ValidationError(_("The signature date cannot be in the future."))


class Contract(Record):
    """
    What we would do for a client, and for how much: open until it is signed.

    ``amount`` is in euros without tax. What is expected of the event pre-fills it and shows in
    the agenda as an option.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="contracts", verbose_name=_("client")
    )
    title = models.CharField(_("subject"), max_length=120)
    amount = models.DecimalField(_("amount without tax"), max_digits=12, decimal_places=2)
    payment_due = models.DateField(_("payment due"), validators=[in_our_time])
    expected_date = models.DateField(
        _("expected date"), null=True, blank=True, validators=[in_our_time]
    )
    expected_attendees = models.PositiveIntegerField(_("expected attendees"), null=True, blank=True)
    expected_venue = models.CharField(_("expected venue"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    signed_on = models.DateField(
        _("signed on"), null=True, blank=True, validators=[in_our_time, not_in_the_future]
    )
    # Whose client it was when it was signed: the client may change hands, what was sold does not.
    sold_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("sold by"),
    )
    notes = models.TextField(_("notes"), blank=True, max_length=5000)
    sort_key = PlainField(of=["title"], max_length=120)
    search_text = PlainField(of=["reference", "title", "client.search_text"], max_length=1100)

    objects = PolicyManager.from_queryset(ContractQuerySet)()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="contract_created"),
            models.Index(fields=["-amount", "-id"], name="contract_amount"),
            models.Index(fields=["payment_due", "id"], name="contract_due"),
            models.Index(fields=["sort_key", "id"], name="contract_name"),
            models.Index(fields=["status", "expected_date"], name="contract_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contract_amount_positive",
                violation_error_code="amount",
                violation_error_message=AMOUNT_WANTED,
            ),
            models.CheckConstraint(
                condition=Q(expected_attendees=None) | Q(expected_attendees__lte=MOST),
                name="contract_attendees_believable",
                violation_error_code="expected_attendees",
                violation_error_message=TOO_MANY,
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SIGNED) | Q(signed_on__isnull=False),
                name="contract_signed_on_a_day",
                violation_error_code="signed_on",
                violation_error_message=_("Enter the date of the signature."),
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def client_key(self):
        return self.client_id

    def contacts(self):
        return self.client.contacts()

    def responsible(self, team):
        return self.client.responsible(team)

    def above(self):
        return [self.client]

    def get_absolute_url(self):
        return reverse("contracts:detail", args=[self.pk])


class ReferenceCounter(models.Model):
    """The last number given in a year. Locked while the next is given, so none comes twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"C-{self.year}-{self.last:03d}"


class ContractDelegation(Delegation):
    """One contract and its event, lent to a colleague."""

    content_object = models.ForeignKey(Contract, models.CASCADE)

    teams = (Team.SALES,)
