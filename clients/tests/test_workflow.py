"""What the verbs do to a client. Who may not: epic_crm/tests/test_rights.py."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import now

from accounts.access import WrongMoment
from accounts.tests.factories import UserFactory
from accounts.tests.races import at_once
from clients import workflow
from clients.models import Client, ClientDelegation
from clients.tests.factories import ClientFactory
from history.models import Entry, Note
from history.tests.tables import changes, nothing_changes, told

PERSON = {
    "company_name": "Cool Startup",
    "first_name": "Kevin",
    "last_name": "Casey",
    "email": "kevin@startup.example",
}


@pytest.fixture
def client(kevin):
    """The owner's prospect, a client since; no contract yet."""
    Client.objects.update(stage="client", converted_at=now())
    kevin.refresh_from_db()
    return kevin


@pytest.fixture
def archived(kevin):
    Client.objects.update(archived_at=now())
    kevin.refresh_from_db()
    return kevin


class TestCreate:
    def test_it_works(self, cast):
        with told("create_client"):
            kevin = workflow.create(by=cast["owner"], **PERSON)
        kevin.refresh_from_db()
        assert (kevin.stage, kevin.sales_contact) == ("prospect", cast["owner"])
        assert (kevin.converted_at, kevin.version) == (None, 1)
        assert Entry.objects.about(kevin).get().client_id == kevin.pk

    def test_a_client_is_one_from_now_on(self, cast):
        kevin = workflow.create(by=cast["owner"], stage="client", **PERSON)
        assert kevin.converted_at <= now()

    def test_whoever_sells_becomes_the_contact_whatever_is_said(self, cast):
        kevin = workflow.create(by=cast["owner"], sales_contact=cast["colleague"], **PERSON)
        assert kevin.sales_contact == cast["owner"]

    @pytest.mark.parametrize("who", ["owner", "management", None])
    def test_management_names_a_contact_or_nobody(self, cast, who):
        contact = cast.get(who)
        kevin = workflow.create(by=cast["management"], sales_contact=contact, **PERSON)
        assert kevin.sales_contact == contact

    @pytest.mark.parametrize("who", ["support", "no team", "leaver"])
    def test_not_somebody_who_does_not_sell(self, cast, who):
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.create(by=cast["management"], sales_contact=cast[who], **PERSON)
        assert set(refusal.value.error_dict) == {"sales_contact"}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "kevin"),
            ("phone", "12"),
            ("company_name", ""),
            ("company_name", "x" * 251),
            ("source", "dream"),
            ("follow_up_on", "0001-01-01"),
        ],
    )
    def test_what_is_not_valid_is_not_stored(self, cast, field, value):
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.create(by=cast["owner"], **{**PERSON, field: value})
        assert set(refusal.value.error_dict) == {field}


class TestConvert:
    def test_it_works(self, cast, kevin):
        with told("convert"):
            workflow.convert(kevin, by=cast["delegate"])
        kevin.refresh_from_db()
        assert (kevin.stage, kevin.version) == ("client", 2)
        assert kevin.converted_at <= now()
        assert changes(kevin)["stage"] == ("prospect", "client")

    def test_the_second_asker_is_told_who_and_when(self, cast, kevin):
        workflow.convert(kevin, by=cast["owner"])
        with nothing_changes(), pytest.raises(WrongMoment) as refusal:
            workflow.convert(kevin, by=cast["management"])
        assert (refusal.value.entry.verb, refusal.value.entry.actor_name) == (
            "convert",
            "Olivia Owner",
        )

    def test_not_out_of_the_archive(self, cast, archived):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.convert(archived, by=cast["owner"])

    @pytest.mark.postgresql
    def test_two_at_once_convert_once(self, transactional_db):
        kevin = ClientFactory()
        people = [UserFactory(team="management") for _ in range(2)]
        answers = at_once(*(partial(workflow.convert, kevin, by=user) for user in people))
        first, second = sorted(answers, key=lambda answer: isinstance(answer, WrongMoment))
        assert first.stage == "client"
        assert second.entry.actor_name == str(people[answers.index(first)])
        assert Entry.objects.filter(verb="convert").count() == 1


class TestRevert:
    def test_it_works(self, cast, client):
        with told("revert"):
            workflow.revert(client, by=cast["management"], reason="Clicked too soon")
        client.refresh_from_db()
        assert (client.stage, client.converted_at) == ("prospect", None)
        assert changes(client)["reason"] == (None, "Clicked too soon")

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_not_without_a_reason(self, cast, client, reason):
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.revert(client, by=cast["management"], reason=reason)
        assert set(refusal.value.error_dict) == {"reason"}

    def test_not_once_a_contract_is_signed(self, cast, signed):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.revert(signed.client, by=cast["management"], reason="Oops")

    def test_a_cancelled_contract_is_no_obstacle(self, cast, signed):
        type(signed).objects.update(status="cancelled")
        with told("revert"):
            workflow.revert(signed.client, by=cast["management"], reason="Oops")
        assert Client.objects.get(pk=signed.client_id).stage == "prospect"

    def test_a_prospect_is_one_already(self, cast, kevin):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.revert(kevin, by=cast["management"], reason="Oops")


