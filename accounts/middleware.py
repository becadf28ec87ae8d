import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _

from history import formats
from history.words import story

from . import entrance
from .access import WrongMoment
from .brake import TooMuch
from .models import Team, User
from .reasons import whom_to_ask
from .typed import typed


class PreferencesMiddleware:
    """Speak the language the person chose; without a choice LocaleMiddleware asked the browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """
    Closed by default: whoever is not signed in goes to the login page, and is told why.

    Who typed something while the session ended is shown it, to copy, with the way there: nothing
    that a browser sends is kept for somebody who is not signed in. docs/adr/0026.
    """

    def handle_no_permission(self, request, view_func):
        to_login = super().handle_no_permission(request, view_func)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return to_login
        form_class = getattr(getattr(view_func, "view_class", view_func), "form_class", None)
        if request.method == "POST" and form_class and not request.htmx:
            request.typed = typed(form_class, request.POST)
            if request.typed:
                context = {"sign_in_url": to_login.headers["Location"]}
                return render(request, "session_over.html", context, status=403)
        messages.warning(request, _("Your session has ended. Sign in to continue."))
        return to_login


class SecondFactorMiddleware:
    """Whose team must have a second factor opens nothing before they have one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name
        way_there = name.startswith("account_factor") or name == "account_logout"
        closed = getattr(view, "login_required", True) and not way_there
        if closed and request.user.is_authenticated and request.user.owes_factor:
            return redirect("account_factor")


class RefusalMiddleware:
    """Say no in words: to a person without team, at the wrong moment, to who reads too much."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        outside = user.is_authenticated and not (user.team or user.is_superuser)
        own_account = request.resolver_match.view_name.startswith("account")
        if outside and getattr(view, "login_required", True) and not own_account:
            entrance.refuse(request)
            managers = User.objects.active().in_team(Team.MANAGEMENT)
            return render(request, "accounts/no_team.html", {"managers": managers}, status=403)

    def process_exception(self, request, exception):
        if isinstance(exception, PermissionDenied):
            entrance.refuse(request, exception)
        if isinstance(exception, WrongMoment):
            logging.getLogger("accounts.moments").info(
                "Refused: the wrong moment for %s", exception.record._meta.label_lower
            )
            context = {
                "record": exception.record,
                "reason": why(exception, request.user),
                "wanted": exception.wanted,
            }
            return render(request, "409.html", context, status=409)
        if isinstance(exception, TooMuch):
            wait = max(int((exception.until - now()).total_seconds()), 1)
            whom = whom_to_ask(request.user, "accounts.lift_limit_user")
            context = {"until": exception.until, "people": whom}
            page = render(request, "accounts/too_much.html", context, status=429)
            page.headers["Retry-After"] = str(wait)
            return page


def why(refusal: WrongMoment, reader):
    """Who came before, and when, as HTML; nothing if the journal does not tell."""
    if refusal.entry is None:
        return ""
    [line] = story([refusal.entry], reader, [refusal.record])
    return format_html("{} ({}).", line.sentence, formats.moment(line.at, "inline"))
