"""Two people and one record: what each changed is kept, and both are told."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django.asserts import assertContains, assertNotContains

from accounts.conflicts import Conflict
from accounts.records import remove, write
from accounts.tests.factories import UserFactory
from accounts.tests.pages import filled, inputs
from clients.forms import ClientForm
from clients.models import Client
from clients.tests.factories import ClientFactory
from contracts.models import Contract
from contracts.workflow import sign
from events.models import Event
from history import formats
from history.tests.tables import changes, nothing_changes, told

LONG = "Two lines,\nand a third.\n\n" + "as people write « them » & more. " * 60


@pytest.fixture
def address(kevin):
    return reverse("clients:update", args=[kevin.pk])


@pytest.fixture
def page(browser, cast, address):
    """What the owner's browser has in the form, before anybody else does something."""
    browser.force_login(cast["owner"])
    return inputs(browser.get(address))


def somebody_else_changes(record, by, **fields):
    record = type(record).objects.get(pk=record.pk)
    return write(record, "update", by=by, **fields)


def said(browser):
    return " ".join(str(message) for message in browser.get("/").context["messages"])


# --- Different fields ---------------------------------------------------------------------------


def test_it_works(browser, cast, kevin, page, address):
    somebody_else_changes(kevin, cast["management"], phone="+33639982064", job_title="CTO")
    with told("update"):
        browser.post(address, page | {"first_name": "Kev"})
    kevin.refresh_from_db()
    assert (kevin.first_name, kevin.job_title, kevin.version) == ("Kev", "CTO", 3)
    expected = "Saved. Mona Manager also changed: Job title, Phone (today at "
    assert said(browser).startswith(expected)


def test_it_is_said_in_french(browser, cast, kevin, page, address):
    type(cast["owner"]).objects.update(language="fr")
    somebody_else_changes(kevin, cast["management"], phone="+33639982064")
    browser.post(address, page | {"first_name": "Kev"})
    expected = "Enregistré. Mona Manager a aussi modifié\xa0: Téléphone (aujourd’hui à "
    assert said(browser).startswith(expected)


def test_each_of_two_others_is_named(browser, cast, kevin, page, address):
    somebody_else_changes(kevin, cast["management"], last_name="Jones")
    somebody_else_changes(kevin, cast["delegate"], job_title="CTO")
    browser.post(address, page | {"first_name": "Kev"})
    message = said(browser)
    assert "Mona Manager also changed: Last name (" in message
    assert "Dora Delegate also changed: Job title (" in message


def test_nobody_else_changed_anything(browser, page, address):
    browser.post(address, page | {"first_name": "Kev"})
    assert said(browser) == "Saved."


def test_what_others_did_to_another_field_than_the_form_has_is_not_said(
    browser, cast, kevin, page, address
):
    somebody_else_changes(kevin, cast["management"], converted_at=now(), stage="client")
    browser.post(address, page | {"first_name": "Kev"})
    assert said(browser) == "Saved."


# --- The same field -----------------------------------------------------------------------------


@pytest.fixture
def conflict(browser, cast, kevin, page, address):
    """The page that asks: two fields typed by both, one by this person alone."""
    somebody_else_changes(kevin, cast["management"], first_name="Théo", source="email")
    typed = {"first_name": "Kev", "source": "phone", "job_title": "CTO"}
    with nothing_changes():
        return browser.post(address, page | typed)


def test_it_says_who_and_when_and_presets_nothing(conflict):
    assertContains(conflict, "This record changed while you were editing", status_code=409)
    assertContains(conflict, "Mona Manager changed it today at ", status_code=409)
    together = "Will be saved together with your choices: Job title."
    assertContains(conflict, together, status_code=409)
    assertNotContains(conflict, "checked", status_code=409)
    posted = inputs(conflict)
    assert (posted["asked"], posted["job_title"]) == ("first_name,source", "CTO")


@pytest.mark.parametrize("first_name", ["mine", "theirs"])
@pytest.mark.parametrize("source", ["mine", "theirs"])
def test_the_choices_are_saved(browser, kevin, conflict, address, first_name, source):
    choices = {"keep-first_name": first_name, "keep-source": source}
    with told("update"):
        response = browser.post(address, inputs(conflict) | choices)
    assert response.status_code == 302
    kevin.refresh_from_db()
    kept = {"mine": ("Kev", "phone"), "theirs": ("Théo", "email")}
    assert (kevin.first_name, kevin.source) == (kept[first_name][0], kept[source][1])
    assert kevin.job_title == "CTO"
    written = {"first_name": first_name, "source": source, "job_title": "mine"}
    assert changes(kevin).keys() == {name for name, who in written.items() if who == "mine"}


