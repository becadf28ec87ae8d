"""What the tables of contracts hold: docs/privacy.md."""

from history.privacy import ACCOUNTING, NEITHER, PERSONAL, tags

tags.update({
    "contracts.contract": {
        # A subject too: people write names there. What is expected is a wish, and nothing was sold.
        PERSONAL: (
            "title", "expected_date", "expected_attendees", "expected_venue", "notes", "sort_key",
            "search_text",
        ),
        ACCOUNTING: ("reference", "client", "amount", "payment_due", "status", "signed_on"),
        NEITHER: (
            "id", "created_at", "updated_at", "version", "sold_by",
        ),
    },
    "contracts.contractdelegation": {
        NEITHER: ("id", "permission", "user", "until", "granted_by", "content_object"),
    },
    "contracts.referencecounter": {NEITHER: ("year", "last")},
})  # fmt: skip
