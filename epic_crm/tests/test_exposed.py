"""What lies open to whoever asks by hand."""

import pytest

from epic_crm.tests.test_headers import visitor

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    "page",
    [
        "/.git/config", "/.env", "/var/secret_key", "/static/", "/static/../manage.py",
        "/static/%2e%2e/manage.py", "/static//etc/passwd", "/manage.py", "/docs/operations.md",
        "/server-status", "/__debug__/",
    ],
)  # fmt: skip
def test_nothing_else_lies_open(cast, page):
    for browser in (visitor(), visitor(cast["management"])):
        response = browser.get(page)
        assert response.status_code in (302, 404)
        assert "SECRET_KEY" not in response.text


@pytest.mark.parametrize("page", ["/login/", "/", "/clients/", "/healthz"])
def test_trace_is_no_method_here(cast, page):
    for browser in (visitor(), visitor(cast["owner"])):
        response = browser.trace(page, headers={"cookie": "private=1"})
        assert response.status_code in (302, 405)
        assert "private=1" not in response.text


def test_who_watches_learns_one_word(db):
    for page in ("/healthz", "/readyz"):
        response = visitor().get(page)
        assert (response.status_code, response.text) == (200, "ok")
        assert "Server" not in response.headers
