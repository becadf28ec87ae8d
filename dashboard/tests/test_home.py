from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import (
    assertContains,
    assertNotContains,
    assertNumQueries,
    assertRedirects,
)

from accounts.models import User
from accounts.templatetags.undo import undo_of
from accounts.tests.factories import UserFactory
from accounts.tests.pages import inputs
from accounts.workflow import add_note
from clients import workflow as clients
from clients.tests.factories import ClientFactory
from contracts import workflow as contracts
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from events import workflow as events
from events.models import Event
from events.tests.factories import EventFactory
from history.models import Entry

DAY = timedelta(days=1)
HOME = "/"
ASSIGN = "ee-assign"


@pytest.fixture(autouse=True)
def on_a_morning_in_may():
    """Far from midnight, and from the nights on which the clocks change."""
    with time_machine.travel(datetime(2027, 5, 20, 10, tzinfo=UTC)):
        yield


def visit(browser, person, query=""):
    browser.force_login(person)
    return browser.get(HOME + query)


def change(record, **fields):
    type(record).objects.filter(pk=record.pk).update(**fields)


def takes_place(event, days, hours=8):
    start = now() + days * DAY
    change(event, starts_at=start, ends_at=start + timedelta(hours=hours))


def test_it_works(browser, cast, signed):
    """A signed contract without event is the first thing its salesperson has to do."""
    response = visit(browser, cast["owner"])
    assertContains(response, "Hello Olivia")
    assertContains(response, "1 action to take on your records")
    step = f'Create the event of contract <span class="ee-nowrap">{signed}</span></a>'
    assertContains(response, step)
    assertContains(response, reverse("events:create", args=[signed.pk]))


@pytest.mark.parametrize(
    ("who", "ours", "others"),
    [
        ("owner", "My open contracts", "Support workload"),
        ("support", "My coming events", "My open contracts"),
        ("management", "Support workload", "My coming events"),
    ],
)
def test_each_team_has_a_page_of_its_own(browser, cast, event, who, ours, others):
    response = visit(browser, cast[who])
    assertContains(response, ours)
    assertNotContains(response, others)


def test_a_superuser_without_team_has_a_home_too(browser, db):
    boss = User.objects.create_superuser("root@agency.example", first_name="R", last_name="Oot")
    assert visit(browser, boss).status_code == 200


