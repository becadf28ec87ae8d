"""
The feed of one's agenda: made and revoked by oneself, read by whoever has its password.

It ends with the sessions of its person: on a new password, a change of team, a closed account.
"""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from history import journal
from history.verbs import Kind, Verb, verbs

from .models import CalendarFeed, User
from .records import lock

TOLD_EVERY = timedelta(hours=1)  # A write for every reading would be too much.

verbs["make_feed"] = Verb(
    "calendar-plus",
    _("You made a calendar feed for your account"),
    _("%(who)s made a calendar feed for their account"),
    kind=Kind.ACCESS,
    own=True,
)
verbs["revoke_feed"] = Verb(
    "calendar-x",
    _("You revoked the calendar feed of %(what)s"),
    _("%(who)s revoked the calendar feed of %(what)s"),
    kind=Kind.ACCESS,
)


@transaction.atomic
def make(person):
    """Make a feed, in the place of the one before. Return its password, which is kept nowhere."""
    person = lock(person)
    CalendarFeed.objects.filter(person=person).delete()
    password = token_urlsafe(32)
    CalendarFeed.objects.create(person=person, digest=_digest(password))
    journal.record(person, "make_feed", person)
    return password


@transaction.atomic
def revoke(person):
    """End the feed. Tell whether there was one."""
    person = lock(person)
    number, _rows = CalendarFeed.objects.filter(person=person).delete()
    if number:
        journal.record(person, "revoke_feed", person)
    return number > 0


def reader(password):
    """Whose events are read with that password: somebody of a team, or nobody."""
    people = User.objects.active().with_team().filter(calendar_feed__digest=_digest(password))
    person = people.first()
    return person if person and person.team else None


def note_reading(person):
    """Keep when it was last read, so that its owner may see that somebody does."""
    lately = now() - TOLD_EVERY
    feed = CalendarFeed.objects.filter(person=person).exclude(read_at__gt=lately)
    feed.update(read_at=now())


def _digest(password):
    """Plain: nobody guesses 256 random bits, so there is nothing to salt or to slow down."""
    return sha256(password.encode()).hexdigest()
