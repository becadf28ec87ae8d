from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """allauth as we use it: nobody signs up, and no answer tells whether an account exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Wrong e-mail address or password."),
        "too_many_login_attempts": _(
            "Too many attempts. Try again in 15 minutes or ask management."
        ),
    }

    def is_open_for_signup(self, request):
        return False
