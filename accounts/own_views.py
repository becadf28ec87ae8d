"""What everybody sees to for themselves: preferences, sessions, absences; and what one may do."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import absences, workflow
from .confirm import ask
from .forms import AbsenceForm, EndAbsenceForm, EndSessionForm, PreferencesForm
from .models import Absence, Session
from .permissions import tables


@require_safe
def permissions(request):
    """Who can do what, and when: for everybody to read."""
    return render(request, "accounts/permissions.html", {"tables": tables()})


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """Language, theme and keys of one's own screen, and what comes by mail."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.instance.save(update_fields=["language", "theme", "mails", "shortcuts"])
        language = form.instance.language or translation.get_language_from_request(request)
        with translation.override(language):
            messages.success(request, _("Preferences saved."))
        return redirect("account")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/preferences.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request):
    """Where one is signed in; POST ends one of the others, or all of them, asked once more."""
    if request.method != "POST":
        mine = Session.objects.open_of(request.user)
        return render(request, "accounts/sessions.html", {"sessions": mine})
    if page := ask(request):
        return page
    others = Session.objects.filter(person=request.user)
    others = others.exclude(session_key=request.session.session_key)
    form = EndSessionForm(request.POST, sessions=others)
    if form.is_valid() and workflow.end_sessions(form.chosen(), by=request.user):
        messages.success(request, _("Signed out there."))
    else:  # Somebody else's too: nobody learns which sessions there are.
        messages.info(request, _("That session had ended already."))
    return redirect("account_sessions")


@require_http_methods(["GET", "HEAD", "POST"])
def own_absences(request):
    """When one is away, and who stands in."""
    return absences_of(request, request.user, "accounts/absence.html")


def absences_of(request, person, template):
    """When ``person`` is away, and who stands in; POST plans an absence, or ends one."""
    absences.require_for(request.user, person)
    theirs = Absence.objects.filter(person=person, ends_on__gte=localdate()).order_by("starts_on")
    if "absence" in request.POST:
        return _end_absence(request, theirs)
    form = AbsenceForm(request.POST or None, colleagues=absences.stand_ins(person))
    if form.is_valid():
        try:
            absences.plan(person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Absence planned."))
            return redirect(request.path)
    context = {"form": form, "absences": theirs.select_related("delegate"), "person": person}
    status = 422 if form.is_bound else 200
    return render(request, template, context, status=status)


def _end_absence(request, theirs):
    form = EndAbsenceForm(request.POST, absences=theirs)
    if form.is_valid():
        absences.end(form.cleaned_data["absence"], by=request.user)
        messages.success(request, _("The absence has ended."))
    else:  # Somebody else's too.
        messages.info(request, _("That absence had ended already."))
    return redirect(request.path)
