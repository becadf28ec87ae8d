from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.factors import reset
from accounts.models import User


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server."""

    help = "Take the second factor from an account: for the only manager, who lost theirs."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the address of the account")

    @no_translations
    def handle(self, *, email, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"There is no account “{email}”.")
        reset(person, by=None)
        self.stdout.write(f"{person} can sign in with the password alone; their sessions ended.")
