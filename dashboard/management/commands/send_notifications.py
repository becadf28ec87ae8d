from django.core.management.base import BaseCommand, CommandError

from dashboard.outbox import send


class Command(BaseCommand):
    help = "Mail the notifications that are due; every few minutes."

    def handle(self, **options):
        sent, failed = send()
        self.stdout.write(f"{sent} mails sent.")
        if failed:
            raise CommandError(f"{failed} mails could not be sent; they are tried again later.")
