"""The journal as it is read: by whom it concerns, in their language, and safely."""

import pytest
from django.utils import translation
from django.utils.html import escape
from pytest_django.asserts import assertNumQueries

from history import formats, journal
from history.models import Entry, EntryValue, Note
from history.verbs import verbs
from history.words import sentence, story


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def read(cast, kevin, english):
    """The line of an entry that the owner made, as ``reader`` reads it."""

    def read(verb="update", changes=None, reader=None):
        journal.record(cast["owner"], verb, kevin, changes)
        (line,) = story(Entry.objects.told()[:1], reader and cast[reader], [kevin])
        return line

    return read


def test_it_works(read, kevin):
    link = f'<a href="{kevin.get_absolute_url()}">Cool Startup</a>'
    told = read(reader="management").sentence
    assert told == f'<strong class="fw-semibold">Olivia Owner</strong> changed {link}'
    assert read(reader="owner").sentence == f"You changed {link}"


def test_in_the_language_of_the_reader(cast, kevin):
    entry = journal.record(cast["owner"], "update", kevin)
    with translation.override("fr"):
        assert "a modifié" in sentence(entry, None, kevin)
        assert "Vous avez modifié" in sentence(entry, cast["owner"], kevin)


@pytest.mark.parametrize("code", sorted(verbs))
def test_every_verb_is_french(code):
    for phrase in (verbs[code].you, verbs[code].they):
        with translation.override("en"):
            english = str(phrase)
        with translation.override("fr"):
            french = str(phrase)
        assert french != english
        assert ("%(what)s" in french) == ("%(what)s" in english)


@pytest.mark.parametrize(
    ("field", "old", "new", "shown"),
    [
        ("first_name", "Kevin", "Kev", ("First name", "Kevin", "Kev")),
        ("source", "", "social", ("How we met", "", "Social network")),
        ("phone", "", "+33199004117", ("Phone", "", "+33 1 99 00 41 17")),
        ("follow_up_on", None, "2027-05-04", (None, "", "4 May 2027")),
        (
            "archived_at",
            None,
            "2027-05-04T08:30:00Z",
            (None, "", "4 May 2027 at 10:30"),
        ),
        ("sales_contact", {"pk": 1, "label": "A"}, None, ("Sales contact", "A", "Not provided")),
        ("follow_up_on", "soon", "2027-05-04", (None, "soon", "4 May 2027")),  # As it once was.
        ("a_field_of_the_past", "x", "y", (None, "x", "y")),
        ("source", "pigeon", "social", (None, "pigeon", "Social network")),
    ],
)
def test_values_read_as_their_fields_do(read, field, old, new, shown):
    (change,) = read(changes={field: (old, new)}).changes
    assert (change.old, change.new) == shown[1:]
    assert shown[0] in (change.label, None)


def plain(text):
    return " ".join(text.split())


def test_an_amount_in_both_languages(cast, contract):
    journal.record(cast["owner"], "update", contract, {"amount": ("1000.00", "1200.50")})
    with translation.override("en"):
        (line,) = story(Entry.objects.told()[:1])
        assert line.changes[0][1:] == ("€1,000.00", "€1,200.50")
    with translation.override("fr"):
        (line,) = story(Entry.objects.told()[:1])
        assert [plain(text) for text in line.changes[0][1:]] == ["1 000,00 €", "1 200,50 €"]


def test_what_the_sentence_tells_is_not_told_again(read):
    line = read("convert", {"stage": ("prospect", "client"), "reason": (None, "They agreed")})
    assert (line.changes, line.reason) == ([], "They agreed")
    assert "made" in line.sentence


def test_what_was_erased_says_so(read, kevin):
    read(changes={"email": ("kevin@startup.example", "k@startup.example")})
    journal.blank(Entry.objects.first().values.all())
    (line,) = story(Entry.objects.told()[:1], None, [kevin])
    assert line.changes == [("E-mail", "erased", "erased")]


def test_what_was_deleted_keeps_its_name_until_that_is_erased(cast, kevin, english):
    """Its other entries name the kind: what it was called then is not theirs to tell."""
    journal.record(cast["owner"], "archive", kevin)
    entry = journal.record(cast["owner"], "delete", kevin, {"company_name": ("A & Co", None)})
    kevin.delete()
    line, before = story(Entry.objects.told()[:2])
    assert line.sentence.endswith(
        '</strong> deleted <strong class="fw-semibold">A &amp; Co</strong>'
    )
    assert (line.changes, before.sentence.split("</strong> ")[1]) == ([], "archived client")
    journal.blank(entry.values.all())
    (line,) = story(Entry.objects.told()[:1])
    assert line.sentence.endswith("</strong> deleted client")


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{0} {who} %(what)s %s", 'O’Hara & "Co"']
)
def test_names_are_text_and_nothing_else(cast, kevin, english, name):
    kevin.company_name = name
    cast["owner"].first_name = name
    entry = journal.record(cast["owner"], "update", kevin)
    told = sentence(entry, None, kevin)
    assert told.count(escape(name)) == 2


def test_records_on_the_page_are_not_fetched_again(cast, kevin, contract):
    for record in (kevin, contract, kevin):
        journal.record(cast["owner"], "update", record)
    entries = list(Entry.objects.told()[:3])
    with assertNumQueries(0):
        story(entries, None, [kevin, contract])
    with assertNumQueries(2):  # One for each model.
        assert len(story(entries)) == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Amina", "l’absence d’Amina"),
        ("Élise", "l’absence d’Élise"),
        ("Hélène", "l’absence d’Hélène"),
        ("Œdipe", "l’absence d’Œdipe"),
        ("Yanis", "l’absence de Yanis"),
        ("Camille", "l’absence de Camille"),
        ("<b>Inès</b>", "l’absence d’<b>Inès</b>"),
        ("", "l’absence de "),
    ],
)
def test_de_before_a_vowel_is_elided_in_french_alone(name, said):
    with translation.override("fr"):
        phrase = formats.fitted("l’absence de %(what)s", {"what": name})
        assert phrase % {"what": name} == said
    with translation.override("en"):
        assert formats.fitted("de %(what)s", {"what": name}) == "de %(what)s"


@pytest.mark.parametrize(
    "forged",
    [
        {"label": "no.such"}, {"label": "nothing"}, {"verb": "delete"}, {"verb": "note"},
        {"verb": "delete_user", "label": "accounts.user"}, {"verb": "sign"},
    ],
)  # fmt: skip
def test_whatever_was_forged_reads(cast, kevin, forged):
    """Whoever may add entries has not the key, and is found out: not by pages that break."""
    told = {"verb": "update", "label": "clients.client", "record_id": kevin.pk} | forged
    entry = Entry.objects.create(**told, client_id=kevin.pk, digest="f")
    fields = (
        "phone",
        "stage",
        "amount",
        "follow_up_on",
        "first_name",
        "reason",
        "team",
        "zz",
        "what",
    )
    for value in ({"a": 1}, [1, [2]], 7, True, "x" * 500, "1e9"):
        for field in fields:
            EntryValue.objects.create(entry=entry, field=field, old=value, new=value)
    Note.objects.create(entry=entry, channel="zz", text="x")
    [line] = story(Entry.objects.filter(pk=entry.pk).told())
    assert line.changes
