"""The admin site: managers look after users there, and nobody does anything else."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import adapter, invitations
from accounts.models import Session, User
from accounts.tests.factories import UserFactory
from accounts.tests.pages import inputs
from history import formats
from history.tests.tables import nothing_changes, told

USERS = "/admin/accounts/user/"
NEW = {
    "first_name": "Nina", "last_name": "New", "email": "Nina@Agency.example", "phone": "",
    "team": "sales",
}  # fmt: skip
PASSWORD = "a sentence nobody guesses"


@pytest.fixture
def manager(browser, cast):
    browser.force_login(cast["management"])
    return browser


def page(name, person=None):
    return reverse(f"admin:accounts_user_{name}", args=[person.pk] if person else [])


def fresh(person):
    return User.objects.with_team().get(pk=person.pk)


class TestList:
    def test_it_works(self, manager, cast, event):
        response = manager.get(USERS)
        for text in (
            "Mona Manager", "Leo Leaver", cast["owner"].email, "Sales", "Deactivated", "Never",
            "1 client", "1 event", "Administration of users",
        ):  # fmt: skip
            assertContains(response, text)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("team=support", {"Sam", "Otto"}),
            ("team=none", {"Nora"}),
            ("state=closed", {"Leo"}),
            ("holds=clients", {"Olivia"}),
            ("holds=events", {"Sam"}),
            ("q=OLIVÌA", {"Olivia"}),
            ("q=agency.example&team=support", {"Sam", "Otto"}),
            ("team=nonsense", None), ("o=99.x", None), ("p=x", None), ("is_superuser=1", None),
            ("q=%00", None), ("e=1&p=x", None),
        ],
    )  # fmt: skip
    def test_what_is_asked_for(self, manager, cast, event, query, names):
        response = manager.get(f"{USERS}?{query}", follow=True)
        assert response.status_code == 200
        if names:
            shown = {person.first_name for person in response.context["cl"].result_list}
            assert shown == names

    def test_a_superuser_is_not_there(self, manager, cast):
        root = UserFactory(is_superuser=True, first_name="Root")
        assertNotContains(manager.get(USERS), "Root")
        assert manager.post(page("unblock", root)).status_code == 404
        for name in (
            "change",
            "team",
            "deactivate",
            "reactivate",
            "delete",
            "invitation",
            "sign_out",
        ):
            assert manager.get(page(name, root)).status_code == 404
            with nothing_changes():
                assert manager.post(page(name, root), {"team": "sales"}).status_code == 404

    def test_the_front_door_leads_there(self, manager):
        assertRedirects(manager.get("/admin/"), USERS)


class TestCreate:
    def test_it_works(self, manager, cast):
        """The account, then the link, once; with it the person comes in."""
        with told("add_user", "invite_user"):
            response = manager.post(page("add"), NEW, follow=True)
        person = User.objects.with_team().get(email="nina@agency.example")
        assert (person.team, person.has_usable_password()) == ("sales", False)
        link = response.context["url"]
        assertContains(response, link)
        with translation.override("en"):
            until = formats.moment(person.invited_at + timedelta(hours=24))
        assertContains(response, f"This link is shown only here. It works once, until {until}.")
        assertContains(response, "Nina New then signs in with the address nina@agency.example.")
        assertNotContains(manager.get(page("invitation", person)), link)

        somebody = Client()
        response = somebody.get(link, follow=True)
        assert link not in response.content.decode()
        typed = {"password1": PASSWORD, "password2": PASSWORD}
        with told("accept_invitation"):
            response = somebody.post(response.request["PATH_INFO"], typed)
        assertRedirects(response, "/login/")
        assert fresh(person).check_password(PASSWORD)
        assert somebody.get(link, follow=True).status_code == 410

    def test_sent_twice_it_is_one_account_and_one_link(self, manager, cast):
        """A second click comes before the page that the first one leads to."""
        form = inputs(manager.get(page("add"))) | NEW
        with told("add_user", "invite_user"):
            first = manager.post(page("add"), form)
            second = manager.post(page("add"), form | {"first_name": "Nino"})
        nina = User.objects.get(email="nina@agency.example")
        assert first.url == second.url == page("invitation", nina)
        shown = manager.get(second.url)
        assertContains(shown, f"/account/invitation/{nina.pk}/")
        assertContains(shown, "This form had been sent already: here is what it made.")
        assertContains(manager.get(manager.post(page("add"), form).url), "Make the link")

    @pytest.mark.parametrize(
        ("typed", "wrong"),
        [
            ({"first_name": ""}, "first_name"), ({"last_name": ""}, "last_name"),
            ({"email": "nobody"}, "email"), ({"team": ""}, "team"), ({"team": "root"}, "team"),
            ({"phone": "none"}, "phone"), ({"email": "taken"}, "email"),
        ],
    )  # fmt: skip
    def test_what_is_not_valid(self, manager, cast, typed, wrong):
        if typed.get("email") == "taken":
            typed = {"email": cast["owner"].email.upper()}
        with nothing_changes():
            response = manager.post(page("add"), NEW | typed)
        assert (response.status_code, list(response.context["form"].errors)) == (422, [wrong])
        assert inputs(response)["first_name"] == (NEW | typed)["first_name"]

    @pytest.mark.parametrize("typed", [{"password1": "password"}, {"password2": "another one"}])
    def test_a_password_that_will_not_do(self, manager, cast, typed):
        link = manager.post(page("add"), NEW, follow=True).context["url"]
        somebody = Client()
        address = somebody.get(link, follow=True).request["PATH_INFO"]
        both = {"password1": PASSWORD, "password2": PASSWORD}
        if "password1" in typed:
            typed = dict.fromkeys(both, "password")
        with nothing_changes():
            assert somebody.post(address, both | typed).status_code == 422

    def test_it_is_mailed_where_mail_is_set_up(self, manager, cast, settings, monkeypatch):
        """With the address we know: not with a Host that somebody wrote."""
        settings.MAIL_IS_SET_UP, sent = True, []
        monkeypatch.setattr(adapter, "Thread", lambda target, args: sent.extend(args) or Mock())
        manager.defaults["HTTP_HOST"] = "localhost:6666"
        response = manager.post(page("add"), NEW, follow=True)
        assertContains(response, "It is on its way to nina@agency.example too.")
        assert "http://localhost:8000/account/invitation/" in sent[1].body

    def test_no_session_shows_the_link(self, manager, cast):
        """Whoever reads the table of sessions must not choose the password."""
        manager.post(page("add"), NEW)
        given = invitations.token(User.objects.get(email="nina@agency.example"))
        assert "invitation" in manager.session
        assert given not in str(manager.session.items())
        link = manager.get(manager.post(page("add"), NEW | {"email": "x@y.example"}).url)
        somebody = Client()
        somebody.get(link.context["url"])
        given = invitations.token(User.objects.get(email="x@y.example"))
        assert "invited" in somebody.session
        assert given not in str(somebody.session.items())

    def test_whoever_makes_links_up_leaves_nothing(self, manager, cast):
        sessions = Session.objects.count()
        for pk in (cast["support"].pk, 99999):
            assert Client().get(f"/account/invitation/{pk}/abc/").status_code == 410
        assert Session.objects.count() == sessions


class TestChange:
    def test_it_works(self, manager, cast):
        response = manager.get(page("change", cast["support"]))
        with told("change_user"):
            response = manager.post(
                page("change", cast["support"]), inputs(response) | {"last_name": "Smith"}
            )
        assertRedirects(response, page("change", cast["support"]))
        assert str(fresh(cast["support"])) == "Sam Smith"

    def test_what_another_changed_meanwhile_stays(self, manager, cast):
        shown = inputs(manager.get(page("change", cast["support"])))
        User.objects.filter(pk=cast["support"].pk).update(first_name="Samuel")
        manager.post(page("change", cast["support"]), shown | {"last_name": "Smith"})
        assert str(fresh(cast["support"])) == "Samuel Smith"

    def test_an_address_that_is_taken(self, manager, cast):
        shown = inputs(manager.get(page("change", cast["support"])))
        with nothing_changes():
            response = manager.post(
                page("change", cast["support"]), shown | {"email": cast["owner"].email}
            )
        assertContains(response, "already an account", status_code=422)

    def test_ones_own_account_offers_less(self, manager, cast):
        response = manager.get(page("change", cast["management"]))
        for name in ("team", "deactivate", "delete"):
            assertNotContains(response, page(name, cast["management"]))


class TestLeaving:
    def test_the_team(self, manager, cast, kevin):
        person = cast["owner"]
        response = manager.get(page("team", person))
        assertContains(response, "Cool Startup")
        with nothing_changes():
            refused = manager.post(page("team", person), {"team": "support"})
        assert list(refused.context["form"].errors) == ["clients"]
        typed = {"team": "support", "clients": cast["colleague"].pk}
        with told("assign_client", "hand_over", "set_team"):
            assertRedirects(manager.post(page("team", person), typed), page("change", person))
        assert fresh(person).team == "support"

    def test_deactivate_and_back(self, manager, cast, event):
        person = cast["support"]
        with told("assign_event", "hand_over", "deactivate"):
            manager.post(page("deactivate", person), {"events": "nobody"})
        event.refresh_from_db()
        assert (fresh(person).is_active, event.support_contact) == (False, None)
        with told("reactivate"):
            manager.post(page("reactivate", person))
        assert fresh(person).is_active

    def test_end_the_sessions(self, manager, cast, kevin):
        """Of a telephone that was lost: the account stays as it is."""
        person, there = cast["owner"], Client()
        there.force_login(person)
        assertContains(manager.get(page("change", person)), page("sign_out", person))
        assertContains(manager.get(page("sign_out", person)), "signed out everywhere")
        with told("end_sessions"):
            assertRedirects(manager.post(page("sign_out", person)), page("change", person))
        assert there.get("/").status_code == 302
        assert not Session.objects.filter(person=person).exists()
        there.force_login(person)
        assert there.get("/").status_code == 200
        for who in ("owner", "colleague", "support", "no team"):
            manager.force_login(cast[who])
            with nothing_changes():
                assert manager.post(page("sign_out", person)).status_code == 403
        assert Session.objects.filter(person=person).exists()

    def test_delete(self, manager, cast, kevin):
        person = cast["owner"]
        typed = {"clients": cast["colleague"].pk}
        with told("assign_client", "hand_over", "delete_user"):
            assertRedirects(manager.post(page("delete", person), typed), USERS)
        assert not User.objects.filter(pk=person.pk).exists()

    @pytest.mark.parametrize("heir", ["support", "owner", "leaver"])
    def test_only_who_does_this_work_takes_over(self, manager, cast, kevin, heir):
        with nothing_changes():
            response = manager.post(page("delete", cast["owner"]), {"clients": cast[heir].pk})
        assert response.status_code == 422

    def test_twice(self, manager, cast):
        manager.post(page("deactivate", cast["other support"]))
        with nothing_changes():
            response = manager.post(page("deactivate", cast["other support"]))
        assert response.status_code == 409


def test_in_the_demonstration_nobody_takes_an_account_over(manager, cast, settings):
    settings.DEMO = True
    cast["owner"].set_password(PASSWORD)
    cast["owner"].save()
    with nothing_changes():
        assert manager.post(page("invitation", cast["owner"])).status_code == 403
