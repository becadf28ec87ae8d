import logging
from threading import Thread

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from history import journal

from . import entrance
from .sessions import device


class AccountAdapter(DefaultAccountAdapter):
    """allauth as we use it: nobody signs up, and no answer tells whether an account exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Wrong e-mail address or password."),
        "too_many_login_attempts": _(
            "Too many attempts. Try again in 15 minutes or ask management."
        ),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request):
        return False

    def is_ajax(self, request):
        """Pages only: allauth's JSON answers would be a second way in, with its own rules."""
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """
        Count guesses by the account alone.

        allauth adds the Host header, whose port a guesser may vary. Capitals, because
        PostgreSQL finds camille for camılle.
        """
        return credentials["email"].upper().lower()

    def login(self, request, user):
        """The session remembers on what kind of device it was opened; see ``sessions``."""
        entrance.come_in(request, user, lambda: super(AccountAdapter, self).login(request, user))
        request.session["device"] = device(request.headers.get("User-Agent", ""))

    def logout(self, request):
        person = request.user
        super().logout(request)
        entrance.go(person)

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            entrance.lock_out(request, credentials["email"])
            raise

    def authentication_failed(self, request, **credentials):
        entrance.fail_password(request, credentials["email"])

    @transaction.atomic
    def set_password(self, user, password):
        """Save that field only: the rest may have changed meanwhile, ``is_active`` first of all."""
        user.set_password(password)
        user.save(update_fields=["password"])
        journal.record(user, "change_password", user)

    def send_mail(self, template_prefix, email, context):
        """
        Write in the reader's language, and send beside the answer.

        Neither its time nor a mail server that is down may tell whether the account exists.
        """
        with translation.override(context["user"].language or translation.get_language()):
            message = self.render_mail(template_prefix, email, context)
        Thread(target=_send, args=[message]).start()


def _send(message):
    try:
        message.send()
    except OSError:  # So are all of smtplib's.
        logging.getLogger("accounts.mail").exception("A mail could not be sent.")
