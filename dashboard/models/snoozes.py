"""What somebody has put off."""

from django.conf import settings
from django.db import models


class Snooze(models.Model):
    """
    A step that a person does not want to read of before a day: it comes back by itself.

    The key of the record has no constraint: the code of the step says which kind it is, and the
    record may go.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="snoozes")
    code = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "code", "record_id"], name="snooze_once_a_step"
            )
        ]

    def __str__(self):
        return f"{self.code} {self.record_id} until {self.until}"
