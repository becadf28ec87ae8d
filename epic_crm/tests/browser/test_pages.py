"""Every page, as each team sees it: nothing for axe to find, nothing wider than the screen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now
from playwright.sync_api import expect

from accounts import requests
from clients.models import ClientDelegation
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory, ItemFactory, PointFactory

from .sound import WIDTHS, faults


@pytest.fixture
def pages(live_server, cast, event, kevin, today):
    """Person → addresses: what each may open, in the states that look different."""
    day = localtime(event.starts_at).date()
    opened = ContractFactory(client=kevin, expected_date=day)
    EventFactory(starts_at=event.starts_at, support_contact=event.support_contact)
    item, point = ItemFactory(event=event, due_on=today - timedelta(days=1)), PointFactory()
    ItemFactory(event=event, done_at=now(), done_by=cast["support"])
    ask = {"reason": "She is away", "until": today}
    asked = requests.ask(kevin, "clients.change_client", by=cast["colleague"], **ask)
    client, done = [kevin.pk], [event.contract.pk]
    read = [
        reverse("dashboard:home"), reverse("dashboard:agenda"), reverse("dashboard:search"),
        reverse("dashboard:notifications"), reverse("dashboard:help"), reverse("dashboard:views"),
        reverse("dashboard:accessibility"),
        reverse("dashboard:search") + "?q=cool", reverse("clients:list") + "?view=all",
        reverse("clients:list") + "?view=archived", reverse("contracts:list") + "?view=all",
        reverse("events:list") + "?view=all", reverse("clients:detail", args=client),
        reverse("contracts:detail", args=done), reverse("contracts:detail", args=[opened.pk]),
        reverse("events:detail", args=[event.pk]), reverse("events:day", args=[event.pk]),
        reverse("account"), reverse("account_feed"),
        reverse("account_sessions"), reverse("account_absence"), reverse("permissions"),
        reverse("access"), reverse("access_ask", args=["clients.note_client", kevin.pk]),
        "/nowhere/",
    ]  # fmt: skip
    return {
        "owner": [
            *read,
            reverse("dashboard:export_clients") + "?view=all&q=cool",
            reverse("clients:create"), reverse("clients:update", args=client),
            reverse("clients:history", args=client) + "?history=notes",
            reverse("clients:archive", args=client), reverse("clients:delegate", args=client),
            reverse("clients:end_delegation", args=[kevin.pk, ClientDelegation.objects.get().pk]),
            reverse("contracts:create", args=client),
            reverse("contracts:update", args=[opened.pk]),
            reverse("contracts:sign", args=[opened.pk]), reverse("events:update", args=[event.pk]),
            reverse("events:cancel", args=[event.pk]), reverse("contracts:update", args=done),
        ],
        "management": [
            reverse("dashboard:team"), reverse("dashboard:figures"),
            reverse("dashboard:journal"),
            reverse("dashboard:person", args=[cast["owner"].pk]),
            reverse("dashboard:held", args=client),
            reverse("dashboard:erase", args=[ClientFactory().pk]),
            reverse("dashboard:transfer", args=[cast["owner"].pk]),
            reverse("dashboard:absence", args=[cast["owner"].pk]),
            reverse("admin:accounts_user_changelist"), reverse("admin:accounts_user_add"),
            *(
                reverse(f"admin:accounts_user_{page}", args=[cast["owner"].pk])
                for page in ("change", "team", "deactivate", "delete", "invitation")
            ),
            reverse("admin:accounts_user_reactivate", args=[cast["leaver"].pk]),
            reverse("dashboard:home"), reverse("clients:assign", args=client), reverse("access"),
            reverse("access_grant", args=[asked.pk]), reverse("access_decline", args=[asked.pk]),
            reverse("events:assign", args=[event.pk]), reverse("contracts:update", args=done),
            reverse("events:list") + "?view=all", reverse("clients:list") + "?view=all",
            reverse("events:assign_many") + f"?chosen={event.pk}",
            reverse("clients:archive_many") + f"?chosen={kevin.pk}",
            reverse("events:template"), reverse("events:template_item", args=[point.pk]),
        ],
        "support": [
            *read, reverse("events:update", args=[event.pk]),
            reverse("events:add_item", args=[event.pk]),
            reverse("events:change_item", args=[event.pk, item.pk]),
            reverse("dashboard:agenda_list") + f"?who=all&from={day}",
        ],
        "no team": [reverse("dashboard:home")],
        None: [reverse("account_login")],
    }  # fmt: skip


@pytest.mark.any_database
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("who", ["owner", "management", "support", "no team", None])
def test_axe_finds_nothing(window, live_server, cast, pages, who, width):
    page, found = window(cast.get(who), width=width), []
    for address in pages[who]:
        page.goto(live_server.url + address)
        found += faults(page)
    assert found == []


@pytest.mark.any_database
@pytest.mark.parametrize("width", WIDTHS)
def test_who_has_read_too_much(window, live_server, cast, settings, width):
    settings.READING_LIMITS = settings.READING_LIMITS | {"searches": 0}
    page = window(cast["owner"], width=width)
    page.goto(live_server.url + reverse("dashboard:search") + "?q=cool")
    expect(page.get_by_role("heading", level=1)).to_contain_text("a great deal")
    assert faults(page) == []


def test_the_errors_of_a_form_take_the_focus(window, live_server, cast):
    page = window(cast["owner"])
    page.goto(live_server.url + reverse("clients:create"))
    page.get_by_role("main").get_by_role("button", name="Save").click()
    assert page.title().startswith("Error")
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("[name=company_name]")).to_be_focused()
