"""The leak brake: office work never meets it, whoever reads everything does."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, localtime, make_aware
from pytest_django.asserts import assertContains

from accounts import absences, brake
from accounts.access import Refused
from accounts.delegations import delegate
from accounts.models import Allowance, Opening
from accounts.tests.factories import UserFactory
from clients.models import Client
from clients.tests.factories import ClientFactory
from clients.views import ClientList
from clients.workflow import assign
from contracts.tests.factories import ContractFactory
from dashboard.models import Notification
from dashboard.notifications import lines
from events.tests.factories import EventFactory
from history.models import Entry, EntryValue
from history.tests.tables import changes, nothing_changes, told

MORNING = make_aware(datetime.fromisoformat("2027-03-10 10:20"))


@pytest.fixture
def morning():
    """Twenty past ten; the clock stands still, and a test moves it on."""
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def limits(settings):
    def limits(**numbers):
        settings.READING_LIMITS = settings.READING_LIMITS | numbers

    return limits


@pytest.fixture
def sit_down(browser, cast):
    """Somebody in front of a browser."""

    def sit_down(who):
        browser.force_login(cast[who])
        return browser

    return sit_down


def used(person):
    row = Allowance.objects.filter(person=person).first()
    return (row.records, row.searches, row.exports) if row else (0, 0, 0)


def what_is_told():
    with translation.override("en"):
        found = lines(Notification.objects.filter(kind__startswith="read_").told())
    return [(line.notification.recipient.first_name, line.text) for line in found]


@pytest.mark.any_database
def test_a_day_in_the_office_never_meets_it(sit_down, cast, morning):
    """The busiest hour that anybody could think of: nobody is refused, nobody is told."""
    own = [ClientFactory(sales_contact=cast["owner"]) for _n in range(60)]
    others = [ClientFactory(sales_contact=cast["colleague"]) for _n in range(40)]
    owner = sit_down("owner")
    with told():
        for client in (*own, *others):
            assert owner.get(client.get_absolute_url()).status_code == 200
        for _n in range(20):
            assert owner.get("/clients/?view=all").status_code == 200
            assert owner.get("/clients/?q=cool").status_code == 200  # Among one's own.
            assert owner.get("/clients/?view=all&q=cool").status_code == 200
            assert owner.get("/search/?q=cool", headers={"HX-Request": "true"}).status_code == 200
    assert used(cast["owner"]) == (40, 40, 0)


def test_a_script_does(sit_down, cast, morning, limits):
    limits(records=10)
    boss = UserFactory(team="management", first_name="Bea")
    clients = [ClientFactory(sales_contact=cast["colleague"]) for _n in range(12)]
    mine = ClientFactory(sales_contact=cast["owner"])
    owner = sit_down("owner")
    with told("read_half", "read_all"):
        answers = [owner.get(client.get_absolute_url()) for client in clients]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    refusal = answers[-1]
    assert refusal.headers["Retry-After"] == str(40 * 60)
    for words in ("You have read a great deal", "They open again at 11:00", "Mona Manager", "Bea"):
        assertContains(refusal, words, status_code=429)
    half = "Olivia Owner opened 5 records held by others within an hour, half of the limit: "
    end = "Olivia Owner opened 10 records held by others within an hour: limit reached, "
    half, end = f"{half}is there a reason for it?", f"{end}until 11:00."
    said = sorted(what_is_told())
    assert said == [("Bea", end), ("Bea", half), ("Mona", end), ("Mona", half)]
    assert Notification.objects.first().recipient in (boss, cast["management"])
    for still in (clients[0], mine):  # Opened already, and one's own.
        assert owner.get(still.get_absolute_url()).status_code == 200
    with nothing_changes():  # Told once an hour.
        assert owner.get(clients[11].get_absolute_url()).status_code == 429
    morning.move_to(MORNING + timedelta(minutes=40))
    assert owner.get(clients[11].get_absolute_url()).status_code == 200
    # What was opened is gone, how much it was is kept for a day.
    assert (Allowance.objects.count(), Opening.objects.count()) == (2, 1)


def test_who_turns_the_pages_of_a_list_meets_it_too(sit_down, cast, morning, limits):
    limits(searches=12)
    for _n in range(80):
        ClientFactory(sales_contact=cast["colleague"])
    owner, page, statuses = sit_down("owner"), "?view=all", []
    while page and len(statuses) < 9:
        response = owner.get(f"/clients/{page}")
        statuses.append(response.status_code)
        page = response.context["view"].next if response.status_code == 200 else ""
    assert statuses == [200, 200, 200, 429]
    assert [verb for _pk, verb in Entry.objects.values_list("pk", "verb")] == [
        "read_all", "read_half",
    ]  # fmt: skip
    assert owner.get("/clients/?view=all").status_code == 200  # A list as such,
    assert owner.get("/clients/?view=mine&q=cool&after=1").status_code == 200  # one's own.
    for closed in (
        "/clients/?view=all&q=cool", "/search/?q=cool", "/contracts/?view=all&status=open",
        "/events/?view=past&sort=-start", "/clients/?view=all&before=1",
    ):  # fmt: skip
        assert owner.get(closed).status_code == 429, closed
    assert owner.get("/search/").status_code == 200


EVERY_PAGE = {
    "clients:detail": "client", "clients:history": "client", "clients:update": "client",
    "clients:archive": "client", "contracts:create": "client", "clients:delegate": "client",
    "contracts:detail": "contract", "contracts:history": "contract", "contracts:cancel": "contract",
    "events:detail": "event", "events:history": "event", "events:day": "event",
    "events:ics": "event", "events:update": "event", "events:assign": "event",
}  # fmt: skip


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_page_of_a_record_counts_it_once(sit_down, cast, world, page, morning, limits):
    boss, record = sit_down("management"), world[EVERY_PAGE[page]]
    address = reverse(page, args=[record.pk])
    for _time in range(2):
        assert boss.get(address).status_code == 200
        assert used(cast["management"]) == (1, 0, 0)
    limits(records=1)
    Opening.objects.all().delete()
    with told("read_all"):
        assert boss.get(address).status_code == 429


def test_what_is_in_ones_hands_is_never_counted(sit_down, cast, world, limits):
    limits(records=0, searches=0)  # Whatever is counted is refused.
    chain = [world["client"], world["kept"], world["event"]]
    led = ClientFactory(sales_contact=cast["management"])
    stand_in, today = UserFactory(team="sales", language="en"), localdate()
    cast["stand-in"] = stand_in
    away = {"starts_on": today, "ends_on": today, "delegate": stand_in}
    absences.plan(cast["owner"], by=cast["owner"], **away)
    lent = EventFactory(support_contact=cast["support"])
    delegate(lent, by=cast["support"], to=cast["other support"], until=today)
    led_chain = [led, *(ContractFactory(client=led) for _n in range(1))]
    for who, records in {
        "owner": chain, "delegate": chain, "stand-in": chain, "support": chain,
        "other support": [lent], "management": led_chain,
    }.items():  # fmt: skip
        person = sit_down(who)
        for record in records:
            assert person.get(record.get_absolute_url()).status_code == 200, (who, record)
        for view in ("mine", "delegated"):
            assert person.get(f"/clients/?view={view}&q=cool&sort=company").status_code == 200
        for record in (ClientFactory(), world["cancelled"]) if who == "other support" else ():
            assert person.get(record.get_absolute_url()).status_code == 429, who
    assert sit_down("colleague").get(world["client"].get_absolute_url()).status_code == 429


def test_many_at_once_are_a_page_and_no_openings(sit_down, cast, limits):
    limits(records=2, searches=9)
    boss, chosen = sit_down("management"), [ClientFactory().pk for _n in range(4)]
    page = reverse("clients:assign_many")
    assert boss.get(page, {"chosen": chosen}).status_code == 200
    form = {"chosen": chosen, "sales_contact": cast["owner"].pk}
    assert boss.post(page, form).status_code == 302
    assert cast["owner"].clients.count() == 4
    assert used(cast["management"]) == (0, brake.TURN, 0)
    assert boss.get(page, {"chosen": chosen}).status_code == 429


def test_the_journal_is_read_as_a_list_is(sit_down, cast, kevin, limits):
    limits(searches=0)
    boss, entry = sit_down("management"), Entry.objects.first()
    assert boss.get("/journal/").status_code == 200
    for query in (f"after={entry.pk}", "q=cool", f"person={cast['owner'].pk}"):
        assert boss.get(f"/journal/?{query}").status_code == 429


@pytest.mark.any_database
def test_a_page_of_many_that_comes_back_is_a_page_too(sit_down, cast, kevin, limits):
    limits(searches=9)
    boss, chosen = sit_down("management"), {"chosen": [kevin.pk]}
    answers = [boss.post("/clients/assign/", chosen).status_code for _n in range(2)]
    assert answers == [422, 429]
    assert used(cast["management"])[1] >= 9


@pytest.mark.any_database
def test_what_is_sought_among_ones_own_tells_no_number_of_others(sit_down, cast, kevin):
    """It is not counted: a letter more each time would read out what is in other hands."""
    ClientFactory(sales_contact=cast["colleague"], company_name="Malterre")
    owner = sit_down("owner")
    for query, shown in (
        ("", {"mine", "all"}),
        ("&q=malterre", {"mine"}),
        ("&source=phone", {"mine"}),
    ):
        tabs = owner.get(f"/clients/?view=mine{query}").context["tabs"]
        codes = list(ClientList.views)
        told = {code for code, tab in zip(codes, tabs, strict=True) if tab.count is not None}
        assert told & {"mine", "all"} == shown
    assert used(cast["owner"]) == (0, 0, 0)
    tabs = owner.get("/clients/?view=all&q=malterre").context["tabs"]
    assert all(tab.count is not None for tab in tabs)
    assert used(cast["owner"]) == (0, 1, 0)


@pytest.mark.any_database
def test_what_it_tells_of_accounts_is_never_counted(sit_down, cast, limits):
    """Who finds out what happened is not held up; with words it is a search among clients."""
    limits(searches=2)
    boss = sit_down("management")
    for kind in ("access", "failure", "refusal", "export", "admin") * 2:
        assert boss.get(f"/journal/?kind={kind}").status_code == 200
    assert used(cast["management"]) == (0, 0, 0)
    words = [boss.get("/journal/?kind=access&q=cool").status_code for _n in range(3)]
    kinds = [boss.get(f"/journal/?kind={kind}").status_code for kind in ("clients", "loan")]
    assert (words, kinds) == ([200, 200, 429], [429, 429])


def test_exports_count_one_s_own_too(sit_down, cast, kevin, limits):
    limits(exports=2)
    owner = sit_down("owner")
    with told("read_half", "export_clients", "export_clients", "read_all"):
        statuses = [owner.post("/exports/clients/").status_code for _n in range(3)]
    assert statuses == [200, 200, 429]


# --- Lifting it ----------------------------------------------------------------------------------


@pytest.fixture
def braked(sit_down, cast, morning, limits):
    """The colleague has come to the end: an address that is closed to them."""
    limits(records=1)
    first, second = ClientFactory(), ClientFactory()
    colleague = sit_down("colleague")
    colleague.get(first.get_absolute_url())
    assert colleague.get(second.get_absolute_url()).status_code == 429
    return second.get_absolute_url()


@pytest.mark.parametrize(
    ("which", "until", "said"),
    [("hour", "2027-03-10 11:00", "today at 11:00"), ("day", "2027-03-11 00:00", "11 Mar 2027")],
)
def test_management_lifts_it(sit_down, cast, braked, morning, which, until, said):
    boss, colleague = sit_down("management"), cast["colleague"]
    page = boss.get(f"/team/{colleague.pk}/")
    for words in ("Read in this hour", "1 of 1", "Lift the limit for this hour"):
        assertContains(page, words)
    with told("lift_limit"):
        page = boss.post(f"/team/{colleague.pk}/lift-limit/", {which: "1"}, follow=True)
    assertContains(page, f"The reading limit of Colin Colleague is lifted until {said}")
    assertContains(page, "The limit is lifted until")
    until = make_aware(datetime.fromisoformat(until))
    assert datetime.fromisoformat(changes(colleague)["lifted_until"][1]) == until
    with translation.override("en"):
        mine = Notification.objects.filter(recipient=colleague, kind="limit_lifted")
        [line] = lines(mine.told())
    assert line.text.startswith("Mona Manager lifted your hourly reading limit until ")
    assert sit_down("colleague").get(braked).status_code == 200
    morning.move_to(until)
    for status in (200, 429):  # It holds again.
        assert sit_down("colleague").get(ClientFactory().get_absolute_url()).status_code == status


def test_who_may_lift_it(sit_down, cast, braked):
    for who in ("owner", "support", "colleague"):
        with nothing_changes():
            answer = sit_down(who).post(f"/team/{cast['colleague'].pk}/lift-limit/")
        assert answer.status_code == 403
    boss = cast["management"]
    with nothing_changes(), pytest.raises(Refused):  # Not one's own.
        brake.lift(boss, by=boss)
    assert "Lift the limit" not in sit_down("management").get(f"/team/{boss.pk}/").text


def test_a_manager_meets_it_and_the_others_are_told(sit_down, cast, morning, limits):
    limits(records=2)
    UserFactory(team="management", first_name="Bea")
    boss = sit_down("management")
    statuses = [boss.get(ClientFactory().get_absolute_url()).status_code for _n in range(3)]
    assert statuses == [200, 200, 429]
    assert {who for who, _text in what_is_told()} == {"Bea"}
    page = boss.get(ClientFactory().get_absolute_url())
    assertContains(page, "Bea", status_code=429)


# --- Several at once ----------------------------------------------------------------------------


@pytest.mark.postgresql
def test_ten_at_once_do_not_pass(at_once, cast, limits):
    limits(records=5)
    person = cast["colleague"]
    clients = [ClientFactory() for _n in range(10)]
    with told("read_half", "read_all"):
        got = at_once(*[lambda c=c: brake.spend(person, "records", record=c) for c in clients])
    assert sum(result is None for result in got) == 5
    assert sum(isinstance(result, brake.TooMuch) for result in got) == 5
    assert Opening.objects.count() == 5
    assert used(person)[0] == 10


def test_without_its_entry_nothing_is_counted(cast, limits, monkeypatch, transactional_db):
    """The alarm that could not be written is not lost: the next one comes to the same mark."""
    limits(records=1)
    client, person = ClientFactory(), cast["colleague"]

    def full(*args, **kwargs):
        raise OSError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(EntryValue.objects, "bulk_create", full)
        with pytest.raises(OSError, match="full"):
            brake.spend(person, "records", record=client)
    assert used(person) == (0, 0, 0)
    with told("read_half"):
        brake.spend(person, "records", record=client)


class TestNames:
    """Pages beside the lists that tell of others' records to whoever tries names, or keys."""

    @pytest.fixture
    def others(self, cast):
        return ClientFactory(
            sales_contact=cast["colleague"], company_name="Malterre", email="m@malterre.example"
        )

    @pytest.fixture
    def own(self, cast):
        return ClientFactory(sales_contact=cast["owner"], company_name="Bonneterre")

    TYPED = {"stage": "prospect", "first_name": "A", "last_name": "B", "email": "a@b.example"}

    @pytest.mark.parametrize("page", ["/clients/alike/", "/clients/new/"])
    def test_who_is_alike(self, sit_down, cast, others, own, limits, page):
        limits(searches=2)
        owner = sit_down("owner")
        typed = self.TYPED | {"source": "phone", "phone": "+33199000001"}
        for name, so_far in (
            ("Bonneterre", 0),
            ("Malterre", 1),
            ("Malterre", 2),
            ("Bonneterre", 2),
        ):
            response = owner.post(page, typed | {"company_name": name})
            assert name in response.text
            assert used(cast["owner"]) == (0, so_far, 0)
        with told("read_all"):
            refused = owner.post(page, typed | {"company_name": "Malterre"})
        is_form = page == "/clients/new/"  # What was typed is not lost.
        assert refused.status_code == (422 if is_form else 429)
        assert "m@malterre.example" not in refused.text
        assert ("save this after" in refused.text) is is_form
        assert ('value="a@b.example"' in refused.text) is is_form

    @pytest.mark.parametrize("app", ["contracts", "events"])
    def test_a_key_in_a_filter(self, sit_down, cast, others, own, limits, app):
        limits(searches=1)
        owner = sit_down("owner")
        page = f"/{app}/?view=mine&client="
        assert "Bonneterre" in owner.get(f"{page}{own.pk}").text
        assert used(cast["owner"]) == (0, 0, 0)
        assert "Malterre" in owner.get(f"{page}{others.pk}").text
        assert owner.get(f"{page}{others.pk}").status_code == 429
        assert owner.get(f"{page}{own.pk}").status_code == 200

    def test_a_key_on_the_page_of_an_export(self, sit_down, cast, others, own, limits):
        limits(searches=1)
        for who in ("owner", "management"):
            person = sit_down(who)
            page = "/exports/contracts/?view=mine&client="
            asked = [person.get(f"{page}{others.pk}") for _n in range(2)]
            assert [answer.status_code for answer in asked] == [200, 429], who
        assert sit_down("owner").get(f"{page}{own.pk}").status_code == 200

    def test_a_key_of_what_one_may_not_see(self, sit_down, cast, others, own):
        Client.objects.filter(pk=others.pk).update(erased_at=localtime())
        owner = sit_down("owner")
        for app in ("contracts", "events", "exports/contracts"):
            page = owner.get(f"/{app}/?view=all&client={others.pk}")
            assert "Malterre" not in page.text
            assert "A filter that makes no sense was ignored." in page.text

    def test_ones_own_by_name(self, sit_down, cast, own, limits):
        """The home page leads so to one's own coming events."""
        limits(searches=0)
        owner, support = sit_down("owner"), cast["support"].pk
        mine = f"sales_contact={cast['owner'].pk}"
        assert owner.get(f"/events/?view=upcoming&{mine}").status_code == 200
        assert owner.get(f"/clients/?view=all&{mine}&q=bonne").status_code == 200
        other = f"sales_contact={cast['colleague'].pk}"
        assert owner.get(f"/clients/?view=all&{other}").status_code == 429
        person = sit_down("support")
        assert person.get(f"/events/?view=upcoming&support_contact={support}").status_code == 200

    @pytest.mark.parametrize(
        ("who", "page"),
        [
            ("support", "/clients/?view=all&support_contact={}&q=malterre"),
            ("support", "/contracts/?view=all&support_contact={}&sort=reference"),
            ("management", "/journal/?sales_contact={}&q=malterre"),
            ("owner", "/clients/?view=all&sales_contact={}x&q=malterre"),
        ],
    )
    def test_a_filter_that_the_list_does_not_have_narrows_nothing(
        self, sit_down, cast, others, limits, who, page
    ):
        limits(searches=0)
        person = sit_down(who)
        with told("read_all"):
            assert person.get(page.format(cast[who].pk)).status_code == 429

    def test_a_key_in_the_journal(self, sit_down, cast, others, limits):
        limits(searches=1)
        boss = sit_down("management")
        page = f"/journal/?kind=admin&record=clients.client-{others.pk}"
        assert [boss.get(page).status_code for _n in range(2)] == [200, 429]
        for kind in ("kind=admin&", ""):
            of_account = f"/journal/?{kind}record=accounts.user-{cast['owner'].pk}"
            assert boss.get(of_account).status_code == 200

    def test_how_many_there_would_be_to_copy_out(self, sit_down, cast, others, own, limits):
        limits(searches=2)
        boss = sit_down("management")
        page = "/exports/clients/?view=all&q=malterre"
        assert [boss.get(page).status_code for _n in range(3)] == [200, 200, 429]
        owner = sit_down("owner")
        for _n in range(3):
            assert owner.get(page.replace("malterre", "bonneterre")).status_code == 200

    def test_what_is_to_come_and_was(self, sit_down, cast, limits):
        """The agenda of this month is a page as such, and one's own is never counted."""
        limits(searches=2)
        owner = sit_down("owner")
        for _n in range(3):
            assert owner.get("/agenda/?who=all").status_code == 200
            assert owner.get("/agenda/2027/1/?who=me").status_code == 200
        assert used(cast["owner"]) == (0, 0, 0)
        far = [f"2027/5/?who={cast['colleague'].pk}", "2025/1/?who=all", "2027/3/?who=all"]
        assert [owner.get(f"/agenda/{month}").status_code for month in far] == [200, 200, 429]


