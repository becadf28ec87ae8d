"""What management does with accounts, who may not, and what always holds afterwards."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from unittest.mock import Mock

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.test import Client
from django.utils.timezone import now

from accounts import absences, adapter, invitations, people
from accounts.access import Refused, WrongMoment
from accounts.models import Absence, Session, Team, User
from accounts.tests.factories import UserFactory
from accounts.tests.races import at_once
from accounts.workflow import add_user
from clients.models import ClientDelegation
from clients.tests.factories import ClientFactory
from events.models import Event
from history.models import Entry
from history.tests.tables import changes, nothing_changes, told

PASSWORD = "a sentence nobody guesses"
NEW = {"email": "new@agency.example", "team": "sales", "first_name": "Nina", "last_name": "New"}


@pytest.fixture
def manager(cast):
    return cast["management"]


def fresh(person):
    return User.objects.with_team().get(pk=person.pk)


DEEDS = {  # Verb, on whom, what it changes in the journal.
    "create": (
        lambda person, by: add_user(by=by, **NEW), None, "add_user",
        {"team": (None, "sales")}),
    "change": (
        partial(people.change_user, phone="+33639980001", last_name="Support"), "support",
        "change_user", {"phone": ("", "+33639980001")}),
    "move": (
        partial(people.set_team, team="sales"), "other support", "set_team",
        {"team": ("support", "sales")}),
    "take out of every team": (
        partial(people.set_team, team=""), "other support", "set_team",
        {"team": ("support", None)}),
    "give a team": (
        partial(people.set_team, team="support"), "no team", "set_team",
        {"team": (None, "support")}),
    "deactivate": (
        people.deactivate, "other support", "deactivate", {"is_active": (True, False)}),
    "reactivate": (
        people.reactivate, "leaver", "reactivate", {"is_active": (False, True)}),
    "delete": (
        people.delete_user, "no team", "delete_user", None),
    "invite": (
        invitations.invite, "no team", "invite_user", {}),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_it_works(cast, manager, deed):
    verb, on, entry, says = DEEDS[deed]
    with told(entry):
        done = verb(cast.get(on), by=manager)
    if says is not None:
        subject = done if deed == "create" else cast[on]
        assert changes(subject) == says


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", ["owner", "support", "no team", "leaver"])
def test_nobody_else_may(cast, who, deed):
    verb, on, _entry, _says = DEEDS[deed]
    with nothing_changes(), pytest.raises(Refused):
        verb(cast.get(on), by=cast[who])


@pytest.mark.parametrize(
    "verb",
    [
        partial(people.set_team, team="sales"),
        people.deactivate,
        people.delete_user,
        invitations.invite,
    ],
)
def test_nobody_does_it_to_themselves(cast, manager, verb):
    UserFactory(team=Team.MANAGEMENT)
    with nothing_changes(), pytest.raises(Refused):
        verb(manager, by=manager)


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "create"])
@pytest.mark.parametrize("who", ["management", "root"])
def test_a_superuser_is_not_touched(cast, manager, deed, who):
    root = UserFactory(is_superuser=True, is_active=deed != "reactivate")
    by = manager if who == "management" else UserFactory(is_superuser=True)
    with nothing_changes(), pytest.raises((Refused, WrongMoment)):
        DEEDS[deed][0](root, by=by)


def test_what_is_not_valid_is_not_written(cast, manager):
    with nothing_changes(), pytest.raises(ValidationError):
        people.change_user(cast["support"], by=manager, email=cast["owner"].email.upper())
    with nothing_changes(), pytest.raises(ValidationError):
        add_user(by=manager, **NEW | {"email": cast["owner"].email})


def test_what_does_not_differ_is_not_told(cast, manager):
    with told():
        people.change_user(cast["support"], by=manager, last_name="Support")
        people.set_team(cast["support"], by=manager, team="support")


class TestNewAddress:
    """The one before it is told: whoever changed it for somebody else wants that unnoticed."""

    @pytest.fixture
    def change(self, cast, manager, settings, monkeypatch, django_capture_on_commit_callbacks):
        def change(person, **fields):
            with django_capture_on_commit_callbacks(execute=True):
                people.change_user(person, by=manager, **fields)
            return mail.outbox

        settings.MAIL_IS_SET_UP = True
        at_once = lambda target, args: Mock(start=lambda: target(*args))  # noqa: E731
        monkeypatch.setattr(adapter, "Thread", at_once)
        User.objects.filter(pk=cast["owner"].pk).update(last_login=now(), language="fr")
        return change

    def test_it_works(self, cast, change):
        before = cast["owner"].email
        [message] = change(cast["owner"], email="olivia.o@agency.example")
        assert message.to == [before]
        assert message.subject == "CRM Epic Events\u00a0: votre adresse e-mail a été modifiée"
        assert "Fait par Mona Manager." in message.body
        assert "olivia.o@" not in message.body  # Whoever reads there may be somebody else by now.

    def test_not_of_what_was_not_done(self, cast, manager, change):
        with suppress(RuntimeError), transaction.atomic():
            people.change_user(cast["owner"], by=manager, email="olivia.o@agency.example")
            raise RuntimeError("afterwards")
        assert not mail.outbox

    def test_not_of_anything_else(self, cast, change):
        assert not change(cast["owner"], phone="+33639980001")

    def test_nor_of_whoever_never_came(self, cast, change):
        """An address with a slip is a stranger's."""
        User.objects.filter(pk=cast["owner"].pk).update(last_login=None)
        assert not change(cast["owner"], email="olivia.o@agency.example")

    def test_nor_where_nothing_is_sent(self, cast, change, settings):
        settings.MAIL_IS_SET_UP = False
        assert not change(cast["owner"], email="olivia.o@agency.example")


