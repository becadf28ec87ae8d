"""Management gives several events away at once, with and without a script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from events.models import Event
from events.tests.factories import EventFactory


@pytest.mark.any_database
@pytest.mark.parametrize("script", [True, False])
def test_several_events_at_once(window, live_server, cast, script):
    events = [EventFactory(name=f"Gala {n}", support_contact=None) for n in (1, 2, 3)]
    page = window(cast["management"], java_script_enabled=script)
    page.goto(f"{live_server.url}{reverse('events:list')}?view=all&q=gala")
    main = page.get_by_role("main")
    main.get_by_role("button", name="Bulk assign").click()
    expect(main.get_by_text("Choose at least one line.")).to_be_visible()
    assert page.url.endswith("?view=all&q=gala")
    everything = main.get_by_role("button", name="Select all")
    expect(everything).to_be_visible(visible=script)
    if script:
        everything.click()
        expect(main.get_by_text("Chosen: 3")).to_be_visible()
        main.get_by_label("Choose Gala 3").uncheck()
        expect(main.get_by_text("Chosen: 2")).to_be_visible()
    else:
        for name in ("Gala 1", "Gala 2"):
            main.get_by_label(f"Choose {name}").check()
    main.get_by_role("button", name="Bulk assign").click()
    main.get_by_label("Support contact", exact=True).select_option(str(cast["support"].pk))
    main.get_by_label("Assign all the same").check()
    main.get_by_role("button", name="Assign", exact=True).click()
    expect(main.get_by_text("Done: 2")).to_be_visible()
    main.get_by_role("link", name="Back to the list").last.click()
    page.wait_for_url("**/events/?view=all&q=gala")
    supported = Event.objects.of_support(cast["support"])
    assert set(supported) == set(events[:2])
