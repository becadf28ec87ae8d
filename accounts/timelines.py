"""The story of a record on its page, and all of it on a page of its own."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from history.models import Channel
from history.words import story

from .access import chance
from .notes import REMOVE
from .visits import visit

STORY = 10  # Lines of history on a page, before "older".
PAGE = 25  # On the page that has all of it.


def timeline(request, entries, known, *, size=STORY):
    """
    The lines of a story that this page shows.

    ``?history=`` notes, changes, or the channel of notes; ``?older=`` than an entry. ``known``
    are records the page has fetched already.
    """
    kind = request.GET.get("history")
    channel = kind if kind in Channel.values else None
    chosen = entries
    if channel or kind == "notes":
        chosen = entries.notes(channel)
    elif kind == "changes":
        chosen = entries.changes()
    else:
        kind = None
    older = request.GET.get("older", "")
    if older.isascii() and older.isdigit() and len(older) < 19:
        chosen = chosen.filter(pk__lt=older)
    chosen = chosen.annotate(may_remove=chance(request.user, REMOVE))
    rows = list(chosen.told()[: size + 1])
    lines = story(rows[:size], request.user, known)
    for entry, line in zip(rows, lines, strict=False):
        line.remove = reverse("remove_note", args=[entry.pk]) if entry.may_remove else ""
    return {
        "entries": rows[:size],
        "lines": lines,
        "kind": kind,
        "channels": list(Channel) if channel or kind == "notes" else [],
        "older": rows[size - 1].pk if len(rows) > size else None,
        "is_older": bool(older),
    }


def record_timeline(request, record, entries, known, **options):
    """
    The story of a record, with what others did since this person opened it the last time.

    That it is open now is written down.
    """
    told, user = timeline(request, entries, known, **options), request.user
    news = visit(request, record, entries)
    if news.since:
        for entry, line in zip(told["entries"], told["lines"], strict=True):
            line.is_new = entry.at > news.since and entry.actor_id != user.pk
    name = f"{record._meta.app_label}:history"
    key = f"{record._meta.label_lower}-{record.pk}"  # For the journal of everything.
    return told | {"news": news, "key": key, "all": reverse(name, args=[record.pk])}


class HistoryView(TemplateView):
    """All that was done to a record, a page at a time."""

    http_method_names = ["get", "head", "options"]
    template_name = "components/history.html"
    queryset: Any = None

    def get_context_data(self, **kwargs):
        record = self.queryset.all().get_for(self.request.user, "view", self.kwargs["pk"])
        entries, known = self.told(record)
        told = record_timeline(self.request, record, entries, known, size=PAGE)
        return super().get_context_data(record=record, story=told, **kwargs)

    def told(self, record):
        """The entries of its story, and the records they are about that are here already."""
        raise NotImplementedError
