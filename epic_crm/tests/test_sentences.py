"""What a form finds wrong it says at once, in the reader's language, and names the field."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.tests.pages import inputs
from epic_crm.tests.test_doors import POSTED
from events.models import Event
from history.tests.tables import nothing_changes


@pytest.fixture
def said(browser, cast):
    """Post a form with these fields otherwise, in a language: what is said, by field."""

    def post(name, record, language="en", /, **typed):
        type(cast["management"]).objects.update(language=language)
        browser.force_login(cast["management"])
        address = reverse(name, args=[record.pk] if record else [])
        page = inputs(browser.get(address)) | POSTED.get(name, {})
        with nothing_changes():
            response = browser.post(address, page | typed)
        assert response.status_code == 422
        return {field: list(errors) for field, errors in response.context["form"].errors.items()}

    return post


SKIPPED = {"starts_at_0": "2027-03-28", "starts_at_1": "02:30"}
TWICE = {"starts_at_0": "2027-10-31", "starts_at_1": "02:30"}


@pytest.mark.parametrize("moment", [SKIPPED, TWICE])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Start: the clocks change that night, and this hour is skipped or comes twice."),
        ("fr", "Début\xa0: on change d’heure cette nuit-là"),
    ],
)
def test_an_hour_that_the_clocks_skip_or_repeat(said, event, moment, language, sentence):
    [told] = said("events:update", event, language, **moment)["starts_at"]
    assert told.startswith(sentence)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Subject: 120 characters at most (you have 130)."),
        ("fr", "Objet\xa0: 120 caractères au plus (vous en avez 130)."),
    ],
)
def test_text_that_is_too_long(said, kevin, language, sentence):
    assert said("contracts:create", kevin, language, title="x" * 130) == {"title": [sentence]}


def test_a_newline_counts_once(browser, cast, event):
    """As the browser counts them that keeps the text within its bounds."""
    browser.force_login(cast["support"])
    address = reverse("events:update", args=[event.pk])
    text = "x" * 4_999 + "\r\n" + "x" * 5_000
    response = browser.post(address, inputs(browser.get(address)) | {"instructions": text})
    assert response.status_code == 302
    assert len(Event.objects.get().instructions) == 10_000


def test_a_choice_that_there_is_not(said):
    sentence = "How we met: choose one from the list."
    assert said("clients:create", None, source="x") == {"source": [sentence]}


def test_several_lines_where_there_is_one(said):
    sentence = "Job title: Write this on one line."
    assert said("clients:create", None, job_title="a\nb") == {"job_title": [sentence]}


TOO_EARLY = {"starts_at_0": "2027-07-14", "starts_at_1": "20:00"}
ENDED = {"ends_at_0": "2027-07-14", "ends_at_1": "19:00"}


@pytest.mark.parametrize("name", ["events:create", "events:update"])
def test_all_is_said_in_one_round(said, event, signed, name):
    """What a constraint of the table finds too, and what a validator of a field does."""
    record = event
    if name == "events:create":
        event.delete()
        record = signed
    told = said(name, record, name="", attendees="2000000", **TOO_EARLY, **ENDED)
    assert told == {
        "name": ["Enter the name of the event."],
        "ends_at": ["The end must be after the start."],
        "attendees": ["Enter a number of attendees up to 1,000,000."],
    }


def test_a_year_of_another_time_beside_another_mistake(said, kevin):
    told = said("contracts:create", kevin, title="", payment_due="1926-01-01")
    last = localdate().year + 20
    assert told == {
        "title": ["Enter the subject."],
        "payment_due": [f"Payment due: Enter a year between 2000 and {last}."],
    }


DATES = [
    ("clients:update", "client", "follow_up_on"),
    ("contracts:update", "contract", "payment_due"),
    ("contracts:update", "contract", "expected_date"),
    ("contracts:sign", "contract", "signed_on"),
    ("events:update", "event", "starts_at"),
    ("events:update", "event", "ends_at"),
    ("events:note", "event", "happened_on"),
]


@pytest.mark.parametrize(("name", "record", "field"), DATES)
@pytest.mark.parametrize("year", ["0001", "1926", "1999", "9999"])
def test_a_date_that_is_a_slip_of_the_keyboard(said, world, name, record, field, year):
    typed = {field: f"{year}-06-15", f"{field}_0": f"{year}-06-15", f"{field}_1": "10:00"}
    told = said(name, world[record], **typed)
    assert field in told
    others = {"ends_at"} if field == "starts_at" else set()
    assert told.keys() <= {field} | others


@pytest.mark.parametrize(("years", "is_in_reach"), [(20, True), (21, False)])
def test_how_far_one_plans(browser, cast, contract, years, is_in_reach):
    browser.force_login(cast["owner"])
    address = reverse("contracts:update", args=[contract.pk])
    due = f"{localdate().year + years}-12-31"
    response = browser.post(address, inputs(browser.get(address)) | {"payment_due": due})
    assert response.status_code == (302 if is_in_reach else 422)
