"""Many events into one person's hands: each by itself, and what became of each is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import bulk
from accounts.models import Submission
from accounts.tests.factories import UserFactory
from accounts.tests.pages import inputs
from accounts.tests.races import at_once
from events import workflow
from events.models import Event
from events.tests.factories import EventFactory
from history.models import Entry
from history.tests.tables import changes, nothing_changes, told

PAGE = reverse("events:assign_many")
LIST = reverse("events:list")


@pytest.fixture
def helene(browser, cast):
    browser.force_login(cast["management"])
    return browser


@pytest.fixture
def five(db):
    """Events of five different days, in nobody's hands."""
    return [
        EventFactory(
            name=f"Gala {n}", support_contact=None, starts_at=now() + timedelta(days=10 * n)
        )
        for n in range(1, 6)
    ]


def check_page(browser, events):
    query = "&".join(f"chosen={event.pk}" for event in events)
    return browser.get(f"{PAGE}?from=list&{query}")


def typed(page, person, events, **more):
    """What one posts who leaves these boxes checked."""
    keys = [event.pk for event in events]
    return inputs(page, "ee-bulk-form") | {"chosen": keys, "support_contact": person.pk} | more


def outcomes(page):
    return [(record, kind, words) for record, _name, kind, words in page.context["told"]]


def test_five_at_once_one_of_which_was_completed_meanwhile(helene, cast, five):
    sam, otto = cast["support"], cast["other support"]
    workflow.assign(five[1], by=cast["management"], support_contact=sam)
    workflow.assign(five[2], by=cast["management"], support_contact=otto)
    with nothing_changes():
        page = check_page(helene, five)
    assertContains(page, "checked", 5)
    assertContains(page, "Otto Other · 1 coming")
    late = five[4]
    Event.objects.filter(pk=late.pk).update(starts_at=now() - timedelta(hours=1))
    completed = workflow.complete(late, by=cast["management"])

    with told("assign_event", "assign_event", "assign_event"):
        answer = helene.post(PAGE, typed(page, sam, five))
    assertRedirects(answer, f"{PAGE}?done=1", fetch_redirect_response=False)
    page = helene.get(answer.url)
    assert outcomes(page) == [
        (five[0], "done", "Sam Support (before: nobody)."),
        (five[1], "same", "Sam Support was in charge already."),
        (five[2], "done", "Sam Support (before: Otto Other)."),
        (five[3], "done", "Sam Support (before: nobody)."),
        (late, "refused", page.context["told"][4][3]),
    ]
    assert page.context["told"][4][3].startswith(f"You completed {completed} (")
    assertContains(page, "For this, the event must be planned.")
    for words in ("Done: 3", "Unchanged: 1", "Refused: 1"):
        assertContains(page, words)
    assert [event.support_contact for event in Event.objects.order_by("starts_at")].count(sam) == 4
    assert changes(five[0])["support_contact"][1]["label"] == "Sam Support"
    late.refresh_from_db()
    assert (late.version, late.support_contact) == (completed.version, None)


def test_sent_twice_it_is_done_once(helene, cast, five):
    page = check_page(helene, five)
    form = typed(page, cast["support"], five)
    helene.post(PAGE, form)
    first = five[0]
    workflow.assign(first, by=cast["management"], support_contact=cast["other support"])
    with nothing_changes():
        answer = helene.post(PAGE, form)
    page = helene.get(answer.url)
    assert {(kind, words) for _record, kind, words in outcomes(page)} == {
        ("done", "Done when this page was sent the first time.")
    }
    first.refresh_from_db()
    assert first.support_contact == cast["other support"]


def test_what_broke_off_goes_on_when_it_is_sent_again(helene, cast, five, monkeypatch):
    form = typed(check_page(helene, five), cast["support"], five)
    lock, broken = workflow.lock, []

    def breaks(record):
        if record == five[2]:
            broken.append(record)
            raise OSError("The power went.")
        return lock(record)

    monkeypatch.setattr(workflow, "lock", breaks)
    with told("assign_event", "assign_event"), pytest.raises(OSError, match="power"):
        helene.post(PAGE, form)
    monkeypatch.undo()
    with told("assign_event", "assign_event", "assign_event"):
        helene.post(PAGE, form)
    assert Event.objects.of_support(cast["support"]).count() == 5
    assert Submission.objects.count() == 5


