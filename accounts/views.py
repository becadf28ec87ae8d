from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView, UpdateView

from history import formats
from history.models import Entry
from history.words import headline, story

from . import absences, delegations, workflow
from .access import Refused, WrongMoment, allows, permission, require
from .editing import Conflict, typed
from .forms import (
    AbsenceForm,
    DelegateForm,
    EndAbsenceForm,
    EndSessionForm,
    NoteForm,
    PlainForm,
    PreferencesForm,
)
from .models import Absence, Session
from .permissions import tables
from .submissions import AlreadyMade, made_before, read_key

STORY = 10  # Lines of history on a page, before "older".


def timeline(request, entries, known):
    """
    The lines of a record's story that this page shows; ``?history=`` notes or changes only.

    ``known`` are records the page has fetched already.
    """
    kind = request.GET.get("history")
    chosen = {"notes": entries.notes, "changes": entries.changes}.get(kind, entries.all)()
    older = request.GET.get("older", "")
    if older.isascii() and older.isdigit() and len(older) < 19:
        chosen = chosen.filter(pk__lt=older)
    rows = list(chosen.told()[: STORY + 1])
    more = rows[STORY - 1].pk if len(rows) > STORY else None
    lines = story(rows[:STORY], request.user, known)
    return {"lines": lines, "kind": kind, "older": more, "is_older": bool(older)}


def stand_ins(record):
    """The absences of its contacts for which somebody stands in today, for its page."""
    contacts = [person.pk for _role, person in record.contacts() if person]
    away = Absence.objects.on(localdate()).covered().filter(person__in=contacts)
    return away.select_related("person", "delegate").order_by("ends_on", "pk")


def loans(record, user):
    """
    Who may work on a record today beside its contact, for its page.

    Each loan of its own has the address where ``user`` may end it; one that came along with a
    record above has that record as ``through``.
    """
    found = []
    for lent in (record, *record.above()):
        for loan in delegations.loans(lent):
            loan.through = loan.end_url = None
            if lent is not record:
                loan.through = lent
            elif record.may_delegate or user.pk in (loan.user_id, loan.granted_by_id):
                name = f"{record._meta.app_label}:end_delegation"
                loan.end_url = reverse(name, args=[record.pk, loan.pk])
            found.append(loan)
    return found


# Django's form views take a PUT for a POST.
METHODS = ["get", "head", "post", "options"]


