"""The last activity of a client is also that of its contracts and events."""

import pytest

from accounts.records import write
from accounts.workflow import add_note


@pytest.mark.parametrize("part", ["contract", "event"])
def test_what_happens_below_is_activity_of_the_client(
    cast, kevin, contract, event, today, part, django_capture_on_commit_callbacks
):
    record = {"contract": contract, "event": event}[part]
    before = kevin.updated_at, kevin.version
    with django_capture_on_commit_callbacks(execute=True):
        add_note(record, by=cast["owner"], channel="phone", happened_on=today, text="They called.")
    kevin.refresh_from_db()
    noted = kevin.updated_at
    assert noted > before[0]
    with django_capture_on_commit_callbacks(execute=True):
        write(record, "update", by=cast["owner"])
    kevin.refresh_from_db()
    assert kevin.updated_at > noted
    assert kevin.version == before[1]  # Who edits the client meanwhile is not held up.
