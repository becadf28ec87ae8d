"""security.md, "Input", beside the forms: addresses, query strings, headers, bodies, sessions."""

from django.contrib.messages import get_messages

from history.tests.tables import contents

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
        "/agenda/feed/" + "x" * 500 + ".ics", "/agenda/feed/%00.ics",
        "/account/password/reset/key/1-x/",
        "/access/ask/accounts.delete_user/1/", "/access/ask/__class__/1/",
    )),
    ("/clients/?" + "&".join(f"a{n}=1" for n in range(2000)), 400),
]  # fmt: skip


def test_the_table_is_long_enough():
    assert len({path for path, _must in QUERIES}) >= 150


def test_addresses_and_query_strings(browser, cast, event):
    """Whoever is not in charge: what is shown without the nonsense is little enough to tell."""
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
