"""
What the log says: one line a thing, as JSON in production, with the number of its request.

Nothing of a person is in it, and nothing that opens anything: of lines that are not ours the
pattern stays, without what filled it; of a path the words of our own addresses; of an error its
kind and place, without its words, which may hold a row of the database. docs/adr/0029.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from secrets import token_hex

from django.core.signals import request_finished
from django.urls import get_resolver

HEADER = "X-Request-ID"
OURS = {"accounts", "clients", "contracts", "dashboard", "epic_crm", "events", "history"}
HIDDEN = "…"
KEY = re.compile(r"[0-9]{1,7}")  # Longer, it may be somebody's telephone.
FRAMES = 12  # Of an error, the innermost.

_number: ContextVar[str] = ContextVar("request", default="")


def begin():
    """A request has come: from here on every line has its number, which is returned."""
    _number.set(token_hex(8))
    return number()


def number():
    """Of the request under way, if there is one."""
    return _number.get()


def end(**kwargs):
    """Threads go on to other requests."""
    _number.set("")


request_finished.connect(end)


class RequestNumberMiddleware:
    """
    Number each request, and tell who asked: an answer that surprises is found in the log by it.

    Never by a number from outside: it could say anything, or be that of somebody else's request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = begin()
        response = self.get_response(request)
        response.headers[HEADER] = given
        return response


def path(text):
    """A path in words of our own addresses and short numbers; whatever else it holds is hidden."""
    parts = text.partition("?")[0].split("/")
    return "/".join(
        part if not part or part in _words() or KEY.fullmatch(part) else HIDDEN for part in parts
    )


def _words():
    """What stands in our addresses as it is, and is not filled in."""
    try:
        return _ours()
    except Exception:  # They cannot be read: that is what the line is about, so let it be written.
        return set()


@cache
def _ours():
    return {"static", *_spelled(get_resolver())}


def _spelled(resolver):
    for pattern in resolver.url_patterns:
        fixed = re.sub(r"\(.*|<[^>]*>", "", str(pattern.pattern)).strip("^$")
        yield from (part for part in fixed.split("/") if part)
        yield from _spelled(pattern) if hasattr(pattern, "url_patterns") else ()


def facts(record):
    """All that may be said of a record, in the order in which it is read."""
    told = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "request": getattr(record, "request_number", None) or number() or None,
        "message": _message(record),
    }
    if record.levelno >= logging.WARNING:
        told["place"] = f"{_short(record.pathname)}:{record.lineno}"
    told |= getattr(record, "facts", {})
    if status := getattr(record, "status_code", None):
        told["status"] = status
    if record.exc_info and record.exc_info[1]:
        told["errors"] = [_error(error, record) for error in _chain(record.exc_info[1])]
    return told


def _message(record):
    ours = record.name.partition(".")[0] in OURS
    # What gunicorn says of itself; its warnings quote what it cannot read.
    of_server = record.name.startswith("gunicorn.") and record.levelno < logging.WARNING
    known = ours or of_server
    if not record.args:
        # Whoever fills in what they say beforehand, as Django does with a host that is not ours.
        return str(record.msg) if known or record.name == "django" else HIDDEN
    args = record.args
    shown = (
        {name: _shown(value, known) for name, value in args.items()}
        if isinstance(args, dict)
        else tuple(_shown(value, known) for value in args)
    )
    try:
        return str(record.msg) % shown
    except (TypeError, ValueError):  # %d of what is hidden.
        return str(record.msg)


def _shown(value, known):
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str) and value.startswith("/"):
        return path(value)
    return value if isinstance(value, str) and known else HIDDEN


def _chain(error):
    """The error, and those it came from."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def _error(error, record):
    told = {"error": f"{type(error).__module__}.{type(error).__qualname__}"}
    if sqlstate := getattr(error, "sqlstate", None):
        told["sqlstate"] = sqlstate
    if constraint := getattr(getattr(error, "diag", None), "constraint_name", None):
        told["constraint"] = constraint
    if record.msg == "Exception in worker process":  # gunicorn starts: nobody has asked anything.
        told["words"] = str(error)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    told["where"] = [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]
    return told


def _short(filename):
    return "/".join(Path(filename).parts[-3:])


class Format(logging.Formatter):
    """A formatter that cannot fail: logging would then print what was not to be said."""

    def format(self, record):
        try:
            return self.lay_out(record, facts(record))
        except Exception as error:
            what = {"level": record.levelname, "logger": record.name, "message": HIDDEN}
            return json.dumps(what | {"unwritten": type(error).__name__})


class JsonLines(Format):
    """For production: one object a line, for whatever collects them."""

    def lay_out(self, record, told):
        return json.dumps(told, ensure_ascii=False, default=lambda value: HIDDEN)


class Readable(Format):
    """For a terminal; with Django's debug pages, errors in full."""

    def __init__(self, in_full=False):
        super().__init__()
        self.in_full = in_full

    def lay_out(self, record, told):
        start = "{at} {level} {logger} [{number}] {message}".format(
            number=told.pop("request") or "-", **told
        )
        errors = told.pop("errors", [])
        for name in ("at", "level", "logger", "message"):
            del told[name]
        line = " ".join([start, *(f"{name}={value}" for name, value in told.items())])
        # A line break in what somebody sent must not begin a line of ours.
        lines = ["".join(c if c.isprintable() else "?" for c in line)]
        if self.in_full and record.exc_info:
            return "\n".join([*lines, self.formatException(record.exc_info)])
        for error in errors:
            lines += [f"  {error.pop('error')}", *(f"    {w}" for w in error.pop("where"))]
            lines += [f"    {name}: {value}" for name, value in error.items()]
        return "\n".join(lines)