class TestSales:
    def test_nobody_is_told_what_others_have_to_do(self, browser, cast, signed, contract):
        change(contract, updated_at=now() - 30 * DAY)
        for who in ("colleague", "delegate"):
            response = visit(browser, cast[who])
            assertContains(response, "nothing urgent today")
            assertContains(response, "Nothing to do for the moment.")
            assertNotContains(response, signed.get_absolute_url())
            assertNotContains(response, contract.get_absolute_url())

    def test_seven_steps_and_a_link_to_the_others(self, browser, cast, kevin, today):
        ContractFactory.create_batch(9, client=kevin, status="signed", signed_on=today)
        response = visit(browser, cast["owner"])
        assert response.text.count('class="ee-todo"') == 7
        assertContains(response, "9 actions to take on your records")
        assertContains(response, "See the 9 actions")
        response = visit(browser, cast["owner"], "?todo=all")
        assert response.text.count('class="ee-todo"') == 9
        assertNotContains(response, "See the 9 actions")

    def test_a_client_to_call_comes_back_on_its_day(self, browser, cast, kevin, today):
        change(kevin, follow_up_on=today + DAY)
        assertNotContains(visit(browser, cast["owner"]), "Get in touch with")
        change(kevin, follow_up_on=today)
        assertContains(visit(browser, cast["owner"]), "Get in touch with Cool Startup")

    def test_the_open_contracts_nobody_has_touched_for_longest(self, browser, cast, kevin):
        opened = ContractFactory.create_batch(6, client=kevin)
        for days, contract in enumerate(opened):
            change(contract, updated_at=now() - days * DAY)
        response = visit(browser, cast["owner"])
        assertNotContains(response, opened[0].get_absolute_url())
        shown = [response.text.index(c.get_absolute_url()) for c in reversed(opened[1:])]
        assert shown == sorted(shown)

    def test_the_figures(self, browser, cast, kevin, today):
        ContractFactory(client=kevin, amount="1200.40")
        ContractFactory(client=kevin, amount="300.30")
        ContractFactory(client=kevin, status="cancelled", amount="5")
        for day in (date(2027, 4, 1), date(2027, 5, 2), date(2027, 3, 31)):
            ContractFactory(client=kevin, status="signed", signed_on=day, amount=10_000)
        ContractFactory(amount=77)  # Another's.
        ClientFactory(sales_contact=cast["owner"], stage="client", converted_at=now())
        EventFactory(contract=Contract.objects.signed().first())
        response = visit(browser, cast["owner"])
        assertContains(response, '<a href="/contracts/?view=mine&amp;status=open">2</a>')
        assertContains(response, "<small>€1,501</small>")
        signed = "/contracts/?view=mine&amp;status=signed&amp;signed_from=2027-04-01"
        assertContains(response, f'<a href="{signed}">2</a>')
        assertContains(response, "<small>€20,000</small>")
        assertContains(response, '<a href="/clients/?view=mine&amp;stage=prospect">1</a>')
        upcoming = f"/events/?view=upcoming&amp;sales_contact={cast['owner'].pk}"
        assertContains(response, f'<a href="{upcoming}">1</a>')

    def test_each_figure_leads_to_what_it_counts(self, browser, cast, kevin, contract, event):
        ClientFactory(), ContractFactory(), EventFactory()  # Another's.
        change(kevin, stage="prospect", converted_at=None)
        page = visit(browser, cast["owner"]).text
        figures = page[page.index('class="ee-kpis"') : page.index("</dl>")]
        links = [part.split('"')[0] for part in figures.split('href="')[1:]]
        assert len(links) == 4
        for link in links:
            assert len(browser.get(link.replace("&amp;", "&")).context["records"]) == 1, link

    def test_three_coming_events(self, browser, cast, kevin):
        coming = [EventFactory(contract__client=kevin) for _ in range(4)]
        for days, event in enumerate(coming, 1):
            takes_place(event, days)
        response = visit(browser, cast["owner"])
        card = response.text[response.text.index('id="coming"') :]
        assert [event.get_absolute_url() in card for event in coming] == [True, True, True, False]

    def test_activity_is_what_others_did_to_ones_clients(self, browser, cast, kevin, event):
        note = {"channel": "note", "happened_on": date(2026, 1, 5), "text": "Seen."}
        add_note(event, by=cast["support"], **note)
        add_note(event, by=cast["owner"], **note)
        add_note(ClientFactory(), by=cast["management"], **note)
        clients.archive(kevin, by=cast["delegate"])
        response = visit(browser, cast["owner"])
        told = f'Sam Support</strong> added a note on <a href="{event.get_absolute_url()}">'
        assertContains(response, told)
        link = f'<a href="{kevin.get_absolute_url()}">Cool Startup'
        told = f"Dora Delegate</strong> for you archived {link}"
        assertContains(response, told)
        assertNotContains(response, "You added a note")
        assertNotContains(response, "Mona Manager")

    def test_a_newcomer_is_told_where_to_start(self, browser, cast):
        response = visit(browser, cast["colleague"])
        assertContains(response, "Add a prospect")
        assertContains(response, "No open contract.")
        assertContains(response, "No coming event.")
        assertContains(response, "Nothing yet.")


class TestSupport:
    def test_support_completes_what_is_over_and_fills_in_what_is_near(self, browser, cast, event):
        assertContains(visit(browser, cast["support"]), event.get_absolute_url())
        assertNotContains(visit(browser, cast["support"]), "Fill in")
        takes_place(event, 3)
        assertContains(visit(browser, cast["support"]), f"Fill in “{event}”")
        takes_place(event, -3)
        assertContains(visit(browser, cast["support"]), f"Complete “{event}”")
        assertNotContains(visit(browser, cast["other support"]), f"Complete “{event}”")

    def test_an_event_of_today_stands_first_with_whom_to_call(self, browser, cast, event, kevin):
        change(kevin, mobile="+33639982064")
        takes_place(event, 0)
        change(event, onsite_contact="Ana Site", onsite_phone="+33199004117", venue="Halle")
        response = visit(browser, cast["support"])
        assertContains(response, "1 event today")
        assertContains(response, f'id="today-{event.pk}"')
        assertContains(response, "In progress")
        assertContains(response, "Halle")
        assertContains(response, 'href="tel:+33199004117"')
        assertContains(response, 'href="tel:+33639982064"')
        assertContains(response, "Call Ana Site")
        assertContains(response, "Call Kevin Casey")
        assert response.text.count("btn-primary") == 1
        assertNotContains(visit(browser, cast["other support"]), "today-")

    def test_without_a_number_there_is_nobody_to_call(self, browser, cast, event):
        takes_place(event, 0)
        assertNotContains(visit(browser, cast["support"]), "tel:")

    def test_thirty_days_ahead(self, browser, cast, event):
        takes_place(event, 29)
        response = visit(browser, cast["support"])
        assertContains(response, "next event in 29 days")
        assertContains(response, event.get_absolute_url())
        takes_place(event, 31)
        response = visit(browser, cast["support"])
        assertContains(response, "next event in 31 days")
        assertContains(response, "No other event in the next 30 days.")

    def test_activity_is_what_others_did_to_ones_events(self, browser, cast, event):
        note = {"channel": "note", "happened_on": date(2026, 1, 5), "text": "Seen."}
        add_note(event, by=cast["owner"], **note)
        add_note(event, by=cast["support"], **note)
        # A client may have the same key.
        Entry.objects.create(
            actor_name="Zoe Other", verb="archive", label="clients.client", record_id=event.pk
        )
        response = visit(browser, cast["support"])
        assertContains(response, "Olivia Owner</strong> added a note on")
        assertNotContains(response, "You added a note")
        assertNotContains(response, "Zoe Other")
        assertNotContains(visit(browser, cast["other support"]), "Olivia Owner")

    def test_without_events(self, browser, cast, event):
        response = visit(browser, cast["other support"])
        assertContains(response, "No event is assigned to you. Management will let you know.")
        assertContains(response, "no coming event")
        assertNotContains(response, event.get_absolute_url())


