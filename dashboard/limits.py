"""Lift the hourly reading limit of somebody who has a reason to read more."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import brake
from accounts.access import require
from accounts.confirm import confirmed_lately
from accounts.models import User
from history import formats


@confirmed_lately("accounts.lift_limit_user")
@require_POST
def lift(request, pk):
    """Until the end of this hour, or with ``day`` of this day."""
    require(request.user, "accounts.manage_user")
    person = get_object_or_404(User.objects.employees(), pk=pk)
    until = brake.lift(person, by=request.user, whole_day="day" in request.POST)
    said = _("The reading limit of %(person)s is lifted until %(until)s.")
    told = {"person": person, "until": formats.moment(until, "inline")}
    messages.success(request, formats.fitted(said, told) % told)
    return redirect("dashboard:person", person.pk)
