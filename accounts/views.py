from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import FormView, UpdateView

from history import formats
from history.models import Entry
from history.words import headline

from . import workflow
from .access import NONE, Refused, WrongMoment, permission, require, scope
from .conflicts import Conflict
from .forms import NoteForm, PlainForm
from .submissions import AlreadyMade, made_before, read_key
from .typed import typed
from .undo import CHANGED, Undo


@contextmanager
def kept(request, form_class):
    """Who may no longer do it, or not now, is shown what they typed: it can be copied."""
    try:
        yield
    except (Http404, Refused, WrongMoment):
        request.typed = typed(form_class, request.POST)
        raise


# Django's form views take a PUT for a POST.
METHODS = ["get", "head", "post", "options"]


class RecordUpdateView(UpdateView):
    """Edit a record: 404 unseen, 403 forbidden, 409 changed meanwhile, 422 not valid."""

    http_method_names = METHODS

    def post(self, request, *args, **kwargs):
        try:
            with kept(request, self.form_class):
                return super().post(request, *args, **kwargs)
        except Http404:
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
        undo = self.undo(form, record)
        tags = undo.packed(record.version) if undo else ""
        messages.success(self.request, saved(form.meanwhile), extra_tags=tags)
        return redirect(record)

    def undo(self, form, record):
        """An Undo for what the form changed, where one click puts that back."""
        return None

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def creating(form_class, page=lambda made: made):
    """
    For a view that makes a record: sent again, its form leads to the ``page`` of what it made.

    Also when that record may be made no more, having been made. Whoever else comes too late is
    shown what they typed.
    """

    def decorate(view):
        @wraps(view)
        def create(request, *args, **kwargs):
            try:
                with kept(request, form_class):
                    return view(request, *args, **kwargs)
            except AlreadyMade as again:
                made = again.record
            except (Http404, Refused, WrongMoment):
                made = made_before(request.user, read_key(request.POST.get("submission")))
                if made is None:
                    raise
            if made is None:
                messages.info(request, _("This form had been sent already. Its record is gone."))
                return redirect("dashboard:home")
            messages.info(request, _("This form had been sent already: here is what it made."))
            return redirect(page(made))

        create.form_class = form_class  # For whose session is over: accounts/middleware.py.
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
            said.append(also % {"who": entry.who, "fields": fields, "when": when})
    return " ".join(said)


def deleted(user, model, pk):
    """The line of the journal that says who deleted this record, for whoever could see it."""
    if scope(user, permission(model, "view")) != NONE:
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

    def post(self, request, *args, **kwargs):
        with kept(request, self.form_class):
            return super().post(request, *args, **kwargs)

    def get_form(self, form_class=None):
        _ = self.record  # Who may not do this, or not now, is told so before anything else.
        return super().get_form(form_class)

    def get_context_data(self, **kwargs):
        name = self.record._meta.model_name
        return super().get_context_data(record=self.record, **{name: self.record}, **kwargs)

    def form_valid(self, form):
        try:
            result = self.do_or_undo(form)
        except ValidationError as error:
            form.refuse(error)
            return self.form_invalid(form)
        self.tell(form, result)
        return redirect(self.next_page(result))

    def tell(self, form, result):
        """Say what was done, with the button that undoes it; what was undone has no other."""
        undo = None if "undo" in self.request.POST else self.undo(form)
        if undo and "from_home" in self.request.POST:  # Where one is led to once more.
            undo.fields["from_home"] = "1"
        tags = undo.packed(result.version) if undo else ""
        messages.success(self.request, self.said(form), extra_tags=tags)

    def do_or_undo(self, form):
        """
        Do it. Posted by an ``undo`` button, only to the version that the button was made for.

        Raise WrongMoment if somebody changed the record since; nothing is done then.
        """
        made_for = self.request.POST.get("undo")
        with transaction.atomic():
            result = self.do(form)
            if made_for is None or str(getattr(result, "version", 0) - 1) == made_for:
                return result
            transaction.set_rollback(True)
        raise WrongMoment(self.record, Entry.objects.about(self.record).first(), CHANGED)

    def undo(self, form):
        """An Undo, where one click puts back what was."""
        return None

    def said(self, form):
        parts = form.cleaned_data | {"record": self.record}
        return formats.fitted(self.message, parts) % parts

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

    def tell(self, form, result):
        """A note is taken back by itself, whatever happened to its record since."""
        undo = Undo(reverse("remove_note", args=[result.entry_id]), pgettext("note", "Remove"), {})
        messages.success(self.request, self.said(form), extra_tags=undo.packed())
