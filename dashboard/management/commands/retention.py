from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts import search_index
from accounts.access import WrongMoment
from dashboard.retention import KINDS

MOST = 100  # Of a kind that are named.


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server; names keys, not people."""

    help = "List what has been held for as long as the law lets it; with --do, erase it."

    def add_arguments(self, parser):
        parser.add_argument("--do", action="store_true", help="erase what is due")

    @no_translations
    def handle(self, *, do, **options):
        failed = 0
        for name, kind in KINDS.items():
            if kind.at_once:
                number = kind.due().count()
                said = f"{kind.do(kind.due())} of {number} erased" if do else f"{number} due"
                self.stdout.write(f"{name}: {said}")
                continue
            due = list(kind.due().values_list("pk", flat=True))
            if not do:
                self.stdout.write(f"{name}: {len(due)} due{_keys(due)}")
                continue
            done = 0
            for pk in due:
                # Asked once more, one by one: somebody may have called meanwhile.
                if (record := kind.due().filter(pk=pk).first()) is None:
                    continue
                try:
                    kind.do(record)
                    done += 1
                except (WrongMoment, ValidationError):
                    failed += 1
            self.stdout.write(f"{name}: {done} of {len(due)} erased")
        if not do:
            self.stdout.write("Nothing was changed. With --do this is erased for good.")
            return
        search_index.purge()
        if failed:
            raise CommandError(f"{failed} could not be erased; run it again.")


def _keys(due):
    if not due:
        return ""
    more = ", …" if len(due) > MOST else ""
    return ": " + ", ".join(map(str, due[:MOST])) + more
