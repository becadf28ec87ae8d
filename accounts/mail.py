"""Whether this CRM sends mail."""

from django.conf import settings


def goes_out():
    """Mail is set up, and this is no demonstration, whose addresses are nobody's."""
    return settings.MAIL_IS_SET_UP and not settings.DEMO
