"""What somebody is told, until they have read it."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime, make_aware, now

from accounts import mail
from accounts.models import Mails
from history.models import Entry

DAILY_AT = time(7)
KEPT_READ, KEPT = timedelta(days=90), timedelta(days=365)


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def told(self):
        """With what their words need of the journal, in two queries."""
        return self.select_related("entry").prefetch_related("entry__values")

    def to_mail(self):
        return self.unread().filter(mail_after__lte=now())

    def outdated(self):
        """Read long ago, or never and very long ago."""
        today = now()
        read = models.Q(read_at__lt=today - KEPT_READ)
        return self.filter(read | models.Q(created_at__lt=today - KEPT))

    def mark_read(self):
        """What was read here need not be mailed any more. Return how many were unread."""
        return self.unread().update(read_at=now(), mail_after=None)


class Notification(models.Model):
    """
    Something that one person is told, put into words when it is read: ``kinds``.

    Of a deed, it keeps the ``entry``; of a day that comes near, ``due_on``, and there is one for
    each person, record and day. ``mail_after``: from then on it waits to be mailed; see
    ``outbox``.
    """

    # No constraint, as in the journal: to tell somebody holds up nobody, not even who closes
    # their account at this moment.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_constraint=False
    )
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=100)
    record_id = models.BigIntegerField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", null=True)
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)
    mail_after = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_page"),
            models.Index(
                fields=["recipient"], condition=models.Q(read_at=None), name="notification_unread"
            ),
            models.Index(
                fields=["mail_after"],
                condition=models.Q(mail_after__isnull=False),
                name="notification_to_mail",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "label", "record_id", "due_on"],
                condition=models.Q(due_on__isnull=False),
                name="notification_once",
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.recipient_id}"

    @classmethod
    def of(cls, record, *, kind, to, **facts):
        """One that is not stored yet."""
        label = record._meta.label_lower
        due = mail_after(to)
        return cls(
            recipient=to, kind=kind, label=label, record_id=record.pk, mail_after=due, **facts
        )


def mail_after(person):
    """When what this person is told now is due by mail: never, at once, or the next morning."""
    if not (person.mails and mail.goes_out()):
        return None
    moment = localtime()
    if person.mails == Mails.EACH:
        return moment
    morning = make_aware(datetime.combine(moment.date(), DAILY_AT))
    if morning <= moment:
        morning = make_aware(datetime.combine(moment.date() + timedelta(days=1), DAILY_AT))
    return morning
