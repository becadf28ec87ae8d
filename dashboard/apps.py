from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self):
        from history import journal

        from .notifications import tell

        journal.listeners.append(tell)
