"""The five steps, as a record's page shows them."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import translation
from django.utils.timezone import now

from events.models import Event
from events.templatetags.chain import chain, chain_step


@pytest.mark.parametrize(
    ("starts", "lasts", "label"),
    [(1, 2, "Event to come"), (-1, 2, "Event in progress"), (-3, 2, "Event to complete")],
)
def test_the_last_step_says_how_far_it_is(event, starts, lasts, label):
    starts_at = now() + timedelta(hours=starts)
    Event.objects.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=lasts))
    with translation.override("en"):
        assert chain(Event.objects.get().contract)[4] == (label, False, True)


@pytest.mark.parametrize(
    ("state", "label", "step"),
    [
        ({}, "Support assigned", 5),
        ({"support_contact": None}, "Support to assign", 4),
        ({"status": "completed", "completed_at": F("ends_at")}, "Support assigned", 5),
        (
            {"status": "completed", "completed_at": F("ends_at"), "support_contact": None},
            "Without support", 5,
        ),
    ],
)  # fmt: skip
def test_it_works(event, state, label, step):
    Event.objects.update(**state)
    contract = Event.objects.get().contract
    with translation.override("en"):
        assert (chain(contract)[3][0], chain_step(contract)) == (label, step)
