"""Who is told of what somebody else did, or of a day that comes near; and the pages to read it."""

from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, make_aware, now

from accounts import absences, factors, invitations, people, requests
from accounts.access import Refused
from accounts.delegations import delegate, end
from accounts.models import User
from accounts.records import lock, write
from accounts.tests.factories import UserFactory, passkey_credential
from accounts.tests.test_login import PASSWORD, guess, sign_in
from accounts.workflow import add_user, hand_over
from clients import workflow as clients
from contracts.tests.factories import ContractFactory
from dashboard import erasure
from dashboard.models import Notification
from dashboard.notifications import lines
from events import workflow as events
from events.models import Event
from events.tests.factories import EventFactory
from history.tests.tables import nothing_changes

PAGE = "/notifications/"
NOON = make_aware(datetime.fromisoformat("2027-03-10 12:00"))


def told(cast):
    """Who has been told what, in English, the newest first; without what the fixtures told."""
    parts = {person.pk: part for part, person in cast.items()}
    with translation.override("en"):
        found = lines(Notification.objects.told())
    return {(parts[line.notification.recipient_id], line.text) for line in found}


@pytest.fixture
def gala(cast, event):
    """A coming event of the owner, in the hands of support; nobody has been told anything yet."""
    Event.objects.filter(pk=event.pk).update(
        name="Gala", starts_at=NOON + timedelta(days=5), ends_at=NOON + timedelta(days=5, hours=4)
    )
    Notification.objects.all().delete()
    with time_machine.travel(NOON, tick=False):
        yield Event.objects.get(pk=event.pk)


def change(event, by, **values):
    with transaction.atomic():
        return write(lock(event), "update", by=by, **values)


# --- What is done -------------------------------------------------------------------------------


def test_it_works(cast, gala):
    events.assign(gala, by=cast["management"], support_contact=cast["other support"])
    assert told(cast) == {
        ("other support", "Mona Manager assigned you the event “Gala”, Monday 15 March 2027."),
        ("support", "Mona Manager gave “Gala” to Otto Other."),
        ("owner", "Otto Other is assigned to “Gala”."),
    }
    Notification.objects.all().delete()
    events.assign(gala, by=cast["management"], support_contact=None)  # It is undone.
    assert told(cast) == {("other support", "“Gala” is no longer assigned to you.")}


def test_an_assignment_says_that_it_overlaps(cast, gala):
    """As long as it does."""
    other = EventFactory(
        support_contact=cast["other support"], starts_at=gala.starts_at, ends_at=gala.ends_at
    )
    events.assign(
        gala, by=cast["management"], support_contact=cast["other support"], despite_overlap=True
    )
    words = "Mona Manager assigned you the event “Gala”, Monday 15 March 2027."
    overlap = f"{words} It overlaps with another event of yours."
    assert ("other support", overlap) in told(cast)
    Event.objects.filter(pk=other.pk).update(support_contact=None)
    assert ("other support", words) in told(cast)


SHOWS = "Olivia Owner changed “Gala”: venue, attendees."
MOVED = "Olivia Owner moved “Gala”: 15 Mar 2027 at 09:00."
LATER = {"starts_at": make_aware(datetime.fromisoformat("2027-03-15 09:00")), "venue": "Hall"}


@pytest.mark.parametrize(
    ("by", "deed", "expected"),
    [
        ("owner", partial(change, venue="Hall", attendees=90), {("support", SHOWS)}),
        ("owner", partial(change, **LATER), {("support", MOVED)}),
        (
            "delegate", partial(change, venue="Hall"),
            {("support", "Dora Delegate changed “Gala”: venue."),
             ("owner", "Dora Delegate changed “Gala”: venue.")},
        ),
        (
            "support", partial(change, venue="Hall"),
            {("owner", "Sam Support changed “Gala”: venue.")},
        ),
        (
            "management", partial(events.cancel, reason="Rain"),
            {("support", "Mona Manager cancelled “Gala”."),
             ("owner", "Mona Manager cancelled “Gala”.")},
        ),
        (
            "owner", partial(events.cancel, reason="Rain"),
            {("support", "Olivia Owner cancelled “Gala”.")},
        ),
    ],
)  # fmt: skip
def test_my_event(cast, gala, by, deed, expected):
    """Whoever did it is not told; nor are those whose event it is not."""
    deed(gala, by=cast[by])
    assert told(cast) == expected


