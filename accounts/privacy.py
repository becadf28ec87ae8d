"""What the tables of accounts hold, and those of the packages beneath: docs/privacy.md."""

from history.privacy import NEITHER, PERSONAL, tags

tags.update({
    "accounts.user": {
        PERSONAL: (
            "email", "first_name", "last_name", "phone", "password", "language", "theme", "mails",
            "shortcuts", "last_login", "date_joined", "invited_at",
        ),
        NEITHER: ("id", "is_superuser", "is_staff", "is_active", "unbraked_until"),
    },
    "accounts.session": {
        PERSONAL: ("device", "session_data", "started_at", "last_seen_at"),
        NEITHER: ("id", "session_key", "expire_date", "person"),
    },
    "accounts.calendarfeed": {
        PERSONAL: ("made_at", "read_at"),
        NEITHER: ("id", "person", "digest"),
    },
    "accounts.absence": {
        PERSONAL: ("starts_on", "ends_on"),
        NEITHER: ("id", "person", "delegate"),
    },
    "accounts.accessrequest": {
        PERSONAL: ("reason",),
        NEITHER: (
            "id", "person", "permission", "label", "record_id", "until", "state", "asked_at",
            "answered_at", "answered_by",
        ),
    },
    # What a member of the staff read, and when.
    "accounts.allowance": {
        PERSONAL: ("hour", "records", "searches", "exports"),
        NEITHER: ("id", "person"),
    },
    "accounts.opening": {NEITHER: ("id", "allowance", "label", "record_id")},
    "accounts.visit": {
        PERSONAL: ("began_at", "before_at"),
        NEITHER: ("id", "person", "label", "record_id"),
    },
    "accounts.submission": {NEITHER: ("id", "person", "key", "label", "record_id", "made_at")},
    "accounts.user_groups": {NEITHER: ("id", "user", "group")},
    "accounts.user_user_permissions": {NEITHER: ("id", "user", "permission")},
    # --- Of packages --------------------------------------------------------------------------
    "account.emailaddress": {PERSONAL: ("email",), NEITHER: ("id", "user", "verified", "primary")},
    "account.emailconfirmation": {NEITHER: ("id", "email_address", "created", "sent", "key")},
    "mfa.authenticator": {
        PERSONAL: ("data", "last_used_at"),  # Names of keys and devices, sealed seeds.
        NEITHER: ("id", "user", "type", "created_at"),
    },
    "sessions.session": {
        PERSONAL: ("session_data",),
        NEITHER: ("session_key", "expire_date"),
    },
    "admin.logentry": {
        PERSONAL: ("object_repr", "change_message", "action_time"),
        NEITHER: ("id", "user", "content_type", "object_id", "action_flag"),
    },
    "auth.group": {NEITHER: ("id", "name")},
    "auth.group_permissions": {NEITHER: ("id", "group", "permission")},
    "auth.permission": {NEITHER: ("id", "name", "content_type", "codename")},
    "contenttypes.contenttype": {NEITHER: ("id", "app_label", "model")},
    "guardian.userobjectpermission": {
        NEITHER: ("id", "permission", "content_type", "object_pk", "user"),
    },
    "guardian.groupobjectpermission": {
        NEITHER: ("id", "permission", "content_type", "object_pk", "group"),
    },
})  # fmt: skip
