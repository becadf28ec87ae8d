from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from clients.models import Client
from clients.tests.factories import ClientFactory
from events.models import Event

HOME = "/"


def visit(browser, person):
    browser.force_login(person)
    return browser.get(HOME)


def test_it_works(browser, cast, signed):
    """A signed contract without event is the first thing its salesperson has to do."""
    response = visit(browser, cast["owner"])
    assertContains(response, f"Create the event of contract {signed}")
    assertContains(response, reverse("events:create", args=[signed.pk]))


def test_nobody_is_told_what_others_have_to_do(browser, cast, signed):
    assertNotContains(visit(browser, cast["colleague"]), str(signed))


def test_a_client_to_call_comes_back_on_its_day(browser, cast, kevin, today):
    assertNotContains(visit(browser, cast["owner"]), "Get in touch with")
    Client.objects.filter(pk=kevin.pk).update(follow_up_on=today + timedelta(days=1))
    assertNotContains(visit(browser, cast["owner"]), "Get in touch with")
    Client.objects.filter(pk=kevin.pk).update(follow_up_on=today)
    assertContains(visit(browser, cast["owner"]), "Get in touch with Cool Startup")


def test_support_completes_what_is_over_and_fills_in_what_is_near(browser, cast, event):
    assertContains(visit(browser, cast["support"]), event.get_absolute_url())
    assertNotContains(visit(browser, cast["support"]), "Fill in")
    near = {"starts_at": now() + timedelta(days=3), "ends_at": now() + timedelta(days=4)}
    Event.objects.filter(pk=event.pk).update(**near)
    assertContains(visit(browser, cast["support"]), f"Fill in “{event}”")
    past = {"starts_at": now() - timedelta(days=3), "ends_at": now() - timedelta(days=2)}
    Event.objects.filter(pk=event.pk).update(**past)
    assertContains(visit(browser, cast["support"]), f"Complete “{event}”")
    assertNotContains(visit(browser, cast["other support"]), f"Complete “{event}”")


def test_management_assigns_from_the_row(browser, cast, event):
    Event.objects.update(support_contact=None)
    orphan = ClientFactory(company_name="Sablon", sales_contact=None)
    response = visit(browser, cast["management"])
    assertContains(response, reverse("events:assign", args=[event.pk]))
    assertContains(response, reverse("clients:assign", args=[orphan.pk]))
    posted = {"support_contact": cast["support"].pk}
    assert browser.post(reverse("events:assign", args=[event.pk]), posted).status_code == 302
    assert Event.objects.get().support_contact == cast["support"]
    assertNotContains(browser.get(HOME), reverse("events:assign", args=[event.pk]))


def test_an_event_whose_support_contact_has_left_is_uncovered(browser, cast, event):
    User.objects.filter(pk=cast["support"].pk).update(is_active=False)
    response = visit(browser, cast["management"])
    assertContains(response, reverse("events:assign", args=[event.pk]))


def test_a_superuser_without_team_has_a_home_too(browser, db):
    boss = User.objects.create_superuser("root@agency.example", first_name="R", last_name="Oot")
    assert visit(browser, boss).status_code == 200