class TestManagement:
    @pytest.fixture
    def uncovered(self, event):
        takes_place(event, 20)
        change(event, support_contact=None)
        return event

    def test_support_is_assigned_from_the_row(self, browser, cast, uncovered):
        busy = EventFactory(support_contact=cast["support"])
        response = visit(browser, cast["management"])
        assertContains(response, "Sam Support · 1 coming")
        assertContains(response, "Otto Other · 0 coming")
        assert response.text.index("Otto Other ·") < response.text.index("Sam Support ·")
        posted = inputs(response, ASSIGN)
        assert posted == {"from_home": "1", "support_contact": ""}  # Nobody is preselected.

        posted["support_contact"] = cast["other support"].pk
        url = reverse("events:assign", args=[uncovered.pk])
        assertContains(response, f'action="{url}"')
        response = browser.post(url, posted, follow=True)

        uncovered.refresh_from_db()
        assert uncovered.support_contact == cast["other support"]
        assert response.redirect_chain == [(HOME, 302)]
        assertContains(response, f"Otto Other is assigned to “{uncovered}”.")
        assertContains(response, "Every coming event has a support contact.")
        assert (
            Entry.objects.about(uncovered).get(verb="assign_event").actor_id
            == cast["management"].pk
        )
        assert busy in Event.objects.of_support(cast["support"])

    def test_who_has_another_event_then_is_asked_about(self, browser, cast, uncovered):
        EventFactory(
            support_contact=cast["support"],
            starts_at=now() + 20 * DAY,
            ends_at=now() + 21 * DAY,
        )
        posted = inputs(visit(browser, cast["management"]), ASSIGN)
        posted["support_contact"] = cast["support"].pk
        response = browser.post(reverse("events:assign", args=[uncovered.pk]), posted)
        assertContains(response, "at that time", status_code=422)
        uncovered.refresh_from_db()
        assert uncovered.support_contact is None

    def test_a_sales_contact_is_assigned_from_the_row(self, browser, cast, event):
        orphan = ClientFactory(company_name="Sablon", sales_contact=None)
        response = visit(browser, cast["management"])
        assertContains(response, "1 client waits for somebody in charge")
        posted = inputs(response, ASSIGN)
        assert posted == {"from_home": "1", "sales_contact": ""}
        posted["sales_contact"] = cast["colleague"].pk
        url = reverse("clients:assign", args=[orphan.pk])
        assertContains(response, f'action="{url}"')
        response = browser.post(url, posted, follow=True)
        orphan.refresh_from_db()
        assert orphan.sales_contact == cast["colleague"]
        assertContains(response, "Every client has a sales contact.")
        (message,) = response.context["messages"]
        undo = undo_of(message)
        assertRedirects(browser.post(undo["url"], undo["fields"]), HOME)

    def test_who_has_left_counts_as_nobody(self, browser, cast, event, kevin):
        takes_place(event, 20)
        User.objects.filter(pk__in=[cast["support"].pk, cast["owner"].pk]).update(is_active=False)
        response = visit(browser, cast["management"])
        assertContains(response, "1 event and 1 client wait for somebody in charge")
        assertContains(response, reverse("events:assign", args=[event.pk]))
        assertContains(response, reverse("clients:assign", args=[kevin.pk]))
        assertContains(response, "(account closed)")
        assertNotContains(response, "Sam Support ·")

    def test_the_nearest_first_and_the_near_ones_in_red(self, browser, cast, uncovered):
        near = EventFactory(support_contact=None, name="Near")
        takes_place(near, 6)
        response = visit(browser, cast["management"])
        assert response.text.index("Near") < response.text.index(str(uncovered))
        assert response.text.count("ee-badge t-danger") == 1
        assertContains(response, "In 6 days")
        takes_place(near, 8)
        assertNotContains(visit(browser, cast["management"]), "ee-badge t-danger")

    def test_ten_rows_and_a_link_to_the_others(self, browser, cast):
        for _ in range(12):
            EventFactory(support_contact=None)
            ClientFactory(sales_contact=None)
        response = visit(browser, cast["management"])
        assert response.text.count('name="support_contact"') == 10
        assert response.text.count('name="sales_contact"') == 10
        assertContains(response, "12 events and 12 clients wait for somebody in charge")
        for address in ("/events/?view=unassigned", "/clients/?view=unassigned"):
            assert f'ee-more" href="{address}"' in response.text

    def test_events_to_complete(self, browser, cast, event):
        takes_place(event, -3)
        card = visit(browser, cast["management"]).text
        card = card[card.index('id="over"') : card.index('id="activity"')]
        assert event.get_absolute_url() in card
        assert "To complete" in card
        events.complete(event, by=cast["support"])
        assertContains(visit(browser, cast["management"]), "Every event that is over is completed.")

    def test_the_load_of_support(self, browser, cast, event):
        takes_place(event, 20)
        EventFactory(support_contact=cast["support"])
        for state in ({"status": "cancelled"}, {"starts_at": now() + 40 * DAY}):
            EventFactory(support_contact=cast["support"], **state)
        takes_place(EventFactory(support_contact=cast["support"]), -5)
        card = visit(browser, cast["management"]).text
        card = card[card.index('id="load"') :]
        assert "2 events" in card
        assert '<meter min="0" max="2" value="2"' in card
        assert "Without any event in the next 30 days: Otto Other." in card

    def test_the_figures(self, browser, cast, uncovered, today):
        EventFactory(support_contact=cast["support"])
        ClientFactory(sales_contact=None)
        ClientFactory(sales_contact=None, archived_at=now())
        ContractFactory(amount=500)
        response = visit(browser, cast["management"])
        assertContains(response, '1<small><a href="/events/?view=upcoming">of 2</a></small>')
        assertContains(response, '3<small><a href="/clients/?view=all">of 4</a></small>')
        assertContains(response, '<a href="/contracts/?view=open">1</a><small>€500</small>')
        signed = "/contracts/?view=signed&amp;signed_from=2027-04-01"
        assertContains(response, f'<a href="{signed}">2</a><small>€2,000</small>')

    def test_what_is_past_a_thousand_is_not_counted_out(self, browser, cast, monkeypatch):
        monkeypatch.setattr("accounts.counting.MOST", 3)
        ClientFactory.create_batch(5)
        response = visit(browser, cast["management"])
        assertContains(response, '<a href="/clients/?view=all">3+</a></dd>')

    def test_recent_activity_is_everybodys(self, browser, cast, kevin, contract):
        contracts.sign(contract, by=cast["owner"], signed_on=date(2026, 1, 5))
        fresh = clients.create(
            by=cast["management"],
            company_name="Gone",
            first_name="G",
            last_name="O",
            email="g@o.example",
        )
        clients.delete(fresh, by=cast["management"])
        response = visit(browser, cast["management"])
        assertContains(response, "Olivia Owner</strong> marked contract")
        assertContains(response, contract.get_absolute_url())
        assertContains(response, 'You deleted <strong class="fw-semibold">Gone</strong>')

    @pytest.mark.parametrize("who", ["owner", "support"])
    def test_nobody_else_is_offered_to_assign(self, browser, cast, uncovered, who):
        assert inputs(visit(browser, cast[who]), ASSIGN) == {}

    def test_all_is_well(self, browser, cast, event):
        response = visit(browser, cast["management"])
        assertContains(response, "every event and every client is in somebody’s hands")


