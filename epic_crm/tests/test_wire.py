"""What goes over the line when gunicorn serves, as in production: no header twice, none missing."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.conf import settings

from epic_crm.tests.test_headers import ALWAYS, PRIVATE
from epic_crm.tests.test_logs import SECRETS

pytestmark = pytest.mark.any_database
ROOMS = ("accounts", "clients", "contracts", "dashboard", "epic_crm", "events", "history")
KEYS = {"SECRET_KEY": "s" * 50, "JOURNAL_KEY": "j" * 50, "SECOND_FACTOR_KEY": "f" * 50}
COMMON = "Host: localhost\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """The file in which all goes that gunicorn writes."""
    return tmp_path_factory.mktemp("log") / "lines"


@pytest.fixture(scope="module")
def port(tmp_path_factory, output):
    """gunicorn with ``TLS=1``, in a folder of its own; what is asked here needs no database."""
    house = tmp_path_factory.mktemp("house")
    left_out = shutil.ignore_patterns("tests", "__pycache__")
    for room in (*ROOMS, "deploy", "static", "templates"):
        shutil.copytree(settings.BASE_DIR / room, house / room, ignore=left_out)
    shutil.copy(settings.BASE_DIR / "manage.py", house)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = KEYS | {"PATH": os.environ["PATH"], "TLS": "1", "ALLOWED_HOSTS": "localhost"}
    environment |= {"PORT": str(port), "WEB_CONCURRENCY": "1"}
    run = {"cwd": house, "env": environment}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, **run, check=True)
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    with (
        output.open("w") as lines,
        subprocess.Popen(command, **run, stdout=lines, stderr=lines) as server,
    ):
        try:
            for _ in range(200):
                if server.poll() is None and answers(port):
                    break
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def answers(port):
    with closing(socket.socket()) as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def send(port, text):
    """The status, the headers as pairs, and the body that these words are answered with."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(text.encode("latin-1"))
        received = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    head, _, body = received.partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    return int(status.split()[1]), [tuple(line.split(": ", 1)) for line in lines], body


ASKED = {
    "page": (200, f"GET /login/ HTTP/1.1\r\n{COMMON}\r\n"),
    "head": (200, f"HEAD /login/ HTTP/1.1\r\n{COMMON}\r\n"),
    "health": (200, f"GET /healthz HTTP/1.1\r\n{COMMON}\r\n"),
    "not signed in": (302, f"GET / HTTP/1.1\r\n{COMMON}\r\n"),
    "not there": (404, f"GET /nowhere/ HTTP/1.1\r\n{COMMON}\r\n"),
    "no such file": (404, f"GET /static/none.css HTTP/1.1\r\n{COMMON}\r\n"),
    "in clear": (301, "GET /login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    "other host": (400, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
    "no host": (400, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
    "no token": (403, f"POST /login/ HTTP/1.1\r\n{COMMON}Content-Length: 0\r\n\r\n"),
    "no HTTP": (400, "evil.example<script>\r\n\r\n"),
    "no method": (400, f"<evil.example> / HTTP/1.1\r\n{COMMON}\r\n"),
    "no coding": (400, f"POST /login/ HTTP/1.1\r\n{COMMON}Transfer-Encoding: foo\r\n\r\n"),
    "another root": (200, f"GET /login/ HTTP/1.1\r\n{COMMON}SCRIPT_NAME: /evil\r\n\r\n"),
    "no header": (400, f"GET / HTTP/1.1\r\n{COMMON}evil.example\r\n\r\n"),
    "long address": (414, f"GET /{'x' * 5000} HTTP/1.1\r\n{COMMON}\r\n"),
    "long header": (431, f"GET / HTTP/1.1\r\n{COMMON}X-Long: {'x' * 9000}\r\n\r\n"),
}


def test_every_answer_has_each_header_once(port):
    for what, (status, asked) in ASKED.items():
        answered, headers, body = send(port, asked)
        assert answered == status, what
        names = [name.lower() for name, _value in headers if name.lower() != "set-cookie"]
        assert len(names) == len(set(names)), what
        told = dict(headers)
        assert {name: told.get(name) for name in ALWAYS} == ALWAYS, what
        assert told["Cache-Control"] == PRIVATE, what
        assert "evil" not in body + str(headers), what
        if "X-Forwarded-Proto" in asked or what == "no HTTP":  # Not in clear.
            assert told["Strict-Transport-Security"].startswith("max-age=63072000"), what


def test_a_body_that_breaks_off_is_refused(port):
    """Half a sentence may say the opposite of the whole."""
    head = f"POST /login/ HTTP/1.1\r\n{COMMON}Content-Type: application/x-www-form-urlencoded\r\n"
    for missing, status in ((0, 403), (1, 400)):  # It has no token.
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(f"{head}Content-Length: {8 + missing}\r\n\r\nlogin=ab".encode())
            line.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: line.recv(65536), b"")).decode()
        assert int(received.split()[1]) == status