class RecordUpdateView(UpdateView):
    """Edit a record: 404 unseen, 403 forbidden, 409 changed meanwhile, 422 not valid."""

    http_method_names = METHODS

    def post(self, request, *args, **kwargs):
        """Who may no longer save is shown what they typed: it can be copied."""
        try:
            return super().post(request, *args, **kwargs)
        except (Http404, Refused, WrongMoment):
            request.typed = typed(self.form_class, request.POST)
            request.gone = deleted(request.user, self.form_class._meta.model, kwargs["pk"])
            raise

    def get_object(self):
        """The record, marked with every right of the form; one of them must open a field."""
        form, user = self.form_class, self.request.user
        record = self.get_queryset().get_for(user, "view", self.kwargs["pk"], *form.actions())
        keys = [right for name in form._meta.fields for right in form.rights[name]]
        if not any(getattr(record, f"may_{right}") for right in keys):
            require(user, permission(form._meta.model, keys[0]), record)
        return record

    def form_valid(self, form):
        try:
            record = form.save(by=self.request.user)
        except Conflict as conflict:
            context = self.get_context_data(form=form, conflict=conflict)
            return self.render_to_response(context, status=409)
        except ValidationError as error:
            form.refuse(error)
            return self.form_invalid(form)
        messages.success(self.request, saved(form.meanwhile))
        return redirect(record)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def creating(form_class):
    """
    For a view that makes a record: sent again, its form leads to the record that it made.

    Also when that record may be made no more, having been made. Whoever else comes too late is
    shown what they typed.
    """

    def decorate(view):
        @wraps(view)
        def create(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except AlreadyMade as again:
                made = again.record
            except (Http404, Refused, WrongMoment):
                made = made_before(request.user, read_key(request.POST.get("submission")))
                if made is None:
                    request.typed = typed(form_class, request.POST)
                    raise
            if made is None:
                messages.info(request, _("This form had been sent already. Its record is gone."))
                return redirect("dashboard:home")
            messages.info(request, _("This form had been sent already: here is what it made."))
            return redirect(made)

        return create

    return decorate


def saved(meanwhile):
    """What is said after a save: also what others changed since the page was opened."""
    said = [_("Saved.")]
    for entry, labels in meanwhile:
        fields = ", ".join(map(str, labels))
        if entry is None:
            said.append(_("Changed meanwhile: %(fields)s.") % {"fields": fields})
        else:
            also = _("%(who)s also changed: %(fields)s (%(when)s).")
            when = formats.moment(entry.at, "inline")
            said.append(also % {"who": entry.actor_name, "fields": fields, "when": when})
    return " ".join(said)


def deleted(user, model, pk):
    """The line of the journal that says who deleted this record, for whoever could see it."""
    if allows(user, permission(model, "view")):
        gone = Entry.objects.about(model(pk=pk)).filter(verb="delete").first()
        return headline(gone, user) if gone else None
    return None


class VerbView(FormView):
    """
    Do a verb to a record: GET shows what will happen, POST does it.

    404 unseen, 403 forbidden, 409 too late, 422 not valid. ``verb`` takes the record, ``by``
    and what ``form_class`` cleaned; ``message`` may name ``%(record)s`` and those.
    """

    http_method_names = METHODS
    form_class: type = PlainForm
    queryset: Any = None
    action = ""
    verb: Any = None
    message = gettext_lazy("Saved.")

    @cached_property
    def record(self):
        return self.queryset.all().get_for(self.request.user, self.action, self.kwargs["pk"])

    def get_form(self, form_class=None):
        _ = self.record  # Who may not do this, or not now, is told so before anything else.
        return super().get_form(form_class)

    def get_context_data(self, **kwargs):
        name = self.record._meta.model_name
        return super().get_context_data(record=self.record, **{name: self.record}, **kwargs)

    def form_valid(self, form):
        try:
            result = self.do(form)
        except ValidationError as error:
            form.refuse(error)
            return self.form_invalid(form)
        messages.success(self.request, self.message % (form.cleaned_data | {"record": self.record}))
        return redirect(self.next_page(result))

    def do(self, form):
        return type(self).verb(self.record, by=self.request.user, **form.cleaned_data)

    def next_page(self, result):
        """Where to go after the verb: the record it was done to, or home if it was asked there."""
        return "dashboard:home" if "from_home" in self.request.POST else self.record

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class NoteView(VerbView):
    """Add a note to a record, from the record's page."""

    action = "note"
    form_class = NoteForm
    verb = workflow.add_note
    template_name = "components/note_form.html"
    message = gettext_lazy("Note added.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except AlreadyMade:
            messages.info(self.request, _("This note had been added already."))
            return redirect(self.next_page(None))

    def do(self, form):
        return form.once(type(self).verb, self.record, by=self.request.user)

    def next_page(self, result):
        return f"{self.record.get_absolute_url()}#history"


@require_safe
def permissions(request):
    """Who can do what, and when: for everybody to read."""
    return render(request, "accounts/permissions.html", {"tables": tables()})


class DelegateView(VerbView):
    """Lend a record to a colleague; ``consequence`` says how much goes along."""

    action = "delegate"
    form_class = DelegateForm
    template_name = "accounts/delegate.html"
    message = gettext_lazy("%(record)s is delegated to %(user)s.")
    consequence: Any = ""

    def get_form_kwargs(self):
        colleagues = delegations.colleagues(self.record, self.request.user)
        return super().get_form_kwargs() | {"colleagues": colleagues}

    def get_context_data(self, **kwargs):
        told = _partials(self.record) | {"consequence": self.consequence}
        return super().get_context_data(**told, **kwargs)

    def do(self, form):
        to, until = form.cleaned_data["user"], form.cleaned_data["until"]
        return delegations.delegate(self.record, by=self.request.user, to=to, until=until)

    def next_page(self, result):
        return self.record


class EndDelegationView(VerbView):
    """Take a record back, or give it back, before the day."""

    template_name = "accounts/delegation_end.html"
    message = gettext_lazy("The delegation has ended.")

    @cached_property
    def record(self):
        return self.queryset.all().get_for(self.request.user, "view", self.kwargs["pk"])

    @cached_property
    def loan(self):
        loan = get_object_or_404(delegations.loans(self.record), pk=self.kwargs["loan"])
        if not delegations.may_end(loan, self.request.user):
            raise Refused(permission(self.record, "delegate"), self.record)
        return loan

    def get_form(self, form_class=None):
        _ = self.loan
        return super().get_form(form_class)

    def get_context_data(self, **kwargs):
        return super().get_context_data(loan=self.loan, **_partials(self.record), **kwargs)

    def do(self, form):
        return delegations.end(self.loan, by=self.request.user)


def _partials(record):
    """The templates by which an app shows a record on a page that is not its own."""
    start = f"{record._meta.app_label}/{record._meta.model_name}"
    return {"breadcrumb": f"{start}_breadcrumb.html", "summary": f"{start}_summary.html"}


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """Language and theme of one's own screen."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.instance.save(update_fields=["language", "theme"])
        language = form.instance.language or translation.get_language_from_request(request)
        with translation.override(language):
            messages.success(request, _("Preferences saved."))
        return redirect("account")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/preferences.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request):
    """Where one is signed in; POST ends one of the others, or all of them."""
    mine = Session.objects.open_of(request.user)
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"sessions": mine})
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
    """When one is away, and who stands in; POST plans an absence, or ends one."""
    user = request.user
    if not user.team:
        raise Refused("accounts.manage_user", user)
    mine = Absence.objects.filter(person=user, ends_on__gte=localdate()).order_by("starts_on")
    if "absence" in request.POST:
        return _end_absence(request, mine)
    form = AbsenceForm(request.POST or None, colleagues=absences.stand_ins(user))
    if form.is_valid():
        try:
            absences.plan(user, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Absence planned."))
            return redirect("account_absence")
    context = {"form": form, "absences": mine.select_related("delegate")}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/absence.html", context, status=status)


def _end_absence(request, mine):
    form = EndAbsenceForm(request.POST, absences=mine)
    if form.is_valid():
        absences.end(form.cleaned_data["absence"], by=request.user)
        messages.success(request, _("The absence has ended."))
    else:  # Somebody else's too.
        messages.info(request, _("That absence had ended already."))
    return redirect("account_absence")
