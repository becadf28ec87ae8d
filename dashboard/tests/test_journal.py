"""The journal of everything: who finds what in it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now
from pytest_django.asserts import assertContains, assertNotContains

from accounts.people import change_user, delete_user
from accounts.tests.factories import UserFactory
from clients import workflow as clients
from contracts import workflow as contracts
from history import journal
from history.models import Entry, EntryValue

URL = "/journal/"


@pytest.fixture
def page(browser, cast):
    """The sentences that management reads there, without markup; newest first."""
    browser.force_login(cast["management"])

    def page(query=""):
        response = browser.get(URL + query)
        assert response.status_code == 200
        lines = response.context["story"]["lines"]
        page.text = response.text
        page.view = response.context["view"]
        return [_plain(line.sentence) for line in lines]

    return page


def _plain(html):
    text = ""
    for part in html.split("<"):
        text += part.split(">", 1)[-1]
    return text


@pytest.fixture
def deeds(cast, kevin, contract):
    """One of each kind, after what the world began with."""
    owner, boss = cast["owner"], cast["management"]
    clients.convert(kevin, by=owner)
    contracts.sign(contract, by=owner, signed_on=localdate())
    clients.add_note(kevin, by=owner, channel="note", happened_on=localdate(), text="They called")
    change_user(cast["support"], by=boss, first_name="Samuel")
    journal.record(owner, "sign_in", owner, {"network": (None, "192.0.2.0/24")})
    journal.record(cast["colleague"], "refuse", kevin, {"right": (None, "clients.change_client")})
    journal.record(None, "reset_factor", cast["support"])


def test_it_works(page, deeds, contract):
    assert page()[:7] == [
        "A command on the server reset the second factor of Samuel Support",
        "Colin Colleague was refused on Cool Startup",
        "Olivia Owner signed in",
        "You changed the account of Samuel Support",
        "Olivia Owner added a note on Cool Startup",
        f"Olivia Owner marked contract {contract} as signed",
        "Olivia Owner made Cool Startup a client",
    ]
    for words in ("<del>Sam</del>", "Samuel", "They called", "192.0.2.0/24", "edit it"):
        assert words in page.text


def test_management_alone(browser, cast):
    for who in ("owner", "support", "no team"):
        browser.force_login(cast[who])
        assert browser.get(URL).status_code == 403
    assert f'href="{URL}"' not in browser.get("/account/").text


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("clients", "Olivia Owner made Cool Startup a client"),
        ("contracts", "Olivia Owner marked contract {contract} as signed"),
        ("notes", "Olivia Owner added a note on Cool Startup"),
        ("loan", "Olivia Owner delegated Cool Startup"),
        ("admin", "You changed the account of Samuel Support"),
        ("access", "Olivia Owner signed in"),
        ("refusal", "Colin Colleague was refused on Cool Startup"),
    ],
)
def test_by_kind(page, deeds, contract, kind, found):
    shown = page(f"?kind={kind}")
    assert any(line.startswith(found.format(contract=contract)) for line in shown)
    assert len(shown) < len(page())
    assert page("?kind=export") == page("?kind=events") == page("?kind=failure") == []
    assert "No result with these filters." in page.text


def test_by_person(page, deeds, cast):
    shown = page(f"?person={cast['support'].pk}")
    assert shown == [
        "A command on the server reset the second factor of Samuel Support",
        "You changed the account of Samuel Support",
    ]
    assert page("?person=null") == shown[:1]
    assert page(f"?person={cast['leaver'].pk}") == []


def test_by_somebody_who_is_gone_or_in_no_team(page, cast, kevin):
    """An account can go; what was done with it is still found by who did it."""
    former = UserFactory(first_name="Fay", last_name="Former", team="sales")
    journal.record(former, "update", kevin, {"source": ("", "phone")})
    journal.record(cast["no team"], "sign_in", cast["no team"])
    delete_user(former, by=cast["management"])
    page()
    assert "Fay Former (account deleted)" in page.text
    shown = page(f"?person={Entry.objects.get(verb='delete_user').record_id}")
    assert shown == ["You deleted the account of Fay Former", "Fay Former changed Cool Startup"]
    assert "Person: Fay Former (account deleted)" in " ".join(page.text.split())
    assert len(page(f"?person={cast['no team'].pk}")) == 1


def test_by_record(page, deeds, cast, kevin, contract):
    everything = page(f"?record=clients.client-{kevin.pk}")
    assert "Colin Colleague was refused on Cool Startup" in everything
    assert f"Olivia Owner marked contract {contract} as signed" in everything
    assert "Olivia Owner signed in" not in everything
    assert "Record: Cool Startup" in " ".join(page.text.replace("\xa0", " ").split())
    assert page(f"?record=contracts.contract-{contract.pk}") == [
        f"Olivia Owner marked contract {contract} as signed"
    ]
    assert page("?record=clients.client-999") == []  # It may be gone: its entries are not.


def test_by_words(page, deeds, contract):
    for words in ("startup", contract.reference):
        assert f"Olivia Owner marked contract {contract} as signed" in page(f"?q={words}")
    assert page("?q=nobody+has+this") == []


def test_by_period(page, deeds):
    day = localdate()
    number = len(page())
    assert len(page(f"?since={day}&until={day}")) == number
    assert page(f"?since={day + timedelta(1)}") == page(f"?until={day - timedelta(1)}") == []


@pytest.mark.parametrize(
    "query",
    [
        "?person=abc", "?person=" + "9" * 30, "?kind=x", "?since=31/02/2027", "?record=x",
        "?record=a.b-1", "?record=clients.client-" + "9" * 30, "?record=.-1", "?record=-",
        "?after=abc", "?before=999999", "?q=%00", "?record=%00-1", "?view=x&sort=y",
    ],
)  # fmt: skip
def test_anything_may_be_asked(page, deeds, query):
    page(query)


def test_chips_take_a_filter_away(page, deeds, kevin):
    page(f"?kind=clients&record=clients.client-{kevin.pk}&q=startup")
    assert f'href="?record=clients.client-{kevin.pk}&amp;q=startup"' in page.text
    assert 'href="?kind=clients&amp;q=startup"' in page.text
    assert 'class="ee-chip" href="?"' in page.text


def test_pages_go_on_from_an_entry(page, cast, kevin):
    """Also where many stand at one moment, and when new ones come meanwhile."""
    Entry.objects.bulk_create(
        Entry(at=now().replace(microsecond=0), actor_name=f"N{n}", verb="update",
              label="clients.client", record_id=kevin.pk, digest=f"N{n}")
        for n in range(60)
    )  # fmt: skip
    seen, query = [], "?kind=clients"
    while query:
        seen += page(query)
        query = page.view.next
        journal.record(cast["owner"], "update", kevin)
    names = [line.split()[0] for line in seen if line[0] == "N"]
    assert names == [f"N{n}" for n in reversed(range(60))]
    page(page.view.previous)
    assert page.view.next


def test_what_is_gone_is_still_told(page, cast, kevin):
    clients.delete(kevin, by=cast["management"])
    pk = kevin.pk or Entry.objects.first().record_id
    assert page()[0] == "You deleted Cool Startup"
    assert page(f"?record=clients.client-{pk}")[0] == "You deleted Cool Startup"
    gone = UserFactory()
    journal.record(gone, "sign_in", gone)
    gone.delete()
    assert page()[0].endswith(" signed in")


def test_erased_values_say_so(page, cast, kevin):
    journal.record(cast["owner"], "update", kevin, {"phone": ("1", "+33199004117")})
    journal.blank(EntryValue.objects.filter(field="phone"))
    page()
    assert "erased" in page.text
    assert "99 00 41 17" not in page.text


def test_the_way_there(browser, cast, kevin):
    link = f"{URL}?record=clients.client-{kevin.pk}"
    browser.force_login(cast["management"])
    assertContains(browser.get(kevin.get_absolute_url()), link)
    assertContains(browser.get("/"), f'href="{URL}"')
    person = reverse("dashboard:person", args=[cast["owner"].pk])
    assertContains(browser.get(person), f"{URL}?person={cast['owner'].pk}")
    browser.force_login(cast["owner"])
    assertNotContains(browser.get(kevin.get_absolute_url()), URL)


def test_an_entry_of_no_verb_of_ours_is_told_and_breaks_nothing(browser, cast, kevin):
    """Whoever writes to the database may add one: the page must go on."""
    Entry.objects.create(
        at=now(), actor_name="Nobody", verb="zz", label="clients.client", record_id=kevin.pk,
        digest="x",
    )  # fmt: skip
    browser.force_login(cast["management"])
    page = browser.get("/journal/")
    assert page.status_code == 200
    assert "did something unknown to" in page.text


@pytest.mark.parametrize("address", ["/", "/journal/", "/journal/?kind=admin", "client", "held"])
def test_pages_read_what_was_forged(browser, cast, kevin, address):
    """Just when somebody finds out what happened."""
    for number, (verb, label) in enumerate(
        [
            ("update", "no.such"),
            ("delete_user", "accounts.user"),
            ("export_clients", "accounts.user"),
        ]
    ):
        entry = Entry.objects.create(
            verb=verb, label=label, record_id=kevin.pk, client_id=kevin.pk, digest=f"{number}"
        )
        for field in ("first_name", "last_name", "words", "phone"):
            EntryValue.objects.create(entry=entry, field=field, old={"a": 1}, new=[{}])
    browser.force_login(cast["management"])
    pages = {"client": kevin.get_absolute_url(), "held": f"{kevin.get_absolute_url()}held/"}
    response = browser.get(pages.get(address, address))
    assert response.status_code in (200, 302)
