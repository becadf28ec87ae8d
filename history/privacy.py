"""
What each field holds, as the law sees it: docs/privacy.md. Every field of every table is tagged.

A key alone is neither: whom it leads to is tagged where that person stands.
"""

from enum import StrEnum


class Tag(StrEnum):
    PERSONAL = "personal"  # Says something of a person, or may, as a text that somebody typed.
    ACCOUNTING = "accounting"  # What was sold to whom for how much: kept ten years.
    NEITHER = "neither"


PERSONAL, ACCOUNTING, NEITHER = Tag

# By table, as in "clients.client": the fields of each tag. Each app tags its own in privacy.py.
tags: dict[str, dict[Tag, tuple[str, ...]]] = {
    "history.entry": {
        PERSONAL: ("actor_name", "principal_name"),
        NEITHER: (
            "id", "at", "actor_id", "principal_id", "verb", "label", "record_id", "client_id",
            "nonce", "digest",
        ),
    },
    "history.entryvalue": {
        PERSONAL: ("old", "new"),
        NEITHER: ("id", "entry", "field", "seal", "lock", "token"),
    },
    "history.note": {
        PERSONAL: ("text",),
        NEITHER: ("id", "entry", "channel", "happened_on", "seal", "lock", "token"),
    },
    "history.checkpoint": {
        NEITHER: ("id", "at", "last_id", "before", "entries", "digests", "seal"),
    },
}  # fmt: skip


def tagged(model, *wanted):
    """The names of the fields of a model that have one of these tags."""
    fields = tags[model._meta.label_lower]
    return [name for tag in wanted for name in fields.get(tag, ())]