def test_another_person_on_the_same_page_is_another_deed(helene, cast, five):
    page = check_page(helene, five[:1])
    helene.post(PAGE, typed(page, cast["support"], five[:1]))
    with told("assign_event"):
        helene.post(PAGE, typed(page, cast["other support"], five[:1]))


def test_two_at_one_time_are_not_given_to_one_person_unasked(helene, cast, five):
    day = {"starts_at": five[0].starts_at, "ends_at": five[0].ends_at}
    Event.objects.filter(pk=five[1].pk).update(**day)
    form = typed(check_page(helene, five[:2]), cast["support"], five[:2])
    with told("assign_event"):
        page = helene.get(helene.post(PAGE, form).url)
    assert [kind for _record, kind, _words in outcomes(page)] == ["done", "refused"]
    assertContains(page, "Sam Support already has “Gala 1” at that time.")
    with told("assign_event"):
        helene.post(PAGE, form | {"despite_overlap": "on"})
    assert Event.objects.of_support(cast["support"]).count() == 2


def test_the_select_says_who_has_something_at_that_time(helene, cast, five):
    days = [{"starts_at": event.starts_at, "ends_at": event.ends_at} for event in five]
    for day in days[:2]:
        EventFactory(name="Fair", support_contact=cast["support"], **day)
    EventFactory(
        name="Fête",
        support_contact=cast["other support"],
        starts_at=five[2].ends_at,
        ends_at=five[2].ends_at + timedelta(minutes=1),
    )
    page = check_page(helene, five)
    assertContains(page, "2 coming · has other events at the time of 2 of these")
    if five[2].ends_at.date() == (five[2].ends_at - timedelta(seconds=1)).date():
        assertContains(page, "1 coming · has another event on the day of 1 of these")
    assertContains(check_page(helene, five[:1]), "2 coming · has “Fair” at that time")


def test_who_has_least_comes_first_and_nobody_is_chosen(helene, cast, five):
    EventFactory(support_contact=cast["other support"], starts_at=now() + timedelta(days=300))
    page = check_page(helene, five)
    labels = [str(label) for _key, label in page.context["form"].fields["support_contact"].choices]
    assert labels == ["Choose…", "Sam Support · 0 coming", "Otto Other · 1 coming"]
    assert inputs(page, "ee-bulk-form")["support_contact"] == ""


def test_nothing_chosen_in_the_list_leads_back_there(helene, five):
    helene.get(f"{LIST}?view=all&q=gala")
    answer = helene.get(f"{PAGE}?from=list")
    assertRedirects(answer, f"{LIST}?view=all&q=gala", fetch_redirect_response=False)
    assertContains(helene.get(answer.url), "Choose at least one line.")


def test_nothing_is_chosen_nor_typed(helene, cast, five):
    """Both are said at once, and what was chosen of the two stays."""
    form = typed(check_page(helene, five[:2]), cast["support"], five[:2])
    nothing = {"chosen": [], "support_contact": ""}
    with nothing_changes():
        page = helene.post(PAGE, form | nothing)
        kept = helene.post(PAGE, form | {"chosen": []})
    assertContains(page, "Choose at least one line.", count=2, status_code=422)  # Above the rows.
    assertContains(page, "Choose a support contact.", status_code=422)
    selected = f'<option value="{cast["support"].pk}" selected>'
    assertContains(kept, selected, status_code=422)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chosen": []}, "Choose at least one line."),
        ({"chosen": ["x", "²", "-1", "9" * 30]}, "Choose at least one line."),
        ({"chosen": range(1, bulk.MOST + 2)}, f"Choose {bulk.MOST} lines at most."),
        ({"support_contact": ""}, "Choose a support contact."),
        ({"support_contact": "owner"}, "choose one from the list."),
    ],
)
def test_what_is_not_valid_is_said_and_nothing_done(helene, cast, five, change, said):
    form = typed(check_page(helene, five[:2]), cast["support"], five[:2])
    if change.get("support_contact") == "owner":
        change = {"support_contact": cast["owner"].pk}
    with nothing_changes():
        page = helene.post(f"{PAGE}?chosen={five[0].pk}&chosen={five[1].pk}", form | change)
    assertContains(page, said, status_code=422)
    for event in five[:2]:
        assertContains(page, f"Choose {event}", status_code=422)


