from datetime import UTC, date, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.timezone import localdate, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import verbs

COMMAND = "manage.py"  # What an entry calls a command on the server.


def readable(name):
    """
    PostgreSQL knows moments that Python does not: one row with one, and nobody could read the
    others. Nothing here is as old, or lasts as long.
    """
    return models.Q(
        **{f"{name}__gt": datetime(1900, 1, 1, tzinfo=UTC)},
        **{f"{name}__lt": datetime(2200, 1, 1, tzinfo=UTC)},
    )


class EntryQuerySet(models.QuerySet):
    def deeds(self):
        """Without what only the journal's page tells: who came in, who was refused."""
        return self.exclude(verb__in=verbs.quiet())

    def about(self, *records):
        """What was done to one of these records."""
        return self.deeds().concerning(*records)

    def concerning(self, *records):
        """The same, and who was refused there."""
        either = models.Q(pk__in=[])  # Not Q(): of no record, that would be every entry.
        for record in records:
            either |= models.Q(label=record._meta.label_lower, record_id=record.pk)
        return self.filter(either)

    def of_client(self, client):
        """What was done to a client, its contracts and its events."""
        return self.deeds().filter(client_id=client.pk)

    def touching(self, fields):
        """The entries that changed one of these fields."""
        values = EntryValue.objects.filter(field__in=fields)
        return self.filter(pk__in=values.values("entry"))

    def last_of(self, record, fields):
        """The latest entry that changed each of these fields of a record."""
        values = EntryValue.objects.filter(entry__in=self.about(record), field__in=fields)
        return {value.field: value.entry for value in values.select_related("entry").order_by("pk")}

    def notes(self, channel=None):
        """Those that are notes; of one channel, or of any."""
        there = self.filter(note__token="")
        return there.filter(note__channel=channel) if channel else there

    def changes(self):
        """Those that are no notes, and notes that changed something too."""
        values = EntryValue.objects.filter(entry=models.OuterRef("pk"))
        note = models.Q(note__token="")
        return self.filter(~note | models.Exists(values))

    def told(self):
        """With all that putting them into words needs, in two queries."""
        return self.select_related("note").prefetch_related("values")


class Entry(models.Model):
    """
    One thing that somebody did to one record. Never changed, never deleted.

    Keys carry no constraint: an account or a client may go, what was done stays. No
    ``actor_id``: done by a command on the server or, without a name, by who knows whom. A
    principal: the person for whom it was done, by a colleague who could not have done it otherwise.
    No record: ``record_id`` is 0.
    """

    at = models.DateTimeField(default=now)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=310)
    principal_id = models.BigIntegerField(null=True)
    principal_name = models.CharField(max_length=310, default="")
    verb = models.CharField(max_length=40)
    label = models.CharField(max_length=100)
    record_id = models.BigIntegerField()
    client_id = models.BigIntegerField(null=True)
    # Two deeds that are alike, at one moment, differ by it: the same digest twice is a copy.
    nonce = models.CharField(max_length=32, default="")
    digest = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=readable("at"), name="entry_at_readable")]
        indexes = [
            models.Index(fields=["label", "record_id", "-id"], name="entry_record"),
            models.Index(fields=["client_id", "-id"], name="entry_client"),
            # For the journal's page: a period, and what a person did or what kind it was within.
            models.Index(fields=["at", "id"], name="entry_at"),
            models.Index(fields=["actor_id", "at", "id"], name="entry_actor"),
            models.Index(fields=["verb", "at", "id"], name="entry_verb"),
        ]

    def __str__(self):
        return f"{self.actor_name} {self.verb} {self.label} {self.record_id}"

    @property
    def kept_note(self):
        """The note, unless it was taken back or erased."""
        note = getattr(self, "note", None)
        return note if note and not note.token else None

    @property
    def who(self):
        """Who did it, as people read it; nothing if nobody knows."""
        by_command = self.actor_id is None and self.actor_name == COMMAND
        return gettext("A command on the server") if by_command else self.actor_name


class Erasable(models.Model):
    """
    A part of an entry that may go, because a law wants it: docs/adr/0037.

    The database lets go of it to whoever shows the token, which only the CRM can make; the lock is
    its hash. What it said was sealed: nobody can guess by it what was erased.
    """

    seal = models.CharField(max_length=64, default="", editable=False)
    lock = models.CharField(max_length=64, default="", editable=False)
    token = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        abstract = True


class EntryValue(Erasable):
    """
    What one field was and became, raw; a key stands as ``{"pk": …, "label": …}``.

    Both values null: erased. A change never looks like that.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="values")
    field = models.CharField(max_length=60)
    old = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    new = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    def __str__(self):
        return f"{self.field} of {self.entry_id}"

    @property
    def is_erased(self):
        return self.old is None and self.new is None


class Checkpoint(models.Model):
    """
    How many entries there were since the checkpoint before it, up to one of them: docs/adr/0036.

    Sealed, with the seal of the one before, and never changed: an entry that is gone altogether,
    with its values, is missed here.
    """

    at = models.DateTimeField(default=now)
    last_id = models.BigIntegerField()
    before = models.CharField(max_length=64, default="")
    entries = models.PositiveIntegerField()
    digests = models.CharField(max_length=64, default="")
    seal = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=readable("at"), name="checkpoint_at_readable")
        ]

    def __str__(self):
        return f"{self.last_id} ({self.seal[:8]})"


class Channel(models.TextChoices):
    """How something was said; a plain note was not said to anybody."""

    NOTE = "note", _("Note")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    SOCIAL = "social", _("Social network")
    MEETING = "meeting", _("Meeting")

    @property
    def icon(self):
        return ICONS[self]


ICONS = {
    Channel.NOTE: "chat-left-text",
    Channel.EMAIL: "envelope",
    Channel.PHONE: "telephone",
    Channel.SOCIAL: "share",
    Channel.MEETING: "people",
}


class NoteManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(token="")


class Note(Erasable):
    """
    What was said or seen about a client, a contract or an event.

    Which record, whose client, by whom and when it was written down: its journal entry says. Of one
    that was taken back or erased the row stays, without text: ``objects`` leaves it out.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="note", editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.NOTE)
    happened_on = models.DateField(_("date"), default=localdate)
    text = models.TextField(_("note"), max_length=5000)

    objects = NoteManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    happened_on__gt=date(1900, 1, 1), happened_on__lt=date(2200, 1, 1)
                ),
                name="note_happened_readable",
            )
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def is_erased(self):
        return not self.text
