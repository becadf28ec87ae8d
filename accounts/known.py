"""
Browsers in which somebody signed in before, for the guesses counted in ``throttle``.

A signed cookie of half a year holds, for the last few accounts, a digest of the account and the
number under which guesses of this browser are counted. It opens nothing: docs/adr/0016.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.crypto import get_random_string, salted_hmac

GOOD_FOR = timedelta(days=180)
MOST = 5  # Accounts of one browser; those of a shared computer.
SALT = "accounts.known"


def remember(request, response, email):
    """Whoever is behind this browser proved to own the account: its guesses are counted anew."""
    kept = _read(request)
    kept.pop(_digest(email), None)
    kept[_digest(email)] = get_random_string(12)
    response.set_cookie(
        _cookie(),
        signing.dumps(dict(list(kept.items())[-MOST:]), salt=SALT),
        max_age=GOOD_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def number(request, email):
    """Under which this browser guesses at the account, or None if it does not know it."""
    return _read(request).get(_digest(email))


def account(email):
    """
    What the account is called here, whatever its capitals.

    Through both cases, because PostgreSQL finds camille for camılle.
    """
    return email.upper().lower()


def _cookie():
    return f"{settings.COOKIE_PREFIX}known"


def _digest(email):
    return salted_hmac(SALT, account(email), algorithm="sha256").hexdigest()[:16]


def _read(request):
    try:
        return signing.loads(request.COOKIES.get(_cookie(), ""), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:  # None yet, forged, or too old.
        return {}
