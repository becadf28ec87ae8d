"""
Lists copied out of the CRM, as a file for a spreadsheet.

To read is everybody's right; to copy out is one of its own, asked of each record, and each time
the journal says who did, what they had asked for and how much came of it.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_filters import ChoiceFilter

from accounts import brake
from accounts.access import NONE, Refused, permission, scope
from accounts.confirm import ask
from accounts.filters import AmountFilter, DayFilter, PersonFilter
from accounts.login import not_in_demo
from accounts.querysets import FOUND
from clients.views import ClientList
from contracts.views import ContractList
from events.views import EventList
from history import journal
from history.verbs import Kind, Verb, facts, verbs

from . import columns

LISTS = {"clients": ClientList, "contracts": ContractList, "events": EventList}
MOST = 50_000  # Records of one file: made in a few seconds, while somebody waits.

facts["exported"] = models.PositiveIntegerField(gettext_lazy("records in the file"))
facts["words"] = models.CharField(gettext_lazy("search"))


def _fact(asked):
    """As what the value of a filter reads in the journal."""
    if isinstance(asked, DayFilter):
        return models.DateField(asked.label)
    if isinstance(asked, AmountFilter):
        return models.DecimalField(asked.label)
    choices = asked.extra.get("choices") if isinstance(asked, ChoiceFilter) else None
    return models.CharField(asked.label, choices=choices)


WORDS = {
    "clients": (
        gettext_lazy("You exported clients"),
        gettext_lazy("%(who)s exported clients"),
    ),
    "contracts": (
        gettext_lazy("You exported contracts"),
        gettext_lazy("%(who)s exported contracts"),
    ),
    "events": (
        gettext_lazy("You exported events"),
        gettext_lazy("%(who)s exported events"),
    ),
}
for _kind, _list in LISTS.items():
    _views = [(code, label) for code, (label, _method) in _list.views.items()]
    _told = {f"{_kind}_view": models.CharField(gettext_lazy("view"), choices=_views)}
    for _name, _filter in _list.filterset_class.base_filters.items():
        _told[f"{_kind}_{_name}"] = _fact(_filter)
    facts.update(_told)
    verbs[f"export_{_kind}"] = Verb(
        "download", *WORDS[_kind], tells=("exported", "words", *_told), kind=Kind.EXPORT, own=True
    )


class Listed:
    """A list as its address describes it, without what this person may not copy out."""

    def __init__(self, request, kind):
        self.kind, self.view, self.by = kind, LISTS[kind](), request.user
        self.view.setup(request)
        model = self.view.queryset.model
        self.perm = permission(model, "export")
        if scope(self.by, self.perm) == NONE:
            raise Refused(self.perm)
        # First whose they are, then the words: a search stops at so many.
        self.view.queryset = model.objects.allowing(self.by, "export")

    @cached_property
    def records(self):
        return self.view.in_order(self.view.found(self.view.view_code))

    @cached_property
    def number(self):
        return self.records.order_by().count()

    @property
    def problem(self):
        """Why there is no file to be made; empty if there is."""
        if not self.number:
            return _("There is nothing to export here.")
        most = FOUND if self.view.words else MOST
        if self.number > most:
            return _too_many(most)
        return ""

    @property
    def is_part(self):
        """Whether records of the list may be missing in the file."""
        return not self.by.has_perm(self.perm)

    @property
    def back(self):
        return reverse(f"{self.kind}:list") + self.view.url()

    @property
    def labels(self):
        return columns.labels(self.kind, self.view.queryset.model)

    @property
    def view_label(self):
        return self.view.views[self.view.view_code][0]

    @property
    def asked(self):
        """What the journal keeps of the address: by field, raw."""
        view = self.view
        asked = {f"{self.kind}_view": view.view_code}
        if view.words:
            asked["words"] = view.words
        for name, _label, text in view.filterset.in_words():
            by_person = isinstance(view.filterset.filters[name], PersonFilter)
            value = view.filterset.form.cleaned_data[name]
            asked[f"{self.kind}_{name}"] = text if by_person else value
        return asked


def _too_many(most):
    return _("More than %(most)s records: narrow the list.") % {"most": localize(most)}


def copy_out(kind, records, *, by, asked):
    """
    A file of those of the ``records`` that ``by`` may copy out, and its entry in the journal.

    The entry is there before anybody has a byte of it, and tells how many it holds. Raise Refused
    if there is none, ValidationError if there are too many, TooMuch if it is one list too many in
    this hour.
    """
    perm = permission(records.model, "export")
    brake.export(by)
    file, number = columns.write(kind, records.filter(scope(by, perm))[: MOST + 1])
    if not number:
        raise Refused(perm)
    if number > MOST:
        raise ValidationError(_too_many(MOST))
    told = {name: (None, value) for name, value in asked.items()}
    with transaction.atomic():
        journal.record(by, f"export_{kind}", by, told | {"exported": (None, number)})
    return file


@require_http_methods(["GET", "HEAD", "POST"])
@not_in_demo
def export(request, kind):
    """What would be copied out, and on POST the file."""
    listed = Listed(request, kind)
    if page := ask(request, listed.perm):
        return page
    if request.method == "POST" and not listed.problem:
        file = copy_out(kind, listed.records, by=request.user, asked=listed.asked)
        name = f"{kind}-{localdate()}.csv"
        return FileResponse(
            file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
        )
    # How many there are, and whose name a filter tells, is read here too.
    cost = 0 if listed.is_part else listed.view.cost
    brake.search(request.user, cost)
    if not cost:
        brake.show_names(request.user, listed.view.named_records)
    status = 422 if request.method == "POST" else 200
    return render(request, "dashboard/export.html", {"listed": listed}, status=status)
