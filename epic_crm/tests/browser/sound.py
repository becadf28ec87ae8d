"""What is wrong with a page as it stands in a window: for axe, and for a ruler."""

import json

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1280, 390)
NARROWEST = 320  # WCAG 1.4.10: no page scrolls sideways from here on.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A theme changes colours and nothing else: in the second one there is only contrast to look at.
RULES = {
    "dark": {"runOnly": WCAG},
    "light": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
}


def faults(page):
    """In both themes: the system turns dark, then light, under a page that is fetched once."""
    found = []
    page.evaluate(Axe().axe_script)
    for theme, rules in RULES.items():
        # Without motion, or axe would measure colours on their way from one theme to the other.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        options = json.dumps(rules | {"resultTypes": ["violations"]})
        results = AxeResults(page.evaluate(f"axe.run({options})"))
        if results.violations_count:
            found.append((page.url, theme, results.generate_report()))
    window = page.viewport_size
    for width in (window["width"], NARROWEST)[: 2 if window["width"] < 768 else 1]:
        page.set_viewport_size(window | {"width": width})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append((page.url, f"{wide} px wide on {width}"))
    page.set_viewport_size(window)
    return found
