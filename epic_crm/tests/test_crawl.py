"""Whoever follows links changes nothing: what changes something is a POST."""

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import Resolver404, resolve

from epic_crm.tests.test_doors import DOORS

pytestmark = pytest.mark.any_database

# What reading writes, and nobody would call a change; the fields, or the whole row.
READING = {
    "accounts.Session": None,  # When it was seen last: that is how an idle one ends.
    "accounts.Visit": None,  # When somebody opened a record: to mark there what is new since.
    "accounts.Opening": None,  # What somebody read today, of
    "accounts.Allowance": None,  # how much they may: the reading budget.
    "dashboard.Notification": ("read_at", "mail_after"),  # It was opened, and needs no mail.
}
PEOPLE = ("management", "owner", "support", "no team", None)
# Addresses of one kind, which is a page and the names of its parameters; and of one page.
ALIKE, OF_A_PAGE = 1, 3


class Links(HTMLParser):
    """Where a page leads by a click: its links, and forms that are sent with GET."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a":
            self.found.append(attributes.get("href") or "")
        elif tag == "form" and (attributes.get("method") or "get").lower() == "get":
            self.found.append(f"{attributes.get('action') or ''}?q=e")


def links(response, address):
    parser = Links()
    if response.headers["Content-Type"].startswith("text/html"):
        parser.feed(response.text)
    place = response.headers.get("Location")
    for link in [*parser.found, *([place] if place else [])]:
        url = urlsplit(urldefrag(urljoin(address, link)).url)
        if not url.scheme and not url.netloc:
            yield url.geturl()


def kind(address):
    """What an address is of: its view, and the names of what it is given."""
    url = urlsplit(address)
    try:
        name = resolve(url.path).view_name
    except Resolver404:
        name = url.path
    return name, tuple(sorted({key for key, _value in parse_qsl(url.query)}))


def crawl(browser):
    """Follow what can be followed from the home page: address → status."""
    waiting, kinds, found = deque(["/"]), Counter(), {}
    while waiting:
        address = waiting.popleft()
        page, parameters = kind(address)
        if address in found or kinds[page, parameters] >= ALIKE or kinds[page] >= OF_A_PAGE:
            continue
        kinds.update([page, (page, parameters)])
        response = browser.get(address)
        found[address] = response.status_code
        if (
            response.status_code == 200
            and "</main>" in response.text
            and "_auth_user_id" in browser.session
        ):
            assert 'action="/logout/"' in response.text, address
        waiting.extend(links(response, address))
    return found


def everything():
    """All that the tables of every app hold, but for what reading writes."""
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in (left_out or ())}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in apps.get_models()
        if (left_out := READING.get(model._meta.label, ())) is not None
    }


def test_following_every_link_changes_nothing(cast, world):
    """And leads nobody to a page that is not there, or not for them."""
    browsers = {who: Client() for who in PEOPLE}
    for who in filter(None, PEOPLE):
        browsers[who].force_login(cast[who])
    before, reached = everything(), set()
    for who, browser in browsers.items():
        found = crawl(browser)
        after = everything()
        changed = [label for label, rows in after.items() if rows != before[label]]
        refused = {address: status for address, status in found.items() if status >= 400}
        if who == "no team":  # That somebody was refused is told to management.
            assert (refused, changed) == ({"/": 403}, ["history.Entry", "history.EntryValue"])
            before = after
        else:
            assert (refused, changed) == ({}, []), who
        reached |= {kind(address)[0] for address in found}
    pages = {door.split()[1] for door in DOORS if door.startswith("GET")}
    # The others are asked for in test_doors.py, which looks at the tables too.
    assert len(pages & reached) > 0.6 * len(pages), pages - reached
