"""
gunicorn, as `make run` and production start it: ``gunicorn -c deploy/gunicorn.conf.py``.

From the environment: ``BIND`` (an address or ``unix:/run/…``), or ``PORT`` on this machine only;
``WEB_CONCURRENCY`` workers; ``FORWARDED_ALLOW_IPS``, whose forwarding headers are believed.
"""

import os
import re
from urllib.parse import quote

from gunicorn import util
from gunicorn.glogging import Logger

wsgi_app = "epic_crm.wsgi:application"
proc_name = "epic_crm"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
control_socket_disable = True  # A way in that nobody here uses.

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
timeout = 30  # Seconds without a sign of life before a worker is killed.
graceful_timeout = 25  # Seconds an answer under way has left at a stop or a release.
keepalive = 5
max_requests = 5000  # A leak never grows old ...
max_requests_jitter = 500  # ... and the workers do not start anew together.


class DiscreetLogger(Logger):
    """
    Writes no personal data: no address of a person, no query string (what one searched for).

    Nor the key of a link, which is as good as a password while it lasts.
    """

    key = re.compile(r"(/(?:key|invitation|feed)/).+")

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        path = quote(environ.get("PATH_INFO", ""), errors="replace")  # It may hold a newline.
        atoms["U"] = self.key.sub(r"\1...", path)
        return atoms


logger_class = DiscreetLogger
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"

# What gunicorn itself refuses (no HTTP, a line without end) never comes to Django.
REFUSAL = """\
HTTP/1.1 {status} {reason}
Connection: close
Content-Type: text/html; charset=utf-8
Content-Length: {length}
Cache-Control: private, no-store
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

"""


def refuse(sock, status, reason, _message):
    """With the headers of every answer, and without what was sent: gunicorn would repeat it."""
    page = f"<!doctype html><title>{reason}</title><h1>{reason}</h1>\n"
    head = REFUSAL.format(status=status, reason=reason, length=len(page))
    util.write_nonblock(sock, (head.replace("\n", "\r\n") + page).encode("latin-1"))


util.write_error = refuse
