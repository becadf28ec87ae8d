"""security.md, "Input": each row of ``input_cases`` over HTTP, on the engine at hand."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.forms import PasswordInput
from django.forms.widgets import ChoiceWidget
from django.urls import reverse

from accounts.fields import composed
from accounts.tests.pages import inputs
from epic_crm.tests.input_cases import CASES, PAGES, Says
from epic_crm.tests.test_doors import arguments, posted
from history.models import Entry
from history.tests.tables import contents

FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def a_day_in_november():
    """The days that are typed are to come from there."""
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def management(browser, cast):
    person = cast["management"]
    person.language, person.password = "fr", make_password("un-mot-de-passe-tranquille")
    person.save()
    browser.force_login(person)
    return browser


def test_the_table_is_long_enough():
    assert sum(map(len, CASES.values())) >= 150
    assert CASES.keys() == PAGES.keys()


@pytest.mark.parametrize("name", CASES)
def test_what_is_typed(management, cast, world, name):
    """Each row on its own: what one of them did is undone before the next comes."""
    on, model, beside = PAGES[name]
    address = reverse(name, args=arguments(on, world))
    page = inputs(management.get(address)) | posted(name, cast) | beside
    before, wrong = contents(), {}
    for field, typed, must in CASES[name]:
        with transaction.atomic():
            response = management.post(address, body(page, field, typed), content_type=FORM_TYPE)
            if isinstance(must, Says):
                trouble = refused(response, field, typed, must, page) or (
                    contents() != before and "something changed"
                )
            else:
                trouble = kept(response, field, must, model, world.get(on))
            transaction.set_rollback(True)
        if trouble:
            wrong[field, typed if len(typed) < 80 else f"{typed[:20]!r}…"] = trouble
    assert not wrong, "\n".join(f"{case}: {trouble}" for case, trouble in wrong.items())


def keys(field, typed):
    """Under which keys a browser sends it: a moment in two parts."""
    return (
        {f"{field}_{n}": part for n, part in enumerate(typed)}
        if isinstance(typed, tuple)
        else {field: typed}
    )


def body(page, field, typed):
    return urlencode(page | keys(field, typed))


def refused(response, field, typed, words, page):
    """What is wrong with a refusal; nothing if it is as it must be."""
    if response.status_code != 422:
        return response.status_code, response.headers.get("Location")
    form = response.context["form"]
    said = " ".join(form.errors.get(field, []))
    if words not in said:
        return dict(form.errors)
    if said.replace("’", "&#x27;") not in response.text.replace("’", "&#x27;"):
        return "not said on the page"
    if "<script>alert" in response.text:
        return "markup"
    return lost(response, field, typed, page)


def lost(response, field, typed, page):
    """What was typed, here or in another field, if the page that comes back does not have it."""
    there = inputs(response)
    fields = response.context["form"].fields
    for name, other in fields.items():
        for key in (name, f"{name}_0", f"{name}_1"):
            hidden = isinstance(other.widget, PasswordInput) or other.widget.is_hidden
            if (
                name != field
                and not hidden
                and there.get(key, "") != str(page.get(key, there.get(key, "")))
            ):
                return f"{key} is not as it was typed any more", there.get(key, "")[:80]
    widget = fields[field].widget
    if isinstance(widget, PasswordInput | ChoiceWidget):  # A choice that there is none of.
        return None
    for key, text in keys(field, typed).items():
        shown = text.decode(errors="replace") if isinstance(text, bytes) else text
        if shown.strip() and there.get(key) != composed(shown):
            return "not in the page any more", there.get(key, "")[:80]
    return None


def kept(response, field, wanted, model, record):
    if response.status_code != 302:
        form = response.context and response.context.get("form")
        return response.status_code, form and dict(form.errors)
    if model is None:
        values = Entry.objects.first().values.filter(field=field)
        value = values.get().new
    else:
        rows = model.objects.order_by("-pk")
        row = rows.get(pk=record.pk) if isinstance(record, model) else rows[0]
        row = row if hasattr(row, field) else type(record).objects.get(pk=record.pk)
        value = getattr(row, field)
    return None if value == wanted else (value, wanted)