def test_my_event_is_completed_and_reopened(cast, gala):
    with time_machine.travel(gala.starts_at, tick=False):
        events.complete(gala, by=cast["support"])
        assert told(cast) == {("owner", "“Gala” is completed.")}
        Notification.objects.all().delete()
        events.reopen(gala, by=cast["management"], reason="A slip")
        events.complete(gala, by=cast["management"])
    assert told(cast) == {
        (part, text) for text in ("Mona Manager reopened “Gala”.",) for part in ("support", "owner")
    } | {("support", "Mona Manager completed “Gala”."), ("owner", "“Gala” is completed.")}


def test_a_new_event(cast, gala, kevin):
    contract = ContractFactory(client=kevin, status="signed", signed_on=localdate())
    delegate(kevin, by=cast["management"], to=cast["delegate"], until=localdate())
    Notification.objects.all().delete()
    facts = {"name": "Ball", "starts_at": now() + timedelta(days=60)}
    facts["ends_at"] = facts["starts_at"] + timedelta(hours=3)
    events.create(contract, by=cast["delegate"], **facts)
    assert told(cast) == {
        ("management", "New event to assign: “Ball”, Sunday 9 May 2027."),
        ("owner", "Dora Delegate created the event “Ball”."),
    }


def test_a_client_in_my_hands(cast, gala, kevin):
    clients.assign(kevin, by=cast["management"], sales_contact=cast["colleague"])
    expected = {("colleague", "Mona Manager put the client Cool Startup in your hands.")}
    assert told(cast) == expected
    clients.create(
        by=cast["management"], sales_contact=cast["owner"], company_name="Big", first_name="A",
        last_name="B", email="a@big.example",
    )  # fmt: skip
    assert told(cast) == expected | {("owner", "Mona Manager put the client Big in your hands.")}


def test_what_is_left_to_nobody(cast, gala, kevin):
    """Management is told once, not the manager who did it."""
    boss = User.objects.get(pk=cast["leaver"].pk)
    people.reactivate(boss, by=cast["management"])
    people.deactivate(cast["owner"], by=cast["management"], clients=None)
    people.deactivate(cast["support"], by=cast["management"], events=None)
    assert told(cast) == {
        ("leaver", "1 client has nobody in charge any more."),
        ("leaver", "1 event has nobody in charge any more."),
        ("support", "“Gala” is no longer assigned to you."),  # Their account was open then.
    }
    hand_over(cast["colleague"], by=cast["management"], clients=None)
    assert Notification.objects.count() == 3


def test_what_is_lent(cast, gala, kevin):
    until = localdate() + timedelta(days=9)
    loan = delegate(kevin, by=cast["owner"], to=cast["colleague"], until=until)
    day = {"starts_on": localdate(), "ends_on": until}
    absences.plan(cast["owner"], by=cast["owner"], delegate=cast["delegate"], **day)
    end(loan, by=cast["management"])
    assert told(cast) == {
        ("colleague", "Olivia Owner delegated Cool Startup to you until 19 Mar 2027."),
        ("colleague", "Mona Manager ended the delegation of Cool Startup."),
        ("delegate", "You stand in for Olivia Owner from 10 Mar 2027 to 19 Mar 2027."),
    }


def test_what_is_asked_for(cast, gala, kevin):
    """It reaches who holds the record, or management if nobody there does."""
    ask = {"reason": "To help", "until": localdate()}
    asked = requests.ask(kevin, "clients.change_client", by=cast["colleague"], **ask)
    requests.decline(asked, by=cast["owner"], reason="No")
    question = "Colin Colleague asks to work on Cool Startup."
    assert told(cast) == {
        ("owner", question),
        ("colleague", "Olivia Owner declined your request to work on Cool Startup."),
    }
    User.objects.filter(pk=cast["owner"].pk).update(is_active=False)
    requests.ask(kevin, "clients.change_client", by=cast["colleague"], **ask)
    assert ("management", question) in told(cast)


