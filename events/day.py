"""The day of an event, on one narrow page: for a phone, and for one sheet of paper."""

from typing import Any, NamedTuple

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history.models import Entry

from .checklist_forms import QuickNoteForm
from .checklist_views import EVENTS, card

NOTES = 3


class Contact(NamedTuple):
    """Somebody to call, and what they are to the event; without a number, whom to look for."""

    name: str
    role: str
    phone: Any
    is_reader: bool = False


@require_safe
def day(request, pk):
    event = EVENTS.get_for(request.user, "view", pk, "change", "complete", "note", "prepare")
    people = contacts(event, request.user)
    notes = Entry.objects.about(event).notes().select_related("note")[:NOTES]
    context = {
        "people": people,
        "first": next((each for each in people if each.phone and not each.is_reader), None),
        "notes": notes,
        "note_form": QuickNoteForm(by=request.user) if event.may_note else None,
    }
    return render(request, "events/day.html", card(event, day=True, **context))


def contacts(event, reader):
    """Who can help, the nearest first; nobody comes twice."""
    client = event.contract.client
    job = f"{_('Client')}, {client.job_title}" if client.job_title else _("Client")
    found = [
        Contact(event.onsite_contact or _("Contact on site"), _("On site"), event.onsite_phone),
        Contact(client.contact_name, job, client.mobile or client.phone),
    ]
    if not event.onsite_phone and not event.onsite_contact:
        del found[0]
    elif found[0].name == found[1].name:
        found[:2] = [found[0]._replace(role=job, phone=found[0].phone or found[1].phone)]
    for role, person in reversed(event.contacts()):
        if person:
            found.append(Contact(str(person), role, person.phone, person == reader))
    return found
