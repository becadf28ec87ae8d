"""The benchmarks still know the models and the pages; what they measure is nobody's test."""

import pytest

from accounts.tests.factories import UserFactory
from benchmarks import data, pages
from clients.models import Client

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_it_works(monkeypatch):
    monkeypatch.setattr(pages, "ROUNDS", 2)  # Of one, nothing could be told.
    data.fill(90)
    data.fill(90)  # What is there is kept.
    assert Client.objects.count() == 90
    assert [Client.objects.filter(sales_contact__email=data.address(name)).count()
            for name in ("few", "new")] == [3, 0]  # fmt: skip
    lines = list(pages.measure())
    assert len(lines) == len(pages.pages())
    assert lines[0].split()[0] == "home,"


def test_another_peoples_database_is_left_alone():
    UserFactory()
    with pytest.raises(SystemExit):
        data.fill(10)
    assert not Client.objects.exists()