# --- Who is not told ----------------------------------------------------------------------------


def test_what_is_undone_was_not_told(cast, gala):
    with nothing_changes(), transaction.atomic():
        events.assign(gala, by=cast["management"], support_contact=cast["other support"])
        assert Notification.objects.count() == 3
        transaction.set_rollback(True)
    with nothing_changes(), pytest.raises(Refused):
        events.assign(gala, by=cast["owner"], support_contact=cast["other support"])


def test_who_does_not_work_here_is_not_told(cast, gala):
    User.objects.filter(pk=cast["support"].pk).update(is_active=False)
    cast["owner"].groups.clear()
    events.cancel(gala, by=cast["management"], reason="Rain")
    assert told(cast) == set()


# --- What a day brings --------------------------------------------------------------------------


def test_reminders(cast, gala):
    """Once for each person, event and day, however often the command runs."""
    Event.objects.filter(pk=gala.pk).update(venue="", attendees=40)
    later = {"support_contact": None, "ends_at": NOON + timedelta(days=30)}
    EventFactory(name="Ball", starts_at=NOON + timedelta(days=7, hours=8), **later)
    EventFactory(name="Far", starts_at=NOON + timedelta(days=8), **later)
    week = ("management", "“Ball” takes place in 7 days and has no support contact.")
    for _again in range(2):
        call_command("notify_due")
        assert told(cast) == {week}
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        for _again in range(2):
            call_command("notify_due")
        expected = {
            week,
            ("support", "“Gala” takes place in 2 days: venue to be filled in."),
            ("management", "“Far” takes place in 5 days and has no support contact."),
        }
        assert told(cast) == expected
    Event.objects.filter(pk=gala.pk).update(
        venue="Hall", attendees=None, starts_at=NOON + timedelta(days=6, hours=2),
        ends_at=NOON + timedelta(days=6, hours=5),
    )  # fmt: skip
    with time_machine.travel(NOON + timedelta(days=6), tick=False):
        call_command("notify_due")  # It has been moved: that is another day.
        assert ("support", "“Gala” takes place today: attendees to be filled in.") in told(cast)


def test_old_ones_go(cast, gala):
    change(gala, cast["delegate"], venue="Hall")
    Notification.objects.filter(recipient=cast["owner"]).mark_read()
    with time_machine.travel(NOON + timedelta(days=91), tick=False):
        call_command("notify_due")
        assert [who for who, _text in told(cast)] == ["support"]
    with time_machine.travel(NOON + timedelta(days=366), tick=False):
        call_command("notify_due")
    assert told(cast) == set()


# --- What is done is read -----------------------------------------------------------------------


def unread(cast):
    return {
        (who, each.kind)
        for each in Notification.objects.unread()
        for who, person in cast.items()
        if person.pk == each.recipient_id
    }


def test_what_one_was_reminded_of_is_read_once_it_is_done(cast, gala):
    """By whomever; what only tells of a deed is not."""
    Event.objects.filter(pk=gala.pk).update(support_contact=None)
    call_command("notify_due")
    change(gala, cast["owner"], venue="Hall")  # Another deed, and nobody is assigned yet.
    assert unread(cast) == {("management", "support_missing")}
    events.assign(gala, by=cast["management"], support_contact=cast["support"])
    told_of = {("support", "event_assigned"), ("owner", "support_named")}
    assert unread(cast) == told_of
    with time_machine.travel(gala.starts_at - timedelta(days=1), tick=False):
        call_command("notify_due")
        assert unread(cast) == told_of | {("support", "facts_missing")}
        change(gala, cast["support"], attendees=90)
        told_of.add(("owner", "event_changed"))
        assert unread(cast) == told_of
    with time_machine.travel(gala.starts_at, tick=False):
        events.complete(gala, by=cast["support"])
    told_of -= {("support", "event_assigned")}
    assert unread(cast) == told_of | {("owner", "event_done")}


