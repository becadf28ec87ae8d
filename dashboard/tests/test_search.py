import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from accounts.searching import search_words
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory


@pytest.fixture
def search(browser, cast):
    def search(words, who="support"):
        browser.force_login(cast[who])
        return browser.get("/search/", {"q": words})

    return search


@pytest.fixture
def arvel(db):
    return ClientFactory(
        company_name="Maison Arvél", first_name="Éléonore", last_name="Dupont",
        email="eleonore@arvel.example", phone="+33199004117", mobile="+33639982064",
    )  # fmt: skip


def found(response):
    """What the page lists, by kind."""
    groups = response.context["groups"]
    return {group.kind: [*map(str, group.records)] for group in groups if not group.is_near}


def test_it_works(search, arvel):
    contract = ContractFactory(client=arvel, reference="C-2031-007", title="Gala")
    event = EventFactory(contract=contract, name="Soirée", venue="Halle aux grains")
    ClientFactory(company_name="Another")
    response = search("arvel")
    assert found(response) == {
        "clients": ["Maison Arvél"], "contracts": ["C-2031-007"], "events": ["Soirée"]
    }  # fmt: skip
    for record in (arvel, contract, event):
        assertContains(response, record.get_absolute_url())


@pytest.mark.parametrize("who", ["management", "owner", "colleague", "support"])
def test_everybody_finds_everything(search, arvel, who):
    assert found(search("arvel", who)) == {"clients": ["Maison Arvél"]}


@pytest.mark.parametrize(
    "words",
    [
        "ARVÉL", "maison  arvel", "Arvel Maison", "éléonore dup", "ELEONORE@arvel",
        "01 99 00 41 17", "0199004117", "01.99.00.41.17", "+33 1 99 00 41 17",
        "+33 (0)1 99 00 41 17", "+33 01 99 00 41 17", "0033 1 99",
        "0033199004117", "01\u00a099\u202f00 41 17", "06-39-98-20-64", "01 99 00", "+33 6 39",
    ],
)  # fmt: skip
def test_a_client_is_found_by_company_person_mail_and_phone(search, arvel, words):
    ClientFactory(company_name="Another", phone="+33199004118", mobile="+33639982065")
    assert "Maison Arvél" in found(search(words))["clients"]


@pytest.mark.parametrize("words", ["01 99 00 41 17", "+33 6 39 98 20 64"])
def test_a_phone_number_is_one_word(search, arvel, words):
    """Its pairs in another order are another number."""
    ClientFactory(company_name="Another", phone="+33117419900", mobile="+33664209839")
    assert found(search(words)) == {"clients": ["Maison Arvél"]}


@pytest.mark.parametrize(
    ("words", "sought"),
    [
        ("C-2031-047", ["c-2031-047"]),
        ("2031-047", ["2031-047"]),
        ("Salle 01 99", ["salle", "01", "99"]),
        ("+32 2 123 45 67", ["+3221234567"]),
        ("02 123 45 67", ["021234567"]),
        ("0032 2", ["+322"]),
        ("+", ["+"]),
        ("", []),
    ],
)
def test_what_is_sought(words, sought):
    assert search_words(words) == sought


@pytest.mark.parametrize("words", ["C-2031-007", "c-2031-007", "2031-007", "2031 007", "gala"])
def test_a_contract_is_found_by_reference_and_subject(search, words):
    ContractFactory(reference="C-2031-007", title="Gala")
    ContractFactory(reference="C-2031-008", title="Congrès")
    assert found(search(words)) == {"contracts": ["C-2031-007"]}


@pytest.mark.parametrize("words", ["soiree", "HALLE grains", "rue des forges"])
def test_an_event_is_found_by_name_and_place(search, words):
    EventFactory(name="Soirée", venue="Halle aux grains", address="3, rue des Forges")
    EventFactory(name="Congrès")
    assert found(search(words)) == {"events": ["Soirée"]}


class TestMany:
    @pytest.fixture(autouse=True)
    def clients(self, db):
        ClientFactory.create_batch(14, company_name="Atelier", email="a@b.example")

    def test_five_of_each_and_a_link_to_the_list(self, browser, search):
        response = search("atelier")
        assert len(found(response)["clients"]) == 5
        assertContains(response, "See the 14 clients")
        assertContains(response, 'href="/clients/?view=all&amp;q=atelier"')
        assertContains(browser.get("/clients/?view=all&q=atelier"), "14 clients")

    def test_the_link_holds_whatever_was_typed(self, browser, search):
        ClientFactory.create_batch(6, company_name="A & B / 100 %")
        page = search("a & b / 100 %").text
        link = page.split('href="/clients/?view=all&amp;')[1].split('"')[0]
        assertContains(browser.get(f"/clients/?view=all&{link}"), "6 clients")

    def test_past_five_hundred_it_says_so(self, browser, search, monkeypatch):
        for module in ("querysets", "lists"):
            monkeypatch.setattr(f"accounts.{module}.FOUND", 10)
        monkeypatch.setattr("dashboard.search.FOUND", 10)
        assertContains(search("atelier"), "See 500 clients of more")
        response = browser.get("/clients/?view=all&q=atelier")
        assertContains(response, "More than 500 clients: narrow the search")
        assert len(response.context["records"]) == 11  # As many as the search went for.

    def test_how_often_it_asks(self, browser, search, cast):
        def count():
            with assertNumQueries(8):  # Session, user, views, brake; three kinds, their numbers.
                browser.get("/search/", {"q": "example"})

        EventFactory()
        search("example")
        count()
        for _ in range(20):
            EventFactory()
        count()


