"""What every business record has, and the forms that made one."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ..querysets import PolicyManager


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


class Visit(models.Model):
    """
    When a person opened a record, and when before that: what others did since is marked.

    Nobody else is shown it, and nothing else is done with it. It stands here because it belongs
    to the person, and the journal below knows no people.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    label = models.CharField(max_length=100)
    record_id = models.BigIntegerField()
    began_at = models.DateTimeField(default=now)
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "label", "record_id"], name="visit_once"),
        ]

    def __str__(self):
        return f"{self.label} {self.record_id}"