def test_a_request_that_was_answered_is_read(cast, gala, kevin):
    """That of this person, not that of another."""
    ask = {"reason": "To help", "until": localdate()}
    askers = [cast["colleague"], cast["delegate"]]
    asked = [requests.ask(kevin, "clients.change_client", by=who, **ask) for who in askers]
    mine = Notification.objects.filter(recipient=cast["owner"]).unread()
    requests.grant(asked[0], by=cast["owner"], until=localdate())
    assert [each.entry.actor_id for each in mine.all()] == [askers[1].pk]
    requests.decline(asked[1], by=cast["owner"], reason="No")
    assert not mine.exists()


# --- To read it ---------------------------------------------------------------------------------


def test_the_bell_and_the_page(browser, cast, gala):
    browser.force_login(cast["support"])
    assert "No notifications." in browser.get(PAGE).text
    assert 'class="ee-pin"' not in browser.get("/").text
    change(gala, cast["owner"], venue="Hall")
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        events.cancel(gala, by=cast["owner"], reason="Rain")
        browser.force_login(cast["support"])
        assert "Notifications: 2 unread" in browser.get("/").text
        page = browser.get(PAGE).text
        order = ["Today", "cancelled “Gala”", "Yesterday", "changed “Gala”: venue."]
        assert [page.index(text) for text in order] == sorted(page.index(text) for text in order)
        newest = Notification.objects.first()
        address = reverse("dashboard:notification", args=[newest.pk])
        assert browser.get(address).headers["Location"] == gala.get_absolute_url()
        newest.refresh_from_db()
        assert newest.read_at == now()
        assert "Notifications: 1 unread" in browser.get("/").text


def test_in_the_language_of_the_reader(browser, cast, gala):
    change(gala, cast["owner"], venue="Hall", attendees=90)
    User.objects.filter(pk=cast["support"].pk).update(language="fr")
    browser.force_login(cast["support"])
    shown = browser.get(PAGE).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Olivia Owner a modifié « Gala » : lieu, participants." in shown


def test_mark_all_as_read(browser, cast, gala):
    """All that the page showed; what came since is unread, and so is everybody else's."""
    change(gala, cast["delegate"], venue="Hall")
    browser.force_login(cast["support"])
    assert f'name="until" value="{Notification.objects.first().pk}"' in browser.get(PAGE).text
    shown = Notification.objects.first().pk
    change(gala, cast["delegate"], venue="Room")
    for typed in ("", "abc", "0", str(10**30), "\0"):
        with nothing_changes():
            assert browser.post(f"{PAGE}read/", {"until": typed}).status_code == 302
    assert browser.post(f"{PAGE}read/", {"until": shown}).headers["Location"] == PAGE
    unread = Notification.objects.unread().order_by("pk")
    assert [each.recipient for each in unread] == [cast["owner"], cast["owner"], cast["support"]]


def test_page_by_page(browser, cast, gala):
    for number in range(27):
        change(gala, cast["owner"], attendees=number + 1)
    browser.force_login(cast["support"])
    page = browser.get(PAGE)
    assert page.text.count('class="what"') == 25
    last = Notification.objects.order_by("-pk")[24].pk
    older = browser.get(f"{PAGE}?before={last}").text
    assert f"?before={last}" in page.text
    assert older.count('class="what"') == 2
    for place in ("abc", "-1", str(10**30), "%00", "1e3"):
        assert "The place in the list was not found" in browser.get(f"{PAGE}?before={place}").text


