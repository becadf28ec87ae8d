"""Help: a guide for each team, in both languages, in the words of the screens."""

import re

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from dashboard.guides import FOLDER, GUIDES, LANGUAGES

CATALOGUE = polib.pofile(settings.LOCALE_PATHS[0] / "fr" / "LC_MESSAGES" / "django.po")
SAID = {
    "en": {text for entry in CATALOGUE for text in (entry.msgid, entry.msgid_plural)},
    "fr": {text for entry in CATALOGUE for text in (entry.msgstr, *entry.msgstr_plural.values())},
}


@pytest.fixture
def visit(browser, cast):
    def visit(who, query="", **headers):
        browser.force_login(cast[who])
        return browser.get(reverse("dashboard:help") + query, **headers)

    return visit


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("owner", "A day in sales"), ("support", "A day in support"),
        ("management", "A day in management"),
    ],
)  # fmt: skip
def test_it_works(visit, who, title):
    assertContains(visit(who), f"<h1>{title}</h1>", html=True)


def test_the_others_can_be_read_too(visit):
    assertContains(visit("owner", "?guide=management"), "<h1>A day in management</h1>", html=True)


def test_in_french(visit, cast):
    cast["owner"].language = "fr"
    cast["owner"].save()
    assertContains(visit("owner"), "<h1>L’équipe commerciale au quotidien</h1>", html=True)


@pytest.mark.parametrize("asked", ["", "x", "../README", "%00"])
def test_a_guide_that_does_not_exist(visit, asked):
    assertContains(visit("owner", f"?guide={asked}"), "<h1>For everybody</h1>", html=True)


@pytest.mark.parametrize("name", GUIDES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_calls_by_name_is_on_a_screen(language, name):
    """What is bold is what one looks for: a menu, a button, a heading, letter by letter."""
    text = " ".join((FOLDER / language / f"{name}.md").read_text().split())
    called = {
        part.strip(" .:") for bold in re.findall(r"\*\*(.+?)\*\*", text) for part in bold.split(">")
    }
    assert called
    assert called - SAID[language] - {"…"} == set()


@pytest.mark.parametrize("name", [*GUIDES, "accessibility"])
def test_both_languages_have_the_same_chapters(name):
    def outline(language):
        text = (FOLDER / language / f"{name}.md").read_text()
        return [line.split()[0] for line in text.splitlines() if line.startswith("#")]

    assert outline("fr") == outline("en")


def test_accessibility_is_for_everybody_and_says_whom_to_tell(browser, cast):
    """Linked at the foot of every page; the addresses are for those who work here."""
    address, mail = reverse("dashboard:accessibility"), cast["management"].email
    page = browser.get(address)
    assertContains(page, "<h1>Accessibilité</h1>", html=True)
    assertNotContains(page, mail)
    for who in ("support", "no team"):
        browser.force_login(cast[who])
        page = browser.get(address)
        assertContains(page, "<h1>Accessibility</h1>", html=True)
        assertContains(page, f'href="mailto:{mail}"')
    assertContains(browser.get(reverse("account")), f'href="{address}"')
