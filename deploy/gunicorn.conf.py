"""
gunicorn, as `make run` and production start it: ``gunicorn -c deploy/gunicorn.conf.py``.

From the environment: ``BIND`` (an address or ``unix:/run/…``), or ``PORT`` on this machine only;
``WEB_CONCURRENCY`` workers; ``FORWARDED_ALLOW_IPS``, whose forwarding headers are believed.
"""

import logging
import os
import re
from pathlib import Path

from gunicorn import util
from gunicorn.glogging import Logger

wsgi_app = "epic_crm.wsgi:application"
proc_name = "epic_crm"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
forwarder_headers = ""  # SCRIPT_NAME and PATH_INFO come from the request line alone.
control_socket_disable = True  # A way in that nobody here uses.

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
timeout = 30  # Seconds without a sign of life before a worker is killed.
graceful_timeout = 25  # Seconds an answer under way has left at a stop or a release.
keepalive = 5
max_requests = 5000  # A leak never grows old ...
max_requests_jitter = 500  # ... and the workers do not start anew together.


def in_production():
    """
    As the settings find it, and without them: a worker that is started anew reads them anew.

    Whatever is not plainly a trial is production.
    """
    told = os.environ.get("TLS")
    if told is None and Path(".env").is_file():
        found = re.findall(r"^(?:export )?TLS *= *(.*)$", Path(".env").read_text(), re.MULTILINE)
        told = found[-1] if found else None
    return (told or "").strip("'\" ").lower() not in ("", "0", "false", "no", "off")


class DiscreetLogger(Logger):
    """
    Lines like the application's, from its formatters: docs/adr/0029.

    Of a request what we answered, and of its address the words of ours: no query string, no key of
    a link, no address of a person.
    """

    def setup(self, cfg):
        super().setup(cfg)
        from epic_crm import logs  # Not before gunicorn has found the folder.

        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(logs.JsonLines() if in_production() else logs.Readable())

    def access(self, resp, req, environ, request_time):
        from epic_crm import logs

        sent = dict(resp.headers)
        told = {
            "method": environ.get("REQUEST_METHOD", ""),
            "path": logs.path(environ.get("PATH_INFO", "")),
            "status": int(str(resp.status).split(maxsplit=1)[0]),
            "bytes": getattr(resp, "sent", 0),
            "ms": round(request_time.total_seconds() * 1000),
        }
        if told["method"] not in METHODS:
            told["method"] = logs.HIDDEN
        # What gunicorn itself refuses has no number yet: ``refuse`` tells it.
        number = sent.get(logs.HEADER) or logs.begin()
        self.access_log.info("request", extra={"facts": told, "request_number": number})


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
logger_class = DiscreetLogger
accesslog = "-"

# What gunicorn itself refuses (no HTTP, a line without end) never comes to Django.
REFUSAL = """\
HTTP/1.1 {status} {reason}
Connection: close
Content-Type: text/html; charset=utf-8
Content-Length: {length}
Cache-Control: private, no-store
X-Request-ID: {number}
Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; \
font-src 'self'; connect-src 'self'; form-action 'self'; img-src 'self' data:; \
base-uri 'none'; frame-ancestors 'none'; object-src 'none'
X-Content-Type-Options: nosniff
X-Frame-Options: DENY
Referrer-Policy: same-origin
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Resource-Policy: same-origin
Cross-Origin-Embedder-Policy: require-corp
Permissions-Policy: camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()
{more}
"""
HTTPS_ALONE = "Strict-Transport-Security: max-age=63072000; includeSubDomains; preload\n"


def refuse(sock, status, reason, _message):
    """With the headers of every answer, and without what was sent: gunicorn would repeat it."""
    from epic_crm import logs

    number = logs.number() or logs.begin()
    logging.getLogger("gunicorn.error").warning("Refused with %s", status)
    logs.end()
    if int(status) == 501:  # Not ours to blame on the server: a coding that nobody uses.
        status = 400
    page = f"<!doctype html><title>{reason}</title><h1>{reason}</h1>\n"
    told = {"status": status, "reason": reason, "number": number, "length": len(page)}
    head = REFUSAL.format(**told, more=HTTPS_ALONE if in_production() else "")
    util.write_nonblock(sock, (head.replace("\n", "\r\n") + page).encode("latin-1"))


util.write_error = refuse
