"""The parts of lists that people come back to."""

from django.conf import settings
from django.db import models

LONGEST = 2000  # Characters of a query string that is kept.


class SavedView(models.Model):
    """
    A part of a list under a name of one's own: ``query`` is what the list is asked for, as
    ``RecordListView.own_query`` writes it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    list = models.CharField(max_length=20)  # Of which app it is.
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=LONGEST)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "list", "name"], name="saved_view_once_a_name"
            )
        ]

    def __str__(self):
        return self.name
