"""What the tables of events hold: docs/privacy.md."""

from history.privacy import ACCOUNTING, NEITHER, PERSONAL, tags

tags.update({
    "events.event": {
        # A name too: people write whose wedding it is.
        PERSONAL: (
            "name", "venue", "address", "attendees", "onsite_contact", "onsite_phone",
            "instructions", "sort_key", "search_text",
        ),
        ACCOUNTING: ("contract", "starts_at", "ends_at", "status", "completed_at"),
        NEITHER: ("id", "created_at", "updated_at", "version", "support_contact"),
    },
    "events.checklistitem": {
        PERSONAL: ("what",),
        NEITHER: ("id", "event", "due_on", "role", "who", "done_at", "done_by", "version"),
    },
    "events.templateitem": {NEITHER: ("id", "what", "days_before", "role", "version")},
    "events.eventdelegation": {
        NEITHER: ("id", "permission", "user", "until", "granted_by", "content_object"),
    },
})  # fmt: skip