class TestPortfolio:
    """Whoever leaves a team, or us, hands over what they hold, in the same breath."""

    VERBS = {
        "move": partial(people.set_team, team="support"),
        "deactivate": people.deactivate,
        "delete": people.delete_user,
    }

    @pytest.mark.parametrize("deed", VERBS)
    def test_it_works(self, cast, manager, kevin, deed):
        owner, colleague = cast["owner"], cast["colleague"]
        self.VERBS[deed](owner, by=manager, clients=colleague)
        kevin.refresh_from_db()
        assert kevin.sales_contact == colleague
        verbs = list(Entry.objects.values_list("verb", flat=True)[:3])
        assert verbs[1:] == ["hand_over", "assign_client"]
        if deed != "delete":
            after = fresh(owner)
            assert (after.is_active, after.team) == (
                (True, "support") if deed == "move" else (False, "sales")
            )
        else:
            assert not User.objects.filter(pk=owner.pk).exists()
            assert Entry.objects.first().actor_name == str(manager)

    @pytest.mark.parametrize("deed", VERBS)
    def test_nobody_may_take_it(self, cast, manager, kevin, deed):
        self.VERBS[deed](cast["owner"], by=manager, clients=None)
        kevin.refresh_from_db()
        assert kevin.sales_contact is None

    @pytest.mark.parametrize("deed", VERBS)
    @pytest.mark.parametrize("heirs", [{}, {"events": None}, {"clients": "support"}])
    def test_not_without_saying_where_it_goes(self, cast, manager, kevin, deed, heirs):
        heirs = {name: who and cast[who] for name, who in heirs.items()}
        with nothing_changes(), pytest.raises(ValidationError) as refusal:
            self.VERBS[deed](cast["owner"], by=manager, **heirs)
        assert list(refusal.value.message_dict) == ["clients"]

    @pytest.mark.parametrize("deed", VERBS)
    def test_what_was_lent_to_them_does_not_come_back(self, cast, manager, kevin, today, deed):
        """Neither the client they were lent, nor the place of a colleague who is away."""
        person, days = cast["delegate"], {"starts_on": today, "ends_on": today}
        absences.plan(cast["owner"], by=manager, delegate=person, **days)
        assert person.has_perm("clients.change_client", kevin)
        verb = {"move": "set_team", "delete": "delete_user"}.get(deed, deed)
        with told("end_delegation", "end_cover", verb):
            self.VERBS[deed](person, by=manager)
        assert (Absence.objects.get().delegate, ClientDelegation.objects.count()) == (None, 0)
        back = {"move": partial(people.set_team, team="sales"), "deactivate": people.reactivate}
        if deed in back:
            back[deed](person, by=manager)
            assert not fresh(person).has_perm("clients.change_client", kevin)

    def test_who_does_the_same_work_in_another_team_still_stands_in(self, cast, manager, today):
        person, days = cast["colleague"], {"starts_on": today, "ends_on": today}
        absences.plan(cast["owner"], by=manager, delegate=person, **days)
        with told("set_team"):
            people.set_team(person, by=manager, team="management")
        assert Absence.objects.get().delegate == person

    def test_what_is_over_loses_the_name_and_the_journal_keeps_it(self, cast, manager, event):
        Event.objects.update(status="completed", completed_at=F("ends_at"))
        people.delete_user(cast["support"], by=manager)
        assert Event.objects.get().support_contact is None
        assert changes(event) == {
            "support_contact": ({"pk": cast["support"].pk, "label": "Sam Support"}, None)
        }
        assert Entry.objects.first().verb == "delete_user"

    def test_all_of_it_or_nothing(self, cast, manager, kevin, monkeypatch):
        def broken(*args, **kwargs):
            raise OSError("The disk is full.")

        monkeypatch.setattr(User, "save", broken)
        with nothing_changes(), pytest.raises(OSError, match="full"):
            people.deactivate(cast["owner"], by=manager, clients=cast["colleague"])