def test_only_ones_own(browser, cast, gala):
    change(gala, cast["owner"], venue="Hall")
    theirs = reverse("dashboard:notification", args=[Notification.objects.get().pk])
    for part in ("owner", "management", "other support"):
        browser.force_login(cast[part])
        with nothing_changes():
            assert browser.get(theirs).status_code == 404
            assert browser.post(f"{PAGE}read/", {"until": 10**9}).status_code == 302
            assert "Gala" not in browser.get(PAGE).text
    browser.force_login(cast["no team"])
    assert [browser.get(page).status_code for page in (theirs, PAGE)] == [403, 403]
    browser.logout()
    assert browser.get(theirs).headers["Location"].startswith("/login/")


def test_what_it_was_about_is_gone(browser, cast, gala):
    new = clients.create(
        by=cast["management"], sales_contact=cast["owner"], company_name="Big", first_name="A",
        last_name="B", email="a@big.example",
    )  # fmt: skip
    type(new).objects.filter(pk=new.pk).delete()  # Past the verb, which forgets what told of it.
    browser.force_login(cast["owner"])
    assert "About a record that has been deleted since." in browser.get(PAGE).text
    address = reverse("dashboard:notification", args=[Notification.objects.get().pk])
    page = browser.get(address, follow=True)
    assert "This record has been deleted since." in page.text


def test_each_kind_leads_somewhere(browser, cast, gala, kevin):
    """Those that do not lead to their record lead to a page."""
    ask = {"reason": "To help", "until": localdate()}
    requests.ask(kevin, "clients.change_client", by=cast["colleague"], **ask)
    assert lines(Notification.objects.told())[0].url == "/access/"


# --- What happens to an account -----------------------------------------------------------------


def test_management_hears_of_a_blocked_account(browser, cast):
    """Once, however often one tries on; not of an account that is not there."""
    owner = cast["owner"]
    guess(browser, owner.email, 14)
    guess(browser, "nobody@agency.example", 14)
    words = "Too many attempts on the account of Olivia Owner: sign-ins are refused for 15 minutes."
    assert told(cast) == {("management", words)}
    [line] = lines(Notification.objects.told())
    assert line.url == reverse("dashboard:person", args=[owner.pk])


def test_one_hears_of_what_opens_ones_own_account(browser, cast):
    """Whoever did it: it may be somebody who sits at one's screen, or has one's password."""
    owner, boss = cast["owner"], cast["management"]
    owner.set_password(PASSWORD)
    owner.save()
    factors.add_passkey(owner, name="Key", credential=passkey_credential())
    factors.renew_codes(owner)
    factors.remove(factors.of(owner).get(), by=owner)
    factors.reset(owner, by=boss)
    factors.reset(owner, by=None)
    sign_in(browser, owner.email)
    Notification.objects.filter(recipient=boss).delete()
    typed = {"oldpassword": PASSWORD, "password1": "n3w-and-quiet-one"}
    browser.post("/account/password/", typed | {"password2": "n3w-and-quiet-one"})
    reset = "reset the second factor of your account. Did you not ask for it?"
    said = [
        "The password of your account was changed. Was it not you?",
        f"A command on the server {reset}",
        f"Mona Manager {reset}",
        "A second factor was removed from your account. Was it not you?",
        "New recovery codes were made for your account. Was it not you?",
        "A second factor was added to your account. Was it not you?",
    ]
    with translation.override("en"):
        found = lines(Notification.objects.told())
    assert [line.text for line in found] == said
    assert {(line.notification.recipient, line.url) for line in found} == {
        (owner, reverse("account_sessions"))
    }


def test_one_hears_of_a_link_and_of_a_new_address(cast):
    """Who took a manager's account would open others by them."""
    owner, boss = cast["owner"], cast["management"]
    User.objects.filter(pk=owner.pk).update(last_login=now())
    owner.refresh_from_db()
    invitations.invite(owner, by=boss)
    people.change_user(owner, by=boss, phone="+33199000001")  # Nobody hears of that.
    people.change_user(owner, by=boss, email="olivia.o@agency.example")
    assert told(cast) == {
        ("owner", "Mona Manager made a link to choose your password. Did you not ask for it?"),
        (
            "owner",
            "Mona Manager changed the e-mail address of your account. Did you not ask for it?",
        ),
    }


