import logging
from contextvars import copy_context
from ipaddress import ip_address
from threading import Thread

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from history import journal

from . import entrance, known, throttle
from .mail import full_address
from .sessions import device

STASHED = "waits_with"


def is_still_right(request, person):
    """Whether who waits at the second factor would still come so far: open, and that password."""
    was, now = request.session.get(STASHED, ""), person.get_session_auth_hash()
    return person.is_active and constant_time_compare(was, now)


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

    def get_client_ip(self, request):
        """An IPv4 address in IPv6 clothes is itself: in one network of /48 they were all alike."""
        given = super().get_client_ip(request)
        try:
            address = ip_address(given)
        except ValueError:
            return given
        return str(getattr(address, "ipv4_mapped", None) or address)

    def is_safe_url(self, url):
        """An address that cannot be read leads nowhere: allauth reads it before Django looks."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def pre_authenticate(self, request, **credentials):
        """Count by the account alone; allauth adds the Host header, whose port is free."""
        self._login_failed_rl_usage = throttle.count(request, credentials["email"])
        if not self._login_failed_rl_usage:
            if not throttle.address_is_shut(request):
                entrance.lock_out(request, credentials["email"])
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request, user, **kwargs):
        """The password was right: ``is_still_right`` compares when the second factor is."""
        request.session[STASHED] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        """The session remembers on what kind of device it was opened; see ``sessions``."""
        entrance.come_in(request, user, lambda: super(AccountAdapter, self).login(request, user))
        request.session["device"] = device(request.headers.get("User-Agent", ""))

    def logout(self, request):
        person = request.user
        super().logout(request)
        entrance.go(person)

    def authentication_failed(self, request, **credentials):
        entrance.fail_password(request, credentials["email"])

    def post_login(self, request, user, **kwargs):
        """After the second factor too."""
        response = super().post_login(request, user, **kwargs)
        known.remember(request, response, user.email)
        return response

    def get_reset_password_from_key_url(self, key):
        """At the address we know: a Host header must not choose where the key is sent."""
        uid, _dash, key = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
        return full_address(path)

    @transaction.atomic
    def set_password(self, user, password):
        """Save that field only: the rest may have changed meanwhile, ``is_active`` first of all."""
        user.set_password(password)
        user.save(update_fields=["password"])
        journal.record(user, "change_password", user)

    def send_mail(self, template_prefix, email, context):
        """
        Write in the reader's language, and send beside the answer.

        Neither its time nor a mail server that is down may tell whether the account exists: to
        whom there is not, a mail is written too, and not sent.
        """
        with translation.override(context["user"].language or translation.get_language()):
            message = self.render_mail(template_prefix, email, context)
        if context["user"].pk:
            # In its request's context: what the log says of it has the request's number.
            Thread(target=copy_context().run, args=[_send, message]).start()


def _send(message):
    try:
        message.send()
    except OSError:  # So are all of smtplib's.
        logging.getLogger("accounts.mail").exception("A mail could not be sent.")
