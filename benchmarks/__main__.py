"""``python -m benchmarks 10000``: fill the database with so many clients, and measure the pages."""

import os
import sys
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"


def main(rows):
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{VAR}/benchmark-{rows}.sqlite3")
    os.environ |= {"DJANGO_SETTINGS_MODULE": "epic_crm.settings", "SECOND_FACTOR_TEAMS": "none"}
    os.environ["READING_LIMITS"] = "records=9999,searches=9999"  # One person opens it all.
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from . import data, pages

    data.fill(rows)
    say = sys.stdout.write
    say(f"{rows} clients on {connection.vendor}, {pages.ROUNDS} rounds\n\n{pages.HEAD}\n")
    for line in pages.measure():
        say(f"{line}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
