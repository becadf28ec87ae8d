"""What the tables of the dashboard hold: docs/privacy.md."""

from history.privacy import NEITHER, PERSONAL, tags

tags.update({
    "dashboard.notification": {
        NEITHER: (
            "id", "recipient", "kind", "label", "record_id", "entry", "due_on", "created_at",
            "read_at", "mail_after", "mailed_at",
        ),
    },
    # A view may be a search, and a search a name.
    "dashboard.savedview": {PERSONAL: ("name", "query"), NEITHER: ("id", "person", "list")},
    "dashboard.snooze": {NEITHER: ("id", "person", "code", "record_id", "until")},
})  # fmt: skip