class TestOneManagerRemains:
    def test_of_two_one_may_go(self, cast, manager):
        other = UserFactory(team=Team.MANAGEMENT)
        people.set_team(other, by=manager, team="sales")
        assert fresh(other).team == "sales"

    @pytest.mark.parametrize("deed", ["move", "deactivate", "delete"])
    def test_the_last_may_not(self, cast, manager, deed):
        """A superuser is no manager, and could leave nobody."""
        root = UserFactory(is_superuser=True)
        verb = {
            "move": partial(people.set_team, team="sales"),
            "deactivate": people.deactivate,
            "delete": people.delete_user,
        }[deed]
        with nothing_changes(), pytest.raises(ValidationError, match="gestion"):
            verb(manager, by=root)

    @pytest.mark.postgresql
    @pytest.mark.parametrize("deed", ["move", "deactivate", "delete", "mixed"])
    def test_when_two_demote_each_other(self, transactional_db, deed):
        verbs = {
            "move": partial(people.set_team, team="sales"),
            "deactivate": people.deactivate,
            "delete": people.delete_user,
        }
        one_verb, other_verb = verbs.get(deed, verbs["move"]), verbs.get(deed, verbs["deactivate"])
        for _round in range(50):
            User.objects.all().delete()
            pair = [fresh(UserFactory(team=Team.MANAGEMENT)) for _ in range(2)]
            at_once(
                partial(one_verb, pair[0], by=pair[1]), partial(other_verb, pair[1], by=pair[0])
            )
            assert User.objects.active().in_team(Team.MANAGEMENT).count() == 1


class TestSessions:
    def test_closing_an_account_ends_its_sessions(self, browser, cast, manager):
        browser.force_login(cast["other support"])
        people.deactivate(cast["other support"], by=manager)
        assert browser.get("/").status_code == 302
        assert not Session.objects.filter(person=cast["other support"]).exists()
        people.reactivate(cast["other support"], by=manager)
        assert browser.get("/").status_code == 302

    def test_a_command_ends_those_of_one_or_of_all(self, cast):
        browsers = {who: Client() for who in ("owner", "support", "management")}
        for who, browser in browsers.items():
            browser.force_login(cast[who])
        for wrong in ([], ["nobody@agency.example"], [cast["owner"].email, "--all"]):
            with nothing_changes(), pytest.raises(CommandError):
                call_command("end_sessions", *wrong)
        with told("end_sessions"):
            call_command("end_sessions", cast["owner"].email.upper())
        assert [browser.get("/").status_code for browser in browsers.values()] == [302, 200, 200]
        with told("end_sessions", "end_sessions"):
            call_command("end_sessions", "--all")
        assert {browser.get("/").status_code for browser in browsers.values()} == {302}

    def test_nobody_ends_ones_own_so(self, browser, cast, manager):
        """Of one's own, one chooses which."""
        browser.force_login(manager)
        with nothing_changes(), pytest.raises(Refused):
            people.sign_out(manager, by=manager)

    def test_a_new_team_is_felt_with_the_next_click(self, browser, cast, manager, kevin):
        browser.force_login(cast["other support"])
        assert browser.get("/clients/new/").status_code == 403
        people.set_team(cast["other support"], by=manager, team="sales")
        assert browser.get("/clients/new/").status_code == 302
        browser.force_login(cast["other support"])
        assert browser.get("/clients/new/").status_code == 200


