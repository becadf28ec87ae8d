"""Whom a deed concerns: each tells keys of people, None for nobody, or teams."""

from typing import Any, NamedTuple

from accounts.models import Team, User
from history.models import Entry


class Deed(NamedTuple):
    """What was done: to which record, old and new value by field."""

    entry: Entry
    by: Any
    record: Any
    changes: dict


def managers(deed):
    return [Team.MANAGEMENT]


def support(deed):
    return [deed.record.support_contact_id]


def sales(deed):
    return [deed.record.contract.client.sales_contact_id]


def contacts(deed):
    return support(deed) + sales(deed)


def contacts_of_moved(deed):
    return contacts(deed) if "starts_at" in deed.changes else []


def former_support(deed):
    former, new = deed.changes["support_contact"]
    return [former.pk] if former and new else []


def former_support_of_uncovered(deed):
    return [] if deed.record.support_contact_id else named("support_contact", place=0)(deed)


def sales_of_covered(deed):
    return sales(deed) if deed.record.support_contact_id else []


def managers_of_uncovered(deed):
    return [] if deed.record.support_contact_id else managers(deed)


def managers_of_orphans(deed):
    return managers(deed) if {"clients_left", "events_left"} & deed.changes.keys() else []


def sales_of_client(deed):
    return [deed.record.sales_contact_id]


def answers(deed):
    """Whoever holds the record, if they are there; else management."""
    holder = deed.record.responsible(deed.by.team)
    if holder and not User.objects.missing().filter(pk=holder.pk).exists():
        return [holder.pk]
    return managers(deed)


def named(field, place=1):
    """Whom the entry names in a field: who it became, or in ``place`` 0 who it was."""

    def who(deed):
        person = deed.changes[field][place]
        return [person and person.pk]

    return who


def answered(deed):
    """Who had asked for access, of a deed that answers: lent it, or declined."""
    before, after = deed.changes["delegate"]
    return [(after or before).pk]


def nobody(deed):
    return []
