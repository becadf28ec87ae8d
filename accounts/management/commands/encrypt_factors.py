from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.factors import encrypt_anew


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server."""

    help = (
        "Encrypt second factors anew with the first SECOND_FACTOR_KEY, so that the others can go."
    )

    @no_translations
    def handle(self, **options):
        done, lost = encrypt_anew()
        self.stdout.write(f"{done} encrypted with the first key.")
        if lost:
            raise CommandError(f"No key opens {lost}: the log says which.")