def test_who_reads_slowly_is_told_of_too(sit_down, cast, morning, limits):
    """Below half of every hour, all day long."""
    limits(records=10)
    owner = sit_down("owner")
    with told("read_day"):
        for hour in range(10):
            morning.move_to(MORNING + timedelta(hours=hour))
            for _n in range(4):
                client = ClientFactory(sales_contact=cast["colleague"])
                assert owner.get(client.get_absolute_url()).status_code == 200
    assert Opening.objects.count() == 4
    assert what_is_told() == [
        (
            "Mona",
            "Olivia Owner opened 30 records held by others within 24 hours: is there a reason"
            " for it?",
        )
    ]


def test_it_is_told_once_a_day_and_of_what_was_read(sit_down, cast, morning, limits):
    """Two work from morning to evening; one of them reads much, and is refused at times."""
    limits(records=10)
    with told("read_day", "read_day"):
        for day in range(2):
            for hour in range(8):
                morning.move_to(MORNING + timedelta(days=day, hours=hour))
                for who, many in (("owner", 4), ("colleague", 3)):
                    person = sit_down(who)
                    for _n in range(many):
                        client = ClientFactory(sales_contact=cast["delegate"])
                        person.get(client.get_absolute_url())
    days = EntryValue.objects.filter(entry__verb="read_day")
    numbers = list(days.values_list("entry__actor_name", "field", "new"))
    assert numbers == [("Olivia Owner", "records", 30)] * 2