# What two servers in a row could part otherwise: RFC 9112, 6.3 and 11.2.
PARTED = {
    "two lengths": "Content-Length: 5\r\nContent-Length: 6\r\n\r\nlogin=",
    "length and chunks": "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
    "no number": "Content-Length: 6, 6\r\n\r\nlogin=",
    "a sign": "Content-Length: +6\r\n\r\nlogin=",
    "another coding": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": "Content-Length : 6\r\n\r\nlogin=",
    "a folded line": "X-Folded: a\r\n b\r\nContent-Length: 6\r\n\r\nlogin=",
}


@pytest.mark.parametrize("how", PARTED)
def test_where_a_request_ends_is_said_in_one_way(port, how):
    """Answered, and the line is closed: nothing that comes after it is a request."""
    line = f"POST /login/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n{PARTED[how]}"
    second = f"GET /healthz HTTP/1.1\r\n{COMMON}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connected:
        connected.sendall(f"{line}{second}".encode())
        connected.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connected.recv(65536), b"")).decode()
    assert received.count("HTTP/1.1 ") == 1
    assert received.split()[1] in ("400", "501")


def test_a_file_is_kept_for_ever_and_by_no_other_site(port):
    _, _, page = send(port, ASKED["page"][1])
    sheet = next(word for word in page.split('"') if "/css/app." in word)
    status, headers, _ = send(port, f"GET {sheet} HTTP/1.1\r\n{COMMON}\r\n")
    told = dict(headers)
    assert status == 200
    assert {name: told.get(name) for name in ALWAYS} == ALWAYS
    assert "immutable" in told["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in told


def test_gunicorn_writes_the_same_and_no_more(port, output):
    """No database: what is asked of it fails, and that is written too."""
    asked = [
        f"GET /login/?q=Dupont HTTP/1.1\r\n{COMMON}User-Agent: AgentSmith\r\n\r\n",
        f"GET /clients/?q=Dupont HTTP/1.1\r\n{COMMON}X-Request-ID: tok3n\r\n\r\n",
        f"GET /agenda/feed.ics HTTP/1.1\r\n{COMMON}Authorization: Basic YWJjLWRlZi1rZXk=\r\n\r\n",
        f"GET /account/password/reset/key/1-abc-def-key/ HTTP/1.1\r\n{COMMON}\r\n",
        f"GET /account/invitation/1/abc-def-key/ HTTP/1.1\r\n{COMMON}\r\n",
        f"GET /marie.dupont%0A/ HTTP/1.1\r\n{COMMON}\r\n",
        "GET /login/?Dupont HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        f"POST /login/?token=tok3n HTTP/1.1\r\n{COMMON}Content-Length: 6\r\n\r\nDupont",
        "Dupont sesame-open\r\n\r\n",
        f"GET /Dupont HTTP/1.1\r\n{COMMON}marie.dupont\r\n\r\n",
        f"GET /{'Dupont' * 900} HTTP/1.1\r\n{COMMON}\r\n",
    ]
    numbers = [dict(send(port, text)[1])["X-Request-ID"] for text in asked]
    told = [json.loads(line) for line in output.read_text().splitlines()]  # JSON, all of it.
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert [line for line in told if line["request"] == number], number
    first = next(line for line in told if line["request"] == numbers[0])
    assert (first["method"], first["path"], first["status"]) == ("GET", "/login/", 200)
    assert first["message"] == "request"
    text = output.read_text()
    for secret in [*SECRETS, '127.0.0.1",', "ip="]:
        assert secret not in text, secret
    assert any(line["message"].startswith("Listening at") for line in told)
