from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.models import User
from accounts.people import sign_out


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server."""

    help = (
        "End the sessions of an account, or of all: when one was stolen, or nobody knows how many."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", help="the address of the account")
        parser.add_argument("--all", action="store_true", help="of everybody")

    @no_translations
    def handle(self, *, email, **options):
        if bool(email) == options["all"]:
            raise CommandError("Name an account, or say --all.")
        people = User.objects.all() if options["all"] else User.objects.filter(email__iexact=email)
        if not people:
            raise CommandError(f"There is no account “{email}”.")
        ended = sum(sign_out(person, by=None) for person in people)
        self.stdout.write(f"{ended} sessions ended.")