def test_a_record_that_is_gone_stops_no_other(helene, cast, five):
    form = typed(check_page(helene, five[:2]), cast["support"], five[:2])
    Event.objects.filter(pk=five[0].pk).delete()
    assertContains(check_page(helene, five[:2]), "1 of the chosen records does not exist any more")
    with told("assign_event"):
        page = helene.get(helene.post(PAGE, form).url)
    assert [kind for _record, kind, _words in outcomes(page)] == ["refused", "done"]
    assertContains(page, "This record does not exist any more.")


def test_without_a_choice_those_without_support_are_offered(helene, cast, five):
    EventFactory(name="In hand", support_contact=cast["support"])
    page = helene.get(PAGE)
    assert page.context["view"].rows == five
    assertNotContains(page, "checked")
    home = helene.get(reverse("dashboard:home"))
    assertContains(home, f'href="{PAGE}"')
    Event.objects.update(support_contact=cast["support"])
    assertContains(helene.get(PAGE), "Every coming event has a support contact.")
    assertNotContains(helene.get(reverse("dashboard:home")), f'href="{PAGE}"')


def test_a_full_page(helene, cast):
    events = [EventFactory(support_contact=None) for _ in range(bulk.MOST)]
    page = check_page(helene, events)
    assertContains(page, "checked", bulk.MOST)
    again = helene.get(f"{PAGE}?{'&'.join(f'chosen={n}' for n in range(bulk.MOST + 1))}")
    assertRedirects(again, LIST, fetch_redirect_response=False)


def test_management_alone_chooses_rows(browser, cast, five):
    completed = EventFactory(
        status="completed", starts_at=now() - timedelta(days=1), completed_at=now()
    )
    for part in cast.keys() - {"no team", "leaver"}:
        browser.force_login(cast[part])
        page = browser.get(f"{LIST}?view=all").text
        boxes = 5 if part == "management" else 0
        assert (page.count('name="chosen"'), PAGE in page) == (boxes, bool(boxes)), part
    browser.force_login(cast["owner"])
    with nothing_changes():
        refused = browser.post(PAGE, {"chosen": five[0].pk, "support_contact": cast["support"].pk})
    assertContains(refused, "Only management can name its support contact.", status_code=403)
    browser.force_login(cast["management"])
    page = check_page(browser, [completed])
    assertContains(page, "Not possible: The event must be planned.")
    assertNotContains(page, 'name="chosen"')


def test_what_became_of_nothing_leads_to_the_list(helene):
    assertRedirects(helene.get(f"{PAGE}?done=1"), LIST, fetch_redirect_response=False)


@pytest.mark.postgresql
def test_a_double_click_is_one_deed(transactional_db):
    helene = UserFactory(team="management", language="en")
    sam = UserFactory(team="support")
    events = [EventFactory(support_contact=None) for _ in range(5)]
    form = {
        "chosen": [event.pk for event in events],
        "support_contact": sam.pk,
        "despite_overlap": "on",
        "submission": uuid4(),
    }

    def send():
        browser = Client()
        browser.force_login(helene)
        return browser.get(browser.post(PAGE, form).url).context["numbers"]

    assert at_once(send, send, send) == [{"done": 5, "same": 0, "refused": 0}] * 3
    assert Entry.objects.filter(verb="assign_event").count() == 5
    assert {event.version for event in Event.objects.all()} == {2}
