import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from accounts.fields import search_words
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
    return {group["kind"]: [*map(str, group["records"])] for group in response.context["groups"]}


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

    def test_past_a_thousand_it_says_so(self, search, monkeypatch):
        monkeypatch.setattr("accounts.counting.MOST", 10)
        assertContains(search("atelier"), "See more than 1,000 clients")

    def test_how_often_it_asks(self, browser, search, cast):
        def count():
            with assertNumQueries(6):  # Session, user; three kinds, their numbers.
                browser.get("/search/", {"q": "a"})

        search("a")
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
    response = search("<arvell>")
    assertContains(response, "No result for “&lt;arvell&gt;”.")


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
