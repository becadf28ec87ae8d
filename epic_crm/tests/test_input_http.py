"""security.md, "Input", beside the forms: addresses, query strings, headers, bodies, sessions."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.encryption import Cipher
from accounts.models import Session
from epic_crm.tests.test_doors import arguments, posted
from history.tests.tables import contents, nothing_changes

FRENCH = {"accept-language": "fr"}

IGNORED, LOST = "ignored", "not found"

# Address and query string, and what comes of it: a status, or 200 and a message with this word.
QUERIES = [
    # --- Lists: an unknown value is said to be ignored, and nothing more is shown than without.
    *((f"/{room}/?{query}", IGNORED) for room in ("clients", "contracts", "events") for query in (
        "view=everything", "view=ALL", "view=all%00", "sort=password", "sort=--created",
        "sort=created,pk", "sort=sales_contact__password", "sales_contact=1+OR+1%3D1",
        "sales_contact=-1", f"sales_contact={10**30}", "sales_contact=%D9%A1",
    )),
    *((f"/{room}/?{query}", LOST) for room in ("clients", "contracts", "events") for query in (
        "after=0", "after=-1", "after=1.5", "after=abc", f"after={2**63}", f"after={10**30}",
        "before=%00", "before=%D9%A1", "after=1&after=x",
    )),
    *((f"/clients/?{query}", IGNORED) for query in (
        "stage=won", "stage=CLIENT", "source=fax", "created_from=2027-02-30", "created_to=demain",
        "converted_from=0001-01-01", "converted_to=9999-12-31", "created_from=2027-03-01T00:00",
        "created_from=20270301", "created_to=%00", "created_from=2027-03-01%0d%0a2",
    )),
    *((f"/contracts/?{query}", IGNORED) for query in (
        "status=draft", "client=1.5", f"client={10**30}", "client=-1", "client=1%20OR%201",
        "least=NaN",
        "least=-1", "least=1e5", "least=12%E2%82%AC50", "most=Infinity", "most=0x10", "most=1_000",
        "most=%D9%A1", "signed_from=9999-12-31", "signed_to=2027-13-01",
    )),
    *((f"/events/?{query}", IGNORED) for query in (
        "status=soon", "client=abc", "support_contact=all", "starts_from=0000-00-00",
        "starts_to=10000-01-01", "starts_from=32/01/2027",
    )),
    *((f"/{room}/?{query}", 200) for room in ("clients", "contracts", "events") for query in (
        "", "q=", "q=%00", "q=%ff%fe", "q=%ed%a0%80", "q=" + "%25" * 300, "q=%27%3B--", "q=(((",
        "q=%2B",
        "q=" + "e%CC%81" * 100, "q[]=a&q=b&q=c", "%ff=%fe", ";;&&==&=", "page=2",
        "q=%22*%22+OR+NEAR",
        "q=%5C",
    )),
    # --- The other pages that are asked by a query string.
    *((f"/search/?{query}", 200) for query in (
        "", "q=", "q=%00", "q=%ff", "q=" + "x" * 5000, "q=%22", "q=2026-",
        "q=c-2026-99999999999999999999",
    )),
    *((f"/agenda/?{query}", IGNORED) for query in ("who=0", "who=-1", "who=%00", f"who={10**30}",
    "who=ALL")),
    *((f"/agenda/list/?from={day}", IGNORED) for day in (
        "2027-02-30", "0001-01-01", "9999-12-31", "10000-01-01", "", "%00", "20270301x", "hier",
    )),
    ("/agenda/?options=2", 200),
    *((f"/agenda/{period}/", 404) for period in (
        "0/1", "2027/0", "2027/13", "9999/12", "1/1", "2027/w0", "2027/w54", "99999999999/w1",
        "-1/1", "2027/1.5",
    )),
    *((f"/figures/?months={months}", 200) for months in ("0", "-1", "7", "1e1", "12.0",
    "9" * 5000, "%00", "a")),
    *((f"/figures/?sales_contact={key}", 200) for key in ("0", "x", f"{10**30}", "1%00")),
    *((f"/notifications/?before={key}", LOST) for key in ("0", "-1", "x", f"{2**63}", "1.5",
    "%00")),
    *((f"/admin/accounts/user/?{query}", (200, 302)) for query in (
        "q=%00", "p=-1", "p=99999999999", "o=99", "o=a.b", "team=root", "state=x",
        "holds=password", "e=1",
        "password__startswith=a", "is_superuser__exact=1", "_facets=1", "all=",
    )),
    # --- The way there.
    *((path, 404) for path in (
        "/clients/%ff%fe/", "/clients/%ed%a0%80/", "/clients/1%00/", "/clients/%EF%BC%91/",
        "/clients/+1/",
        "/clients/1;v=2/", "/clients/..%2f..%2fetc%2fpasswd", "/%", "/%zz/", "/%00",
        "/" + "a" * 5000, "/clients/" + "9" * 5000 + "/", "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/agenda/feed.ics/%00",
        "/account/password/reset/key/1-x/",
        "/access/ask/accounts.delete_user/1/", "/access/ask/__class__/1/",
    )),
    ("/agenda/feed.ics?" + "x" * 500, 401),
    ("/clients/?" + "&".join(f"a{n}=1" for n in range(2000)), 400),
]  # fmt: skip


def test_the_table_is_long_enough():
    assert len({path for path, _must in QUERIES}) >= 150


def test_addresses_and_query_strings(browser, cast, event, settings):
    """Whoever is not in charge: what is shown without the nonsense is little enough to tell."""
    settings.READING_LIMITS = dict.fromkeys(settings.READING_LIMITS, 10_000)  # They search a lot.
    wrong, before = {}, contents()
    for part in ("management", "colleague"):
        browser.force_login(cast[part])
        plain = {
            room: shown(browser.get(f"/{room}/")) for room in ("clients", "contracts", "events")
        }
        for path, must in QUERIES:
            if part == "colleague" and path.split("/")[1] not in plain:
                continue
            response = browser.get(path)
            status = {IGNORED: 200, LOST: 200}.get(must, must)
            statuses = status if isinstance(status, tuple) else (status,)
            if response.status_code not in statuses:
                wrong[part, path[:90]] = response.status_code
            elif must in (IGNORED, LOST):
                said = [str(message) for message in get_messages(response.wsgi_request)]
                if not any(must in words for words in said):
                    wrong[part, path[:90]] = said
                room = path.split("/")[1]
                if room in plain and shown(response) != plain[room]:
                    wrong[part, path[:90]] = "shows something else"
    assert contents() == before
    assert not wrong, "\n".join(f"{case}: {trouble}" for case, trouble in wrong.items())


def shown(response):
    return [record.pk for record in response.context["records"]]


# --- A session that is over, a token that is stale ----------------------------------------------

TYPED = {
    ("clients:create", None): ("company_name", "Éclat & <b>Cie</b>"),
    ("clients:update", "client"): ("job_title", "Directrice"),
    ("clients:note", "client"): ("text", "Ils rappellent\nmardi."),
    ("clients:revert", "fresh"): ("reason", "Une erreur"),
    ("contracts:create", "client"): ("title", "Gala d’été"),
    ("contracts:update", "contract"): ("notes", "Végétarien"),
    ("events:create", "signed"): ("venue", "Opéra de Lyon"),
    ("events:update", "event"): ("instructions", "Entrée au 12"),
    ("events:add_item", "event"): ("what", "Appeler le traiteur"),
    ("admin:accounts_user_add", None): ("first_name", "Nina"),
}


def test_what_was_typed_while_the_session_ended_can_be_copied(browser, cast, world):
    """It is shown once, to whoever sent it, and kept nowhere; the way to sign in leads back."""
    browser.force_login(cast["management"])
    Session.objects.all().delete()
    with nothing_changes():
        for (name, on), (field, text) in TYPED.items():
            address = reverse(name, args=arguments(on, world))
            response = browser.post(address, posted(name, cast) | {field: text}, headers=FRENCH)
            assert response.status_code == 403, name
            assert f"<dd>{escape(text)}</dd>" in response.text, name
            assert "Votre session est terminée." in response.text
            assert f'href="{reverse("account_login")}?next={address}"' in response.text
            assert text not in browser.get(reverse("account_login")).text
    assert not Session.objects.exists()


@pytest.mark.parametrize("how", ["nothing typed", "passwords", "asked by htmx", "never signed in"])
def test_otherwise_a_session_that_is_over_leads_to_the_login_page(browser, cast, kevin, how):
    if how != "never signed in":
        browser.force_login(cast["owner"])
        Session.objects.all().delete()
    name, args = (
        ("clients:convert", [kevin.pk]) if how == "nothing typed" else ("clients:create", [])
    )
    name = "account_change_password" if how == "passwords" else name
    typed = {"company_name": "Secret", "oldpassword": "Secret", "password1": "Secret"}
    headers = {"hx-request": "true"} if how == "asked by htmx" else {}
    with nothing_changes():
        response = browser.post(reverse(name, args=args), typed, headers=headers)
    place = response.headers.get("HX-Redirect") or response.headers["Location"]
    assert place.startswith(reverse("account_login"))
    assert "Secret" not in response.text


def test_with_a_stale_token_nothing_is_done(cast, world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast["management"])
    with nothing_changes():
        for token in ("", "x" * 64, "é", "\0", "x" * 100_000):
            typed = posted("clients:create", cast) | {"csrfmiddlewaretoken": token}
            response = browser.post(reverse("clients:create"), typed)
            assert response.status_code == 403
            assert "This page stayed open too long." in response.text


# --- Headers ------------------------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example", "https://evil.example/", "///evil.example", "https:///evil.example",
    "/\\evil.example", "\\\\evil.example", "http:evil.example", "/\t/evil.example",
    "\x00//evil.example", " //evil.example", "//testserver@evil.example",
    "//evil.example\r\nSet-Cookie: a=b", "javascript:alert(1)", "data:text/html,x",
    "//[", "http://[::1", "//[x]", "//\u2100", "//evil\u2100@x",
]  # fmt: skip


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_sent_elsewhere(browser, cast, place):
    person = cast["owner"]
    person.set_password("a-long-and-quiet-password")
    person.save()
    address = f"{reverse('account_login')}?{urlencode({'next': place})}"
    typed = {"login": person.email, "password": "a-long-and-quiet-password", "next": place}
    assert "evil.example" not in browser.get(reverse("account_login")).headers.get("Location", "")
    assert browser.get(address).status_code == 200
    wrong = browser.post(address, typed | {"password": "wrong"})
    assert wrong.status_code == 422
    for response in (browser.post(address, typed), browser.get(address)):
        assert response.status_code == 302  # Signed in, and then again.
        assert response.headers["Location"] == "/"
    out = browser.post(reverse("account_logout"), {"next": place})
    assert (out.status_code, out.headers["Location"]) == (302, reverse("account_login"))
    assert (
        browser.get(f"{reverse('account_logout')}?{urlencode({'next': place})}").status_code < 400
    )


HEADERS = {
    "another host": ({"host": "evil.example"}, 400),
    "a host and a port that is none": ({"host": "testserver:99999999"}, 200),
    "a host with a path": ({"host": "testserver/evil"}, 400),
    "another host, forwarded": ({"x-forwarded-host": "evil.example"}, 200),
    "another port, forwarded": ({"x-forwarded-port": "6666"}, 200),
    "another scheme, forwarded": ({"x-forwarded-proto": "https"}, 200),
    "a forwarding header of its own": ({"forwarded": "host=evil.example;proto=https"}, 200),
    "another address": ({"x-original-url": "/admin/", "x-rewrite-url": "/admin/"}, 200),
    "another method": ({"x-http-method-override": "DELETE"}, 200),
    "a language that is none": ({"accept-language": "x" * 5000 + ";q=NaN,*,fr;q=9"}, 200),
    "a range": ({"range": "bytes=0-1,99999999999999999999-"}, 200),
    "a day that is none": ({"if-modified-since": "Thu, 99 Foo 0001 00:00:00 GMT"}, 200),
    "a referrer": ({"referer": "https://evil.example/"}, 200),
    "a part of no page": ({"hx-request": "true", "hx-current-url": "javascript:x"}, 200),
}


@pytest.mark.parametrize("what", HEADERS)
def test_headers_of_somebody_else(browser, cast, event, what):
    headers, status = HEADERS[what]
    browser.force_login(cast["owner"])
    with nothing_changes():
        for address in ("/clients/", reverse("events:ics", args=[event.pk])):
            response = browser.get(address, headers=headers)
            assert response.status_code == status
            assert "evil" not in response.text
            assert "evil" not in str(response.headers)


@pytest.mark.parametrize("name", ["session", "language", "messages", "list_clients", "csrf"])
@pytest.mark.parametrize(
    "value",
    [
        "x" * 4000,
        "é\xff",
        "[[",
        "%(key)s?view=all&after=x%%00",
        "%(key)s?" + "&" * 1400,
        "a\0" * 9,
        "null",
    ],
)
def test_cookies_of_somebody_else(browser, cast, kevin, name, value):
    """As a browser sends them: quoted, any character can come."""
    person = cast["owner"]
    browser.force_login(person)
    value = value.replace("%(key)s", str(person.pk)).replace("%%", "%")
    ours = name == "list_clients" and "?" in value
    browser.cookies[name] = (
        Cipher([settings.SECRET_KEY], "accounts.places").encrypt(value) if ours else value
    )
    with nothing_changes():
        for address in (kevin.get_absolute_url(), f"{kevin.get_absolute_url()}edit/"):
            signed_in = 302 if name == "session" else 200
            assert browser.get(address).status_code == signed_in
        assert browser.get("/healthz").status_code == 200


# --- Bodies -------------------------------------------------------------------------------------


def parts(*fields, boundary="x"):
    """A body in parts: of each, its headers and its content."""
    text = "".join(f"--{boundary}\r\n{head}\r\n\r\n{content}\r\n" for head, content in fields)
    return f"{text}--{boundary}--\r\n".encode()


def named(name, more=""):
    return f'Content-Disposition: form-data; name="{name}"{more}'


NESTED = "".join(
    f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(500)
)
COMPANY, FILE = named("company_name"), '; filename="../../etc/passwd"'
BODIES = {
    "a file where a text is wanted": parts(
        (named("company_name", FILE), "x"), (named("stage"), "")
    ),
    "a thousand files": parts(*[(named(f"f{n}", FILE), "x") for n in range(1000)]),
    "too many fields": parts(*[(named(f"f{n}"), "x") for n in range(1500)]),
    "parts in parts": parts((COMPANY, NESTED)),
    "no end": f"--x\r\n{COMPANY}\r\n\r\nx".encode(),
    "no name": parts(("Content-Disposition: form-data", "x"), (COMPANY, "")),
    "a head without end": b"--x\r\nA: " + b"x" * 100_000,
    "not base64": parts((f"{COMPANY}\r\nContent-Transfer-Encoding: base64", "é=")),
    "another charset": parts((f"{COMPANY}\r\nContent-Type: text/plain; charset=utf-7", "+AD4-")),
    "a charset that is none": parts((f"{COMPANY}\r\nContent-Type: text/plain; charset=x", "x")),
}
TOO_MUCH = {"a thousand files", "too many fields", "a head without end"}


def test_a_body_too_large_is_refused_unread(browser, db, tmp_path, settings):
    """Not even a file of somebody who is not signed in comes to rest on the disk."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    strict = Client(enforce_csrf_checks=True)
    large = parts((named("x", FILE), "x" * 3_000_000))
    kind = {"content_type": "multipart/form-data; boundary=x"}
    with nothing_changes():
        assert strict.post(reverse("account_login"), large, **kind).status_code == 400
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", BODIES)
def test_bodies_in_parts(browser, cast, what):
    browser.force_login(cast["management"])
    with nothing_changes():
        response = browser.post(
            reverse("clients:create"), BODIES[what], content_type="multipart/form-data; boundary=x"
        )
    assert response.status_code == (400 if what in TOO_MUCH else 422)
