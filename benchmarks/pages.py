"""The pages as people open them, in this process: time, queries and weight of each."""

import gzip
import re
from html import unescape
from statistics import median, quantiles
from time import perf_counter

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from clients.models import Client
from contracts.models import Contract
from events.models import Event

from .data import address

ROUNDS = 15
NEXT = re.compile(r'rel="next" href="[^"?]*([^"]+)"')
HEAD = f"{'page':<44} {'median ms':>9} {'p95 ms':>7} {'queries':>7} {'kB gzip':>7}"


def pages():
    """What it is → who opens it, and where."""
    client, contract, event = (
        m.objects.order_by("pk").first().pk for m in (Client, Contract, Event)
    )
    return {
        "home, sales": ("seller1", "/"),
        "home, support": ("helper1", "/"),
        "home, management": ("boss", "/"),
        "clients, mine": ("seller1", "/clients/"),
        "clients, mine of 3": ("few", "/clients/"),
        "clients, mine of none": ("new", "/clients/"),
        "clients, all": ("seller1", "/clients/?view=all"),
        "clients, all, by company": ("seller1", "/clients/?view=all&sort=company"),
        "clients, all, deep": ("seller1", deep("/clients/?view=all&sort=company")),
        "clients, search a common name": ("seller1", "/clients/?view=all&q=calvet"),
        "clients, search a rare one": ("seller1", f"/clients/?view=all&q=calvet+{client + 80}"),
        "clients, search what is not there": ("seller1", "/clients/?view=all&q=zzyzx"),
        "contracts, open": ("seller1", "/contracts/?view=open"),
        "contracts, all, by amount": ("seller1", "/contracts/?view=all&sort=-amount"),
        "events, mine": ("helper1", "/events/"),
        "events, all": ("boss", "/events/?view=all"),
        "client": ("seller1", f"/clients/{client}/"),
        "client, form": ("boss", f"/clients/{client}/edit/"),
        "contract": ("seller1", f"/contracts/{contract}/"),
        "event": ("helper1", f"/events/{event}/"),
        "search, a person": ("seller1", "/search/?q=eleonore+dup"),
        "search, two letters": ("seller1", "/search/?q=ca"),
        "search, a slip": ("seller1", "/search/?q=beranjer"),
        "agenda": ("helper1", "/agenda/list/"),
        "figures": ("boss", "/figures/"),
        "team": ("boss", "/team/"),
    }


def deep(page, steps=40):
    """The address of a page many pages on, to which "next" leads."""
    browser = signed_in("seller1")
    for _step in range(steps):
        following = NEXT.search(browser.get(page).text)
        if not following:
            break
        page = page.split("?")[0] + unescape(following[1])
    return page


def signed_in(name):
    browser = Browser()
    browser.force_login(User.objects.get(email=address(name)))
    return browser


def measure():
    """A line for each page; the rounds alternate, so that a slow moment hits them all."""
    asked, times = pages(), {}
    browsers = {name: signed_in(name) for name, _address in asked.values()}
    lines = {}
    for page, (name, where) in asked.items():
        browsers[name].get(where)  # The first visit of a record writes that it was seen.
        with CaptureQueriesContext(connection) as queries:
            answer = browsers[name].get(where)
        if answer.status_code != 200:
            raise SystemExit(f"{where} answers {answer.status_code}")
        lines[page] = len(queries), len(gzip.compress(answer.content)) / 1000
    for _round in range(ROUNDS):
        for page, (name, where) in asked.items():
            start = perf_counter()
            browsers[name].get(where)
            times.setdefault(page, []).append((perf_counter() - start) * 1000)
    for page, (queries, weight) in lines.items():
        p95 = quantiles(times[page], n=20)[-1]
        yield f"{page:<44} {median(times[page]):>9.1f} {p95:>7.1f} {queries:>7} {weight:>7.1f}"
