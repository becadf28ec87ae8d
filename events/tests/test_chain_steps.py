"""The five steps, as a record's page shows them."""

import pytest
from django.db.models import F
from django.utils import translation

from events.models import Event
from events.templatetags.chain import chain, chain_step


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
