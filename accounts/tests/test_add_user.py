"""``manage.py add_user``: how the first manager of a new database comes in."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.management.commands import add_user
from accounts.models import Team, User
from accounts.tests.factories import UserFactory
from history.models import Entry
from history.tests.tables import changes, nothing_changes, told

PASSWORD = "correct horse battery"
NAMES = {"first_name": "Hélène", "last_name": "Vidal"}


def add(monkeypatch, email="Helene@Agency.example ", team="management", password=PASSWORD, **names):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    said = io.StringIO()
    options = {"team": team, "password_stdin": True, "stdout": said, **NAMES, **names}
    call_command("add_user", email, **options)
    return said.getvalue()


def test_it_works(db, monkeypatch):
    with told("add_user"):
        said = add(monkeypatch)
    assert said == "Hélène Vidal can sign in as helene@agency.example, in the team management.\n"
    helene = User.objects.get()
    assert helene.check_password(PASSWORD)
    assert (helene.team, helene.is_active) == (Team.MANAGEMENT, True)
    assert (helene.is_superuser, helene.is_staff) == (False, False)
    assert changes(helene) == {"team": (None, "management")}
    assert Entry.objects.about(helene).get().actor_name == "manage.py"
    assert helene.has_perm("accounts.manage_user")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"team": "boss"}, "There is no team “boss”: write management, sales, support."),
        ({"email": "helene"}, "Enter a valid email address."),
        ({"email": "TAKEN@agency.example"}, "There is already an account with this address."),
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "1qaz2WSX3edc"}, "too common"),
        ({"password": "helene@agency.example"}, "words that anybody would try first"),
        ({"password": ""}, "at least 12 characters"),
        ({"first_name": ""}, "first_name: This field cannot be blank."),
    ],
)
def test_what_is_wrong_is_a_sentence_and_makes_no_account(db, monkeypatch, wrong, said):
    UserFactory(email="taken@agency.example")
    with nothing_changes(), pytest.raises(CommandError) as refusal:
        add(monkeypatch, **wrong)
    assert said in str(refusal.value)


class TestAsking:
    @pytest.fixture
    def typed(self, monkeypatch):
        def typed(*passwords, terminal=True):
            stdin = io.StringIO()
            stdin.isatty = lambda: terminal
            monkeypatch.setattr("sys.stdin", stdin)
            answers = iter(passwords)
            monkeypatch.setattr(add_user, "getpass", lambda prompt: next(answers))
            call_command(
                "add_user", "h@agency.example", team="sales", **NAMES, stdout=io.StringIO()
            )

        return typed

    def test_it_works(self, db, typed):
        typed(PASSWORD, PASSWORD)
        assert User.objects.get().check_password(PASSWORD)

    def test_twice_the_same(self, db, typed):
        with nothing_changes(), pytest.raises(CommandError, match="not the same"):
            typed(PASSWORD, PASSWORD + "!")

    def test_not_without_a_terminal(self, db, typed):
        with nothing_changes(), pytest.raises(CommandError, match="--password-stdin"):
            typed(terminal=False)
