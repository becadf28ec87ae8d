from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from . import checks, copies, factors, search_index  # noqa: F401

        # Who, when, and what may be typed: known before the first request.
        autodiscover_modules(
            "policy",
            "workflow",
            "delegations",
            "absences",
            "requests",
            "people",
            "invitations",
            "notes",
            "checklist",
            "checklist_template",
            "forms",
            "steps",
            "privacy",
            "erasure",
        )
        copies.listen()
        post_migrate.connect(make_teams, sender=self)
        post_migrate.connect(search_index.install, sender=self)


def make_teams(using, **kwargs):
    """After every ``migrate``, not by a migration: a flush empties them too."""
    from django.contrib.auth.models import Group

    from .models import Team

    for team in Team:
        Group.objects.using(using).get_or_create(name=team)
