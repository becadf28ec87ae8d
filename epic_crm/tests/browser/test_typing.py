"""What a page says while something is typed and not saved yet."""

from django.urls import reverse


def test_unsaved_changes(window, live_server, cast, kevin):
    page = window(cast["owner"])
    page.goto(live_server.url + reverse("clients:update", args=[kevin.pk]))
    name, mark = page.locator("[name=company_name]"), page.get_by_text("Unsaved changes")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    assert not mark.is_visible()
    name.fill("Warm Startup")
    assert mark.is_visible()
    name.fill("Cool Startup")  # As it was.
    assert not mark.is_visible()
    page.get_by_role("main").get_by_role("combobox", name="How we met").select_option("meeting")
    assert mark.is_visible()
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]  # And one stays.
    assert page.url.endswith("/edit/")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**" + kevin.get_absolute_url())
    assert asked == ["beforeunload"]
    kevin.refresh_from_db()
    assert kevin.source == "meeting"


def test_a_text_that_is_nearly_full(window, live_server, cast, kevin):
    page = window(cast["owner"])
    page.goto(live_server.url + kevin.get_absolute_url())
    text = page.locator("[name=text]")
    text.fill("x" * 4000)
    assert not page.get_by_text("Characters left: ").is_visible()
    text.fill("x" * 4990)
    assert page.get_by_text("Characters left: 10").is_visible()
