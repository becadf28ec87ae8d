from django.core.management.base import BaseCommand, CommandError, no_translations

from dashboard.held import as_json, held


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server."""

    help = "Write, as JSON, all that is held about a client and its contact person."

    def add_arguments(self, parser):
        parser.add_argument("person", help="the e-mail address, or the number of the client")

    @no_translations
    def handle(self, *, person, **options):
        found = held(person)
        if not found:
            raise CommandError(f"Nothing is held about “{person}”.")
        self.stdout.write(as_json(found))
