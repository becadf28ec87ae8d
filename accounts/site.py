"""
The admin site: where management looks after users, and nothing else.

Django's own, with our door: the policy says who comes in, and not ``is_staff``; its login, its
passwords and its bulk actions are left out, and its audit is our journal.
"""

from functools import wraps

from django.contrib.admin import AdminSite
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from .access import require
from .confirm import ask

PERM = "accounts.manage_user"


class Administration(AdminSite):
    site_header = _("Epic Events, administration")
    site_title = _("Administration")

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.has_perm(PERM)

    def each_context(self, request):
        """Our own shell stands around the pages: no list of applications."""
        return {"site_header": self.site_header, "site_title": self.site_title}

    def admin_view(self, view, cacheable=False):
        """Who may not is told whom to ask; who may is asked once more who they are, if long ago."""

        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request.user, PERM)
            return ask(request, PERM, fully=True) or view(request, *args, **kwargs)

        return guarded

    def get_urls(self):
        urls = [path("", self.admin_view(self.index), name="index")]
        for model, options in self._registry.items():
            prefix = f"{model._meta.app_label}/{model._meta.model_name}/"
            urls += [
                path(f"{prefix}{url.pattern}", url.callback, name=url.name)
                for url in options.get_urls()
            ]
        return urls

    @property
    def urls(self):
        return self.get_urls(), "admin", self.name

    def index(self, request, extra_context=None):
        """There is one thing to look after."""
        return require_safe(lambda request: redirect("admin:accounts_user_changelist"))(request)


site = Administration()
