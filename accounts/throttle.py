"""
How often one may guess: ten times in a quarter of an hour at an account, a hundred from an address;
passwords and second factors apart.

A browser in which somebody signed in before counts apart, for that account alone, so that guesses
made elsewhere lock nobody out: docs/adr/0016. Counters are rows of the cache, which the processes
share; ``settings.ACCOUNT_RATE_LIMITS`` has the figures. A counter that refuses is noted by the
account, for ``blocked_until`` and ``unblock``: its own key is a digest, of a browser's number too.
"""

from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from time import time

from allauth.core.internal import ratelimit
from django.core.cache import cache

from . import known

APP = "allauth.account"
consume = partial(ratelimit.consume, app=APP)
clear = partial(ratelimit.clear, app=APP)


def count(request, email):
    """
    Count a guess at the password of ``email``. Return what takes it back, or None: too many.

    The same whether or not there is such an account.
    """
    account = known.account(email)
    browser = known.number(request, email)
    if browser:
        return _guess(request, email, "login_failed_known", f"{account} {browser}")
    # One person's errors, once refused, do not use up what an office has in common.
    if address_is_shut(request):
        return None
    guess = _guess(request, email, "login_failed", account)
    place = guess and consume(request, action="login_failed_address")
    return place and ratelimit.RateLimitUsage(guess.usage + place.usage)


def count_factor(request, person):
    """
    Count a guess at the second factor of ``person``. Return what takes it back, or None.

    Whoever comes so far has the password, so that it counts by account in every browser; by
    address where nobody signed in before, for whoever stole the passwords of many.
    """
    account = person.email, "login_failed", f"factor-{person.pk}"
    if known.number(request, person.email):
        return _guess(request, *account)
    if address_is_shut(request, "factor_failed_address"):
        return None
    guess = _guess(request, *account)
    place = guess and consume(request, action="factor_failed_address")
    return place and ratelimit.RateLimitUsage(guess.usage + place.usage)


def forgive_factor(request, person, guess):
    """The right answer: the wrong ones before it are the account's no more."""
    guess.rollback()
    clear(request, action="login_failed", key=f"factor-{person.pk}")


def count_old_password(request, person):
    """Count a guess where one changes one's password. Return what takes it back, or None."""
    return consume(request, action="old_password", key=str(person.pk))


def address_is_shut(request, action="login_failed_address"):
    """Whether it used up its hundred: then it fills the cache with no more accounts either."""
    return not consume(request, action=action, dry_run=True)


def _guess(request, email, action, key):
    """Count it by account. Whoever is refused leaves a note of what refuses, and until when."""
    guess = consume(request, action=action, key=key)
    if guess is None:
        [rate] = ratelimit.get_rates(app=APP, action=action)
        counter = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        times, notes = cache.get(counter, []), cache.get(_notes(email), {})
        if times and notes.get(counter) != (until := times[-1] + rate.duration):
            cache.set(_notes(email), notes | {counter: until}, rate.duration)
    return guess


def blocked_until(email):
    """Until when somebody is refused who would sign in to the account, or None: nobody is."""
    until = max(cache.get(_notes(email), {}).values(), default=0)
    return datetime.fromtimestamp(until, tz=UTC) if until > time() else None


def unblock(email):
    """Forget the guesses of every counter that refuses; return whether one did."""
    notes = cache.get(_notes(email), {})
    cache.delete_many([*notes, _notes(email)])
    return any(until > time() for until in notes.values())


def _notes(email):
    return f"shut:{sha256(known.account(email).encode()).hexdigest()}"
