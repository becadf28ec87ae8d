"""Saved views, and those that a team is offered: story, refusals, and what they count."""

from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now, timedelta
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import counting
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from dashboard import my_views, saving
from dashboard.models import SavedView
from events.models import Event
from events.tests.factories import EventFactory
from history.models import Entry
from history.tests.tables import nothing_changes

SAVE = "/views/"


def post(browser, name="Startups", query="view=all&q=cool", of="clients", **more):
    return browser.post(SAVE, {"list": of, "query": query, "name": name}, **more)


def test_it_works(browser, cast, kevin):
    """Saved under a list, opened from the side, deleted with a click and brought back with one."""
    told = Entry.objects.count()
    browser.force_login(cast["owner"])
    page = browser.get("/clients/?sort=company&q=cool&after=1&utm=x&stage=prospect")
    kept = "view=mine&amp;q=cool&amp;stage=prospect&amp;sort=company"
    assertContains(page, f'<input type="hidden" name="query" value="{kept}">')

    page = post(browser, query=page.context["own_query"], name=" Cafe\u0301s ", follow=True)
    view = SavedView.objects.get()
    assert (view.name, str(view)) == ("Caf\u00e9s", "Caf\u00e9s")
    assertContains(page, "View “Cafés” saved.")
    assertContains(page, "Saved view: Cafés")
    assertNotContains(page, "Save this view")
    link = f'<a href="/clients/?{kept}"'
    assertContains(browser.get("/"), f"{link}>Cafés</a>")
    # The same, written in another way.
    page = browser.get("/clients/?stage=prospect&q=cool&sort=company")
    assertContains(page, f'{link} aria-current="page">Cafés</a>')
    assertContains(browser.get("/clients/?q=cool"), "Save this view")

    page = browser.post(reverse("dashboard:view_delete", args=[view.pk]), follow=True)
    assertContains(page, "View “Cafés” deleted.")
    assertContains(page, "No saved view.")
    assertContains(page, f'<input type="hidden" name="query" value="{kept}">')
    page = post(browser, query=view.query, name=view.name, follow=True)
    assertContains(page, f"{link} aria-current")
    assertContains(browser.get(SAVE), '<h2 id="saved">Saved by you</h2>')
    assert Entry.objects.count() == told


WRONG = [
    ({"name": ""}, "Give the view a name."),
    ({"name": "   "}, "Give the view a name."),
    ({"name": "x" * 41}, "Name of the view: 40 characters at most (you have 41)."),
    ({"name": "a\u202eb"}, "Remove the characters that cannot be seen."),
    ({"name": "Mine"}, "You have another view of this list under that name"),
    ({"query": urlencode({"q": "\U0001f4a5" * 200})}, "This search is too long"),
    ({"of": "nonsense"}, "choose one from the list"),
]  # fmt: skip


@pytest.mark.any_database
@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, cast, wrong, said):
    SavedView.objects.create(person=cast["owner"], list="clients", name="Mine", query="view=all")
    browser.force_login(cast["owner"])
    with nothing_changes():
        page = post(browser, **{"name": "Startups"} | wrong)
    assertContains(page, said, status_code=422)
    assertContains(page, "<title>Error: Save this view", status_code=422)
    if "query" not in wrong:
        assertContains(page, 'value="view=all&amp;q=cool"', status_code=422)
    if name := wrong.get("name", "").strip():
        assert page.context["form"]["name"].value() == name


def test_there_is_an_end_to_views_and_none_to_clicks(browser, cast, monkeypatch):
    """The same again, as a double click sends it, is no error; one more than fit is."""
    monkeypatch.setattr(saving, "MOST", 2)
    browser.force_login(cast["owner"])
    for name, of in [("One", "clients"), ("One", "events"), ("One", "events")]:
        assert post(browser, name, of=of).status_code == 302
    page = post(browser, "Three")
    assertContains(page, "You have 2 saved views, and there can be no more", status_code=422)
    browser.force_login(cast["colleague"])
    assert post(browser, "One").status_code == 302  # Names and numbers are those of a person.
    assert SavedView.objects.count() == 3


@pytest.mark.parametrize(
    "query",
    ["view=//evil.example&q=x", "https://evil.example", "&next=//evil.example", "\\\\evil", "%00",
     "view=mine&view=all", "sort=zzz&stage=%ED%A0%80", "for=contract&after=3&before=4"],
)  # fmt: skip
def test_nothing_posted_leads_elsewhere(browser, cast, query):
    browser.force_login(cast["owner"])
    response = post(browser, query=query)
    view = SavedView.objects.get()
    assertRedirects(response, f"/clients/?{view.query}")
    assert view.query.split("&")[0] in ("view=mine", "view=all")
    for part in ("evil", "next", "after", "before", "for", "zzz", "%00"):
        assert part not in view.query.replace("q=x", "")


