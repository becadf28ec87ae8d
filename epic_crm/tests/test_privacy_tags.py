"""Each field is personal, accounting or neither, and says so."""

import pytest

from epic_crm.checks import check_privacy
from history.privacy import ACCOUNTING, NEITHER, PERSONAL, tags

pytestmark = pytest.mark.any_database


def found():
    return [(error.id, error.msg.split()[0]) for error in check_privacy(None)]


def test_each_field_is_tagged_once_and_each_tag_has_its_field():
    assert found() == []


def test_what_is_missing_too_much_or_told_twice_is_named(monkeypatch):
    fields = tags["clients.client"]
    monkeypatch.setitem(tags, "clients.client", {
        PERSONAL: [name for name in fields[PERSONAL] if name != "mobile"],
        ACCOUNTING: [*fields[ACCOUNTING], "fax"],
        NEITHER: [*fields[NEITHER], "email"],
    })  # fmt: skip
    assert found() == [
        ("epic_crm.E002", "clients.client.mobile"),
        ("epic_crm.E003", "clients.client.fax"),
        ("epic_crm.E004", "clients.client.email"),
    ]
