"""
One verb for many records: each is done by itself, and what became of each is told.

The refusal of one stops no other, and sent twice nothing is done twice: docs/adr/0017.
"""

from functools import partial
from html import unescape
from typing import Any
from uuid import uuid5

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import FormView

from . import brake
from .access import Refused, WrongMoment, moments, permission, require
from .forms import OnceForm, PlainForm
from .middleware import why
from .places import way_back
from .reasons import rule
from .submissions import AlreadyMade, made_before, once
from .views import METHODS, deleted

MOST = 50  # Records at a time: two pages of a list.
KEPT = "bulk"  # What became of the records, in the session, for the page that tells it.
DONE, SAME, REFUSED = "done", "same", "refused"


class BulkForm(OnceForm, PlainForm):
    """What is typed once for all of them."""

    def key_of(self, pk):
        """The key of this page for one record, as long as the same is asked for it."""
        typed = [str(getattr(value, "pk", value)) for value in self.cleaned_data.values()]
        return self.key and uuid5(self.key, " ".join([str(pk), *typed]))


class BulkView(FormView):
    """
    Do a verb to the chosen records: GET shows them, POST does it and leads to what became of each.

    403 for who may not, 422 if nothing is chosen or typed. ``chosen`` are the keys of records;
    without any, GET offers those that are ``waiting`` for the verb. ``contact`` is the field in
    which the verb names somebody, if it does.
    """

    http_method_names = METHODS
    form_class: type = BulkForm
    queryset: Any = None
    action = ""
    verb: Any = None
    order: tuple[str, ...] = ()
    contact = ""
    message: Any = ""  # What was done, where nobody is named.
    title: Any = ""
    list_title: Any = ""
    row_template = ""  # What a row tells beside the name.

    def dispatch(self, request, *args, **kwargs):
        require(request.user, self.perm)
        return super().dispatch(request, *args, **kwargs)

    @property
    def perm(self):
        return permission(self.queryset.model, self.action)

    @property
    def list_name(self):
        return self.queryset.model._meta.app_label

    def waiting(self, records):
        """Of these, the ones to offer to whoever has chosen none."""
        return records.none()

    def wanted(self):
        """When the verb may be done, in words; nothing if there is no bad moment."""
        return capfirst(moments[self.perm].words) if self.perm in moments else ""

    # --- What is chosen ---------------------------------------------------------------------

    @cached_property
    def shown(self):
        return _keys(self.request.GET.getlist("chosen"))

    @cached_property
    def chosen(self):
        posted = self.request.method == "POST"
        return _keys(self.request.POST.getlist("chosen")) if posted else self.shown

    @cached_property
    def rows(self):
        """The records of the page, each marked with whether the verb may be done to it."""
        records = self.queryset.all().visible_to(self.request.user)
        offered = Q(pk__in=self.shown)
        if not self.shown:
            offered = Q(pk__in=self.waiting(records).values("pk"))
        found = records.filter(offered | Q(pk__in=self.chosen)).order_by(*self.order)
        rows = list(found.with_rights(self.request.user, self.action)[:MOST])
        for row in rows:
            row.is_open = getattr(row, f"may_{self.action}")
        return rows

    def problem(self):
        if not self.chosen:
            return _("Choose at least one line.")
        if len(self.chosen) > MOST:
            return _("Choose %(most)d lines at most.") % {"most": MOST}
        return ""

    # --- Ask, do, tell ----------------------------------------------------------------------

    def get(self, request, *args, **kwargs):
        if "done" in request.GET:
            return self.tell()
        if (self.shown or "from" in request.GET) and (problem := self.problem()):
            messages.warning(request, problem)
            return redirect(way_back(request, self.list_name))
        brake.search(request.user, brake.TURN)  # As much to read as on a page of the list.
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        form.full_clean()
        if problem := self.problem():  # Told together with what is wrong with the rest.
            form.add_error(None, problem)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_invalid(self, form):
        brake.search(self.request.user, brake.TURN)  # It shows what was chosen, whatever that was.
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        lost = len(set(self.shown) - {row.pk for row in self.rows})
        return super().get_context_data(lost=lost, **kwargs)

    def form_valid(self, form):
        names = {row.pk: str(row) for row in self.rows}
        told = [[pk, names.get(pk, ""), *self.outcome(pk, form)] for pk in self.chosen]
        self.request.session[KEPT] = {"of": self.request.path, "told": told}
        return redirect(f"{self.request.path}?done=1")

    def outcome(self, pk, form):
        """Do it to one record, in a transaction of its own: what became of it, and in words."""
        user, key = self.request.user, form.key_of(pk)
        again = DONE, _("Done when this page was sent the first time.")
        try:
            record = self.queryset.all().get_for(user, self.action, pk, shown=False)
            once(key, partial(type(self).verb, record, by=user, **form.cleaned_data), by=user)
        except AlreadyMade:
            return again
        except (Http404, Refused, WrongMoment, ValidationError) as refusal:
            if made_before(user, key):
                return again
            return REFUSED, self.why_not(refusal, pk)
        return self.said(record, form)

    def said(self, before, form):
        """In words what was done to a record, given as it was ``before``."""
        if not self.contact:
            return DONE, str(self.message)
        person, was = form.cleaned_data[self.contact], getattr(before, self.contact)
        if was == person:
            return SAME, _("%(person)s was in charge already.") % {"person": person}
        names = {"person": person, "before": was or _("nobody")}
        return DONE, _("%(person)s (before: %(before)s).") % names

    def why_not(self, refusal, pk):
        """In words why nothing was done, and who came before."""
        user = self.request.user
        if isinstance(refusal, Refused):
            return str(rule(refusal.perm))
        if isinstance(refusal, ValidationError):
            return " ".join(refusal.messages)
        if isinstance(refusal, WrongMoment):
            wanted = _("For this, %(wanted)s.") % {"wanted": refusal.wanted}
            return f"{_plain(why(refusal, user))} {wanted}".strip()
        line = deleted(user, self.queryset.model, pk)
        return f"{_plain(line.sentence)}." if line else _("This record does not exist any more.")

    def tell(self):
        """What became of the records the last time, each with a way to it."""
        kept = self.request.session.get(KEPT, {})
        if kept.get("of") != self.request.path:
            return redirect(way_back(self.request, self.list_name))
        keys = [pk for pk, *_told in kept["told"]]
        records = self.queryset.all().visible_to(self.request.user).in_bulk(keys)
        told = [(records.get(pk), name, kind, words) for pk, name, kind, words in kept["told"]]
        numbers = {kind: [line[2] for line in told].count(kind) for kind in (DONE, SAME, REFUSED)}
        context = {"view": self, "told": told, "numbers": numbers}
        return render(self.request, "accounts/bulk_done.html", context)


def _keys(texts):
    """The keys among what was sent, each once."""
    digits = (text for text in texts if text.isascii() and text.isdigit() and len(text) < 19)
    return list(dict.fromkeys(map(int, digits)))


def _plain(html):
    return unescape(strip_tags(html))
