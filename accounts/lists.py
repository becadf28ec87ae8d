"""
List pages. Their whole state is the query string, so that an address can be sent to a colleague.

``q`` words, ``view`` a named set, ``sort`` a column, filters, and ``after`` or ``before`` a
record: pages go on from a record and not from a number, which costs the same at any depth.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django_htmx.http import push_url

from . import brake, places
from .access import NONE, permission, scope
from .counting import Count, counts, counts_and_total
from .filters import KeyFilter
from .models import Team
from .paging import Pages
from .querysets import FOUND

LONGEST = 200  # Characters of a parameter that are read.

OWN = ("mine", "delegated")  # The views of what is in one's own hands.


@dataclass
class Link:
    """A tab, a sorted column or a chip: its words, where it leads, whether it is the current."""

    label: Any
    url: str
    current: bool = False
    descending: bool = False
    count: Count | None = None


class RecordListView(Pages, TemplateView):
    """
    ``views`` maps a code to its label and the method of the queryset that makes the set, given
    the person. ``sorts`` maps a code to its label and an indexed column that is never null.
    ``total_of`` is the column of which one is told the sum.

    Asked by htmx, the same address answers with what a search or a filter changes, and no shell.
    """

    queryset: Any = None
    views: dict[str, tuple[Any, str]] = {}
    sorts: dict[str, tuple[Any, str]] = {}
    default_sort = ""
    view_sorts: dict[str, str] = {}  # Of the views that begin in another order.
    filterset_class: Any = None
    total_of = ""
    title: Any = ""
    search_label: Any = ""
    bulk = ""  # The right of whoever chooses rows here, to do something to all of them.
    kept: tuple[str, ...] = ("view", "sort")  # What a search or a filter leaves as it is.

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        own = {"q", "view", "sort", "after", "before", *self.filters}
        foreign = dict.fromkeys(self.request.GET.keys() - own)
        places.keep(
            response, self.request.user, self.queryset.model._meta.app_label, self.url(**foreign)
        )
        if self.request.htmx:  # Without what the form left empty.
            push_url(response, self.request.path + self.url())
        return response

    def get_context_data(self, **kwargs):
        brake.search(self.request.user, self.cost)
        if not self.cost:
            brake.show_names(self.request.user, self.named_records)
        records, chips, numbers = self.page(), self.chips(), self.numbers
        return super().get_context_data(
            frame="components/list_part.html" if self.request.htmx else "base.html",
            records=records,
            position=self.position(records),
            count=numbers[self.view_code],
            tabs=self.tabs(),
            columns=self.columns(),
            chips=chips,
            filterset=self.filterset,
            view_code=self.view_code,
            words=self.words,
            list_name=self.queryset.model._meta.app_label,
            own_query=self.own_query(self.request.GET, self.request.user),
            narrowed=bool(self.words or chips),
            base_url=self.url(q=None, after=None, before=None, **dict.fromkeys(self.filters)),
            kept=[(k, v) for k, v in self.request.GET.items() if k in self.kept],
            **kwargs,
        )

    @cached_property
    def may_choose(self):
        perm = self.bulk and permission(self.queryset.model, self.bulk)
        return bool(perm) and self.request.user.has_perm(perm)

    @property
    def cost(self):
        """How many searches this page is worth; one's own records, and a list as such, none."""
        asked = self.request.GET
        if self.view_code in OWN or self._is_narrowed_to_own:
            return 0
        if asked.keys() & {"after", "before"}:
            return brake.TURN
        return int(any(asked.get(name) for name in ("q", "sort", *self.filters)))

    @property
    def _is_narrowed_to_own(self):
        """By a filter that this list has: of any other, what the address says narrows nothing."""
        told = self.filterset.form.cleaned_data if self.filterset else {}
        return told.get(self.own_filter) == str(self.request.user.pk)

    @property
    def named_records(self):
        """The records that filters name by their keys."""
        if not self.filterset:
            return []
        asked = self.filterset.form.cleaned_data
        by_key = [name for name in self.filters if isinstance(asked.get(name), Model)]
        return [asked[name] for name in by_key]

    # --- What was asked --------------------------------------------------------------------

    @cached_property
    def words(self):
        return self.request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]

    @cached_property
    def view_code(self):
        return self._known("view", self.views, self.default_view(self.request.user))

    def default_view(self, user):
        """One's own records first; management has none of its own and sees all."""
        return "all" if user.team == Team.MANAGEMENT else next(iter(self.views))

    @cached_property
    def sort(self):
        asked = self._known("sort", [*self.sorts, *(f"-{code}" for code in self.sorts)], "")
        return asked or self._first_sort(self.view_code)

    def _first_sort(self, view_code):
        return self.view_sorts.get(view_code, self.default_sort)

    @cached_property
    def filters(self):
        return list(self.filterset_class.base_filters) if self.filterset_class else []

    @property
    def own_filter(self):
        """Which filter says what the view of one's own says: not offered there, it is answered."""
        is_support = self.request.user.team == Team.SUPPORT
        return "support_contact" if is_support else "sales_contact"

    @cached_property
    def filterset(self):
        if not self.filterset_class:
            return None
        filterset = self.filterset_class(self.request.GET, queryset=self.queryset.all())
        for each in filterset.filters.values():
            if isinstance(each, KeyFilter):  # Nobody is told the name of what they may not see.
                each.queryset = each.queryset.visible_to(self.request.user)
        if self.view_code == "mine" and not self.request.GET.get(self.own_filter):
            filterset.form.fields.pop(self.own_filter, None)
        if not filterset.form.is_valid():
            messages.warning(self.request, _("A filter that makes no sense was ignored."))
        elif filterset.is_backwards():
            messages.warning(self.request, _("In a filter the end is before the start."))
        return filterset

    def own_query(self, query, user):
        """
        What of a query string says which records are shown, and in which order: its own
        parameters, in one order, none twice, and no place. What it does not know is left out.
        """
        asked = {
            name: query.get(name, "").replace("\x00", "").strip()[:LONGEST]
            for name in ("view", "q", *self.filters, "sort")
        }
        if asked["view"] not in self.views:
            asked["view"] = self.default_view(user)
        first_sort = self._first_sort(asked["view"])
        if asked["sort"] == first_sort or asked["sort"].lstrip("-") not in self.sorts:
            asked["sort"] = ""
        return urlencode({name: value for name, value in asked.items() if value})

    def _known(self, name, codes, otherwise):
        asked = self.request.GET.get(name)
        if not asked or asked in codes:
            return asked or otherwise
        messages.warning(self.request, _("A choice that does not exist was ignored."))
        return otherwise

    # --- What is found ---------------------------------------------------------------------

    def found(self, view_code):
        """Every record of a view that has the words and passes the filters, in no order."""
        user = self.request.user
        records = self.queryset.all().visible_to(user)
        records = getattr(records, self.views[view_code][1])(user)
        if self.filterset:
            records = self.filterset.filter_queryset(records)
        return records.matching(self.words)

    @cached_property
    def counted(self):
        """
        The views whose number is told.

        What is sought among one's own is not counted by the brake, so it tells no number of what
        is in other hands: asked often enough, that would read out a telephone number.
        """
        asked = any(self.request.GET.get(name) for name in ("q", *self.filters))
        among_own = self.view_code in OWN and asked
        return [code for code in self.views if code in OWN or not among_own]

    @cached_property
    def numbers(self):
        """How many records each view has, by code; of the current one also what they come to."""
        user, sets = self.request.user, [self.found(code) for code in self.counted]
        most = FOUND if self.words else None
        if self.place:
            sets.append(self.found(self.view_code).filter(self._passed()))
        if self.total_of:
            here = self.counted.index(self.view_code)
            found = counts_and_total(user, sets, here, self.total_of, most)
        else:
            found = counts(user, *sets, most=most)
        self.passed = found[-1] if self.place else None
        return dict(zip(self.counted, found, strict=False))

    def with_details(self, records):
        """Bring along what a row shows."""
        return records

    # --- Where to go from here -------------------------------------------------------------

    def url(self, **changes):
        """This address with other parameters; None takes one out, as does nothing at all."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query[name] = value or ""
        for name in [name for name, value in query.items() if not value]:
            del query[name]
        return f"?{query.urlencode()}"

    @property
    def export_url(self):
        """Where this list is copied out as it stands; empty for who may copy out none of it."""
        model = self.queryset.model
        if scope(self.request.user, permission(model, "export")) == NONE:
            return ""
        page = reverse(f"dashboard:export_{model._meta.app_label}")
        return page + self.url(after=None, before=None)

    def tabs(self):
        here = {"after": None, "before": None}
        return [
            Link(
                label,
                self.url(view=code, **here),
                code == self.view_code,
                count=self.numbers.get(code),
            )
            for code, (label, _method) in self.views.items()
        ]

    def columns(self):
        """The sortable columns by code: a second click turns the order round."""
        links = {}
        for code, (label, _column) in self.sorts.items():
            current, descending = self.sort.lstrip("-") == code, self.sort.startswith("-")
            turned = f"-{code}" if current and not descending else code
            url = self.url(sort=turned, after=None, before=None)
            links[code] = Link(label, url, current, descending)
        return links

    def chips(self):
        """One for each filter in force; its link leads to the page without it."""
        if not self.filterset:
            return []
        return [
            Link(
                _("%(field)s: %(value)s") % {"field": label, "value": value},
                self.url(**{name: None, "after": None, "before": None}),
            )
            for name, label, value in self.filterset.in_words()
        ]
