"""The log: who reads it finds the request, and nothing of a person or that opens a door."""

import io
import json
import logging
import re
import sys
from base64 import b64encode
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client

from accounts import adapter
from accounts.feeds import make
from accounts.models import User
from epic_crm import logs
from epic_crm.tests.test_headers import visitor

pytestmark = pytest.mark.any_database

# None of these may stand in any line, wherever in a request it was.
SECRETS = [
    "marie.dupont", "Dupont", "sesame-open", "tok3n", "0612345678", "abc-def-key", "evil.example",
    "10.9.8.7", "AgentSmith",
]  # fmt: skip


@contextmanager
def written(form=None, level=logging.INFO):
    """All that the application's loggers hand on, laid out as in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(form or logs.JsonLines())
    root, refused = logging.getLogger(), logging.getLogger("django.request")
    before = refused.level
    root.addHandler(handler)
    refused.setLevel(level)  # Also what the settings leave out.
    try:
        yield lambda: stream.getvalue().splitlines()
    finally:
        root.removeHandler(handler)
        refused.setLevel(before)


def record(name, message, *args, error=None, level=logging.ERROR):
    told = (type(error), error, None) if error else None
    return logging.LogRecord(name, level, "/srv/crm/epic_crm/x.py", 7, message, args, told)


class TestRequest:
    def test_every_line_has_the_number_that_the_answer_has(self, cast, monkeypatch):
        browser = visitor(cast["owner"])
        monkeypatch.setattr(User, "team", property(lambda user: 1 / 0))
        with written() as lines:
            answers = [browser.get("/clients/"), browser.get("/agenda/")]
        told = [json.loads(line) for line in lines()]
        numbers = [answer.headers[logs.HEADER] for answer in answers]
        assert all(re.fullmatch("[0-9a-f]{16}", number) for number in numbers)
        assert numbers[0] != numbers[1]
        assert {line["request"] for line in told} == set(numbers)
        for number in numbers:  # Incident and traceback are found by each other.
            mine = [line for line in told if line["request"] == number]
            assert any(line["message"].startswith("Incident ") for line in mine)
            assert any("errors" in line for line in mine)

    def test_what_is_refused_is_told_by_field_and_kind_and_not_as_it_was_typed(self, cast, event):
        """Input that no page of ours sends, a token that is none, a verb that comes too early."""
        browser = visitor(cast["management"])
        with written() as lines:
            typed = {"company_name": "Dupont\u202e", "stage": "marie.dupont", "email": "Dupont"}
            answers = [
                browser.post("/clients/new/", typed),
                browser.post(f"/events/{event.pk}/complete/"),
            ]
            strict = Client(enforce_csrf_checks=True)
            answers.append(
                strict.post("/login/", {"login": "Dupont", "csrfmiddlewaretoken": "tok3n"})
            )
        assert [answer.status_code for answer in answers] == [422, 409, 403]
        told = [json.loads(line) for line in lines()]
        said = [
            [t["message"] for t in told if t["request"] == a.headers[logs.HEADER]] for a in answers
        ]
        assert "Refused in NewClientForm: company_name (unseen)" in said[0]
        assert "Refused in NewClientForm: stage (invalid_choice)" in said[0]
        assert "Refused: the wrong moment for events.event" in said[1]
        assert any("Forbidden" in message for message in said[2])
        assert not any(secret in line for secret in SECRETS for line in lines())

    def test_who_comes_in_and_who_fails_is_told_by_number(self, cast, settings):
        """Each one, also when the journal has enough of them."""
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
            "journal_failure": "1/15m/key"
        }
        person = cast["owner"]
        person.set_password("sesame-open")
        person.save()
        browser = Client()
        with written() as lines:
            for email in (person.email, person.email, "marie.dupont@x.example"):
                browser.post("/login/", {"login": email, "password": "wrong"})
            browser.post("/login/", {"login": person.email, "password": "sesame-open"})
            browser.post("/logout/")
        told = [json.loads(line) for line in lines()]
        said = [line["message"] for line in told if line["logger"] == "accounts.entrance"]
        failed = [f"fail_password, account {person.pk}"] * 2 + ["fail_unknown, account none"]
        came = [f"sign_in, account {person.pk}", f"sign_out, account {person.pk}"]
        assert said == [*failed, *came]
        assert not any(secret in line for secret in SECRETS for line in lines())

    @pytest.mark.parametrize("status", [200, 302, 400, 404])
    def test_every_answer_has_one_and_none_from_outside(self, db, status):
        page = {200: "/login/", 302: "/", 400: "/login/", 404: "/nowhere/"}[status]
        forged = {"x-request-id": "tok3n\r\nforged", "host": "localhost"}
        browser = Client(headers=forged | ({"host": "evil.example"} if status == 400 else {}))
        answer = browser.get(page)
        assert answer.status_code == status
        assert re.fullmatch("[0-9a-f]{16}", answer.headers[logs.HEADER])

    def test_it_ends_with_its_request(self, db):
        Client().get("/login/")
        assert logs.number() == ""

    def test_a_mail_that_fails_beside_it_has_its_number(self, db, monkeypatch, owner_mail):
        with written() as lines:
            number = logs.begin()
            owner_mail.start()
            owner_mail.join()
            logs.end()
        [line] = map(json.loads, lines())
        assert (line["message"], line["request"]) == ("A mail could not be sent.", number)
        assert "marie.dupont" not in str(line)

    @pytest.fixture
    def owner_mail(self, cast, monkeypatch):
        """The thread in which a mail to somebody fails."""
        made = []

        class Held(adapter.Thread):
            def start(self):
                super().start() if made else made.append(self)

        class Mail:
            def send(self):
                raise OSError("marie.dupont@agency.example refused")

        monkeypatch.setattr(adapter, "Thread", Held)
        monkeypatch.setattr(adapter.AccountAdapter, "render_mail", lambda *_: Mail())

        class Late:
            """Made inside the request, and so with its number."""

            def start(self):
                adapter.AccountAdapter().send_mail("x", "y", {"user": cast["owner"]})
                made[0].start()

            def join(self):
                made[0].join()

        return Late()


def test_nothing_of_a_person_nor_a_key_is_written(cast, kevin, settings, monkeypatch):
    """Secrets in query strings, forms, headers and paths; what breaks repeats them all."""
    settings.MAIL_IS_SET_UP = True
    settings.ALLOWED_HOSTS = ["testserver"]
    feed = make(cast["owner"])
    anonymous, browser = visitor(), visitor(cast["owner"])
    forms = {"login": "marie.dupont@x.example", "password": "sesame-open", "token": "tok3n"}
    agent = {"user-agent": "AgentSmith", "referer": "https://testserver/?q=Dupont"}
    given = b64encode(f"agenda:{feed}".encode()).decode()
    agent |= {"authorization": f"Basic {given}"}
    pages = [
        "/clients/?q=Dupont&token=tok3n",
        "/marie.dupont@x.example/",
        "/clients/0612345678/",
        "/account/password/reset/key/1-abc-def-key/",
        "/account/invitation/1/abc-def-key/",
        "/agenda/feed.ics",
        "/admin/accounts/user/marie.dupont/",
        "/search/?q=0612345678",
        "/static/Dupont.css?tok3n",
        "/nowhere/Dupont%0Aforged",
    ]

    def ask():
        for page in pages:
            for visit in (anonymous, browser):
                visit.get(page, headers=agent, REMOTE_ADDR="10.9.8.7")
                visit.post(page, forms, headers=agent, REMOTE_ADDR="10.9.8.7")
        anonymous.post("/login/", forms)
        anonymous.get("/login/?next=//evil.example", HTTP_HOST="evil.example")
        visitor(enforce_csrf_checks=True).post("/login/?q=Dupont", forms)

    with written() as lines, written(logs.Readable()) as readable:
        ask()
        words = "Key (email)=(marie.dupont@x.example) exists; token tok3n; Dupont"
        load = "django.contrib.sessions.backends.db.SessionStore.load"
        monkeypatch.setattr(load, lambda session: _raise(IntegrityError(words)))
        ask()
    told = lines()
    assert len(told) > 40
    assert any("IntegrityError" in line for line in told)
    for secret in [*SECRETS, feed, given, cast["owner"].email, "Cool Startup", "forged"]:
        assert not [line for line in [*told, *readable()] if secret in line], secret
    assert all(json.loads(line)["at"].endswith("+00:00") for line in told)


def _raise(error):
    raise error


def test_a_path_in_our_own_words():
    assert logs.path("/clients/12/edit/?q=Dupont") == "/clients/12/edit/"
    assert logs.path("/account/password/reset/key/1-abc-def/") == "/account/password/reset/key/…/"
    assert logs.path("/agenda/feed.ics") == "/agenda/feed.ics"
    assert logs.path("/clients/0612345678/") == "/clients/…/"
    assert logs.path("/clients/Dupont\n{}/") == "/clients/…/"
    assert logs.path("http://evil.example/clients/") == "…//…/clients/"


class TestLine:
    def test_one_of_ours_is_read_as_it_was_written(self):
        [line] = map(json.loads, [logs.JsonLines().format(record("accounts.x", "Row %s of é", 7))])
        assert (line["message"], line["level"], line["request"]) == ("Row 7 of é", "ERROR", None)
        assert line["place"] == "crm/epic_crm/x.py:7"

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            (("Who: %s, row %s", "Dupont", 7), "Who: …, row 7"),
            (("%(who)s", {"who": "Dupont"}), "…"),
            (("Invalid host: Dupont",), "…"),
            (("%d", "Dupont"), "%d"),
        ],
    )
    def test_what_fills_in_others_lines_is_hidden(self, said, kept):
        assert logs.facts(record("library.x", *said))["message"] == kept

    def test_an_error_is_told_by_kind_place_and_cause(self):
        def break_it():
            try:
                raise IntegrityError("Dupont")
            except IntegrityError as error:
                raise OperationalError("Dupont") from error

        try:
            break_it()
        except OperationalError as error:
            broken = record("django.request", "%s: %s", "x", "/clients/", error=error)
            broken.exc_info = sys.exc_info()
        line = logs.JsonLines().format(broken)
        assert [error["error"] for error in json.loads(line)["errors"]] == [
            "django.db.utils.OperationalError", "django.db.utils.IntegrityError",
        ]  # fmt: skip
        assert "break_it" in line
        read = logs.Readable().format(broken)
        assert "  django.db.utils.OperationalError\n    " in read
        assert "Dupont" not in line + read
        assert "Dupont" in logs.Readable(in_full=True).format(broken)  # For DEBUG=1.

    def test_a_line_break_begins_no_line(self):
        for form in (logs.JsonLines(), logs.Readable()):
            assert "\n" not in form.format(record("accounts.x", "a\nforged"))

    def test_addresses_that_cannot_be_read_are_told_like_any_error(self, monkeypatch):
        logs._ours.cache_clear()
        monkeypatch.setattr(logs, "get_resolver", lambda: _raise(ImportError("Dupont")))
        error = ImportError("Dupont")
        line = logs.JsonLines().format(record("django.request", "%s", "/clients/", error=error))
        told = json.loads(line)
        assert (told["message"], told["errors"][0]["error"]) == ("/…/", "builtins.ImportError")

    def test_what_cannot_be_laid_out_is_not_printed_by_logging(self, monkeypatch):
        monkeypatch.setattr(logs, "facts", lambda record: _raise(ValueError("Dupont")))
        line = logs.JsonLines().format(record("x", "Dupont"))
        assert json.loads(line)["unwritten"] == "ValueError"
        assert "Dupont" not in line


def test_the_settings_choose_by_tls(tls, settings):
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "json"


def test_a_trial_is_readable(settings):
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "readable"
