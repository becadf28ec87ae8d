"""
The score that MDN's HTTP Observatory gives an answer, as far as its headers and markup decide it.

The rules are those that MDN publishes ("Tests & scoring" of developer.mozilla.org/observatory, and
the table in github.com/mdn/mdn-http-observatory, src/grader/charts.js, both read in November 2026):
100 to begin with; penalties; and bonuses, which count if 90 is left without them. What only a
scan can know is given: the certificate is right, and the name is not on the browsers' preload list.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*", "http://*.*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
LEAKY = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
HALF_A_YEAR = 15_768_000  # Seconds.
ENOUGH_FOR_BONUSES = 90


def score(response, in_clear):
    """``in_clear``: what the same address answers over plain HTTP."""
    found = modifiers(response, in_clear).values()
    without_bonuses = 100 + sum(points for points in found if points < 0)
    bonuses = sum(points for points in found if points > 0)
    return max(0, without_bonuses + bonuses * (without_bonuses >= ENOUGH_FOR_BONUSES))


def modifiers(response, in_clear):
    """What each of the ten tests adds or takes away."""
    headers = response.headers
    return {
        "content-security-policy": _content(_policy(headers)),
        "cookies": _cookies(response.cookies.values(), _transport(headers) == 0),
        "cross-origin-resource-sharing": _sharing(headers),
        "redirection": _redirection(in_clear),
        "referrer-policy": _referrer(headers),
        "strict-transport-security": _transport(headers),
        "subresource-integrity": _scripts(response),
        "x-content-type-options": 0
        if _said(headers, "X-Content-Type-Options") == "nosniff"
        else -5,
        "x-frame-options": _frames(headers),
        "cross-origin-resource-policy": _resources(headers),
    }


def _said(headers, name):
    return headers.get(name, "").strip().lower()


def _policy(headers):
    """The sources of each directive; the first of two counts."""
    policy = {}
    for directive in headers.get("Content-Security-Policy", "").split(";"):
        name, *sources = directive.split() or [""]
        policy.setdefault(name.lower(), {source.lower() for source in sources})
    policy.pop("", None)
    return policy


def _content(policy):
    if not policy:
        return -25
    everything = policy.get("default-src", {"*"})
    script, style, objects = (
        policy.get(name, everything) for name in ("script-src", "style-src", "object-src")
    )
    passive = policy.get("img-src", everything) | policy.get("media-src", everything)
    active = set().union(
        script, *(v for k, v in policy.items() if k not in ("img-src", "media-src", "script-src"))
    )
    if script & (BROAD | INLINE) or objects & BROAD or _in_clear(active):
        return -20
    if "'unsafe-eval'" in script | style or _in_clear(passive):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _in_clear(sources):
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def _cookies(cookies, guarded):
    """The worst of them. ``guarded``: HSTS keeps them from being sent in clear."""
    worst = []
    for cookie in cookies:
        name = cookie.key.lower()
        session = "sess" in name or "login" in name
        same_site = cookie["samesite"].lower()
        if not cookie["secure"]:
            worst.append((-10 if session else -5) if guarded else (-40 if session else -20))
        if session and not cookie["httponly"]:
            worst.append(-30)
        if same_site not in ("", "lax", "strict") and not (
            same_site == "none" and cookie["secure"]
        ):
            worst.append(-20)
        if "csrf" in name and not same_site:
            worst.append(-20)
    if worst or not cookies:
        return min(worst, default=0)
    return 5 if all(cookie["samesite"] for cookie in cookies) else 0


def _sharing(headers):
    everybody = _said(headers, "Access-Control-Allow-Origin") not in ("", "null")
    return -50 if everybody and _said(headers, "Access-Control-Allow-Credentials") == "true" else 0


def _redirection(in_clear):
    place = urlsplit(in_clear.headers.get("Location", ""))
    if not 300 <= in_clear.status_code < 400 or place.scheme != "https":
        return -20
    return 0 if place.hostname == in_clear.wsgi_request.get_host().split(":")[0] else -5


def _referrer(headers):
    """The last that is known counts."""
    said = [word.strip() for word in _said(headers, "Referrer-Policy").split(",")]
    known = [word for word in said if word in PRIVATE | LEAKY]
    if known:
        return 5 if known[-1] in PRIVATE else -5
    return -5 if said != [""] else 0


def _transport(headers):
    age = re.search(r"max-age=\"?(\d+)", _said(headers, "Strict-Transport-Security"))
    if age is None:
        return -20
    return 0 if int(age[1]) >= HALF_A_YEAR else -10


def _frames(headers):
    if "frame-ancestors" in _policy(headers):
        return 5
    said = _said(headers, "X-Frame-Options")
    return 0 if said in ("deny", "sameorigin") or said.startswith("allow-from") else -20


def _resources(headers):
    said = _said(headers, "Cross-Origin-Resource-Policy")
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0, "": 0}.get(said, -5)


class _Scripts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "script" and attributes.get("src"):
            self.found.append((attributes["src"], bool(attributes.get("integrity"))))


def _scripts(response):
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return 0
    parser = _Scripts()
    parser.feed(response.text)
    elsewhere = [(src, guarded) for src, guarded in parser.found if urlsplit(src).netloc]
    if not elsewhere:
        return 5 if any(guarded for _src, guarded in parser.found) else 0
    worst = 5
    for src, guarded in elsewhere:
        safe = src.startswith("https:")
        points = (5 if guarded else -5) if safe else (-20 if guarded else -50)
        worst = min(worst, points)
    return worst
