"""
Fresh pictures of the pages, into docs/screens/: a demo of its own, seen in Chromium.

The demo's dates are relative to today, and so are the pictures.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

HOUSE = Path(__file__).resolve().parent.parent
OUT = HOUSE / "docs" / "screens"
ADDRESS = "{}@epic-events.example"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "DEMO": "1", "DEBUG": "1"}
        os.chdir(HOUSE)
        for command in (["migrate", "-v0"], ["createcachetable"], ["seed_demo"]):
            manage(subprocess.run, *command, check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        server = manage(
            subprocess.Popen, "runserver", "--noreload", port, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(f"http://localhost:{port}/healthz")
            shoot(f"http://localhost:{port}", pictures())
        finally:
            server.terminate()
            server.wait()


def manage(run, *arguments, **options):
    return run([sys.executable, "manage.py", *arguments], **options)


def free_port():
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return str(found.getsockname()[1])


def wait_for(address):
    for _ in range(100):
        try:
            return urlopen(address, timeout=5).read()  # noqa: S310
        except OSError:
            time.sleep(0.2)
    sys.exit(f"Nothing answers on {address}.")


def pictures():
    """Name → who looks, at which page; on a phone if the name says so."""
    sys.path.insert(0, str(HOUSE))
    os.environ["DJANGO_SETTINGS_MODULE"] = "epic_crm.settings"
    import django

    django.setup()
    from clients.models import Client
    from contracts.models import Contract
    from events.models import Event

    mine = Contract.objects.filter(client__sales_contact__email=ADDRESS.format("camille.roussel"))
    opened = mine.filter(status="open").order_by("pk").first()
    client = Client.objects.filter(contracts__in=mine.filter(status="signed", event=None)).first()
    event = Event.objects.coming().filter(support_contact__email=ADDRESS.format("ines.morel"))
    event = event.order_by("starts_at").first()
    return {
        "home-sales": ("camille.roussel", "/"),
        "home-support": ("ines.morel", "/"),
        "home-management": ("helene.vidal", "/"),
        "clients": ("camille.roussel", "/clients/"),
        "client": ("camille.roussel", client.get_absolute_url()),
        "client-edit": ("camille.roussel", f"/clients/{client.pk}/edit/"),
        "sign": ("camille.roussel", f"/contracts/{opened.pk}/sign/"),
        "event": ("ines.morel", event.get_absolute_url()),
        "event-day-phone": ("ines.morel", f"/events/{event.pk}/day/"),
        "home-support-phone": ("ines.morel", "/"),
        "agenda": ("helene.vidal", "/agenda/"),
        "search": ("camille.roussel", "/search/?q=maison"),
        "notifications-phone": ("ines.morel", "/notifications/"),
        "figures": ("helene.vidal", "/figures/"),
        "team": ("helene.vidal", "/team/"),
    }


def shoot(root, wanted):
    from playwright.sync_api import sync_playwright

    from epic_crm.demo import PASSWORD

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    OUT.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or sys.exit("There is no Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        states = {}
        for name, (who, path) in wanted.items():
            for theme in ("light", "dark"):
                window = browser.new_context(
                    viewport=PHONE if name.endswith("phone") else DESK, color_scheme=theme,
                    locale="fr-FR", timezone_id="Europe/Paris", storage_state=states.get(who),
                )  # fmt: skip
                page = window.new_page()
                if who not in states:
                    page.goto(f"{root}/login/")
                    page.fill("[name=login]", ADDRESS.format(who))
                    page.fill("[name=password]", PASSWORD)
                    page.press("[name=password]", "Enter")
                    page.wait_for_url(f"{root}/")
                    states[who] = window.storage_state()
                page.goto(root + path)
                file = OUT / (f"{name}.png" if theme == "light" else f"{name}-{theme}.png")
                page.screenshot(path=file)
                print(file.relative_to(HOUSE))
                window.close()


if __name__ == "__main__":
    main()
