from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from clients.models import Client
from epic_crm.demo import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Fill an empty database with a demo agency: thirty people and the story of a year."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, instead of failing, if it is not"
        )

    def handle(self, *, if_empty, **options):
        if not settings.DEMO:
            raise CommandError("Only with DEMO=1: everybody knows the password of its accounts.")
        if not (User.objects.exists() or Client.objects.exists()):
            try:  # What it needs is in requirements-demo.txt alone.
                from epic_crm.demo.replay import replay
            except ModuleNotFoundError as missing:
                raise CommandError(
                    f"{missing}: `make demo` installs what the demo needs."
                ) from missing
            replay()
        elif not if_empty:
            raise CommandError(
                "The database already holds people or clients: the demo data goes into an empty "
                "one only. Nothing was changed."
            )
        elif not User.objects.filter(email=ACCOUNTS[0].email).exists():
            self.stdout.write("The database holds data of its own: no demo data was added.")
            return
        self.stdout.write(f"Demo accounts, all with the password {PASSWORD}:")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:<38}{account.name}, {account.team or 'no team'}")