@pytest.mark.parametrize("choice", [{}, {"keep-source": "mine"}, {"keep-first_name": "both"}])
def test_what_is_not_chosen_is_asked_again(browser, conflict, address, choice):
    with nothing_changes():
        response = browser.post(address, inputs(conflict) | choice)
    assertContains(response, "Choose which value to keep for each field.", status_code=409)
    again = inputs(response)
    assert again["asked"] == "first_name,source"
    assert (again["first_name"], again["source"], again["job_title"]) == ("Kev", "phone", "CTO")
    assert again.get("keep-source") == choice.get("keep-source")


def test_somebody_changes_it_again_meanwhile(browser, cast, kevin, conflict, address):
    somebody_else_changes(kevin, cast["delegate"], first_name="Leo")
    choices = {"keep-first_name": "mine", "keep-source": "theirs"}
    with nothing_changes():
        response = browser.post(address, inputs(conflict) | choices)
    assertContains(response, ">Leo</span>", status_code=409)
    assertContains(response, "Dora Delegate changed it today at ", status_code=409)
    again = inputs(response)
    assert (again["asked"], again["first_name"], again["job_title"]) == ("first_name", "Kev", "CTO")
    browser.post(address, again | {"keep-first_name": "mine"})
    kevin.refresh_from_db()
    assert (kevin.first_name, kevin.source, kevin.job_title) == ("Kev", "email", "CTO")


def test_who_let_theirs_stand_lets_what_it_is_by_now_stand(browser, cast, kevin, conflict, address):
    somebody_else_changes(kevin, cast["delegate"], first_name="Leo")
    choices = {"keep-first_name": "theirs", "keep-source": "mine"}
    assert browser.post(address, inputs(conflict) | choices).status_code == 302
    kevin.refresh_from_db()
    assert (kevin.first_name, kevin.source) == ("Leo", "phone")


def test_what_cannot_be_saved_after_the_choice_is_shown_with_it(browser, conflict, address):
    choices = {"keep-first_name": "theirs", "keep-source": "mine", "email": "no"}
    with nothing_changes():
        response = browser.post(address, inputs(conflict) | choices)
    assert response.status_code == 422
    shown = inputs(response)
    assert (shown["first_name"], shown["source"], shown["job_title"]) == ("Théo", "phone", "CTO")


def test_a_long_text_goes_along_with_its_lines(browser, cast, event):
    address = reverse("events:update", args=[event.pk])
    browser.force_login(cast["support"])
    page = inputs(browser.get(address))
    somebody_else_changes(event, cast["owner"], name="Ball")
    typed = {"name": "Gala", "instructions": LONG.replace("\n", "\r\n")}
    response = browser.post(address, page | typed)
    assert response.status_code == 409
    posted = inputs(response) | {"keep-name": "mine"}
    assert posted["instructions"] == LONG
    browser.post(address, posted)
    assert Event.objects.get().instructions == LONG.strip()


def test_the_newlines_of_a_browser_are_no_change(browser, cast, event):
    Event.objects.update(instructions="one\ntwo")
    address = reverse("events:update", args=[event.pk])
    browser.force_login(cast["support"])
    page = {name: text.replace("\n", "\r\n") for name, text in inputs(browser.get(address)).items()}
    with nothing_changes():
        browser.post(address, page)
    somebody_else_changes(event, cast["owner"], instructions="three")
    with told("update"):
        browser.post(address, page | {"name": "Gala"})
    assert Event.objects.get().instructions == "three"


# --- Too late -----------------------------------------------------------------------------------


def test_a_record_that_is_gone(browser, cast, kevin, page, address):
    with transaction.atomic():
        remove(kevin, "delete", by=cast["management"], told=["company_name"])
    with nothing_changes():
        response = browser.post(address, page | {"first_name": "Kev", "source": "email"})
    assertContains(response, "This record no longer exists.", status_code=404)
    assertContains(response, "Mona Manager", status_code=404)
    assert response.wsgi_request.typed == [("First name", "Kev"), ("How we met", "E-mail")]
    assertContains(response, "<dd>Kev</dd>", status_code=404)


def test_a_client_that_went_to_a_colleague(browser, cast, kevin, page, address):
    somebody_else_changes(kevin, cast["management"], sales_contact=cast["colleague"])
    with nothing_changes():
        response = browser.post(address, page | {"first_name": "Kev"})
    assertContains(response, "<dd>Kev</dd>", status_code=403)


def test_a_client_that_is_archived(browser, cast, kevin, page, address):
    somebody_else_changes(kevin, cast["management"], archived_at=now())
    with nothing_changes():
        response = browser.post(address, page | {"first_name": "Kev"})
    assertContains(response, "<dd>Kev</dd>", status_code=409)
    assertContains(response, "Mona Manager", status_code=409)


@pytest.fixture
def terms(browser, cast, contract):
    browser.force_login(cast["owner"])
    return inputs(browser.get(reverse("contracts:update", args=[contract.pk])))


def test_terms_of_a_contract_signed_meanwhile(browser, cast, contract, terms, today):
    sign(contract, by=cast["delegate"], signed_on=today)
    address = reverse("contracts:update", args=[contract.pk])
    with nothing_changes():
        response = browser.post(address, terms | {"amount": "3 000", "notes": "Call\nback"})
    assertContains(response, "Dora Delegate", status_code=409)
    assertContains(response, "<dd>3 000</dd>", status_code=409)
    assertContains(response, "<dd>Call\nback</dd>", status_code=409)


