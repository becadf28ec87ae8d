"""What a first visit costs as the net carries it, and that nothing jumps: design.md’s budget."""

import gzip

import pytest
from django.urls import reverse

KB = 1000
PACKED = ("text/", "javascript", "svg", "json")
SHIFT = """() => new Promise(done => new PerformanceObserver(list => done(
    list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
)).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 300))"""


@pytest.fixture
def loads(window, live_server):
    """Open a page; the addresses that it fetched, each with its weight, and the page."""

    def load(person, address):
        fetched, page = [], window(person)
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        return {url: weight(page.request.get(url)) for url in fetched}, page

    return load


def weight(response):
    """In bytes, packed as the server packs it."""
    kind, body = response.headers.get("content-type", ""), response.body()
    return len(gzip.compress(body)) if any(part in kind for part in PACKED) else len(body)


@pytest.mark.any_database
@pytest.mark.parametrize("who", ["owner", "support", None])
def test_a_first_visit(loads, cast, event, who):
    addresses = [reverse("account_login")]
    if who:
        addresses = [
            reverse("dashboard:home"), reverse("clients:list") + "?view=all",
            reverse("clients:detail", args=[event.contract.client_id]),
            reverse("events:detail", args=[event.pk]), reverse("events:day", args=[event.pk]),
            reverse("dashboard:agenda"),
        ]  # fmt: skip
    for address in addresses:
        fetched, page = loads(cast.get(who), address)
        assert len(fetched) <= 8, fetched
        assert sum(fetched.values()) <= 100 * KB, fetched
        assert fetched[page.url] <= 15 * KB, fetched
        assert page.evaluate(SHIFT) <= 0.02, address
