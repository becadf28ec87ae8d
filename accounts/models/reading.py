"""How much somebody has read in an hour of what is in other hands: see ``accounts/brake.py``."""

from django.conf import settings
from django.db import models


class Allowance(models.Model):
    """
    What a person has opened, looked for and copied out in an hour; ``hour`` is counted from 1970.

    Written by one statement that counts and tells the place: no two requests have the same.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="allowances")
    hour = models.PositiveIntegerField()
    records = models.PositiveIntegerField(default=0)
    searches = models.PositiveIntegerField(default=0)
    exports = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "hour"], name="allowance_once")]

    def __str__(self):
        return f"{self.records} {self.searches} {self.exports}"


class Opening(models.Model):
    """
    A record that was counted in an hour: it is not counted twice, and stays open to the end of it.

    Gone when the person begins another hour; nobody is shown it.
    """

    allowance = models.ForeignKey(Allowance, models.CASCADE, related_name="openings")
    label = models.CharField(max_length=100)
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["allowance", "label", "record_id"], name="opening_once")
        ]

    def __str__(self):
        return f"{self.label} {self.record_id}"