def test_only_the_notes_of_a_contract_signed_meanwhile(browser, cast, contract, terms, today):
    """The terms that the page also had were not touched: disjoint changes."""
    sign(contract, by=cast["delegate"], signed_on=today)
    address = reverse("contracts:update", args=[contract.pk])
    with told("update"):
        assert browser.post(address, terms | {"notes": "Call back"}).status_code == 302
    assert Contract.objects.get().notes == "Call back"


@pytest.mark.parametrize(
    ("verb", "on"),
    [
        ("clients:revert", "prospect"),
        ("contracts:sign", "signed"),
        ("contracts:cancel", "kept"),
        ("contracts:reopen", "kept"),
        ("events:cancel", "cancelled"),
        ("events:reopen", "event"),
        ("access_ask", "contract"),
    ],
)
def test_a_page_of_one_question(browser, cast, world, today, verb, on):
    """The reason and the day of a deed whose moment has passed, or is another's to do by now."""
    arguments = ["contracts.sign_contract"] if verb == "access_ask" else []
    browser.force_login(cast["support" if verb == "access_ask" else "management"])
    address = reverse(verb, args=[*arguments, world[on].pk])
    typed = {"reason": "They called at ten.", "signed_on": today, "until": today}
    with nothing_changes():
        response = browser.post(address, typed)
    assert response.status_code == (403 if verb == "access_ask" else 409)
    said = set() if verb == "contracts:sign" else {"They called at ten."}
    days = {formats.day(today)} if verb in ("contracts:sign", "access_ask") else set()
    assert {text for _label, text in response.wsgi_request.typed} == said | days
    for text in said | days:
        assertContains(response, f"<dd>{text}</dd>", status_code=response.status_code)


def test_who_may_not_see_the_deed_is_not_told(browser, cast, kevin, page, address):
    with transaction.atomic():
        remove(kevin, "delete", by=cast["management"], told=["company_name"])
    browser.force_login(cast["no team"])
    assertNotContains(browser.post(address, page), "Mona Manager changed", status_code=403)


# --- Whatever the three values are --------------------------------------------------------------

NAMES = st.sampled_from(["Ada", "Bo", "Cy", "Dé"])
TRIPLES = st.fixed_dictionaries(
    {
        "first_name": st.tuples(NAMES, NAMES, NAMES),
        "job_title": st.tuples(*[st.sampled_from(["", "CTO", "CEO"])] * 3),
        "source": st.tuples(*[st.sampled_from(["", "email", "phone"])] * 3),
        "follow_up_on": st.tuples(*[st.sampled_from(["", "2027-01-31", "2027-02-01"])] * 3),
        "phone": st.tuples(*[st.sampled_from(["", "+33639982064", "+33639982065"])] * 3),
    }
)


class AnyThreeValues(TestCase):
    """For every field the value shown, then stored by somebody else, and typed here."""

    def setUp(self):
        self.owner, self.other = (UserFactory(team=team) for team in ("sales", "management"))

    @settings(max_examples=60, deadline=None)
    @given(TRIPLES)
    def test_nobodys_change_is_lost_silently(self, fields):
        shown, theirs, mine = ({n: t[i] for n, t in fields.items()} for i in range(3))
        kevin = ClientFactory(sales_contact=self.owner, **_values(shown))
        row = Client.objects.with_rights(self.owner, *ClientForm.actions()).get(pk=kevin.pk)
        page = filled(ClientForm(instance=row))
        changed = {name for name in fields if theirs[name] != shown[name]}
        if changed:
            values = _values({name: theirs[name] for name in changed})
            somebody_else_changes(kevin, self.other, **values)
        row = Client.objects.with_rights(self.owner, *ClientForm.actions()).get(pk=kevin.pk)
        form = ClientForm(page | mine, instance=row)
        assert form.is_valid(), form.errors

        typed = {name for name in fields if mine[name] != shown[name]}
        clash = {name for name in typed & changed if mine[name] != theirs[name]}
        if clash:
            with pytest.raises(Conflict) as refusal:
                form.save(by=self.owner)
            assert {c.name for c in refusal.value.clashes} == clash
            carried = dict(form.carried())
            assert {name: carried[name] for name in typed} == {name: mine[name] for name in typed}
            expected = theirs
        else:
            form.save(by=self.owner)
            named = {label for _entry, labels in form.meanwhile for label in labels}
            assert named == {form[name].label for name in changed - typed}
            expected = theirs | {name: mine[name] for name in typed}
        stored = Client.objects.get(pk=kevin.pk)
        assert {name: str(getattr(stored, name) or "") for name in fields} == expected


def _values(texts):
    dates = {n: t or None for n, t in texts.items() if n == "follow_up_on"}
    return texts | dates
