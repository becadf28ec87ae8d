"""What stands in the cache's table is data, whoever wrote it."""

import pickle
import struct
from base64 import b64encode
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.utils.timezone import now

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", [1, "é" * 300, "\0", [1.5, 2], {"a": [None, True]}, None])
def test_it_works(value):
    cache.set("key", value, 60)
    cache.set("another", 7, 60)
    assert cache.get("key") == value
    assert cache.get_many(["key", "another", "none"]) == {"key": value, "another": 7}
    assert cache.get("none", "nothing") == "nothing"


def test_it_ends():
    cache.set("key", 1, 60)
    assert not cache.add("key", 2, 60)
    with time_machine.travel(now() + timedelta(seconds=62)):
        assert cache.get("key") is None
        assert cache.add("key", 2, 60)
        assert cache.get("key") == 2


class Called:
    """Django would call this when it reads it."""

    def __reduce__(self):
        return (print, ("code",))


POISON = {
    "code": pickle.dumps(Called()),
    "no pickle": b"x",
    "two texts": pickle.dumps(["a", "b"]),
    "no JSON": pickle.dumps("{"),
    "deep": pickle.dumps("[" * 100_000),
    "much memory": b"\x80\x02Nr" + struct.pack("<I", 0xFFFFFFFF) + b".",
    "a text of that length": b"\x80\x04\x8d" + struct.pack("<Q", 2**40) + b"x.",
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_what_would_have_to_be_called_is_not_there(poison, capsys):
    """Whoever can write a row runs nothing in the server."""
    cache.set("key", "kept", 60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_cache SET value = %s", [b64encode(poison).decode()])
        assert cursor.rowcount == 1
    assert cache.get("key") is None
    assert not capsys.readouterr().out


def test_which_django_would_call(capsys):
    pickle.loads(pickle.dumps(Called()))  # noqa: S301
    assert capsys.readouterr().out == "code\n"
