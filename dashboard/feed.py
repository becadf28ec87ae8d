"""The agenda as a feed, which a calendar reads without signing in."""

from datetime import timedelta

from allauth.core.internal.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts import feeds
from accounts.models import Team
from events import ics
from events.models import Event

BACK = timedelta(days=30)
MOST = 1000
# allauth counts no GET unless it is told to.
LIMIT = {"app": "allauth.account", "action": "feed", "limit_get": True}


@login_not_required
@require_safe
def feed(request, token):
    """Whatever is wrong with the token, nothing is there: nobody learns that it once was right."""
    person = feeds.reader(token)
    if person is None:
        raise Http404
    if not consume(request, **LIMIT, key=str(person.pk)):
        return HttpResponse(status=429)
    feeds.note_reading(person)
    content = ics.calendar(_events(person), request.build_absolute_uri, "Epic Events")
    return HttpResponse(content, ics.CONTENT_TYPE)


def _events(person):
    """One's own, for management all; from a month ago on, without what is cancelled."""
    events = Event.objects.visible_to(person).exclude(status="cancelled")
    if person.team != Team.MANAGEMENT:
        events = events.mine(person)
    events = events.filter(ends_at__gte=now() - BACK).select_related("contract__client")
    return events.order_by("starts_at", "pk")[:MOST]