def test_what_was_refused_was_not_read(sit_down, cast, morning, limits):
    limits(records=4)
    owner = sit_down("owner")
    with told("read_half", "read_all"):
        for _n in range(14):
            client = ClientFactory(sales_contact=cast["colleague"])
            owner.get(client.get_absolute_url())


def test_a_day_later_it_is_forgotten(sit_down, cast, morning, limits):
    limits(records=10)
    with told():
        for day in range(3):
            for hour in range(5):
                morning.move_to(MORNING + timedelta(days=day, hours=hour))
                owner = sit_down("owner")  # Yesterday's session is over.
                for _n in range(4):
                    client = ClientFactory(sales_contact=cast["colleague"])
                    assert owner.get(client.get_absolute_url()).status_code == 200
    assert Allowance.objects.count() == 5


def test_managers_hear_who_of_them_takes_a_client(cast):
    """From then on nothing of it is counted."""
    client, boss = ClientFactory(sales_contact=cast["colleague"]), cast["management"]
    UserFactory(team="management", first_name="Bea")
    assign(client, by=boss, sales_contact=cast["owner"])
    taken = Notification.objects.filter(kind="taken")
    assert not taken.exists()
    assign(client, by=boss, sales_contact=boss)
    [line] = lines(taken.told())
    assert line.notification.recipient.first_name == "Bea"
    taken.delete()
    assign(ClientFactory(sales_contact=None), by=boss, sales_contact=boss)
    assert taken.exists()  # Nobody's, too.