class TestAssign:
    @pytest.mark.parametrize("who", ["colleague", "management", None])
    def test_it_works(self, cast, kevin, who):
        with told("assign_client"):
            workflow.assign(kevin, by=cast["management"], sales_contact=cast.get(who))
        kevin.refresh_from_db()
        assert kevin.sales_contact == cast.get(who)
        old, new = changes(kevin)["sales_contact"]
        assert old == {"pk": cast["owner"].pk, "label": "Olivia Owner"}
        assert new == (who and {"pk": cast[who].pk, "label": str(cast[who])})

    def test_to_whom_has_it_already_is_no_change(self, cast, kevin):
        with nothing_changes():
            workflow.assign(kevin, by=cast["management"], sales_contact=cast["owner"])

    @pytest.mark.parametrize("who", ["support", "no team", "leaver"])
    def test_not_to_somebody_who_does_not_sell(self, cast, kevin, who):
        with nothing_changes(), pytest.raises(ValidationError):
            workflow.assign(kevin, by=cast["management"], sales_contact=cast[who])


class TestArchive:
    def test_it_works(self, cast, kevin):
        with told("archive"):
            workflow.archive(kevin, by=cast["owner"])
        assert not Client.objects.current().exists()
        assert Client.objects.archived(cast["owner"]).get() == kevin
        with told("restore"):
            workflow.restore(kevin, by=cast["delegate"])
        assert Client.objects.current().get() == kevin

    def test_not_twice(self, cast, archived):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.archive(archived, by=cast["owner"])

    def test_only_what_is_archived_is_restored(self, cast, kevin):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.restore(kevin, by=cast["owner"])


class TestDelete:
    def test_it_works(self, cast, kevin):
        with told("delete"):
            workflow.delete(kevin, by=cast["management"])
        assert not Client.objects.exists()
        assert not ClientDelegation.objects.exists()
        entry = Entry.objects.get(verb="delete")
        assert entry.values.get().old == "Cool Startup"

    def test_not_one_that_ever_had_a_contract(self, cast, contract):
        type(contract).objects.update(status="cancelled")
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.delete(contract.client, by=cast["management"])


class TestNote:
    @pytest.fixture
    def note(self, today):
        return {"channel": "phone", "happened_on": today, "text": "Call back in May."}

    def test_it_works(self, cast, kevin, note, today):
        in_may = today + timedelta(days=90)
        with told("note"):
            workflow.add_note(kevin, by=cast["owner"], follow_up_on=in_may, **note)
        kevin.refresh_from_db()
        assert kevin.follow_up_on == in_may
        written = Note.objects.get()
        assert (written.text, written.entry.actor_name) == ("Call back in May.", "Olivia Owner")

    def test_the_same_day_again_is_no_change_of_the_client(self, cast, kevin, note, today):
        Client.objects.update(follow_up_on=today)
        with told("note"):
            workflow.add_note(kevin, by=cast["owner"], follow_up_on=today, **note)

    @pytest.mark.parametrize(
        ("channel", "days", "goes"),
        [("phone", 0, True), ("meeting", -3, True), ("note", 0, False), ("phone", 1, False)],
    )
    def test_who_has_called_is_not_reminded_of_it(
        self, cast, kevin, note, today, channel, days, goes
    ):
        due = today + timedelta(days)
        Client.objects.update(follow_up_on=due)
        with told("note"):
            workflow.add_note(kevin, by=cast["owner"], **note | {"channel": channel})
        kevin.refresh_from_db()
        assert kevin.follow_up_on == (None if goes else due)

    def test_it_counts_as_activity(self, cast, kevin, note):
        workflow.add_note(kevin, by=cast["owner"], **note)
        before, _ = kevin.updated_at, kevin.refresh_from_db()
        assert kevin.updated_at > before
        assert kevin.version == 1

    def test_nothing_is_said_in_the_future(self, cast, kevin, note, today):
        note |= {"happened_on": today + timedelta(days=1)}
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            workflow.add_note(kevin, by=cast["owner"], **note)
        assert set(refusal.value.error_dict) == {"happened_on"}

    def test_support_notes_and_sets_no_day(self, cast, event, note, today):
        client = event.contract.client
        with nothing_changes(), pytest.raises(PermissionDenied):
            workflow.add_note(client, by=cast["support"], follow_up_on=today, **note)
        Client.objects.update(follow_up_on=today)
        with told("note"):
            workflow.add_note(client, by=cast["support"], **note)

    def test_about_an_archived_client_without_a_day(self, cast, archived, note, today):
        with nothing_changes(), pytest.raises(WrongMoment):
            workflow.add_note(archived, by=cast["owner"], follow_up_on=today, **note)
        Client.objects.update(follow_up_on=today)
        with told("note"):
            workflow.add_note(archived, by=cast["owner"], **note)
