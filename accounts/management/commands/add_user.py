import sys
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.models import Team
from accounts.workflow import add_user


class Command(BaseCommand):
    """Speaks English, as manage.py does to whoever keeps the server."""

    help = "Create an account in a team: the first manager of a new database, for instance."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the address to sign in with")
        parser.add_argument("--team", required=True, help=", ".join(Team.values))
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    @no_translations
    def handle(self, *, email, team, first_name, last_name, password_stdin, **options):
        if team not in Team.values:
            raise CommandError(f"There is no team “{team}”: write {', '.join(Team.values)}.")
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ask_twice()
        try:
            user = add_user(
                email=email,
                team=team,
                password=password,
                first_name=first_name,
                last_name=last_name,
            )
        except ValidationError as error:
            raise CommandError(" ".join(sentences(error))) from None
        self.stdout.write(f"{user} can sign in as {user.email}, in the team {team}.")


def ask_twice():
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for a password: use --password-stdin.")
    password = getpass("Password: ")
    if getpass("Password, once more: ") != password:
        raise CommandError("The two passwords are not the same.")
    return password


def sentences(error):
    """What is wrong, each with the name of its field if that says more."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        message if name in ("__all__", "email") else f"{name}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]
