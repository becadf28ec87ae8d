"""A company that is with us already is known while it is typed; nothing is in the way."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clients.models import Client
from clients.tests.factories import ClientFactory

pytestmark = pytest.mark.any_database


def test_it_works(window, live_server, cast):
    arvel = ClientFactory(company_name="Maison Arvel", phone="+33199004199")
    page = window(cast["owner"])
    page.goto(live_server.url + reverse("clients:create"))
    name, said = page.locator("#id_company_name"), page.locator("#alike-company_name")
    name.press_sequentially("S.A.R.L. maison-ARVÉL")
    expect(said).to_have_text("A client named “Maison Arvel” exists already.")
    expect(said).to_have_role("status")
    expect(said.get_by_role("link")).to_have_attribute("href", arvel.get_absolute_url())
    expect(name).to_be_focused()
    page.locator("#id_phone").fill("01 99 00 41 99")
    expect(page.locator("#alike-phone")).to_contain_text("has this phone number already")
    for field, value in {"company_name": "Other", "phone": ""}.items():
        page.locator(f"#id_{field}").fill(value)
        expect(page.locator(f"#alike-{field}")).to_be_empty()
    page.locator("#id_phone").fill("01 99 00 41 99")
    typed = {"first_name": "Léa", "last_name": "Arvel", "email": "new@arvel.example"}
    for field, value in typed.items():
        page.locator(f"#id_{field}").fill(value)
    page.get_by_role("button", name="Save").click()  # It is asked once all the same.
    page.get_by_role("button", name="Save anyway").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Other")
    assert Client.objects.count() == 2
