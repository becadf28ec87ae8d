"""The pages on which somebody reads what they were told."""

from itertools import groupby

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from history import formats

from .models import Notification
from .notifications import lines

PAGE = 25


class ReadForm(forms.Form):
    """The newest one that the page showed: what came since is still unread."""

    until = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class PlaceForm(forms.Form):
    """The one before which the page begins."""

    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


@require_safe
def notifications(request):
    """One's own, by day, the newest first; ``before`` one of them the page goes on."""
    mine, place = Notification.objects.filter(recipient=request.user), PlaceForm(request.GET)
    if not place.is_valid():
        messages.warning(request, _("The place in the list was not found: here is its start."))
    elif before := place.cleaned_data["before"]:
        mine = mine.filter(pk__lt=before)
    shown = list(mine.told()[: PAGE + 1])
    told, more = lines(shown[:PAGE]), len(shown) > PAGE
    days = [(_heading(day), list(those)) for day, those in groupby(told, lambda line: line.day)]
    context = {
        "days": days,
        "is_start": "before" not in request.GET,
        "newest": str(shown[0].pk) if shown else "",  # As text: numbers are grouped for people.
        "last": str(shown[PAGE - 1].pk) if more else "",
    }
    return render(request, "dashboard/notifications.html", context)


@require_safe
def opened(request, pk):
    """Record that it was read, and nothing else; go on to what it is about."""
    mine = Notification.objects.filter(recipient=request.user)
    [line] = lines([get_object_or_404(mine.told(), pk=pk)])
    mine.filter(pk=pk).mark_read()
    if not line.url:
        messages.info(request, _("This record has been deleted since."))
    return redirect(line.url or "dashboard:notifications")


@require_POST
def read(request):
    """All of one's own that the page showed, or that came before."""
    form = ReadForm(request.POST)
    if form.is_valid():
        mine = Notification.objects.filter(recipient=request.user)
        mine.filter(pk__lte=form.cleaned_data["until"]).mark_read()
        messages.success(request, _("All notifications are marked as read."))
    return redirect("dashboard:notifications")


def _heading(day):
    near = {0: _("Today"), 1: _("Yesterday")}
    return near.get((localdate() - day).days) or capfirst(formats.day(day, "long"))
