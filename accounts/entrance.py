"""
What the journal tells of the door: who came in and went, who failed to, who was refused.

Only the journal's page shows it. What anybody can cause at will is written down so often and no
more, then it is said that there was more: docs/adr/0020.
"""

import logging
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import clear, consume
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from history import journal
from history.verbs import Kind, Verb, facts, verbs

from . import known
from .access import actions
from .models import Session, User
from .sessions import device

NO_FACTOR = "none"
NETWORKS = {4: 24, 6: 48}  # Of an address, the bits that are kept.


def _quiet(icon, you, they, *tells, kind):
    return Verb(icon, you, they, tells=tells, kind=kind, quiet=True)


def _failed(icon, words, *tells):
    return _quiet(icon, words, words, "network", *tells, kind=Kind.FAILURE)


verbs.update(
    {
        "sign_in": _quiet(
            "box-arrow-in-right",
            _("You signed in"),
            _("%(who)s signed in"),
            "device",
            "network",
            "factor",
            kind=Kind.ACCESS,
        ),
        "sign_out": _quiet(
            "box-arrow-right", _("You signed out"), _("%(who)s signed out"), kind=Kind.ACCESS
        ),
        "fail_password": _failed(
            "person-x", _("A sign-in to the account of %(what)s failed: wrong password")
        ),
        "fail_factor": _failed(
            "shield-x", _("A second factor for the account of %(what)s was wrong")
        ),
        "fail_confirm": _failed(
            "shield-x", _("The password of %(what)s, asked once more, was wrong")
        ),
        "fail_unknown": _failed("person-x", _("A sign-in without an account failed"), "address"),
        "lock_out": _failed(
            "lock",
            _("Too many attempts on the account of %(what)s: sign-ins are refused for 15 minutes"),
        ),
        "lock_unknown": _failed(
            "lock", _("Too many attempts with an address without an account"), "address"
        ),
        "fail_more": _failed("three-dots", _("More sign-ins failed than are written down here")),
        "refuse": _quiet(
            "slash-circle",
            _("You were refused on %(what)s"),
            _("%(who)s was refused on %(what)s"),
            "right",
            kind=Kind.REFUSAL,
        ),
        "refuse_page": _quiet(
            "slash-circle",
            _("You were refused a page"),
            _("%(who)s was refused a page"),
            "right",
            "page",
            kind=Kind.REFUSAL,
        ),
        "refuse_more": _quiet(
            "three-dots",
            _("You were refused more often than is written down here"),
            _("%(who)s was refused more often than is written down here"),
            kind=Kind.REFUSAL,
        ),
        "change_password": Verb(
            "key",
            _("You changed your password"),
            _("%(who)s changed their password"),
            kind=Kind.ACCESS,
            own=True,
        ),
    }
)
facts["device"] = Session._meta.get_field("device")
facts["network"] = models.CharField(_("network"))
facts["address"] = models.CharField(_("address typed, as a mark"))
facts["page"] = models.CharField(_("page"))
facts["right"] = models.CharField(_("asked for"), choices=lambda: list(actions.items()))


@transaction.atomic
def come_in(request, person, sign_in):
    """Let ``person`` in by ``sign_in``: not without a line in the journal."""
    told = {
        "device": device(request.headers.get("User-Agent", "")),
        "network": network(request),
        "factor": getattr(request, "factor_used", NO_FACTOR),  # By factor_views.authenticate.
    }
    journal.record(person, "sign_in", person, _facts(told))
    sign_in()
    _log("sign_in", person)


def go(person):
    """Whoever goes is gone, whether that can be written down or not."""
    if person.is_authenticated:
        _tell(person, "sign_out", person)
        _log("sign_out", person)


def fail(request, person, verb):
    """Somebody, who knows who, could not show that they are ``person``."""
    told = {"network": network(request)}
    _at_most(request, "failure", "all", verb, AnonymousUser(), person, told)


def fail_password(request, email):
    """The same whether there is such an account or not: nobody may tell by the time it takes."""
    person = User.objects.filter(email__iexact=email).first()
    told = {"network": network(request)}
    if person is None:
        told["address"] = mark(email)
    verb = "fail_password" if person else "fail_unknown"
    _at_most(request, "failure", "all", verb, AnonymousUser(), person or User(), told)


def lock_out(request, email):
    """An account was tried too often: said once in a quarter of an hour."""
    if not _is_room(request, "lock", mark(email)):
        return
    person = User.objects.filter(email__iexact=email).first()
    told = {"network": network(request)}
    if person:  # However much else failed: our accounts are few, and management is told of it.
        journal.record(AnonymousUser(), "lock_out", person, _facts(told))
        _log("lock_out", person)
    else:
        told["address"] = mark(email)
        _at_most(request, "failure", "all", "lock_unknown", AnonymousUser(), User(), told)


def lock_out_anew(email):
    """The account is shut no more: if it is shut again, that is said again."""
    clear(None, app="allauth.account", action="journal_lock", key=mark(email))


def refuse(request, refusal: PermissionDenied | None = None):
    """Somebody was refused a deed or a page. The refusal stands, written down or not."""
    person = request.user
    if not person.is_authenticated:
        return
    right, record = getattr(refusal, "perm", None), getattr(refusal, "record", None)
    told = {"right": right} if right else {"page": request.path[:200]}
    verb = "refuse" if record is not None else "refuse_page"
    try:
        _at_most(request, "refusal", person.pk, verb, person, record or person, told)
    except DatabaseError:
        logging.getLogger("accounts.entrance").exception("A refusal is not in the journal.")


def _tell(by, verb, subject):
    try:
        journal.record(by, verb, subject)
    except DatabaseError:
        logging.getLogger("accounts.entrance").exception("A sign-out is not in the journal.")


def _at_most(request, what, key, verb, by, subject, told):
    """Write it down, unless there was too much of it lately: then that, once. The log has all."""
    _log(verb, subject if isinstance(subject, User) else by)
    if _is_room(request, what, key):
        journal.record(by, verb, subject, _facts(told))
    elif _is_room(request, "more", f"{what}-{key}"):
        more = {"failure": "fail_more", "refusal": "refuse_more"}[what]
        journal.record(by, more, by if by.pk else User())


def _log(verb, person):
    """By the number of the account, if there is one; who and from where, the journal says."""
    logging.getLogger("accounts.entrance").info("%s, account %s", verb, person.pk or "none")


def _is_room(request, what, key):
    """Whether the rate ``journal_…`` of the settings allows it once more."""
    limit = {"app": "allauth.account", "action": f"journal_{what}", "limit_get": True}
    return consume(request, **limit, key=str(key))


def _facts(told):
    return {name: (None, value) for name, value in told.items() if value}


def network(request):
    """Where a request came from, not to the last house: enough to tell an office from abroad."""
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied):
        return ""
    return str(ip_network(f"{address}/{NETWORKS[address.version]}", strict=False))


def mark(email):
    """
    What an address is told by that belongs to no account: two attempts with one are alike.

    It may be somebody's, or a password typed into the wrong field.
    """
    sealed = salted_hmac("accounts.entrance", known.account(email), algorithm="sha256")
    return sealed.hexdigest()[:10]
