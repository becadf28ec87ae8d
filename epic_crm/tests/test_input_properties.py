"""What holds for anything that may be typed: it is read as it is meant, or refused."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from accounts.fields import MomentField, PhoneFormField, composed, readable
from accounts.forms import PlainForm
from accounts.numbers import AmountField, WholeField

LANGUAGES = st.sampled_from(["fr", "en"])
SPACES = [" ", "\u00a0", "\u202f", "\u2009", "'", "’"]
PARIS = ZoneInfo("Europe/Paris")


def read(field, typed, language="fr"):
    """What it is read as; None: it is refused."""
    with translation.override(language):
        try:
            return field.clean(typed)
        except ValidationError:
            return None


# --- Amounts and numbers ------------------------------------------------------------------------


@st.composite
def spellings(draw):
    """An amount, and a way in which people write it."""
    value = draw(st.decimals(Decimal("0.01"), Decimal("9999999999.99"), places=2))
    whole, cents = f"{value:.2f}".split(".")
    mark = draw(st.sampled_from(",."))
    cents = draw(st.sampled_from([cents, cents.rstrip("0")]))
    other = "." if mark == "," else ","
    # In groups of points or commas alone, 12.500 may be two numbers: it wants its cents.
    between = draw(st.sampled_from(["", *SPACES, *([other] if cents else [])]))
    grouped = f"{int(whole):,}".replace(",", between)
    text = f"{grouped}{mark}{cents}" if cents else grouped
    space = draw(st.sampled_from(["", *SPACES[:3]]))
    return value, draw(st.sampled_from([text, f"{text}{space}€", f"€{space}{text}", f" {text}\t"]))


def amounts():
    return AmountField(max_digits=12, decimal_places=2)


@pytest.mark.any_database
@run(max_examples=400)
@given(spelling=spellings(), language=LANGUAGES)
def test_an_amount_in_any_spelling(spelling, language):
    value, text = spelling
    assert read(amounts(), text, language) == value


TYPED = st.text("0123456789.,'€- \u00a0\u202fe_x٣", max_size=14) | st.from_regex(
    r"\A€?[0-9]{1,5}([.,' €][0-9]{1,4}){0,3} ?€?\Z"
)


@pytest.mark.any_database
@run(max_examples=600)
@given(text=TYPED, language=LANGUAGES)
def test_an_amount_is_never_another_one(text, language):
    """Read digit by digit: none comes, goes or moves, and only cents stand behind the mark."""
    value = read(amounts(), text, language)
    if value is None:
        return
    core = text.strip().removeprefix("€").removesuffix("€").strip()
    assert re.fullmatch(r"[0-9]+([.,'\u00a0\u202f ][0-9]+)*[.,]?", core)
    *groups, last = re.split(r"[^0-9]", core)
    cents = len(last) if groups and len(last) < 3 else 0
    assert value == Decimal(re.sub(r"[^0-9]", "", core)) / 10**cents
    thousands = groups[1:] if cents or not last else [*groups[1:], last] if groups else []
    assert all(len(group) == 3 for group in thousands)
    assert not (thousands and groups[0].startswith("0"))


@pytest.mark.any_database
@run(max_examples=500)
@given(text=st.text("0123456789.,'+- \u00a0\u202fe_x٣", max_size=10))
def test_a_number_is_never_another_one(text):
    value = read(WholeField(max_value=1_000_000, required=False), text)
    if value is not None:
        core = text.strip()
        assert value == int(re.sub(r"[^0-9]", "", core))
        first, *thousands = re.split(r"['\u00a0\u202f ]", core)
        assert first.isdigit()
        assert all(len(group) == 3 and group.isdigit() for group in thousands)


# --- Phones -------------------------------------------------------------------------------------


@pytest.mark.any_database
@run(max_examples=500)
@given(
    text=st.text("0123456789 +().-/x#a\u00a0", min_size=6, max_size=18)
    | st.from_regex(r"\A(0|\+33 ?|0033)[1-9]([ .-]?[0-9]{2}){4}( x[0-9])?\Z")
)
def test_a_phone_number_is_never_another_one(text):
    number = read(PhoneFormField(required=False), text)
    if not number:
        return
    assert not re.search(r"[^0-9 +().\-/\u00a0]", text)
    typed, kept = (re.sub(r"[^0-9]", "", each) for each in (text, number.as_e164))
    assert typed.endswith(kept[-5:])  # What is in front is spelt in two ways.
    for again in (number.as_e164, number.as_international, number.as_national):
        same_country = number.country_code == 33 or again != number.as_national
        assert not same_country or read(PhoneFormField(), again) == number


# --- Moments ------------------------------------------------------------------------------------


def change_of_clocks(year, month):
    """The last Sunday of March, or of October."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@pytest.mark.any_database
