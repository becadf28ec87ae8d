"""Keep a part of a list under a name. No record changes."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User

from .models import SavedView

MOST = 20  # Views that a person has saved; more do not fit beside a page.


@transaction.atomic
def save(person, **view):
    """
    Return the saved view of this ``list``, ``name`` and ``query``; the same again is no error.

    Raise ValidationError if ``person`` has another one of that name there, or as many as one may.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # One after the other.
    mine = SavedView.objects.filter(person=person)
    named = mine.filter(list=view["list"], name=view["name"]).first()
    if named and named.query == view["query"]:
        return named
    if named:
        told = _("You have another view of this list under that name: choose a different name.")
        raise ValidationError({"name": told})
    if mine.count() >= MOST:
        told = _("You have %(number)d saved views, and there can be no more: delete one first.")
        raise ValidationError({"name": told % {"number": MOST}})
    return SavedView.objects.create(person=person, **view)