SHELL = 4  # Session; user with team; what is lent to them; their views.


@pytest.mark.parametrize(("who", "own"), [("owner", 11), ("support", 7), ("management", 12)])
def test_how_often_it_asks(browser, cast, kevin, contract, event, today, who, own):
    """The same with more of everything; 12 at most (performance.md)."""
    assert own <= 12

    def count():
        with assertNumQueries(SHELL + own):
            assert browser.get(HOME).status_code == 200

    def more():
        clients.create(
            by=cast["owner"], company_name="More", first_name="M", last_name="O",
            email="m@o.example", follow_up_on=today,
        )  # fmt: skip
        signed = {"contract__client": kevin, "support_contact": cast["support"]}
        for days in (-3, 0, 3):
            takes_place(EventFactory(**signed), days)
        takes_place(EventFactory(contract__client=kevin), 3)
        ContractFactory(client=kevin, status="signed", signed_on=today)
        change(ContractFactory(client=kevin), updated_at=now() - 20 * DAY)
        ClientFactory(sales_contact=None)
        UserFactory(team="support")
        for record in (kevin, contract, event):
            note = {"channel": "note", "happened_on": today, "text": "Seen."}
            add_note(record, by=cast["management"], **note)

    browser.force_login(cast[who])
    more()  # What there is none of is asked for in fewer queries.
    count()
    for _ in range(20):
        more()
    count()
