"""Users in the admin site: a list of Django's, and pages that do the verbs of ``people``."""

from django.contrib import admin, messages
from django.db.models import Q
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from . import people_views as pages
from .fields import plain
from .models import Team, User
from .portfolio import portfolio
from .searching import search_words
from .site import site


class KnownFilter(admin.SimpleListFilter):
    """Of an address somebody typed, a value that is not offered is ignored, and said to be."""

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        if super().value() and self.value() is None:
            messages.warning(request, gettext("A choice that does not exist was ignored."))

    def value(self):
        value = super().value()
        return value if value in dict(self.lookup_choices) else None


class TeamFilter(KnownFilter):
    title = _("Team")
    parameter_name = "team"

    def lookups(self, request, model_admin):
        return [*Team.choices, ("none", _("No team"))]

    def queryset(self, request, people):
        value = self.value()
        return people.filter(groups__name=None if value == "none" else value) if value else people


class StateFilter(KnownFilter):
    title = _("Account")
    parameter_name = "state"
    STATES = {
        "active": (_("Active"), Q(is_active=True)),
        "new": (_("Never signed in"), Q(is_active=True, last_login=None)),
        "closed": (_("Deactivated"), Q(is_active=False)),
    }

    def lookups(self, request, model_admin):
        return [(code, label) for code, (label, _which) in self.STATES.items()]

    def queryset(self, request, people):
        return people.filter(self.STATES[self.value()][1]) if self.value() else people


class FactorFilter(KnownFilter):
    title = _("Second factor")
    parameter_name = "factor"

    def lookups(self, request, model_admin):
        return [("yes", _("Set up")), ("no", _("None"))]

    def queryset(self, request, people):
        return people.filter(has_factor=self.value() == "yes") if self.value() else people


class HoldsFilter(KnownFilter):
    title = _("Holds")
    parameter_name = "holds"

    def lookups(self, request, model_admin):
        return [(name, holding.label) for name, holding in portfolio.items()]

    def queryset(self, request, people):
        return people.filter(**{f"{self.value()}_held__gt": 0}) if self.value() else people


@admin.register(User, site=site)
class UserAdmin(admin.ModelAdmin):
    """Superusers are not there: no page shows one, or makes one."""

    list_display = ["name", "email", "team_name", "state", "factor", "last_login"]
    list_filter = [TeamFilter, StateFilter, FactorFilter, HoldsFilter]
    search_fields = ["first_name", "last_name", "email"]
    ordering = ["first_name", "last_name", "pk"]
    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request):
        return pages.accounts()

    def get_search_results(self, request, queryset, search_term):
        """Accents and case ignored, as everywhere; the people of a house are few."""
        words = search_words(search_term)
        found = [
            person.pk
            for person in queryset
            if all(word in plain(f"{person} {person.email} {person.phone}") for word in words)
        ]
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("Name"), ordering="first_name")
    def name(self, person):
        return str(person)

    @admin.display(description=_("Team"), ordering="groups__name")
    def team_name(self, person):
        return person.get_team_display()

    @admin.display(description=_("Account"), ordering="is_active")
    def state(self, person):
        return person.is_active

    @admin.display(description=_("Second factor"), ordering="has_factor")
    def factor(self, person):
        return person.has_factor

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Users")})

    def get_urls(self):
        views = {
            "changelist": ("", self.changelist_view),
            "add": ("add/", pages.add),
            "change": ("<int:pk>/change/", pages.change),
            "team": ("<int:pk>/team/", pages.Move.as_view()),
            "deactivate": ("<int:pk>/deactivate/", pages.Deactivate.as_view()),
            "reactivate": ("<int:pk>/reactivate/", pages.Reactivate.as_view()),
            "sign_out": ("<int:pk>/sign-out/", pages.SignOut.as_view()),
            "delete": ("<int:pk>/delete/", pages.Delete.as_view()),
            "unblock": ("<int:pk>/unblock/", pages.unblock),
            "invitation": ("<int:pk>/invitation/", pages.invitation),
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"accounts_user_{name}")
            for name, (route, view) in views.items()
        ]