def test_archived_clients_are_a_click_away(browser, search, arvel, today):
    type(arvel).objects.update(archived_at="2031-01-01T00:00Z")
    response = search("arvel")
    assertNotContains(response, arvel.get_absolute_url())
    assertContains(response, 'href="/clients/?view=archived&amp;q=arvel"')
    assertContains(browser.get("/clients/?view=archived&q=arvel"), arvel.get_absolute_url())


def test_nothing_asked(search):
    response = search("  ")
    assertContains(response, "Type a company")
    assertNotContains(response, "No result")


def test_nothing_found(search, arvel):
    response = search("<arxxl>")
    assertContains(response, "No result for “&lt;arxxl&gt;”.")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("maisson arvel", ["Maison Arvél"]),
        ("Mason Arvell", ["Maison Arvél"]),
        ("dupotn", ["Maison Arvél"]),
        ("vinyard tesan", ["Vignobles Tessan"]),
        ("tesan", ["Vignobles Tessan"]),
        ("vignoble", None),  # Found as it is.
        ("zephirine", []),
        ("zqx", []),
        ("12345", []),
    ],
)
def test_a_slip_finds_what_is_near(search, arvel, words, names):
    ClientFactory(company_name="Vignobles Tessan", last_name="Tessan", email="t@tessan.example")
    ClientFactory(company_name="Maison Corvin", last_name="Corvin", email="c@corvin.example")
    response = search(words)
    near = [group for group in response.context["groups"] if group.is_near]
    assert [str(record) for group in near for record in group.records] == (names or [])
    if names:
        assertContains(response, f"Results close to “{words}”.")
    elif names is not None:
        assertContains(response, "No result")


def test_what_was_sought_is_marked(search, arvel):
    ContractFactory(client=arvel, reference="C-2031-007", title="<b>Gala</b> d’été")
    response = search("GALA d'ete")
    assertContains(response, "&lt;b&gt;<mark>Gala</mark>&lt;/b&gt; <mark>d’été</mark>")
    assertContains(search("2031-7"), "<mark>C-2031-007</mark>")
    assertContains(search("arvel"), "Maison <mark>Arvél</mark>")
    assertContains(search("199004117"), "+33 <mark>1 99 00 41 17</mark>")
    assertContains(search("dupotn"), "Éléonore <mark>Dupont</mark>")


@pytest.mark.parametrize(
    "words",
    ["\x00", "a\x00rvel", "x" * 10_000, "x " * 5_000, "%", "_", "'; --", "١٢٣", "0" * 10_000, "+"],
)
def test_nothing_that_is_searched_is_an_error(search, arvel, words):
    assert search(words).status_code == 200


def test_what_no_text_can_hold_is_left_out(search, arvel):
    assert found(search("ar\x00vel")) == {"clients": ["Maison Arvél"]}


def test_a_percent_sign_is_no_wildcard(search, arvel):
    assert found(search("ar%el")) == found(search("a_vel")) == {}


class TestPalette:
    """What is listed while one types: the same records, and commands."""

    @pytest.fixture
    def palette(self, browser, cast):
        def palette(words, who="owner"):
            browser.force_login(cast[who])
            return browser.get("/search/", {"q": words}, headers={"HX-Request": "true"})

        return palette

    def test_it_works(self, palette, arvel):
        response = palette("arvel")
        assertContains(response, f'href="{arvel.get_absolute_url()}"')
        assertContains(response, 'role="option"', 1)
        assertNotContains(response, "<html")
        assert "HX-Request" in response.headers["Vary"]

    def test_commands_are_those_one_has_a_right_to(self, palette, cast):
        labels = {
            who: [str(command.label) for command in palette("create", who).context["commands"]]
            for who in ("owner", "support", "management")
        }
        assert "Create a prospect" in labels["owner"]
        assert "Create an account" not in labels["owner"]
        assert labels["support"] == []
        assert "Create an account" in labels["management"]
        assertContains(palette("agenda"), "Go to: Agenda")
        assertContains(palette("", "support"), "Go to: Events")  # Before anything is typed.
        assertContains(palette("zqx"), "No result")


def test_near_names_do_not_change_the_order(search, arvel):
    ContractFactory(client=ClientFactory(company_name="Other"), title="Arvil")
    groups = search("arvil").context["groups"]
    assert [(group.kind, group.is_near) for group in groups] == [
        ("clients", True), ("contracts", False)
    ]  # fmt: skip
