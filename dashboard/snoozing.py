"""Put a step of one's own off for a week, and bring it back. No record changes."""

import json
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Team
from accounts.steps import tellers, told
from history import formats

from . import steps
from .models import Snooze

FOR = timedelta(days=7)
MINE = {Team.SALES: steps.of_sales, Team.SUPPORT: steps.of_support}


@require_POST
def snooze(request, code, pk):
    """
    The step goes from the home page for a week. One that is done already is gone anyhow.

    Raise Http404 if there is no such step or record, PermissionDenied if it is somebody else's.
    """
    model = next((model for model, teller in tellers.items() if code in teller.codes), None)
    if model is None:
        raise Http404
    get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    if request.user.team not in MINE:
        raise PermissionDenied
    step = _step(request.user, model, code, pk)
    if step is None and not model.objects.mine(request.user).filter(pk=pk):
        raise PermissionDenied
    if step is None:
        messages.info(request, _("This step is done already, or no longer needed."))
        return redirect("dashboard:home")
    until = localdate() + FOR
    what = {"person": request.user, "code": code, "record_id": pk}
    Snooze.objects.update_or_create(**what, defaults={"until": until})
    named = {"title": strip_tags(step.title), "day": formats.day(until)}
    undo = {"url": reverse("dashboard:unsnooze", args=[code, pk]), "words": _("Bring back")}
    messages.success(
        request, _("Put off until %(day)s: %(title)s.") % named,
        extra_tags=json.dumps(undo | {"fields": {}}),
    )  # fmt: skip
    return redirect("dashboard:home")


@require_POST
def unsnooze(request, code, pk):
    """One's own alone; nothing is there to bring back of anybody else's."""
    Snooze.objects.filter(person=request.user, code=code, record_id=pk).delete()
    messages.success(request, _("The action is back in your list."))
    return redirect("dashboard:home")


def _step(user, model, code, pk):
    for records in MINE[user.team](user):
        if records.model is model and (record := records.filter(pk=pk, step=code).first()):
            return told(record)
    return None
