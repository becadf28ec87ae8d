from django.core.management.base import BaseCommand

from dashboard.models import Notification
from dashboard.reminders import remind


class Command(BaseCommand):
    help = "Remind of events that come near, and drop old notifications; once a day, or more often."

    def handle(self, **options):
        told = remind()
        dropped, _models = Notification.objects.outdated().delete()
        self.stdout.write(f"{told} reminders written, {dropped} old notifications dropped.")
