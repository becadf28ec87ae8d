"""What people may type for an amount, a phone number, a moment; how text is compared."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from accounts.fields import (
    MomentField,
    PhoneFormField,
    PlainField,
    in_our_time,
    plain,
    readable,
)
from accounts.models import User
from accounts.numbers import AmountField
from accounts.tests.factories import UserFactory

LANGUAGES = ["fr", "en"]


def amount(text, language="fr"):
    field = AmountField(max_digits=12, decimal_places=2)
    with translation.override(language):
        return field.clean(text)


class TestAmount:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("12500", "12500"),
            ("12 500,50 €", "12500.50"),
            ("12\u202f500,50\u00a0€", "12500.50"),  # As we print it, and Word does.
            ("12\u2009500,50", "12500.50"),
            ("12'500.50", "12500.50"),
            ("€12,500.50", "12500.50"),
            ("12.500,50", "12500.50"),
            ("1.234.567", "1234567"),
            ("1,234,567", "1234567"),
            ("1 234,5", "1234.5"),
            ("0,99", "0.99"),
            ("0.99", "0.99"),
            ("9 999 999 999,99", "9999999999.99"),
            ("  7 \n", "7"),
        ],
    )
    def test_it_works(self, language, text, value):
        assert amount(text, language) == Decimal(value)

    def test_a_lone_mark_before_three_digits(self):
        """Twelve and a half in one language, twelve thousand and a half in the other."""
        assert amount("12,500", "en") == 12500
        for text, language in [("12,500", "fr"), ("12.500", "fr"), ("12.500", "en")]:
            with pytest.raises(ValidationError):
                amount(text, language)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        "text",
        [
            "NaN", "Infinity", "-inf", "1e5", "1E5", "1_000", "0x10", "١٢٣", "１２", "²", "½",
            "12,50,00", "1,23,456.00", "1.2.3", "1,2.3,4", "--1", "1-", ",", ".", "€", "abc",
            "12 €uros", "$12", "12\x00", "1" * 5000, "12345678901", "9999999999,991", "1,234.567",
        ],
    )  # fmt: skip
    def test_what_is_not_an_amount_is_refused(self, language, text):
        with pytest.raises(ValidationError):
            amount(text, language)

    @pytest.mark.parametrize("text", ["-5", "\u22125", "0", "0,00"])
    def test_nothing_and_less_is_no_amount(self, text):
        with pytest.raises(ValidationError, match=r"above zero|supérieur à zéro"):
            amount(text)

    @pytest.mark.parametrize("language", LANGUAGES)
    @given(value=st.decimals(Decimal("0.01"), Decimal("9999999999.99"), places=2))
    def test_what_is_shown_can_be_typed_again(self, language, value):
        with translation.override(language):
            shown = AmountField(max_digits=12, decimal_places=2).prepare_value(value)
        assert amount(shown, language) == value

    @given(text=st.text(alphabet="0123456789.,'- \u00a0\u202f€e_x٣", max_size=16))
    def test_anything_is_an_amount_or_refused(self, text):
        for language in LANGUAGES:
            try:
                value = amount(text, language)
            except ValidationError:
                continue
            assert value == round(value, 2)
            assert len(value.as_tuple().digits) <= 12

    def test_what_was_typed_is_shown_as_it_was_typed(self):
        assert AmountField().prepare_value("12,500") == "12,500"


class TestPhone:
    @pytest.mark.parametrize("text", ["abc", "+999 12345", "", None])
    def test_what_is_no_number_is_not_made_one(self, text):
        assert User._meta.get_field("phone").get_prep_value(text) == text

    @pytest.mark.parametrize("text", ["+33 (0)6 39 98 20 64", "06.39.98.20.64", "+33639982064"])
    def test_it_is_stored_in_one_spelling(self, text):
        """Also by who comes without a form."""
        assert User._meta.get_field("phone").get_prep_value(text) == "+33639982064"

    @pytest.mark.parametrize(
        ("text", "stored"),
        [
            ("01 23 45 67 89", "+33123456789"),
            ("01.23.45.67.89", "+33123456789"),
            ("01-23-45-67-89", "+33123456789"),
            ("0123456789", "+33123456789"),
            ("+33 (0)1 23 45 67 89", "+33123456789"),
            ("0033123456789", "+33123456789"),
            ("+32 2 123 45 67", "+3221234567"),
            ("06 39 98 00 17", "+33639980017"),  # Kept for fiction: libphonenumber doubts it.
            ("01 99 00 41 17", "+33199004117"),
            ("\u00a001\u202f23\u202f45\u202f67\u202f89", "+33123456789"),
        ],
    )
    def test_it_works(self, text, stored):
        assert PhoneFormField().clean(text).as_e164 == stored

    @pytest.mark.parametrize(
        "text",
        ["12", "hello", "01 23", "+999 12 34", "0" * 30, "01 23 45 67 89 01 23", "+", "1\x00"],
    )
    def test_what_no_telephone_has_is_refused(self, text):
        with pytest.raises(ValidationError):
            PhoneFormField().clean(text)

    def test_none_is_fine_where_none_is_needed(self):
        assert PhoneFormField(required=False).clean("") == ""

    def test_the_model_refuses_it_too(self, db):
        user = UserFactory.build(phone="12")
        with pytest.raises(ValidationError) as refusal:
            user.full_clean(exclude=["password"])
        assert set(refusal.value.error_dict) == {"phone"}


class TestMoment:
    def test_it_works(self):
        moment = MomentField().clean(["2027-07-14", "09:30"])
        assert moment == datetime(2027, 7, 14, 7, 30, tzinfo=UTC)

    def test_as_people_write_it_without_a_picker(self):
        assert MomentField().clean(["14/07/2027", "9h30"]) == MomentField().clean(
            ["2027-07-14", "09:30"]
        )

    @pytest.mark.parametrize(
        ("date", "time"),
        [
            ("2027-03-28", "02:30"),  # The clocks go from 2:00 to 3:00.
            ("2027-10-31", "02:30"),  # They pass it twice.
            ("2027-02-30", "10:00"),
            ("2027-07-14", "25:00"),
            ("2027-07-14", ""),
            ("", "09:30"),
            ("0000-01-01", "09:30"),
            ("2027-07-14\x00", "09:30"),
        ],
    )
    def test_what_is_no_moment_in_paris_is_refused(self, date, time):
        with pytest.raises(ValidationError):
            MomentField().clean([date, time])

    @pytest.mark.parametrize("year", [1, 1926, 1999, localdate().year + 21, 9999])
    def test_a_slip_of_the_keyboard_is_not_our_time(self, year):
        with pytest.raises(ValidationError):
            in_our_time(datetime(year, 6, 1, tzinfo=UTC))

    @pytest.mark.parametrize("year", [2000, localdate().year + 20])
    def test_what_people_plan_is(self, year):
        assert in_our_time(datetime(year, 6, 1, tzinfo=UTC)) is None  # It raises no error.


class TestPlain:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("Éléonore  DUPRÉ", "eleonore dupre"),
            ("e\u0301te\u0301", "ete"),
            ("L’Œuvre", "l'œuvre"),
            ("Straße", "strasse"),
            ("ﬁn ℋotel™", "fin hoteltm"),
            ("\u00a0a\tb\n", "a b"),
            ("", ""),
        ],
    )
    def test_plain(self, text, found):
        assert plain(text) == found

    @given(st.text())
    def test_it_is_plain_for_good(self, text):
        assert plain(plain(text)) == plain(text)

    def test_a_field_is_cut_to_its_column(self):
        user = UserFactory.build(first_name="É" * 150, last_name="x" * 150)
        field = PlainField(of=["first_name", "last_name"], max_length=200)
        field.set_attributes_from_name("sort_key")
        assert field.pre_save(user, add=True) == "e" * 150 + " " + "x" * 49


class TestReadable:
    @pytest.mark.parametrize(
        "text",
        ["Éclat & Cie", "م", "株式会社", "👩\u200d💻", "O’Hara", "…", "a\tb", "", "1\u00a0000"],
    )
    def test_it_works(self, text):
        assert readable(text, one_line=True) == text

    def test_accents_are_composed(self):
        assert readable("e\u0301te\u0301", one_line=True) == "été"

    def test_lines_where_there_are_several(self):
        assert readable("a\r\nb", one_line=False) == "a\r\nb"
        for text in ("a\nb", "a\rb", "a\u2028b"):
            with pytest.raises(ValidationError):
                readable(text, one_line=True)

    @pytest.mark.parametrize(
        "text",
        ["\u200b", "\u2060\ufeff", " \u00ad", "a\u202eb", "a\u2066b", "\x1b[31m", "a\x00b", "\x85"],
    )
    @pytest.mark.parametrize("one_line", [True, False])
    def test_what_cannot_be_seen_is_refused(self, text, one_line):
        with pytest.raises(ValidationError):
            readable(text, one_line=one_line)
