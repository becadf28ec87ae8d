from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self):
        from history import journal

        from .erasure import forget_deleted
        from .notifications import tell

        journal.listeners += [tell, forget_deleted]
