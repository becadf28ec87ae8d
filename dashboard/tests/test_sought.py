"""An erasure takes the searches along that look for the person, and leaves the others alone."""

from urllib.parse import urlencode

import pytest

from accounts.records import write
from clients import workflow as clients
from clients.models import Client
from contracts.models import Contract
from dashboard.erasure import Ground, erase, remove
from dashboard.exports import copy_out
from dashboard.models import SavedView
from history.models import EntryValue

from .leftovers import COMPANY, a_contract

NUMBERS = [
    "01 99 00 41 17", "01.99.00.41.17", "01-99-00-41-17", "0199004117", "+33 1 99 00 41 17",
    "+33199004117", "0033199004117", "99 00 41 17", "99004117", "Zénobie 01 99 00 41 17",
]  # fmt: skip
NAMES = [
    "zenobie", "QUILLMARK zén", "Quillm", "“Quillmark”", "zenobie@old", "quillmark.example",
    "Zénobie Quillmark urgent", "Chief of Whimsy",
]  # fmt: skip
OTHERS = ["Startup", "Zoé", "Quill Ink", "0199004118", "C-2026-001", "z", "!"]


@pytest.fixture
def keep(cast):
    """Keep a search as a view, and in the journal as what was exported; or a name for a view."""

    def keep(search="", label="Probe"):
        query = urlencode({"view": "ever", "q": search})
        SavedView.objects.create(person=cast["support"], list="clients", name=label, query=query)
        if search:
            asked = {"words": search, "clients_view": "ever"}
            copy_out("clients", Client.objects.all(), by=cast["management"], asked=asked)

    return keep


@pytest.fixture
def is_kept(cast):
    def is_kept(search=None):
        kept = SavedView.objects.filter(person=cast["support"]).exists()
        if search:
            exported = EntryValue.objects.filter(field="words", new=search).exists()
            view = EntryValue.objects.filter(field="clients_view").get()
            assert (exported, view.new) == (kept, "ever")
        return kept

    return is_kept


def gone(client, cast):
    return erase(client, by=cast["management"], ground=Ground.ASKED)


@pytest.mark.parametrize("search", [*NAMES, *NUMBERS, "bellweather", "Works Quillmark"])
def test_a_search_that_finds_the_person_goes(cast, zenobie, keep, is_kept, search):
    keep(search)
    gone(zenobie, cast)
    assert not is_kept(search)


@pytest.mark.parametrize("search", OTHERS)
def test_another_search_stays(cast, zenobie, keep, is_kept, search):
    keep(search)
    gone(zenobie, cast)
    assert is_kept(search)


@pytest.mark.parametrize(
    ("search", "stays"),
    [
        ("Bellweather", True), ("Bellw", True), ("C-2026-001", True), ("startup weds", True),
        ("Bellweather Zénobie", False), ("daughter weds", False), ("C-2026-001 weds", False),
        ("Rosamund", False), ("lark lane", False), ("01 99 00 88 88", False),
    ],
)  # fmt: skip
def test_of_a_signed_client_the_company_is_still_looked_for(
    cast, zenobie, with_event, keep, is_kept, search, stays
):
    write(with_event.event, "update", by=cast["owner"], onsite_phone="01 99 00 88 88")
    keep(search)
    left = gone(zenobie, cast)
    assert is_kept(search) is stays
    if COMPANY.split()[0] == search:
        remove(left)
        assert not is_kept(search)


@pytest.mark.parametrize(("shared", "stays"), [(True, True), (False, False)])
def test_a_subject_that_others_have_is_nobodys(
    cast, zenobie, kevin, with_event, keep, is_kept, shared, stays
):
    if shared:
        Contract.objects.create(
            client=kevin, reference="C-2026-999", title="Their daughter", amount=1,
            payment_due=with_event.payment_due,
        )  # fmt: skip
    keep("their daughter", label="Daughter")
    gone(zenobie, cast)
    assert is_kept() is stays


@pytest.mark.parametrize(
    "label", ["Mme Quillmark", "bellweather", "Tel 01.99.00.41.17", "0033 1 99 00 41 17!", "Whimsy"]
)
def test_a_view_that_is_called_so_goes(cast, zenobie, keep, is_kept, label):
    keep(label=label)
    gone(zenobie, cast)
    assert not is_kept()


@pytest.mark.parametrize(
    ("first_name", "last_name", "label", "search"),
    [
        ("Min", "Vie", "Mes prospects", "qualité"),
        ("Marc", "Ali", "Marchés", "qualité"),
        ("Minerva", "Allard", "Mine all", "Martin Allard"),
        ("A", "Dupont", "À faire", "a faire"),
        ("-", "…", "Mine", "- …x"),
    ],
)
def test_parts_of_other_words_are_no_names(
    cast, keep, is_kept, first_name, last_name, label, search
):
    client = clients.create(
        by=cast["owner"], company_name="Quince", first_name=first_name, last_name=last_name,
        email="x@quince.example",
    )  # fmt: skip
    keep(search, label)
    gone(client, cast)
    assert is_kept(search)


@pytest.mark.parametrize(("search", "label"), [("Li Xu", "v"), ("xu", "v"), ("", "M. Xu")])
def test_short_names_are_whole_words(cast, keep, is_kept, search, label):
    given = {"first_name": "Li", "last_name": "Xu", "email": "l@zz.example"}
    client = clients.create(by=cast["owner"], company_name="Zz Works", **given)
    keep(search, label)
    gone(client, cast)
    assert not is_kept(search)


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize(
    "search", ["Quillmark", "zenobie@quillmark.example", "0199004117", "Bellweather"]
)
def test_what_the_person_was_called_before_goes(cast, zenobie, keep, is_kept, search, by_hand):
    keep(search)
    for n, name in enumerate(("Oldham", "Finch")):
        zenobie = write(
            zenobie, "update", by=cast["owner"], first_name="Brunehilde", last_name=name,
            company_name=name, email=f"b@{name}.example", phone=f"01 99 00 55 5{n}",
        )  # fmt: skip
    if by_hand:
        clients.delete(zenobie, by=cast["management"])
    else:
        gone(zenobie, cast)
    assert not is_kept(search)


def test_an_exported_list_of_one_client_tells_its_name_no_more(cast, zenobie, kevin):
    for client in (zenobie, kevin):
        contract = a_contract(client, cast["owner"])
        of_it = Contract.objects.filter(pk=contract.pk)
        copy_out("contracts", of_it, by=cast["management"], asked={"contracts_client": client})
    gone(zenobie, cast)
    told = EntryValue.objects.filter(field="contracts_client").order_by("pk")
    assert [value.new and value.new["label"] for value in told] == [None, kevin.company_name]