class TestManagersOfEachOther:
    """What opens accounts or destroys records, one of them does and all of them hear."""

    @pytest.fixture
    def second(self):
        return UserFactory(team="management", first_name="Magda", last_name="Second")

    @pytest.fixture
    def heard(self, second):
        def heard():
            mine = Notification.objects.told().filter(recipient=second).order_by("pk")
            with translation.override("en"):
                return [(line.text, line.url) for line in lines(mine)]

        return heard

    def test_it_works(self, cast, second, heard):
        boss, owner = cast["management"], cast["owner"]
        User.objects.filter(pk=owner.pk).update(last_login=now())
        owner.refresh_from_db()
        invitations.invite(owner, by=boss)
        people.change_user(owner, by=boss, email="olivia.o@agency.example")
        factors.reset(owner, by=boss)
        page = reverse("dashboard:person", args=[owner.pk])
        assert heard() == [
            ("Mona Manager made a link for Olivia Owner to choose a password.", page),
            ("Mona Manager changed the e-mail address of Olivia Owner.", page),
            ("Mona Manager reset the second factor of Olivia Owner.", page),
        ]

    def test_of_new_managers(self, cast, heard):
        boss = cast["management"]
        made = add_user(
            email="new@agency.example", team="management", first_name="Nora", last_name="New",
            by=boss,
        )  # fmt: skip
        people.set_team(cast["other support"], by=boss, team="management")
        assert heard() == [
            (
                f"Mona Manager put {person} into the management team.",
                reverse("dashboard:person", args=[person.pk]),
            )
            for person in (made, cast["other support"])
        ]

    def test_of_one_who_comes_back(self, cast, heard, second):
        gone = UserFactory(team="management", is_active=False, first_name="Gina", last_name="Gone")
        people.reactivate(gone, by=cast["management"])
        page = reverse("dashboard:person", args=[gone.pk])
        assert heard() == [("Mona Manager reopened the account of Gina Gone, of management.", page)]
        assert not Notification.objects.filter(recipient=gone).exists()

    def test_whoever_it_is_about_is_not_told_as_others_are(self, cast, second, heard):
        User.objects.filter(pk=second.pk).update(last_login=now())
        people.change_user(
            User.objects.get(pk=second.pk), by=cast["management"], email="m@x.example"
        )
        said = "Mona Manager changed the e-mail address of your account. Did you not ask for it?"
        assert heard() == [(said, reverse("account_sessions"))]

    def test_not_of_the_days_work(self, cast, heard):
        newcomer = add_user(
            email="new@agency.example", team="sales", first_name="Nora", last_name="New",
            by=cast["management"],
        )  # fmt: skip
        invitations.invite(newcomer, by=cast["management"])
        people.set_team(newcomer, by=cast["management"], team="support")
        people.change_user(newcomer, by=cast["management"], last_name="Newer")
        assert heard() == []

    @pytest.mark.parametrize("name", ["unsigned", "signed"])
    def test_of_an_erasure(self, cast, kevin, signed, heard, name):
        """Without whom: of them nothing shall be found."""
        client = kevin if name == "unsigned" else signed.client
        if name == "unsigned":
            signed.delete()
        Notification.objects.all().delete()
        erasure.erase(client, by=cast["management"], ground=erasure.Ground.ASKED)
        text = "Mona Manager erased the personal data of a client."
        assert heard() == [(text, reverse("dashboard:journal"))]

    def test_not_of_what_was_due(self, kevin, heard):
        erasure.erase(kevin, by=None, ground=erasure.Ground.TIME)
        assert heard() == []


def test_of_the_first_password_nobody_hears(cast):
    newcomer = UserFactory(team="sales", last_login=None)
    for number in (0, 1):
        given = invitations.invite(newcomer, by=cast["management"])
        invitations.accept(newcomer, given=given, password=f"n3w-and-quiet-one-{number}")
        told = sorted(Notification.objects.values_list("kind", flat=True))
        assert told == [[], ["link_made", "password_changed"]][number]
        User.objects.filter(pk=newcomer.pk).update(last_login=now())
