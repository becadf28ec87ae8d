"""
Notifications that wait to be mailed: the rows themselves are the outbox (docs/adr/0012).

What is rolled back is not in it. A mail that fails stays in it, and is tried again.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import ngettext

from accounts import mail
from accounts.models import Team, User

from .models import Notification
from .notifications import lines

AGAIN_AFTER = timedelta(minutes=15)
MOST = 50  # Lines of a mail; the page has the others.


def send():
    """One mail to each person, with all that is due. Return how many went, and how many not."""
    if not mail.goes_out():
        return 0, 0
    due = Notification.objects.to_mail()
    readers = User.objects.active().in_team(*Team.values).exclude(mails="")
    due.exclude(recipient__in=readers.values("pk")).update(mail_after=None)
    sent = failed = 0
    for person in readers.filter(pk__in=due.values("recipient")).order_by("pk"):
        if keys := _claim(person):
            if _mail(person, keys):
                sent += 1
            else:
                failed += 1
    return sent, failed


@transaction.atomic
def _claim(person):
    """
    Take what is due to a person, for a while: another worker, who waits here, then finds nothing.

    Nothing is held while the mail server answers. If this worker dies meanwhile the rows are due
    again: a mail may then come twice, and none is lost.
    """
    due = Notification.objects.to_mail().filter(recipient=person)
    keys = list(due.select_for_update().order_by("pk").values_list("pk", flat=True))
    Notification.objects.filter(pk__in=keys).update(mail_after=now() + AGAIN_AFTER)
    return keys


def _mail(person, keys):
    """Send them as one mail, and tell whether it went."""
    claimed = Notification.objects.filter(pk__in=keys)
    try:
        message(person, claimed).send()
    except Exception:  # Whatever is wrong with one mail, the others go.
        log = logging.getLogger("dashboard.outbox")
        log.exception("The notifications of account %s could not be mailed.", person.pk)
        return False
    claimed.update(mail_after=None, mailed_at=now())
    return True


def message(person, notifications):
    """In the reader's language. The subject tells nothing of whom it is about."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        told = lines(notifications.told().order_by("pk"))
        number = len(told)
        subject = ngettext(
            "%(number)d notification in the Epic Events CRM",
            "%(number)d notifications in the Epic Events CRM",
            number,
        )
        context = {"person": person, "lines": told[:MOST], "site": settings.SITE_URL}
        context["more"] = number - len(context["lines"])
        body = render_to_string("dashboard/email/notifications.txt", context)
    automatic = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject % {"number": number}, body, to=[person.email], headers=automatic)
