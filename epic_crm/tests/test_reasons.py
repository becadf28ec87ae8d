"""Why not, and whom to ask: words made from the policies."""

import pytest
from django.utils import translation
from pytest_django.asserts import assertNumQueries

from accounts import checks
from accounts.access import actions, policies
from accounts.models import Team, User
from accounts.reasons import TEAMS, rule, whom_to_ask, why_not
from clients.models import Client
from events.models import Event


@pytest.fixture
def asked(cast):
    """Whom the reader is told to ask, by first name."""

    def asked(who, perm, record=None):
        return [person.first_name for _role, person in whom_to_ask(cast[who], perm, record)]

    return asked


def test_it_works(cast, kevin):
    reason = why_not(cast["support"], "clients.change_client", kevin)
    sentence = "Seul le contact commercial de ce client ou l’équipe de gestion peut le modifier."
    assert reason == (sentence, [("Contact commercial", cast["owner"])], "")


@pytest.mark.parametrize(
    ("perm", "english", "french"),
    [
        (
            "clients.change_client",
            "Only this client’s sales contact or management can edit it.",
            "Seul le contact commercial de ce client ou l’équipe de gestion peut le modifier.",
        ),
        (
            "clients.assign_client",
            "Only management can name its sales contact.",
            "Seule l’équipe de gestion peut nommer le contact commercial de ce client.",
        ),
        (
            "clients.create_client",
            "Only the sales team or management can add a client or a prospect.",
            "Seule l’équipe commerciale ou l’équipe de gestion peut ajouter un client ou un"
            " prospect.",
        ),
        (
            "events.complete_event",
            "Only the client’s sales contact, this event’s support contact or management can"
            " complete it.",
            "Seul le contact commercial du client, le contact support de cet événement ou"
            " l’équipe de gestion peut le clôturer.",
        ),
    ],
)
def test_the_rule_in_a_sentence(perm, english, french):
    assert rule(perm) == french
    with translation.override("en"):
        assert rule(perm) == english


@pytest.mark.parametrize("perm", policies)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_rule_is_a_sentence(perm, language):
    with translation.override(language):
        words = rule(perm)
        assert words.startswith("Only " if language == "en" else ("Seul ", "Seule "))
        assert words.endswith(f"{actions[perm]}.")


class TestWhomToAsk:
    def test_it_works(self, asked, kevin, event):
        assert asked("support", "clients.change_client", kevin) == ["Olivia"]
        assert asked("colleague", "events.change_event", event) == ["Olivia", "Sam"]

    def test_not_who_may_not_do_it_either(self, asked, kevin, event):
        assert asked("support", "clients.assign_client", kevin) == ["Mona"]
        assert asked("other support", "events.cancel_event", event) == ["Olivia"]

    def test_not_somebody_it_is_only_lent_to(self, cast, asked, event, today):
        Event.objects.update(support_contact=None)
        assert asked("other support", "events.change_event", event) == ["Olivia"]

    def test_not_the_reader(self, asked, kevin):
        assert asked("owner", "clients.delete_client", kevin) == ["Mona"]
        assert asked("management", "clients.change_client", kevin) == ["Olivia"]
        assert asked("management", "clients.create_client") == []

    @pytest.mark.parametrize("change", [{"is_active": False}, {"team": "support"}])
    def test_not_who_left_or_went_to_another_team(self, cast, asked, kevin, change):
        if "team" in change:
            cast["owner"].groups.set(cast["support"].groups.all())
        else:
            User.objects.filter(pk=cast["owner"].pk).update(**change)
        kevin.refresh_from_db()
        assert asked("colleague", "clients.change_client", kevin) == ["Mona"]

    def test_nobody_is_in_charge(self, asked, kevin):
        Client.objects.update(sales_contact=None)
        kevin.refresh_from_db()
        assert asked("colleague", "clients.change_client", kevin) == ["Mona"]

    def test_management_is_asked_where_there_is_no_record(self, asked):
        assert asked("support", "clients.create_client") == ["Mona"]

    def test_in_one_query(self, asked, cast, event):
        event = Event.objects.select_related(
            "contract__client__sales_contact", "support_contact"
        ).get()
        _ = cast["colleague"].team, cast["colleague"].delegated_keys  # Come with the session.
        with assertNumQueries(1):
            asked("colleague", "events.change_event", event)


def test_a_permission_without_words_is_an_error(monkeypatch):
    monkeypatch.delitem(actions, "clients.view_client")
    monkeypatch.setitem(actions, "clients.sing_client", "sing")
    assert [error.id for error in checks.check_policies(None)] == ["accounts.E008"] * 2


def test_every_team_has_a_name_in_a_sentence():
    assert TEAMS.keys() == set(Team)
