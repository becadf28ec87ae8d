"""What the tables of clients hold: docs/privacy.md."""

from history.privacy import ACCOUNTING, NEITHER, PERSONAL, tags

tags.update({
    "clients.client": {
        PERSONAL: (
            "first_name", "last_name", "job_title", "email", "phone", "mobile", "source",
            "follow_up_on", "search_text",
        ),
        ACCOUNTING: ("company_name", "sort_key", "name_key"),
        NEITHER: (
            "id", "created_at", "updated_at", "version", "stage", "converted_at", "sales_contact",
            "archived_at", "erased_at",
        ),
    },
    "clients.clientdelegation": {
        NEITHER: ("id", "permission", "user", "until", "granted_by", "content_object"),
    },
})  # fmt: skip
