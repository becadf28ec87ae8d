from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.permissions import markdown

PAGE = Path(settings.BASE_DIR) / "docs/permissions.md"


class Command(BaseCommand):
    help = "Write docs/permissions.md, who can do what, from the policies."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only tell whether it is stale")

    def handle(self, *, check, **options):
        with translation.override("en"):
            text = markdown()
        if not check:
            PAGE.write_text(text)
        elif not PAGE.exists() or PAGE.read_text() != text:
            raise CommandError("docs/permissions.md is stale: run make permissions.")
