"""The agenda as a feed, which a calendar reads without signing in."""

import logging
from base64 import b64decode
from datetime import timedelta

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts import feeds
from accounts.models import Team
from events import ics
from events.models import Event

log = logging.getLogger(__name__)

CHALLENGE = 'Basic realm="Epic Events CRM", charset="UTF-8"'
BACK = timedelta(days=30)
MOST = 1000
# allauth counts no GET unless it is told to.
LIMIT = {"app": "allauth.account", "action": "feed", "limit_get": True}


@login_not_required
@require_safe
def feed(request):
    """Whatever is wrong with the password, the answer is one: nobody learns that it was right."""
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # Not led to HTTPS: the password would go on being sent for all to read, unnoticed.
        log.warning("A calendar feed was asked for over plain HTTP.")
        return HttpResponse(status=403)
    person = feeds.reader(_password(request))
    if person is None:
        log.info("A calendar feed was asked for with a password that is none.")
        return HttpResponse(status=401, headers={"WWW-Authenticate": CHALLENGE})
    if not consume(request, **LIMIT, key=str(person.pk)):
        return HttpResponse(status=429)
    feeds.note_reading(person)
    content = ics.calendar(_events(person), request.build_absolute_uri, "Epic Events")
    return HttpResponse(content, ics.CONTENT_TYPE)


def _password(request):
    """What a calendar gives in the header (RFC 7617); the user name it wants to give is any."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(given, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _events(person):
    """One's own, for management all; from a month ago on, without what is cancelled."""
    events = Event.objects.visible_to(person).exclude(status="cancelled")
    if person.team != Team.MANAGEMENT:
        events = events.mine(person)
    events = events.filter(ends_at__gte=now() - BACK).select_related("contract__client")
    return events.order_by("starts_at", "pk")[:MOST]
