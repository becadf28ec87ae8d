from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The whole: what looks at every app at once (settings, checks, the demo agency)."""

    name = "epic_crm"

    def ready(self):
        from . import checks  # noqa: F401
