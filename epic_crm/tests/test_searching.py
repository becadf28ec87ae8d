"""What a search finds, and that its index and its copies stay in step; on either engine."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.nearness import by_index
from accounts.search_index import check_trigrams, install
from accounts.searching import reference, search_words
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.models import Contract
from contracts.tests.factories import ContractFactory
from events.models import Event
from events.tests.factories import EventFactory


@pytest.fixture
def gala(db):
    """An event, with all that it is found by."""
    client = ClientFactory(
        company_name="Maison Arvél", first_name="Éléonore", last_name="Dupont",
        email="eleonore@arvel.example", phone="+33199004117",
    )  # fmt: skip
    contract = ContractFactory(client=client, reference="C-2031-041", title="Gala d’hiver")
    return EventFactory(
        contract=contract, name="Soirée", venue="Halle aux grains", address="3, rue des Forges"
    )


def found(words):
    """Which models have a record that is found."""
    return [model for model in (Client, Contract, Event) if model.objects.matching(words)]


@pytest.mark.parametrize(
    ("words", "models"),
    [
        ("ARVEL maison", [Client, Contract, Event]),
        ("eleonore dup", [Client, Contract, Event]),
        ("0199 00 41", [Client, Contract, Event]),
        ("C-2031-041", [Contract, Event]),
        ("2031-41", [Contract, Event]),
        ("c 2031 41", [Contract, Event]),
        ("gala d'hiver", [Contract, Event]),
        ("arvel gala", [Contract, Event]),
        ("HIVER rue forges dupont", [Event]),
        ("halle 3,", [Event]),  # A short word beside a long one is anywhere.
        ("m", [Client]),  # Alone, it is how a name begins.
        ("ga", [Contract]),
        ("So", [Event]),
        ("m a", [Client]),
        ("ar", []),
        ("2031-42", []),
        ("arvel lumiere", []),
        ('"', []),
        ('arvel" OR "', []),
        ("arv*", []),
        ("NEAR(arvel maison)", []),
        ("%%%", []),
        ("ar_el", []),
        ("\\\\\\", []),
        ("🎪🎪🎪", []),
    ],
)
def test_what_is_found(gala, words, models):
    assert found(words) == models


HARD = st.text("\"*%_\\'()^:-+ \x00aàÀßİ🎪ﬁ٣{}", max_size=12)


@given(words=HARD | st.text(max_size=12), name=HARD | st.text(max_size=12))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_finds_what_reading_finds(db, words, name):
    words, name = words.replace("\x00", ""), name.replace("\x00", "")
    Client.objects.all().delete()
    ClientFactory(company_name=f"{name}{words}x")
    sought = search_words(words)
    if any(len(word) > 2 for word in sought) and not reference(words):
        text = Client.objects.get().search_text
        assert Client.objects.matching(words).exists() == all(word in text for word in sought)
    else:
        assert len(Client.objects.matching(words)) < 2


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("C-2031-047", "c-2031-047"), ("2031-47", "c-2031-047"), ("c 2031 1047", "c-2031-1047"),
        ("2031", None), ("2031-0", None), ("1031-47", None), ("2031-47 arvel", None),
        ("٢٠٣١-٤٧", None),
    ],
)  # fmt: skip
def test_a_reference_may_be_shortened(text, sought):
    assert reference(text) == sought


class TestCopies:
    def test_a_client_is_renamed(self, gala):
        client = gala.contract.client
        client.company_name = "Zébulon"
        client.save(update_fields=["company_name", "sort_key", "search_text"])
        assert found("zebulon hiver") == [Contract, Event]
        assert found("arvel maison") == []

    def test_a_contract_is_renamed(self, gala):
        gala.contract.title = "Congrès"
        gala.contract.save()
        assert found("congres arvel") == [Contract, Event]
        assert found("gala hiver") == []

    def test_nothing_is_asked_where_no_name_changes(self, gala, django_assert_num_queries):
        client = Client.objects.get()
        client.stage = "prospect"
        with django_assert_num_queries(1):
            client.save()


class TestIndex:
    def test_it_follows_what_is_written(self, gala):
        Client.objects.filter(pk=gala.contract.client_id).update(search_text="written past us")
        assert found("past written") == [Client]
        gala.delete()
        assert found("gala hiver") == [Contract]

    def test_it_is_made_anew_with_its_table(self, gala):
        lose = {
            "sqlite": "DROP TRIGGER clients_client_trigrams_insert",
            "postgresql": "DROP INDEX clients_client_trigrams",
        }
        connection.check_constraints()  # PostgreSQL lays hands on no table before.
        with connection.cursor() as cursor:
            cursor.execute(lose[connection.vendor])
        ClientFactory(company_name="Behind its back")
        connection.check_constraints()
        install("default")
        assert found("behind") == [Client]
        ClientFactory(company_name="Before its eyes")
        assert found("before eyes") == [Client]
        self.test_it_is_used(gala)

    def test_it_is_used(self, gala):
        """With so few rows PostgreSQL would read the table, were it not forbidden."""
        with by_index():
            assert "clients_client_trigrams" in Client.objects.matching("arvel").explain()

    @pytest.mark.postgresql
    def test_what_is_forbidden_for_it_is_allowed_again(self, gala):
        def is_allowed():
            with connection.cursor() as cursor:
                cursor.execute("SHOW enable_seqscan")
                return cursor.fetchone() == ("on",)

        with transaction.atomic():
            with by_index():
                assert not is_allowed()
            assert is_allowed()

    def test_the_check_tells_what_is_lacking(self, gala, monkeypatch):
        assert check_trigrams(None, ["default"]) == []
        monkeypatch.setattr("accounts.search_index.has_trigrams", lambda connection: False)
        (warning,) = check_trigrams(None, ["default"])
        assert "CREATE EXTENSION pg_trgm" in warning.msg
