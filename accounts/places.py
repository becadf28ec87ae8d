"""
Where a person was in each list, so that the way back from a record leads there.

A cookie of the browser's session per list holds the person and the query string, encrypted, since
it may be somebody's name that is sought; and never an address: docs/adr/0013.
"""

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.urls import reverse

from .encryption import Cipher

LONGEST = 1500  # Characters; browsers keep no cookie beyond 4 kB.


def _cipher():
    return Cipher([settings.SECRET_KEY], "accounts.places")


def _cookie(name):
    """What the cookie of the list of that name is called."""
    return f"{settings.COOKIE_PREFIX}list_{name}"


def keep(response, user, name, query):
    """Note that ``user`` looks at this part of the list of that name: ``?view=all&q=…``."""
    if len(query) <= LONGEST:
        response.set_cookie(
            _cookie(name),
            _cipher().encrypt(f"{user.pk}{query}"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def way_back(request, name):
    """The address of the list of that name, as this person saw it last."""
    try:
        kept = _cipher().decrypt(request.COOKIES.get(_cookie(name), ""))
    except InvalidToken:  # None yet, somebody else's words, or another key's.
        kept = ""
    person, _mark, text = kept.partition("?")
    known = text and person == str(request.user.pk)
    try:
        query = f"?{QueryDict(text).urlencode()}" if known else ""
    except TooManyFieldsSent:
        query = ""
    return f"{reverse(f'{name}:list')}{query}"


def forget(request, response):
    for name in request.COOKIES:
        if name.startswith(_cookie("")):
            response.delete_cookie(name, samesite="Lax")