@run(max_examples=500)
@given(
    year=st.integers(2000, 2037),
    month=st.sampled_from([3, 10]),
    minute=st.integers(-24 * 60, 48 * 60),
)
def test_a_moment_around_the_changes_of_the_clocks(year, month, minute):
    """As typed, to the minute; refused are the hour that is skipped and the one that is doubled."""
    night = datetime.combine(change_of_clocks(year, month), time())
    typed = night + timedelta(minutes=minute)
    moment = read(MomentField(), [f"{typed:%Y-%m-%d}", f"{typed:%H:%M}"])
    if timedelta(hours=2) <= typed - night < timedelta(hours=3):
        assert moment is None
        return
    assert localtime(moment, PARIS).replace(tzinfo=None) == typed
    hours = 2 if month == 3 and typed - night >= timedelta(hours=3) else 1
    hours = 2 if month == 10 and typed - night < timedelta(hours=2) else hours
    assert moment == (typed - timedelta(hours=hours)).replace(tzinfo=UTC)


# --- Text ---------------------------------------------------------------------------------------


class TextForm(PlainForm):
    line = forms.CharField(required=False)
    lines = forms.CharField(required=False, widget=forms.Textarea)


@pytest.mark.any_database
@run(max_examples=500)
@given(
    text=st.text(max_size=30)
    | st.text("e\u0301\u0323o\u031b\r\n\u1112\u1161\u11ab \u212b\u200b", max_size=12)
)
def test_text_that_is_kept_is_kept_as_it_is(text):
    """Composed, and nothing else; typed once more, it is the same."""
    assert composed(composed(text)) == composed(text)
    for name in ("line", "lines"):
        form = TextForm({name: text})
        if form.is_valid():
            kept = form.cleaned_data[name]
            assert kept == composed(text).strip()
            assert kept == readable(kept, one_line=name == "line")
            assert TextForm({name: kept}).is_valid()
            assert "\0" not in kept
            assert "\r" not in kept


# --- Lists --------------------------------------------------------------------------------------

WORDS = """
view sort q after before stage status source sales_contact support_contact client least most
created_from created_to signed_from signed_to starts_from starts_to converted_from page
"""
CODES = """
mine all prospects open signed upcoming past -created amount start company client prospect null
1 2 2027-03-28 2027-10-31 12,50 1e5 -1 NaN
"""
NAMES = st.sampled_from(WORDS.split())
VALUES = (
    st.sampled_from(CODES.split())
    | st.text(max_size=8)
    | st.integers().map(str)
    | st.dates().map(str)
)


@run(max_examples=60)
@given(
    room=st.sampled_from(["clients", "contracts", "events"]),
    query=st.dictionaries(NAMES, VALUES, max_size=4),
    part=st.sampled_from(["colleague", "support", "no team"]),
)
def test_no_query_string_breaks_a_list_or_opens_it(
    browser, cast, event, settings, room, query, part
):
    """It narrows what its view shows to this person, whatever stands in it."""
    settings.READING_LIMITS = dict.fromkeys(settings.READING_LIMITS, 10_000)  # They search a lot.
    browser.force_login(cast[part])
    response = browser.get(f"/{room}/", query)
    if part == "no team":
        assert response.status_code == 403
        return
    assert response.status_code == 200
    view = {"view": query["view"]} if "view" in query else {}
    whole = browser.get(f"/{room}/", view).context["records"]
    assert {row.pk for row in response.context["records"]} <= {row.pk for row in whole}
