"""Who is away, and who stands in: begins and ends by itself, or is ended before its day."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import journal
from history.models import Entry
from history.verbs import Kind, Verb, facts, verbs

from .access import Refused, WrongMoment, allows
from .delegations import LONGEST
from .models import SAME_WORK, Absence, User

AHEAD = timedelta(days=365)  # An absence is planned no earlier.

verbs["plan_absence"] = Verb(
    "calendar-x",
    gettext_lazy("You planned an absence of %(what)s"),
    gettext_lazy("%(who)s planned an absence of %(what)s"),
    kind=Kind.ADMIN,
)
verbs["end_absence"] = Verb(
    "calendar-check",
    gettext_lazy("You ended the absence of %(what)s"),
    gettext_lazy("%(who)s ended the absence of %(what)s"),
    kind=Kind.ADMIN,
)
verbs["end_cover"] = Verb(
    "person-dash",
    gettext_lazy("You ended the cover for the absence of %(what)s"),
    gettext_lazy("%(who)s ended the cover for the absence of %(what)s"),
    kind=Kind.ADMIN,
)
facts["starts_on"] = Absence._meta.get_field("starts_on")
facts["ends_on"] = Absence._meta.get_field("ends_on")
facts["stands_in"] = models.CharField(gettext_lazy("stands in"))


def stand_ins(person):
    """The colleagues who can do the work of ``person``."""
    teams = SAME_WORK.get(person.team, ())
    return User.objects.active().in_team(*teams).exclude(pk=person.pk)


@transaction.atomic
def plan(person, *, by, delegate, starts_on, ends_on):
    """
    Let ``delegate`` work on all that ``person`` holds, from a day to a day: leave cover.

    Raise ValidationError if that colleague does another work or is away too, if the days are
    past, too far or more than 60, or if there is an absence at that time already.
    """
    require_for(by, person)
    person, delegate = _lock(person, delegate)
    if not stand_ins(person).filter(pk=delegate.pk).exists():
        raise ValidationError({"delegate": _("This colleague does not do this work.")})
    today = localdate()
    if not today <= starts_on <= today + AHEAD:
        raise ValidationError({"starts_on": _("Choose a day within the next 12 months.")})
    if ends_on - starts_on >= LONGEST:
        told = _("An absence lasts 60 days at most: a longer one wants a hand-over.")
        raise ValidationError({"ends_on": told})
    then = Absence.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    if then.filter(person=person).exists():
        raise ValidationError({"starts_on": _("There is an absence at that time already.")})
    if then.filter(person=delegate).exists():
        raise ValidationError({"delegate": _("This colleague is away at that time.")})
    absence = Absence(person=person, delegate=delegate, starts_on=starts_on, ends_on=ends_on)
    absence.full_clean()
    absence.save(force_insert=True)
    told = {"starts_on": starts_on, "ends_on": ends_on, "stands_in": delegate}
    journal.record(by, "plan_absence", person, {name: (None, new) for name, new in told.items()})
    return absence


@transaction.atomic
def end(absence, *, by):
    """
    Back today, or not away after all. What has been stays written.

    Raise WrongMoment if it has ended already.
    """
    require_for(by, absence.person)
    (person,) = _lock(absence.person)
    today = localdate()
    current = Absence.objects.filter(pk=absence.pk, ends_on__gte=today).first()
    if current is None:
        raise WrongMoment(person, Entry.objects.about(person).filter(verb="end_absence").first())
    changes = {"ends_on": (current.ends_on, None)}
    if current.starts_on < today:
        current.ends_on = today - timedelta(days=1)
        current.save(update_fields=["ends_on"])
        changes = {"ends_on": (changes["ends_on"][0], current.ends_on)}
    else:
        current.delete()
    journal.record(by, "end_absence", person, changes)


def stand_in_no_more(delegate, *, by, team=None):
    """
    Nobody stands in where somebody did who leaves us, or whose new ``team`` does another work:
    coming back does not bring it back.

    Who is away stays away: the team page says that nobody stands in. Call it in the verb's
    transaction, with the delegate locked.
    """
    planned = Absence.objects.filter(delegate=delegate, ends_on__gte=localdate())
    for absence in planned.select_related("person").order_by("pk"):
        if team in SAME_WORK.get(absence.person.team, ()):
            continue
        absence.delegate = None
        absence.save(update_fields=["delegate"])
        journal.record(by, "end_cover", absence.person, {"stands_in": (delegate, None)})


def require_for(by, person):
    """One's own, by whoever is in a team; anybody's, by management."""
    own = by.pk == person.pk and by.is_active and by.team
    if not (own or allows(by, "accounts.manage_user", person)):
        raise Refused("accounts.manage_user", person)


def _lock(*people):
    """Fetch these people again and hold them, always in the same order."""
    rows = User.objects.select_for_update(no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[person.pk for person in people])}
    return [found[person.pk] for person in people]
