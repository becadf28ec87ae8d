"""From a prospect to a completed event, in three windows, as the README tells it."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, localtime, now
from playwright.sync_api import expect

from accounts.models import Team
from accounts.tests.factories import UserFactory
from contracts.models import Contract
from events.models import Event
from history.models import Entry


@pytest.fixture
def people(live_server):
    return {
        "camille": UserFactory(team=Team.SALES, first_name="Camille", last_name="Roussel"),
        "helene": UserFactory(team=Team.MANAGEMENT, first_name="Hélène", last_name="Vidal"),
        "ines": UserFactory(team=Team.SUPPORT, first_name="Inès", last_name="Morel"),
    }


def fill(page, **fields):
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(str(value))


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_it_works(window, people, script):
    camille, helene, ines = (
        window(people[name], java_script_enabled=script) for name in ("camille", "helene", "ines")
    )
    today = localdate()

    # Camille adds a prospect.
    camille.get_by_text("Nouveau", exact=True).first.click()
    camille.get_by_role("link", name="Client ou prospect").click()
    fill(camille, company_name="Maison Arvel", first_name="Sabine", last_name="Arvel")
    fill(camille, email="sabine.arvel@maison-arvel.example", phone="01 99 00 41 17")
    press(camille, "Enregistrer")
    expect(camille.locator("#messages .ee-message")).to_contain_text("Prospect ajouté.")

    # She notes a call.
    fill(camille, text="Sabine Arvel souhaite une salle à la lumière du jour.")
    camille.locator("main [name=channel]").select_option("phone")
    fill(camille, follow_up_on=today + timedelta(days=7))
    press(camille, "Ajouter la note")
    expect(camille.get_by_role("main")).to_contain_text("salle à la lumière du jour")

    # She opens a contract, and marks it signed: the prospect becomes a client.
    follow(camille, "Nouveau contrat")
    fill(camille, title="Lancement de collection", amount="24 800,50")
    fill(camille, payment_due=today + timedelta(days=30), expected_attendees=120)
    fill(camille, expected_date=today, expected_venue="Les Verrières du Quai")
    press(camille, "Créer le contrat")
    follow(camille, "Indiquer comme signé")
    press(camille, "Confirmer la signature")
    contract = Contract.objects.get()
    assert (contract.client.stage, str(contract.amount)) == ("client", "24800.50")

    # The event form is there, filled in; it started an hour ago, so that it can be completed.
    expect(camille.locator("[name=venue]")).to_have_value("Les Verrières du Quai")
    start = localtime(now() - timedelta(hours=1))
    fill(camille, starts_at_0=start.date(), starts_at_1=start.strftime("%H:%M"))
    fill(camille, ends_at_0=today + timedelta(days=1), ends_at_1="23:00")
    press(camille, "Créer l’événement")
    expect(camille.get_by_role("heading", level=1)).to_have_text("Lancement de collection")

    # Hélène assigns Inès from her home page.
    helene.reload()
    row = helene.get_by_role("row", name="Lancement de collection")
    row.locator("[name=support_contact]").select_option(str(people["ines"].pk))
    row.get_by_role("button", name="Affecter").click()
    expect(helene.locator("#messages .ee-message")).to_contain_text("Inès Morel")

    # Inès changes the event, completes it, and reads the story.
    ines.reload()
    ines.get_by_role("main").get_by_role("link", name="Lancement de collection").first.click()
    follow(ines, "Modifier")
    fill(ines, instructions="Badge à retirer à l’accueil B.")
    press(ines, "Enregistrer")
    follow(ines, "Clôturer l’événement")
    press(ines, "Clôturer l’événement")
    expect(ines.locator("#messages .ee-message")).to_contain_text("Événement clôturé.")
    story = ines.get_by_role("region", name="Notes et historique")
    expect(story).to_contain_text("Hélène Vidal")
    expect(story).to_contain_text("Vous avez clôturé")

    event = Event.objects.get()
    assert (event.status, event.support_contact) == ("completed", people["ines"])
    told = Entry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(told) == [
        "create_client", "note", "open", "sign", "convert", "create_event",
        "assign_event", "update", "complete",
    ]  # fmt: skip