class TestInvitation:
    def test_it_works(self, cast, manager):
        person = add_user(by=manager, **NEW)
        assert not person.has_usable_password()
        given = invitations.invite(person, by=manager)
        assert invitations.invited(person.pk, given) == person
        with told("accept_invitation"):
            invitations.accept(person, given=given, password=PASSWORD)
        assert fresh(person).check_password(PASSWORD)

    def used(self, person, given, manager):
        invitations.accept(person, given=given, password=PASSWORD)

    def replaced(self, person, given, manager):
        with time_machine.travel(now() + timedelta(minutes=1), tick=False):
            invitations.invite(person, by=manager)

    def closed(self, person, given, manager):
        people.deactivate(person, by=manager)

    def moved(self, person, given, manager):
        people.change_user(person, by=manager, email="other@agency.example")

    def nothing(self, person, given, manager):
        pass

    @pytest.mark.parametrize(
        ("happens", "hours", "good"),
        [
            ("nothing", 0, True), ("nothing", 23.9, True), ("nothing", 24.1, False),
            ("used", 0, False), ("replaced", 0, False), ("closed", 0, False), ("moved", 0, False),
        ],
    )  # fmt: skip
    def test_how_long_it_is_good(self, cast, manager, happens, hours, good):
        person = add_user(by=manager, **NEW)
        given = invitations.invite(person, by=manager)
        getattr(self, happens)(person, given, manager)
        with time_machine.travel(now() + timedelta(hours=hours), tick=False):
            assert bool(invitations.invited(person.pk, given)) is good
            if not good and happens != "used":
                with nothing_changes(), pytest.raises(ValidationError):
                    invitations.accept(person, given=given, password=PASSWORD)

    def test_another_ones_link_opens_nothing(self, cast, manager):
        given = invitations.invite(cast["support"], by=manager)
        invitations.invite(cast["owner"], by=manager)
        assert invitations.invited(cast["owner"].pk, given) is None

    def test_a_weak_password_does_not_use_it_up(self, cast, manager):
        given = invitations.invite(cast["support"], by=manager)
        with nothing_changes(), pytest.raises(ValidationError):
            invitations.accept(cast["support"], given=given, password="password")
        assert invitations.invited(cast["support"].pk, given)

    @pytest.mark.postgresql
    def test_two_at_once_choose_once(self, transactional_db, cast):
        for _round in range(10):
            given = invitations.invite(cast["support"], by=cast["management"])
            accept = partial(invitations.accept, cast["support"], given=given, password=PASSWORD)
            done = at_once(accept, accept)
            assert sorted(type(each).__name__ for each in done) == ["NoneType", "ValidationError"]


def test_who_is_gone_is_not_there(cast, manager):
    people.delete_user(cast["no team"], by=manager)
    with pytest.raises(Http404):
        people.deactivate(cast["no team"], by=manager)


def test_the_journal_keeps_the_name_of_the_deleted(cast, manager):
    ClientFactory(sales_contact=None)
    people.change_user(cast["colleague"], by=manager, phone="+33639980001")
    people.delete_user(cast["colleague"], by=manager)
    entry = Entry.objects.get(verb="delete_user")
    assert {value.field: value.old for value in entry.values.all()} == {
        "first_name": "Colin", "last_name": "Colleague", "email": cast["colleague"].email,
        "team": "sales",
    }  # fmt: skip
