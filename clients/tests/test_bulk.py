"""Many clients into one person's hands, or out of the way."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.tests.pages import inputs
from clients import workflow
from clients.models import Client
from clients.tests.factories import ClientFactory
from history.tests.tables import nothing_changes, told

ASSIGN, ARCHIVE = reverse("clients:assign_many"), reverse("clients:archive_many")
LIST = reverse("clients:list")


@pytest.fixture
def helene(browser, cast):
    browser.force_login(cast["management"])
    return browser


@pytest.fixture
def three(cast):
    people = None, cast["owner"], cast["colleague"]
    return [
        ClientFactory(company_name=f"Company {n}", sales_contact=person)
        for n, person in enumerate(people)
    ]


def send(browser, page, clients, **more):
    query = "&".join(f"chosen={client.pk}" for client in clients)
    form = inputs(browser.get(f"{page}?{query}"), "ee-bulk-form")
    answer = browser.post(page, form | {"chosen": [c.pk for c in clients]} | more)
    told = browser.get(answer.url).context["told"]
    return [(kind, words) for _record, _name, kind, words in told]


def test_who_is_given_several_clients(helene, cast, three):
    with told("assign_client", "assign_client"):
        assert send(helene, ASSIGN, three, sales_contact=cast["colleague"].pk) == [
            ("done", "Colin Colleague (before: nobody)."),
            ("done", "Colin Colleague (before: Olivia Owner)."),
            ("same", "Colin Colleague was in charge already."),
        ]
    assert Client.objects.filter(sales_contact=cast["colleague"]).count() == 3


def test_archived_meanwhile(helene, cast, three):
    helene.get(ARCHIVE)
    workflow.archive(three[1], by=cast["owner"])
    with told("archive", "archive"):
        first, second, third = send(helene, ARCHIVE, three)
    assert first == third == ("done", "Client archived.")
    assert second[0] == "refused"
    assert second[1].startswith("Olivia Owner archived Company 1 (today at")
    assert second[1].endswith("). For this, the client must not be archived.")


def test_archived_twice_by_one_form(helene, three):
    form = inputs(helene.get(f"{ARCHIVE}?chosen={three[0].pk}"), "ee-bulk-form")
    form |= {"chosen": three[0].pk}
    helene.post(ARCHIVE, form)
    with nothing_changes():
        answer = helene.post(ARCHIVE, form)
    assertContains(helene.get(answer.url), "Done when this page was sent the first time.")


def test_a_person_has_to_be_chosen(helene, three):
    with nothing_changes():
        page = helene.post(ASSIGN, {"chosen": three[0].pk, "sales_contact": ""})
    assertContains(page, "Choose a sales contact.", status_code=422)


def test_without_a_choice(helene, three):
    assert helene.get(ASSIGN).context["view"].rows == three[:1]
    assertContains(helene.get(ARCHIVE), "Choose the clients in the list first.")
    field = helene.get(ASSIGN).context["form"].fields["sales_contact"]
    labels = [str(label) for _key, label in field.choices]
    assert (labels[:2], labels[-1]) == (
        ["Choose…", "Dora Delegate · 0 clients"], "Olivia Owner · 1 client",
    )  # fmt: skip


def test_the_list_offers_it_to_management_alone(browser, cast, three):
    for part, boxes in (("management", 3), ("owner", 0), ("support", 0)):
        browser.force_login(cast[part])
        page = browser.get(f"{LIST}?view=all")
        assert page.text.count('name="chosen"') == boxes
    browser.force_login(cast["management"])
    assertNotContains(browser.get(f"{LIST}?view=all&for=contract"), 'name="chosen"')
    assertNotContains(browser.get(f"{LIST}?view=all&q=nowhere"), ASSIGN)
