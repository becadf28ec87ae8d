from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team

from .demo import ACCOUNTS, PASSWORD


def clock(request):
    """The moment, for what a page says of itself: when it was shown, when it was printed."""
    return {"now": timezone.now()}


def demonstration(request):
    """For a demonstration: the bar on every page, and the accounts to sign in with."""
    if not settings.DEMO:
        return {}
    accounts = [(person, _team(person)) for person in ACCOUNTS]
    return {"DEMO": True, "demo_accounts": accounts, "demo_password": PASSWORD}


def frame(request):
    """What a page stands in: the shell, or nothing if htmx asks for a part of it."""
    asked = getattr(request, "htmx", False)
    return {"frame": "components/part.html" if asked else "base.html"}


def _team(person):
    return Team(person.team).label if person.team else _("No team")
