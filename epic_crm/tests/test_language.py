"""French first, English for who prefers it; and the typography of both."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from html import unescape

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import get_current_timezone

from accounts.models import Team
from accounts.tests.factories import UserFactory
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from history import formats

pytestmark = pytest.mark.any_database

NBSP = "\u00a0"


def texts(response):
    """What stands on a page, node by node; and what a screen reader says."""
    page = re.sub(r"<(script|svg)\b.*?</\1>", "", response.text, flags=re.DOTALL)
    said = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', page)
    nodes = [unescape(node) for node in [*re.split(r"<[^>]*>", page), *said]]
    return [" ".join(re.split(r"[ \n]+", node)).strip(" ·") for node in nodes if node.strip()]


class TestChoice:
    @pytest.fixture
    def language_of(self, browser):
        def language_of(asked=None, path="account_login"):
            headers = {"accept-language": asked} if asked else {}
            response = browser.get(reverse(path), headers=headers)
            return re.search(r'<html lang="(\w+)"', response.text)[1]

        return language_of

    @pytest.mark.parametrize(
        ("asked", "language"),
        [
            (None, "fr"),
            ("fr-CA,en;q=0.5", "fr"),
            ("en", "en"),
            ("en-GB,fr;q=0.5", "en"),
            ("de,en;q=0.5", "en"),
            ("de", "fr"),
            ("nonsense;;q=2", "fr"),
        ],
    )
    def test_without_a_choice_the_browser_is_asked(self, db, language_of, asked, language):
        assert language_of(asked) == language

    def test_the_same_once_signed_in(self, db, browser, language_of):
        browser.force_login(UserFactory(team=Team.SALES))
        assert language_of("en", path="clients:list") == "en"
        assert language_of("fr", path="clients:list") == "fr"
        assert language_of(path="clients:list") == "fr"

    @pytest.mark.parametrize(("chosen", "asked"), [("fr", "en"), ("en", "fr"), ("en", None)])
    def test_a_choice_wins_over_the_browser(self, db, browser, language_of, chosen, asked):
        browser.force_login(UserFactory(team=Team.SALES, language=chosen))
        assert language_of(asked, path="clients:list") == chosen

    def test_the_choice_is_made_in_the_preferences(self, browser, cast, language_of):
        browser.force_login(cast["owner"])
        answer = browser.post(reverse("account"), {"language": "fr", "theme": ""}, follow=True)
        assert "Préférences enregistrées." in texts(answer)
        assert language_of("en", path="clients:list") == "fr"

    def test_an_error_page_speaks_it_too(self, browser, cast):
        browser.force_login(cast["owner"])
        assert "Page not found." in texts(
            browser.get("/nowhere/", headers={"accept-language": "fr"})
        )


@pytest.fixture
def read(browser, cast):
    """What a person reads on a page, in a language."""

    def read(part, path, *, language, post=None):
        person = cast[part]
        person.language = language
        person.save(update_fields=["language"])
        browser.force_login(person)
        return texts(browser.get(path) if post is None else browser.post(path, post))

    return read


class TestWords:
    @pytest.mark.parametrize(
        ("french", "english"),
        [
            ("Étape suivante : convertir en client", "Next step: convert to client"),
            ("Convertir en client", "Convert to client"),
            ("Nouveau contrat", "New contract"),
            ("Interlocuteur", "Contact person"),
            ("Coordonnées", "Contact details"),
            ("Notes et historique", "Notes and history"),
            ("Se déconnecter", "Sign out"),
            ("Équipe commerciale", "Sales"),
        ],
    )
    def test_a_prospect(self, read, kevin, french, english):
        page = kevin.get_absolute_url()
        assert french.replace(" :", f"{NBSP}:") in read("owner", page, language="fr")
        assert english in read("owner", page, language="en")

    @pytest.mark.parametrize(
        ("french", "english"),
        [
            (
                "Étape suivante : créer l’événement du contrat",
                "Next step: create the event of contract",
            ),
            ("Créer l’événement", "Create event"),
            ("Montant HT", "Amount without tax"),
            ("Échéance de paiement", "Payment due"),
            ("Signé", "Signed"),
        ],
    )
    def test_a_signed_contract(self, read, signed, french, english):
        page = signed.get_absolute_url()
        assert french.replace(" :", f"{NBSP}:") in read("owner", page, language="fr")
        assert english in read("owner", page, language="en")

    def test_read_only(self, read, kevin):
        french = " ".join(read("support", kevin.get_absolute_url(), language="fr"))
        assert f"Lecture seule. Contact commercial{NBSP}: Olivia Owner" in french
        english = " ".join(read("support", kevin.get_absolute_url(), language="en"))
        assert "Read only. Sales contact: Olivia Owner" in english

    def test_what_is_missing_in_a_form(self, read):
        page = reverse("clients:create")
        typed = {"stage": "prospect"}
        french = read("owner", page, language="fr", post=typed)
        assert "4 champs sont à corriger" in french
        assert "Saisissez le nom de l’entreprise." in french
        english = read("owner", page, language="en", post=typed)
        assert "4 fields have to be corrected" in english
        assert "Enter the company name." in english

    @pytest.mark.parametrize(
        ("number", "french", "english"),
        [
            (0, "0 client", "0 clients"),
            (1, "1 client", "1 client"),
            (2, "2 clients", "2 clients"),
        ],
    )
    def test_none_is_singular_in_french(self, read, cast, number, french, english):
        ClientFactory.create_batch(number, sales_contact=cast["owner"])
        assert french in read("owner", reverse("clients:list"), language="fr")
        assert english in read("owner", reverse("clients:list"), language="en")

    def test_a_word_for_one_and_for_several(self, read, cast, kevin):
        """A contract is Ouvert, contracts are Ouverts; English knows no difference."""
        ContractFactory(client=kevin)
        french = read("owner", reverse("contracts:list"), language="fr")
        assert {"Ouvert", "Ouverts"} <= {*french}
        assert "Open" in read("owner", reverse("contracts:list"), language="en")

    def test_the_journal(self, read, kevin, contract):
        sign = reverse("contracts:sign", args=[contract.pk])
        read("owner", sign, language="fr", post={"signed_on": "2026-01-01"})
        page = contract.get_absolute_url()
        told = f"Vous avez indiqué que le contrat {contract} est signé"
        assert told in " ".join(read("owner", page, language="fr"))
        told = f"You marked contract {contract} as signed"
        assert told in " ".join(read("owner", page, language="en"))
        told = f"Olivia Owner a indiqué que le contrat {contract} est signé"
        assert told in " ".join(read("management", page, language="fr"))
        told = f"Olivia Owner marked contract {contract} as signed"
        assert told in " ".join(read("management", page, language="en"))

    def test_a_delegation_is_told_in_words(self, read, kevin, today):
        told = " ".join(read("owner", kevin.get_absolute_url(), language="fr"))
        until = formats.day(today + timedelta(days=7))
        assert f"Délégué à{NBSP}: Dora Delegate" in told
        assert f"Jusqu’au{NBSP}: {until}" in told
        assert "Delegated to: Dora Delegate" in " ".join(
            read("owner", kevin.get_absolute_url(), language="en")
        )

    def test_who_came_first_is_told_by_its_own_name(self, read, cast, signed):
        """Why a contract cannot be reopened: not the contract, its event is what was created."""
        facts = {"name": "Gala", "starts_at_0": "2027-01-01", "starts_at_1": "10:00"}
        facts |= {"ends_at_0": "2027-01-01", "ends_at_1": "12:00"}
        new = reverse("events:create", args=[signed.pk])
        read("owner", new, language="fr", post=facts)
        page = reverse("contracts:reopen", args=[signed.pk])
        told = " ".join(read("management", page, language="fr"))
        assert "Olivia Owner a créé l’événement Gala (aujourd’hui à " in told
        told = " ".join(read("management", page, language="en"))
        assert "Olivia Owner created the event Gala (today at " in told


ENGLISH = re.compile(
    r"\b(the|and|with|your|you|this|from|not|yet|search|save|edit|new|open|signed|sign|event|events"
    r"|contracts|home|next|amount|enter|choose|please)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"Epic Events|Cool Startup|[\w.]+@[\w.]+")


class TestNothingIsLeftInEnglish:
    @pytest.mark.parametrize("part", ["management", "owner", "support", "no team"])
    def test_it_works(self, read, kevin, contract, signed, event, part):
        for record in (kevin, contract, signed, event):  # Names of our own, in no language.
            for name in ("company_name", "title", "name", "venue", "expected_venue"):
                if hasattr(record, name):
                    type(record).objects.filter(pk=record.pk).update(**{name: "Zzz"})
        for page in self.pages(part, kevin, contract, signed, event):
            left = [
                text
                for text in read(part, page, language="fr")
                if ENGLISH.search(NAMES.sub("", text))
            ]
            assert left == [], page

    def pages(self, part, client, contract, signed, event):
        records = (client, contract, signed, event)
        every = [reverse("dashboard:home"), reverse("account")]
        if part == "no team":
            return every
        every += [reverse("dashboard:agenda"), reverse("dashboard:search") + "?q=zzz", "/nowhere/"]
        for record in records:
            every += [reverse(f"{record._meta.app_label}:list") + "?view=all"]
            every += [record.get_absolute_url(), f"{record.get_absolute_url()}edit/"]
        for verb in ("convert", "revert", "assign", "archive", "restore", "delete"):
            every += [reverse(f"clients:{verb}", args=[client.pk])]
        for verb in ("sign", "cancel", "reopen"):
            every += [reverse(f"contracts:{verb}", args=[c.pk]) for c in (contract, signed)]
        for verb in ("assign", "complete", "cancel", "reopen"):
            every += [reverse(f"events:{verb}", args=[event.pk])]
        every += [reverse("clients:create"), reverse("contracts:create", args=[client.pk])]
        return every


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", date(2026, 2, 1), "1er févr. 2026"),
        ("fr", date(2027, 1, 21), "21 janv. 2027"),
        ("fr", date(2026, 9, 15), "15 sept. 2026"),
        ("fr", date(2026, 5, 2), "2 mai 2026"),
        ("en", date(2026, 2, 1), "1 Feb 2026"),
        ("en", date(2026, 9, 15), "15 Sept 2026"),
    ],
)
def test_a_date(language, day, written):
    with translation.override(language):
        assert formats.day(day) == written


@pytest.mark.parametrize(("language", "written"), [("fr", "1er – 3 nov."), ("en", "1 – 3 Nov")])
def test_some_days(language, written):
    zone = get_current_timezone()
    first, last = datetime(2026, 11, 1, 9, tzinfo=zone), datetime(2026, 11, 3, 18, tzinfo=zone)
    with translation.override(language):
        assert formats.period(first, last) == f"{written} 2026"


@pytest.mark.parametrize(("language", "at"), [("fr", "à"), ("en", "at")])
def test_some_days_with_their_hours(language, at):
    zone = get_current_timezone()
    first, last = datetime(2026, 5, 2, 9, tzinfo=zone), datetime(2026, 5, 3, 18, tzinfo=zone)
    month = "mai" if language == "fr" else "May"
    with translation.override(language):
        written = formats.period(first, last, hours=True)
    days = [f"{day} {month} 2026 {at} {hour}:00" for day, hour in ((2, "09"), (3, "18"))]
    assert written == " – ".join(day.replace(" ", "\u00a0") for day in days)


# --- The catalogue ------------------------------------------------------------------------------

CATALOGUE = polib.pofile(settings.LOCALE_PATHS[0] / "fr" / "LC_MESSAGES" / "django.po")
MARKS = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\{? ?\w+ ?\}?\}|</?\w[^>]*>")
HIGH = re.compile(rf"(?<!{NBSP})[;?!»%€]|(?<![{NBSP}\d]):|(?<=\d):(?!\d)")


def translations():
    """Each English and French string, plural forms one by one."""
    for entry in CATALOGUE:
        if entry.msgid_plural:
            yield entry.msgid, entry.msgstr_plural[0]
            yield entry.msgid_plural, entry.msgstr_plural[1]
        else:
            yield entry.msgid, entry.msgstr


def bare(text):
    """Without placeholders and tags."""
    return MARKS.sub("x", text)


FRENCH_FAULTS = {
    "no French": lambda text: not text.strip(),
    "a straight apostrophe or quotation mark": re.compile(r"['\"“”‘]").search,
    "no no-break space before a high mark": HIGH.search,
    "guillemets without no-break spaces": re.compile(rf"«(?!{NBSP})").search,
    "a space too many": re.compile(rf"[ {NBSP}]{{2}}|^[ ]|[ ]$|[ ][.,)]|\([ ]").search,
    "an exclamation mark": re.compile(r"!").search,
    "three points, or a dash for a pause": re.compile(r"\.\.|—").search,
    "a word we do not use": re.compile(
        r"\b(veuillez|oups|assigner|attribuer|vendeur|cliquez|courriel|e-?mails? valide)\b", re.I
    ).search,
    "a capital without its accent": re.compile(
        r"\b(Evén|Evenem|Etape|Equipe|Echéance|Etat|A (?:faire|venir|créer|affecter|clôturer))"
    ).search,
    "one who reads is tu": re.compile(r"\b(tu|ton|tes|toi)\b", re.IGNORECASE).search,
    "thousands without a no-break space": re.compile(r"\d[ ]\d|\d,\d{3}\b").search,
}
# What is called so wherever it stands.
PROPER = "CRM|Epic|Events|Mac|Thunderbird|ICSx|Android|Google|Outlook"
ENGLISH_FAULTS = {
    "a straight apostrophe or quotation mark": re.compile(r"['\"]").search,
    "an exclamation mark, or Please": re.compile(r"!|\bplease\b", re.IGNORECASE).search,
    "three points, or a dash for a pause": re.compile(r"\.\.|—").search,
    "American": re.compile(r"\b(cancel(ed|ing)|color|\w+iz(e|ed|ing)|center)\b", re.I).search,
    "a no-break space": re.compile(NBSP).search,
    "a capital inside": re.compile(
        rf"(?<![.:?…·])(?<!Google) (?!{PROPER})(?-i:[A-Z][a-z]+)"
    ).search,
}


@pytest.mark.parametrize("fault", FRENCH_FAULTS)
def test_french(fault):
    assert [french for _, french in translations() if FRENCH_FAULTS[fault](bare(french))] == []


@pytest.mark.parametrize("fault", ENGLISH_FAULTS)
def test_english(fault):
    assert [english for english, _ in translations() if ENGLISH_FAULTS[fault](bare(english))] == []


def test_both_say_the_same_things():
    """Placeholders and tags, the full stop, the capital at the start."""
    wrong = []
    for english, french in translations():
        marks = Counter(MARKS.findall(english)) == Counter(MARKS.findall(french))
        stop = all(english.endswith(mark) == french.endswith(mark) for mark in (".", ":", "…"))
        letters = english[0].isalpha() and french[0].isalpha()
        case = not letters or english[0].isupper() == french[0].isupper()
        if not (marks and stop and case):
            wrong.append((english, french))
    assert wrong == []
