"""What is wrong with a page as it stands in a window: for axe, and for a ruler."""

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1280, 390)
WCAG = {
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"
    ]
}  # fmt: skip


def faults(page):
    """In both themes: the system turns dark, then light, under a page that is fetched once."""
    found = []
    for theme in ("dark", "light"):
        # Without motion, or axe would measure colours on their way from one theme to the other.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        results = Axe().run(page, options=WCAG)
        if results.violations_count:
            found.append((page.url, theme, results.generate_report()))
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > page.viewport_size["width"]:
        found.append((page.url, f"{wide} px wide"))
    return found
