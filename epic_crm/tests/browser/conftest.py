import os
import shutil

import pytest
from django.conf import settings
from django.test import Client

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; the ORM of the tests is not on it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium, live_server):
    """
    Open a window of one's own, signed in as a person; every word on its console is a failure.

    Keywords are those of a Playwright context.
    """
    contexts, said = [], []

    def listen(page, message):
        # That a page answers 404 or 422 is no news; that one of its files does, is.
        if message.location["url"].partition("#")[0] != page.url.partition("#")[0]:
            said.append(message.text)

    def open_window(person=None, *, width=1280, **context):
        context = {"locale": "fr-FR", "timezone_id": "Europe/Paris"} | context
        context = chromium.new_context(viewport={"width": width, "height": 900}, **context)
        contexts.append(context)
        if person:
            context.add_cookies([session_of(person, live_server.url)])
        page = context.new_page()
        page.on("console", lambda message: listen(page, message))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.set_default_timeout(15_000)
        page.goto(live_server.url)
        return page

    open_window.said = said
    yield open_window
    for context in contexts:
        context.close()
    assert said == []


def session_of(person, url):
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": url}
