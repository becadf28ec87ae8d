import os
import shutil
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import translation
from django.utils.timezone import localdate, now
from hypothesis import HealthCheck
from hypothesis import settings as properties

from accounts.delegations import delegate
from accounts.models import Team
from accounts.tests.factories import UserFactory
from clients.tests.factories import ClientFactory
from contracts.tests.factories import ContractFactory
from events.tests.factories import EventFactory
from history import triggers

# The same examples every time, however slow the machine is: a property fails for a reason.
properties.register_profile(
    "house",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
properties.load_profile("house")

NO_SKIPS = os.environ.get("NO_SKIPS") == "1"

# A Tuesday at ten in Paris, from where the clock ticks on: whatever the day and the hour it really
# is, tests meet neither midnight nor the end of a quarter, unless they say so.
MORNING = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Paris"))


def pytest_configure():
    time_machine.travel(MORNING).start()


def pytest_collection_modifyitems(config, items):
    """Leave out, aloud, what this machine cannot run."""
    lacking = {}
    if connection.vendor != "postgresql":
        lacking["postgresql"] = "SQLite has no row locks: set DATABASE_URL to run it on PostgreSQL"
    if not shutil.which("chromium"):
        lacking["browser"] = "no Chromium on this machine"
    if NO_SKIPS and lacking.pop("postgresql", None):  # .ci/run has another pass for these.
        config.hook.pytest_deselected(items=[i for i in items if "postgresql" in i.keywords])
        items[:] = [i for i in items if "postgresql" not in i.keywords]
    for item in items:
        for mark in lacking.keys() & item.keywords.keys():
            item.add_marker(pytest.mark.skip(reason=lacking[mark]))


def pytest_sessionfinish(session):
    """With ``NO_SKIPS=1`` a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if NO_SKIPS and reporter and reporter.stats.get("skipped"):
        reporter.write_line("NO_SKIPS=1, and something was skipped: see above.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """
    Room for races in the pool of PostgreSQL, which is smaller in earnest.

    Who did not hang up in time, a thread of a race, must not keep the database from going.
    """
    if room := getattr(connection, "pool", None):
        room.resize(1, 16)
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True, scope="session")
def static_files():
    """From their folders: what ``collectstatic`` makes is the business of production."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        # A window keeps the scripts it has, as in production, however far MORNING is.
        WHITENOISE_MAX_AGE=10 * 365 * 24 * 3600,
        SECOND_FACTOR_TEAMS=[],  # Whose test it is says who must have one.
    ):
        yield


@pytest.fixture(autouse=True)
def french_again():
    """A request leaves its language behind, and tests come in any order."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def browser(client):
    """Django's test client under another name: here, a client is a customer."""
    return client


@pytest.fixture
def cast(db):
    """
    Everybody who may come across a record, by the part they play.

    They read English, so that tests look for msgids; what is French is tested where it is said.
    """
    people = {
        "management": (Team.MANAGEMENT, "Mona", "Manager"),
        "owner": (Team.SALES, "Olivia", "Owner"),
        "colleague": (Team.SALES, "Colin", "Colleague"),
        "delegate": (Team.SALES, "Dora", "Delegate"),
        "support": (Team.SUPPORT, "Sam", "Support"),
        "other support": (Team.SUPPORT, "Otto", "Other"),
        "no team": (None, "Nora", "Newcomer"),
        "leaver": (Team.MANAGEMENT, "Leo", "Leaver"),
    }
    return {
        part: UserFactory(
            team=team,
            first_name=first_name,
            last_name=last_name,
            language="en",
            is_active=part != "leaver",
        )
        for part, (team, first_name, last_name) in people.items()
    }


@pytest.fixture
def today():
    return localdate()


@pytest.fixture
def kevin(cast, today):
    """A prospect of the owner, delegated for a week to the delegate."""
    kevin = ClientFactory(company_name="Cool Startup", sales_contact=cast["owner"])
    until = today + timedelta(days=7)
    delegate(kevin, by=cast["owner"], to=cast["delegate"], until=until)
    return kevin


@pytest.fixture
def contract(kevin):
    """An open contract of the prospect."""
    return ContractFactory(client=kevin)


@pytest.fixture
def signed(kevin, today):
    """A signed contract without event; its client is one since."""
    type(kevin).objects.filter(pk=kevin.pk).update(stage="client", converted_at=now())
    return ContractFactory(client=kevin, status="signed", signed_on=today)


@pytest.fixture
def event(cast, signed):
    """A coming event of the signed contract, in the hands of support."""
    return EventFactory(contract=signed, support_contact=cast["support"])


@pytest.fixture
def transactional_db(transactional_db):
    """
    Let go of the journal before the flush that ends a test with real transactions.

    Ask for this fixture or ``live_server``: the mark alone does not pass here. The
    ``post_migrate`` of that same flush puts triggers and teams back.
    """
    yield
    triggers.remove("default")
