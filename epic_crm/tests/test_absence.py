"""While somebody is away, a colleague stands in: begins and ends by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import absences
from accounts.access import Refused, WrongMoment
from accounts.delegations import delegate
from accounts.models import Absence, Team, User
from accounts.tests.pages import inputs
from clients import workflow as clients
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.models import Contract
from epic_crm.tests.test_delegate import CLIENT, CONTRACT, EVENT
from events.models import Event
from history.models import Entry
from history.tests.tables import changes, nothing_changes, told

CHANGE = "clients.change_client"
PAGE = "/account/absence/"


def again(person):
    """The same person on the next request."""
    return User.objects.get(pk=person.pk)


@pytest.fixture
def away(cast, kevin, today):
    """The owner is away for a week from today; the colleague stands in."""
    week = {"starts_on": today, "ends_on": today + timedelta(days=6)}
    return absences.plan(cast["owner"], by=cast["owner"], delegate=cast["colleague"], **week)


@pytest.fixture
def move(today):
    """The absence as if it had been planned for other days, counted from today."""

    def move(absence, first, last):
        days = {"starts_on": today + timedelta(first), "ends_on": today + timedelta(last)}
        Absence.objects.filter(pk=absence.pk).update(**days)

    return move


@pytest.fixture
def support_away(cast, event, today):
    days = {"starts_on": today, "ends_on": today}
    return absences.plan(
        cast["support"], by=cast["support"], delegate=cast["other support"], **days
    )


class TestWhoStandsIn:
    def test_works_on_all_that_is_in_those_hands(self, cast, away, contract, event):
        colleague = again(cast["colleague"])
        for perm, record in {
            CHANGE: contract.client,
            "contracts.sign_contract": contract,
            "clients.open_contract_client": contract.client,
            "events.cancel_event": event,
        }.items():
            assert colleague.has_perm(perm, record)
            assert (
                type(record)
                .objects.allowing(
                    colleague, perm.split(".")[1].removesuffix(f"_{record._meta.model_name}")
                )
                .contains(record)
            )

    def test_and_on_what_comes_into_them_meanwhile(self, cast, away):
        new = ClientFactory(sales_contact=cast["owner"])
        assert again(cast["colleague"]).has_perm(CHANGE, new)

    def test_of_support_on_events_and_notes_about_what_they_hang_on(self, cast, support_away):
        event = Event.objects.get()
        stand_in = again(cast["other support"])
        assert stand_in.has_perm("events.complete_event", event)
        assert stand_in.has_perm("contracts.note_contract", event.contract)
        assert stand_in.has_perm("clients.note_client", event.contract.client)
        assert not stand_in.has_perm("events.cancel_event", event)
        assert not stand_in.has_perm(CHANGE, event.contract.client)

    @pytest.mark.parametrize(
        ("who", "to", "carried"),
        [
            ("owner", "colleague", (CLIENT, CONTRACT, EVENT)),
            ("support", "other support", ({"note"}, {"note"}, EVENT - {"cancel"})),
        ],
    )
    def test_each_right_that_it_gives(self, cast, event, today, who, to, carried):
        chain = {"client": event.contract.client, "contract": event.contract, "event": event}
        without = {name: cast[to].get_all_permissions(record) for name, record in chain.items()}
        days = {"starts_on": today, "ends_on": today}
        absences.plan(cast[who], by=cast[who], delegate=cast[to], **days)
        for (name, record), actions in zip(chain.items(), carried, strict=True):
            given = again(cast[to]).get_all_permissions(record) - without[name]
            assert given == {f"{name}s.{action}_{name}" for action in actions}

    def test_on_nothing_of_others(self, cast, away):
        other = ClientFactory(sales_contact=cast["delegate"])
        assert not again(cast["colleague"]).has_perm(CHANGE, other)

    def test_does_not_lend_it_on(self, cast, away, kevin, today):
        with pytest.raises(Refused), nothing_changes():
            delegate(kevin, by=again(cast["colleague"]), to=cast["delegate"], until=today)

    def test_not_on_what_was_lent_to_who_is_away(self, cast, kevin, today):
        """The owner lent it to that person, and to nobody else."""
        days = {"starts_on": today, "ends_on": today}
        absences.plan(cast["delegate"], by=cast["delegate"], delegate=cast["colleague"], **days)
        assert again(cast["delegate"]).has_perm(CHANGE, kevin)
        assert not again(cast["colleague"]).has_perm(CHANGE, kevin)

    def test_nor_does_it_go_on_to_whom_stands_in_for_them(self, cast, away, kevin, today):
        days = {"starts_on": today, "ends_on": today}
        absences.plan(cast["colleague"], by=cast["colleague"], delegate=cast["delegate"], **days)
        other = ClientFactory(sales_contact=cast["owner"])
        assert again(cast["colleague"]).has_perm(CHANGE, other)
        assert not again(cast["delegate"]).has_perm(CHANGE, other)

    def test_the_journal_says_for_whom(self, cast, away, kevin):
        clients.archive(kevin, by=again(cast["colleague"]))
        entry = Entry.objects.first()
        assert (entry.actor_name, entry.principal_name) == ("Colin Colleague", "Olivia Owner")

    def test_sees_it_under_delegated_and_not_among_their_own(
        self, browser, cast, away, kevin, contract, event
    ):
        colleague = again(cast["colleague"])
        for model, record in ((Client, kevin), (Contract, contract), (Event, event)):
            assert model.objects.all().delegated(colleague).contains(record)
            assert not model.objects.all().mine(colleague).contains(record)
        browser.force_login(colleague)
        page = browser.get(reverse("clients:list") + "?view=delegated")
        assertContains(page, "Cool Startup")

    def test_stands_on_the_page_of_the_record(self, browser, cast, away, kevin, contract, event):
        browser.force_login(cast["management"])
        for record in (kevin, contract, event):
            page = browser.get(record.get_absolute_url())
            assertContains(page, "Olivia Owner is away until")
            assertContains(page, "Colin Colleague</strong> stands in")

    def test_who_is_away_still_may(self, cast, away, kevin):
        assert again(cast["owner"]).has_perm(CHANGE, kevin)


class TestByItself:
    @pytest.mark.parametrize(
        ("first", "last", "holds"),
        [(-1, 0, True), (0, 0, True), (0, 3, True), (1, 3, False), (-3, -1, False)],
    )
    def test_from_its_first_day_to_its_last(self, cast, away, move, kevin, first, last, holds):
        move(away, first, last)
        assert again(cast["colleague"]).has_perm(CHANGE, kevin) is holds

    @pytest.mark.parametrize("team", [None, Team.SUPPORT])
    def test_ends_at_once_for_who_leaves_the_team(self, cast, away, kevin, team):
        colleague = cast["colleague"]
        colleague.groups.clear()
        if team:
            colleague.groups.add(*cast["support"].groups.all())
        assert again(colleague).delegated_keys["accounts.user"] == []
        assert not again(colleague).has_perm(CHANGE, kevin)

    def test_and_for_whose_account_is_closed(self, cast, away, kevin):
        User.objects.filter(pk=cast["colleague"].pk).update(is_active=False)
        assert not again(cast["colleague"]).has_perm(CHANGE, kevin)

    def test_and_if_who_was_away_does_another_work(self, cast, away, kevin):
        cast["owner"].groups.set(cast["support"].groups.all())
        assert not again(cast["colleague"]).has_perm(CHANGE, kevin)

    def test_an_account_that_goes_takes_its_absences_along(self, cast, away):
        Client.objects.update(sales_contact=None)
        cast["owner"].delete()
        assert not Absence.objects.exists()

    def test_without_the_colleague_it_stays_and_nobody_stands_in(self, cast, away):
        cast["colleague"].delete()
        assert Absence.objects.get().delegate is None
        assert User.objects.missing().contains(cast["owner"])

    def test_it_is_read_with_what_is_lent(self, cast, away, django_assert_num_queries):
        colleague = User.objects.with_team().get(pk=cast["colleague"].pk)
        with django_assert_num_queries(1):
            assert colleague.delegated_keys["accounts.user"] == [cast["owner"].pk]
            assert colleague.delegated_keys["clients.client"] == []


class TestMissing:
    def missing(self, cast):
        people = User.objects.missing()
        return {part for part, person in cast.items() if person in people}

    def test_whose_account_is_closed(self, cast):
        assert self.missing(cast) == {"leaver"}

    def test_not_who_is_away_and_covered(self, cast, away):
        assert self.missing(cast) == {"leaver"}

    def test_who_is_away_and_whose_colleague_left(self, cast, away):
        User.objects.filter(pk=cast["colleague"].pk).update(is_active=False)
        assert self.missing(cast) == {"leaver", "owner", "colleague"}

    def test_their_records_are_in_nobodys_hands(self, cast, away, kevin, event):
        assert not Client.objects.unassigned().contains(kevin)
        User.objects.filter(pk=cast["colleague"].pk).update(is_active=False)
        assert Client.objects.unassigned().contains(kevin)
        assert not Event.objects.without_support().contains(event)
        User.objects.filter(pk=cast["support"].pk).update(is_active=False)
        assert Event.objects.without_support().contains(event)

    def test_or_changed_teams(self, cast, away):
        cast["colleague"].groups.clear()
        assert self.missing(cast) == {"leaver", "owner"}

    def test_or_is_away_too(self, cast, away, today):
        days = {"starts_on": today, "ends_on": today}
        absences.plan(cast["colleague"], by=cast["colleague"], delegate=cast["delegate"], **days)
        assert self.missing(cast) == {"leaver", "owner"}

    def test_only_while_away(self, cast, away, move):
        cast["colleague"].groups.clear()
        move(away, 1, 2)
        assert self.missing(cast) == {"leaver"}


class TestPlan:
    def test_it_works(self, browser, cast, today):
        browser.force_login(cast["owner"])
        with nothing_changes():
            assert inputs(browser.get(PAGE)).keys() == {"starts_on", "ends_on", "delegate"}
        until = today + timedelta(days=6)
        typed = {"starts_on": today, "ends_on": until, "delegate": cast["colleague"].pk}
        with told("plan_absence"):
            response = browser.post(PAGE, typed, follow=True)
        assertRedirects(response, PAGE)
        assertContains(response, "Absence planned.")
        assertContains(response, "Colin Colleague")
        assert changes(cast["owner"])["ends_on"] == (None, until.isoformat())

    @pytest.mark.parametrize(
        ("first", "last", "to", "field"),
        [
            (-1, 3, "colleague", "starts_on"),
            (366, 367, "colleague", "starts_on"),
            (3, 2, "colleague", "ends_on"),
            (0, 60, "colleague", "ends_on"),
            (0, 3, "support", "delegate"),
            (0, 3, "no team", "delegate"),
            (0, 3, "leaver", "delegate"),
            (0, 3, "owner", "delegate"),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field(self, cast, today, first, last, to, field):
        days = {"starts_on": today + timedelta(first), "ends_on": today + timedelta(last)}
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            absences.plan(cast["owner"], by=cast["owner"], delegate=cast[to], **days)
        codes = [e.code for e in refusal.value.error_dict.get("__all__", ())]
        assert {*refusal.value.error_dict, *codes} - {"__all__"} == {field}

    @pytest.mark.parametrize(("first", "last"), [(-3, 0), (6, 9), (2, 3), (-1, 9)])
    def test_one_at_a_time(self, cast, away, today, move, first, last):
        move(away, 0 + 10, 6 + 10)
        days = {"starts_on": today + timedelta(first + 10), "ends_on": today + timedelta(last + 10)}
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            absences.plan(cast["owner"], by=cast["owner"], delegate=cast["colleague"], **days)
        assert refusal.value.error_dict.keys() == {"starts_on"}

    def test_not_somebody_who_is_away_then(self, cast, away, today):
        days = {"starts_on": today, "ends_on": today}
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            absences.plan(cast["delegate"], by=cast["delegate"], delegate=cast["owner"], **days)
        assert refusal.value.error_dict.keys() == {"delegate"}

    def test_management_does_it_for_somebody_who_is_ill(self, cast, today):
        days = {"starts_on": today, "ends_on": today}
        with told("plan_absence"):
            absences.plan(cast["owner"], by=cast["management"], delegate=cast["colleague"], **days)

    def test_management_has_a_page_for_it(self, browser, cast, today):
        """From the team page and back; what one does there is that person's, and nobody else's."""
        owner, page = cast["owner"], reverse("dashboard:absence", args=[cast["owner"].pk])
        browser.force_login(cast["management"])
        assertContains(browser.get(reverse("dashboard:person", args=[owner.pk])), f'href="{page}"')
        typed = {"starts_on": today, "ends_on": today, "delegate": cast["colleague"].pk}
        with nothing_changes():
            assert browser.post(page, typed | {"delegate": owner.pk}).status_code == 422
        with told("plan_absence"):
            response = browser.post(page, typed, follow=True)
        assertRedirects(response, page)
        assertContains(response, "Stands in: Colin Colleague", html=False)
        absence = Absence.objects.get()
        assert (absence.person, Entry.objects.first().actor_id) == (owner, cast["management"].pk)
        other = reverse("dashboard:absence", args=[cast["support"].pk])
        with nothing_changes():
            browser.post(other, {"absence": absence.pk})
        assertContains(browser.get(reverse("dashboard:team")), f'href="{page}"')
        with told("end_absence"):
            assertRedirects(browser.post(page, {"absence": absence.pk}), page)

    @pytest.mark.parametrize("who", ["colleague", "support", "no team", "leaver"])
    def test_nobody_else_does(self, cast, away, today, who):
        days = {"starts_on": today, "ends_on": today}
        with nothing_changes(), pytest.raises(Refused):
            absences.plan(cast["owner"], by=cast[who], delegate=cast["colleague"], **days)
        with nothing_changes(), pytest.raises(Refused):
            absences.end(away, by=cast[who])

    @pytest.mark.parametrize("wrong", [{"ends_on": "2020-01-01"}, {"delegate": "person"}])
    def test_the_database_refuses_it_too(self, cast, today, wrong):
        values = {"starts_on": today, "ends_on": today, "delegate": cast["colleague"]} | wrong
        values = {k: cast["owner"] if v == "person" else v for k, v in values.items()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(person=cast["owner"], **values)


class TestTheEnd:
    def test_it_works(self, browser, cast, away, move, kevin, today):
        move(away, -2, 3)
        browser.force_login(cast["owner"])
        with told("end_absence"):
            response = browser.post(PAGE, {"absence": away.pk}, follow=True)
        assertContains(response, "The absence has ended.")
        assertNotContains(response, "Stands in:")
        away.refresh_from_db()  # What has been stays written.
        assert away.ends_on == today - timedelta(days=1)
        assert not again(cast["colleague"]).has_perm(CHANGE, kevin)

    def test_one_that_has_not_lasted_a_day_is_gone(self, cast, away):
        absences.end(away, by=cast["management"])
        assert not Absence.objects.exists()

    def test_the_second_is_told_that_it_has_ended(self, cast, away):
        absences.end(away, by=cast["management"])
        with nothing_changes(), pytest.raises(WrongMoment) as late:
            absences.end(away, by=cast["owner"])
        assert late.value.entry.actor_id == cast["management"].pk

    def test_not_somebody_elses(self, browser, cast, away):
        browser.force_login(cast["colleague"])
        with nothing_changes():
            response = browser.post(PAGE, {"absence": away.pk}, follow=True)
        assertContains(response, "That absence had ended already.")
