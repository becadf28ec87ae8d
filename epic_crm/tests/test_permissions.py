"""Who can do what: the page, and the same in the documentation."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from accounts.access import every, policies
from accounts.management.commands import permissions
from accounts.models import Team
from accounts.permissions import tables


@pytest.mark.parametrize("who", ["management", "owner", "support"])
def test_it_works(browser, cast, who):
    browser.force_login(cast[who])
    page = browser.get(reverse("permissions")).text
    assert "this client’s sales contact, a colleague to whom it is delegated or management" in page
    assert "the event must be planned and have started" in page
    assert "everybody in a team" in page
    assert f'href="{reverse("permissions")}"' in browser.get("/").text


def test_in_french(browser, cast):
    cast["owner"].language = "fr"
    cast["owner"].save()
    browser.force_login(cast["owner"])
    page = browser.get(reverse("permissions")).text
    assert "Qui peut faire quoi" in page
    assert "un collègue à qui il est délégué ou l’équipe de gestion" in page


def test_a_refusal_leads_to_it(browser, cast, kevin):
    browser.force_login(cast["support"])
    page = browser.get(reverse("clients:update", args=[kevin.pk])).text
    assert page.count(f'href="{reverse("permissions")}"') == 2  # And in the menu.


def test_every_permission_has_a_line():
    assert sum(len(lines) for _name, lines in tables()) == len(policies)
    assert all(line.action and line.who for _name, lines in tables() for line in lines)


def test_somebody_a_loan_names_comes_last():
    with translation.override("en"):
        [complete] = [
            line
            for name, lines in tables()
            for line in lines
            if (name, line.action) == ("Event", "complete it")
        ]
    assert complete.who == (
        "the client’s sales contact, this event’s support contact, a colleague to whom it is"
        " delegated or management"
    )
    assert complete.when == "the event must be planned and have started"


class TestTheDocument:
    @pytest.fixture
    def page(self, monkeypatch, tmp_path):
        page = tmp_path / "permissions.md"
        monkeypatch.setattr(permissions, "PAGE", page)
        return page

    def test_it_is_up_to_date(self):
        call_command("permissions", check=True)

    def test_it_is_written_anew(self, page):
        call_command("permissions")
        assert "| edit it | this client’s sales contact, a colleague" in page.read_text()
        call_command("permissions", check=True)

    @pytest.mark.parametrize("text", [None, "# Who can do what\n"])
    def test_a_stale_one_is_an_error(self, page, text):
        if text:
            page.write_text(text)
        with pytest.raises(CommandError, match="make permissions"):
            call_command("permissions", check=True)
        assert page.exists() is bool(text)  # Only looked at.

    def test_a_change_of_policy_makes_it_stale(self, page, monkeypatch):
        call_command("permissions")
        monkeypatch.setitem(policies, "clients.delete_client", {Team.SALES: every})
        with pytest.raises(CommandError):
            call_command("permissions", check=True)
