from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField, PlainField, in_our_time
from accounts.models import Delegation, Record, Team
from accounts.querysets import PolicyManager

from .likeness import LONGEST, NameKeyField
from .querysets import ClientQuerySet


class Stage(models.TextChoices):
    PROSPECT = "prospect", _("Prospect")
    CLIENT = "client", _("Client")


class Source(models.TextChoices):
    """How we met."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    SOCIAL = "social", _("Social network")
    MEETING = "meeting", _("Meeting")
    REFERRAL = "referral", _("Referral")
    OTHER = "other", _("Other")


class Client(Record):
    """A company that has hired us, or that we hope will; the names are its contact person's."""

    company_name = models.CharField(_("company name"), max_length=250)
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = PhoneField(_("phone"), blank=True)
    mobile = PhoneField(_("mobile"), blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.PROSPECT)
    converted_at = models.DateTimeField(_("client since"), null=True, blank=True)
    source = models.CharField(_("how we met"), max_length=10, choices=Source, blank=True)
    sales_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="clients",
        null=True,
        blank=True,
        verbose_name=_("sales contact"),
    )
    follow_up_on = models.DateField(
        _("get in touch again on"), null=True, blank=True, validators=[in_our_time]
    )
    archived_at = models.DateTimeField(_("archived on"), null=True, blank=True)
    # Since then nothing is held but what accounting needs: dashboard/erasure.py.
    erased_at = models.DateTimeField(_("erased on"), null=True, blank=True, editable=False)
    sort_key = PlainField(of=["company_name"], max_length=250)
    name_key = NameKeyField(of=["company_name"], max_length=LONGEST)
    search_text = PlainField(
        of=["company_name", "first_name", "last_name", "email", "phone", "mobile"], max_length=900
    )

    objects = PolicyManager.from_queryset(ClientQuerySet)()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="client_name"),
            models.Index(fields=["-created_at", "-id"], name="client_created"),
            models.Index(fields=["-updated_at", "-id"], name="client_updated"),
            models.Index(fields=["sales_contact", "sort_key", "id"], name="client_contact"),
            # Is this company with us already? clients/likeness.py.
            models.Index(fields=["name_key"], name="client_name_key"),
            models.Index(Lower("email"), name="client_email"),
            models.Index(fields=["phone"], name="client_phone"),
            models.Index(fields=["mobile"], name="client_mobile"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=Stage.PROSPECT, converted_at=None)
                | Q(stage=Stage.CLIENT, converted_at__isnull=False),
                name="client_converted_at_a_moment",
                violation_error_message=_("A client has been one since a day; a prospect has not."),
            ),
        ]

    def __str__(self):
        return self.company_name

    @property
    def client_key(self):
        return self.pk

    @property
    def contact_name(self):
        return f"{self.first_name} {self.last_name}"

    def contacts(self):
        return [(_("Sales contact"), self.sales_contact)]

    def responsible(self, team):
        return self.sales_contact if team == Team.SALES else None

    def get_absolute_url(self):
        return reverse("clients:detail", args=[self.pk])


class ClientDelegation(Delegation):
    """One client, its contracts and its events, lent to a colleague."""

    content_object = models.ForeignKey(Client, models.CASCADE)

    teams = (Team.SALES,)
