"""What is around the CRM fails, and it goes on."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from accounts.tests.factories import UserFactory


@pytest.fixture
def own_pool(transactional_db):
    """The pool as it is in earnest, full; that of the tests has more room."""
    connection.close()
    connection.close_pool()
    size = connection.pool.max_size
    everybody = Barrier(size)

    def hold():
        connection.ensure_connection()
        everybody.wait(20)
        connection.close()

    with ThreadPoolExecutor(size) as threads:
        for held in [threads.submit(hold) for _ in range(size)]:
            held.result()
    yield
    connection.close()
    connection.pool.resize(1, 16)


@pytest.mark.any_database
def test_the_pool_has_as_many_as_a_process_has_threads():
    house = settings.BASE_DIR
    [threads] = re.findall(
        r"^threads = (\d+)$", (house / "deploy/gunicorn.conf.py").read_text(), re.M
    )
    [pool] = re.findall(r'"max_size": (\d+)', (house / "epic_crm/settings.py").read_text())
    assert threads == pool


@pytest.mark.postgresql
def test_connections_that_were_cut_are_made_anew(own_pool, browser):
    """The database was restarted, or a firewall dropped what was quiet: nobody sees it."""
    browser.force_login(UserFactory(team="sales", language="en"))
    assert browser.get("/clients/").status_code == 200
    connection.close()  # Back to the pool, where the next request will find it.
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"],
        password=known["PASSWORD"] or None, dbname="postgres", autocommit=True,
    ) as server:  # fmt: skip
        cut = server.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
            [known["NAME"]],
        ).fetchone()[0]
    assert cut >= 4
    assert browser.get("/clients/").status_code == 200
