"""
How often one may guess: ten times in a quarter of an hour at an account, a hundred from an address;
passwords and second factors apart.

A browser in which somebody signed in before counts apart, for that account alone, so that guesses
made elsewhere lock nobody out: docs/adr/0016. Counters are rows of the cache, which the processes
share; ``settings.ACCOUNT_RATE_LIMITS`` has the figures.
"""

from functools import partial

from allauth.core.internal import ratelimit

from . import known

consume = partial(ratelimit.consume, app="allauth.account")
clear = partial(ratelimit.clear, app="allauth.account")


def count(request, email):
    """
    Count a guess at the password of ``email``. Return what takes it back, or None: too many.

    The same whether or not there is such an account.
    """
    account = known.account(email)
    browser = known.number(request, email)
    if browser:
        return consume(request, action="login_failed_known", key=f"{account} {browser}")
    # One person's errors, once refused, do not use up what an office has in common.
    if address_is_shut(request):
        return None
    guess = consume(request, action="login_failed", key=account)
    place = guess and consume(request, action="login_failed_address")
    return place and ratelimit.RateLimitUsage(guess.usage + place.usage)


def count_factor(request, person):
    """
    Count a guess at the second factor of ``person``. Return what takes it back, or None.

    Whoever comes so far has the password, so that it counts by account in every browser; by
    address where nobody signed in before, for whoever stole the passwords of many.
    """
    account = {"action": "login_failed", "key": f"factor-{person.pk}"}
    if known.number(request, person.email):
        return consume(request, **account)
    if address_is_shut(request, "factor_failed_address"):
        return None
    guess = consume(request, **account)
    place = guess and consume(request, action="factor_failed_address")
    return place and ratelimit.RateLimitUsage(guess.usage + place.usage)


def forgive_factor(request, person, guess):
    """The right answer: the wrong ones before it are the account's no more."""
    guess.rollback()
    clear(request, action="login_failed", key=f"factor-{person.pk}")


def address_is_shut(request, action="login_failed_address"):
    """Whether it used up its hundred: then it fills the cache with no more accounts either."""
    return not consume(request, action=action, dry_run=True)
