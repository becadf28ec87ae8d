"""The pages that say no: in our look, in the reader's language, with two ways out."""

import logging
from secrets import token_hex

from django.shortcuts import render

from accounts.access import Refused
from accounts.forms import who_may


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    context = {}
    if isinstance(exception, Refused):
        record = exception.record
        context = {"who": who_may([exception.perm]), "record": record}
        context["contacts"] = record.contacts() if record else []
    return render(request, "403.html", context, status=403)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """The incident code stands in the log beside the traceback of the same request."""
    code = f"{token_hex(2)}-{token_hex(1)}".upper()
    logging.getLogger("epic_crm.errors").error("Incident %s at %s", code, request.path)
    return render(request, "500.html", {"code": code}, status=500)
