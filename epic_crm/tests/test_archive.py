"""Before a client goes out of the way: what is still in work with it is said."""

from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory


def test_what_is_in_work_is_said_before_it_is_archived(browser, cast):
    browser.force_login(cast["management"])
    arvel, idle = ClientFactory(), ClientFactory()
    ContractFactory(client=arvel), ContractFactory(client=arvel, status="cancelled")
    ContractFactory(client=arvel, status="signed", signed_on="2026-01-05")
    EventFactory(contract=ContractFactory(client=arvel, status="signed", signed_on="2026-01-05"))
    for page in (
        f"{reverse('clients:archive_many')}?chosen={arvel.pk}",
        reverse("clients:archive", args=[arvel.pk]),
    ):
        response = browser.get(page)
        for what in ("open contract", "signed contract without event", "planned event"):
            assertContains(response, f"1 {what}<", count=1)
    assertNotContains(browser.get(reverse("clients:archive", args=[idle.pk])), "open contract")
