from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from history.models import Entry

from . import notes
from .access import WrongMoment, allows, permission, require


@require_http_methods(["GET", "HEAD", "POST"])
def remove_note(request, pk):
    """GET shows the note that will go, POST takes it back."""
    entry = get_object_or_404(Entry.objects.select_related("note"), pk=pk, verb="note")
    record = notes.subject(entry)
    if not allows(request.user, permission(record, "view"), record):
        raise Http404
    try:
        require(request.user, notes.REMOVE, entry)
        if request.method != "POST":
            return render(request, "accounts/note_remove.html", {"record": record, "entry": entry})
        notes.remove_note(entry, by=request.user)
    except WrongMoment as late:
        if not Entry.objects.notes().filter(pk=pk).exists():
            messages.info(request, _("This note had been removed already."))
            return redirect(record)
        raise WrongMoment(record, late.entry, late.wanted) from late
    messages.success(request, _("Note removed."))
    return redirect(record)
