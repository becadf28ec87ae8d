"""The pages that say no: in our look, in the reader's language, with two ways out."""

import logging
from secrets import token_hex

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.access import Refused
from accounts.models import Record
from accounts.reasons import why_not


def bad_request(request, exception=None):
    """Without the query string, which the shell reads: it may be what nobody can read."""
    request.GET = QueryDict()
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    """Say who may do this, and whom to ask."""
    context = {}
    if isinstance(exception, Refused):
        record = exception.record if isinstance(exception.record, Record) else None
        context = {"record": record, "reason": why_not(request.user, exception.perm, record)}
    return render(request, "403.html", context, status=403)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """
    A page made without the request: what broke may be the database, the session or the person.

    The incident code stands in the log beside the traceback of the same request.
    """
    code = f"{token_hex(2)}-{token_hex(1)}".upper()
    log = logging.getLogger("epic_crm.errors")
    log.error("Incident %s at %s", code, request.path)
    again = request.get_full_path() if request.method == "GET" else ""
    try:
        page = render_to_string("500.html", {"code": code, "again": again})
    except Exception:  # It is the last page there is: nothing may take it away.
        log.exception("The page for incident %s failed too", code)
        page = f"<!doctype html><title>500</title><h1>500</h1><p>{code}</p>"
    return HttpResponse(page, status=500)
