"""Whether this CRM sends mail, and where its links lead."""

from django.conf import settings


def goes_out():
    """Mail is set up, and this is no demonstration, whose addresses are nobody's."""
    return settings.MAIL_IS_SET_UP and not settings.DEMO


def full_address(path):
    """
    Where a link in a mail leads: to ``SITE_URL``.

    Never to the Host of a request, which whoever asks for the mail may write as they like.
    """
    return settings.SITE_URL + path