def test_nobody_touches_what_is_not_theirs(browser, cast):
    view = SavedView.objects.create(person=cast["owner"], list="clients", name="Own", query="q=a")
    address = reverse("dashboard:view_delete", args=[view.pk])
    for who in ("colleague", "delegate", "management", "support", "no team"):
        browser.force_login(cast[who])
        with nothing_changes():
            status = browser.post(address).status_code
        assert status == (403 if who == "no team" else 404), who
        if who != "no team":
            assertNotContains(browser.get(SAVE), "Own<")
    browser.force_login(cast["owner"])
    assert browser.get(address).status_code == 405
    assert browser.post(reverse("dashboard:view_delete", args=[10**15])).status_code == 404


def test_what_a_view_named_may_be_gone(browser, cast, kevin):
    """Its salesperson has changed teams, or the list has another filter: it opens, and says so."""
    seller = cast["colleague"]
    query = f"view=gone&sales_contact={seller.pk}&stage=never&sort=size"
    SavedView.objects.create(person=cast["owner"], list="clients", name="Old", query=query)
    SavedView.objects.create(person=cast["owner"], list="gone", name="Lost", query="")
    seller.delete()
    browser.force_login(cast["owner"])
    page = browser.get(SAVE)
    assertNotContains(page, "Lost")
    page = browser.get(page.context["views_saved"][0].url)
    assert page.status_code == 200
    assert any("ignored" in str(message) for message in get_messages(page.wsgi_request))


@pytest.fixture
def world(cast, kevin, event):
    """Of each default view something that counts, and something that does not."""
    past, soon = now() - timedelta(days=3), now() + timedelta(days=3)
    other = ClientFactory(sales_contact=cast["colleague"], stage="prospect")
    ClientFactory(sales_contact=None)
    ContractFactory(client=kevin)
    ContractFactory(client=other)
    for client in (kevin, other):
        for contact in (None, cast["support"], cast["other support"]):
            for start in (past, soon):
                EventFactory(
                    contract__client=client, support_contact=contact, starts_at=start,
                    ends_at=start + timedelta(hours=2), venue="" if contact else "Hall",
                )  # fmt: skip
    ClientFactory(sales_contact=cast["owner"], stage="prospect")


@pytest.mark.parametrize("who", ["owner", "support", "management"])
def test_what_a_team_is_offered_counts_what_its_list_shows(browser, cast, world, who):
    browser.force_login(cast[who])
    offered = browser.get(SAVE).context["views_offered"]
    assert len(offered) == len(my_views.OFFERED[cast[who].team])
    for view in offered:
        page = browser.get(view.url)
        assert [str(message) for message in get_messages(page.wsgi_request)] == []
        assert 0 < view.count.number == page.context["count"].number, view.label
        here = [each for each in page.context["views_offered"] if each.current]
        assert [each.label for each in here] == [view.label]
        assertContains(page, f'aria-current="page">{view.label}<span class="n">')
    plain = browser.get(reverse("dashboard:home")).context["views_offered"]
    assert not any(view.current for view in plain)


def test_a_deed_done_in_place_brings_the_counts_along(browser, cast, event):
    """What a search asks for does not: nothing stands there to be changed."""
    Event.objects.update(support_contact=None)
    browser.force_login(cast["management"])
    assertContains(browser.get("/"), 'Without support<span class="n">1</span>')
    Event.objects.update(support_contact=cast["support"])
    part = browser.get("/", headers={"HX-Request": "true"})
    assertContains(part, 'Without support<span class="n">0</span>')
    assertContains(part, 'id="side-views"')
    found = browser.get("/events/?q=x", headers={"HX-Request": "true"})
    assertNotContains(found, 'id="side-views"')


def test_the_side_asks_once_whatever_is_saved(browser, cast, world, monkeypatch):
    """All counts and all saved views are one query, bounded; many are told as such."""
    monkeypatch.setattr(my_views, "MOST", 1)
    browser.force_login(cast["management"])

    def number():
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/help/")
        return page, sum("saved_view" in query["sql"].lower() for query in queries)

    page, asked = number()
    assert asked == 1
    assertContains(page, '<span class="n">1+</span>')
    for index in range(5):
        post(browser, f"View {index}")
    page, asked = number()
    assert asked == 1
    with CaptureQueriesContext(connection) as queries:  # What is typed into a list counts less.
        browser.get("/clients/?q=cool", headers={"HX-Request": "true"})
    [asked] = [query["sql"] for query in queries if "savedview" in query["sql"]]
    assert "COUNT" not in asked
    assert [view.label for view in page.context["views_saved"]] == [f"View {i}" for i in range(5)]
    assert counting.MOST > my_views.MOST
