"""The page on which one makes and revokes the feed of one's agenda."""

from allauth.mfa.utils import decrypt, encrypt
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import feeds
from .access import Refused
from .confirm import ask
from .models import CalendarFeed

MADE = "feed_password"  # In the session, encrypted, until the next page has shown it: once.


@require_http_methods(["GET", "HEAD", "POST"])
def own_feed(request):
    user = request.user
    if not user.team:
        raise Refused("accounts.manage_user", user)
    if "revoke" in request.POST:
        if feeds.revoke(user):
            messages.success(request, _("The password opens nothing any more."))
        return redirect("account_feed")
    if request.method == "POST":
        return ask(request) or _make(request)
    made = request.session.pop(MADE, None)
    context = {
        "feed": CalendarFeed.objects.filter(person=user).first(),
        "address": request.build_absolute_uri(reverse("dashboard:feed")),
        "password": made and decrypt(made),
    }
    return render(request, "accounts/feed.html", context)


def _make(request):
    request.session[MADE] = encrypt(feeds.make(request.user))
    return redirect("account_feed")
