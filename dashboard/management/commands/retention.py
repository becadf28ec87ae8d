import logging
from itertools import batched
from traceback import extract_tb

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import transaction

from accounts import search_index
from dashboard.retention import KINDS

logger = logging.getLogger("dashboard")
MOST = 100  # Keys of a kind that are named.
AT_ONCE = 1000  # Values that are blanked in one go, with one entry.


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server; names keys, not people."""

    help = "List what has been held for as long as the law lets it; with --do, erase it."

    def add_arguments(self, parser):
        parser.add_argument("--do", action="store_true", help="erase what is due")

    @no_translations
    def handle(self, *, do, **options):
        # All before anything is done: what one kind removes makes nothing due in another, unlisted.
        due = {name: list(kind.due().values_list("pk", flat=True)) for name, kind in KINDS.items()}
        if not do:
            for name, keys in due.items():
                self.stdout.write(f"{name}: {len(keys)} due{_keys(name, keys)}")
            self.stdout.write("Nothing was changed. With --do this is erased for good.")
            return
        failed = 0
        try:
            for name, keys in due.items():
                done, left = _erase(KINDS[name], keys)
                failed += len(left)
                told = f"; failed{_keys(name, left)}" if left else ""
                self.stdout.write(f"{name}: {done} of {len(keys)} erased{told}")
        finally:
            search_index.purge()
        if failed:
            raise CommandError(f"{failed} could not be erased; run it again.")


def _erase(kind, keys):
    """How many were erased, and the keys of those that could not be, now."""
    done, left = 0, []
    for some in batched(keys, AT_ONCE if kind.at_once else 1):
        try:
            with transaction.atomic():
                # Asked once more: somebody may have called meanwhile.
                due = kind.due().filter(pk__in=some)
                if kind.at_once:
                    done += kind.do(due)
                    left += kind.due().filter(pk__in=some).values_list("pk", flat=True)
                elif record := due.first():
                    kind.do(record)
                    done += 1
        except Exception as error:
            # Whatever it is - somebody was faster, a row was forged -, the others go on.
            place = extract_tb(error.__traceback__)[-1]
            logger.error("Retention: %s in %s, %d.", type(error).__name__, place.name, place.lineno)
            left += some
    return done, left


def _keys(name, keys):
    """Those of records; values of the journal are many, and lead nowhere."""
    if not keys or KINDS[name].at_once:
        return ""
    more = ", …" if len(keys) > MOST else ""
    return ": " + ", ".join(map(str, keys[:MOST])) + more
