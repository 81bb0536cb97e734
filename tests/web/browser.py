"""A real browser for pages of any door: Debian's Chromium under Playwright, and axe-core on what it shows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
#: Rules of WCAG 2.1 A and AA, and what axe-core calls good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
AXE, FIND = Axe().axe_script, "options => axe.run(options).then(all => all.violations)"


@contextmanager
def browsing() -> Iterator[Browser]:
    """One browser; each page of it is opened by the test, as wide and as dark as it wants."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def violations(page: Page, *, only: Sequence[str] = ()) -> list[str]:
    """What axe-core finds on the page as it stands: rule and the elements that break it. Perhaps some rules only."""
    asked = {"type": "rule", "values": list(only)} if only else RULES
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate(FIND, {"runOnly": asked, "resultTypes": ["violations"]})
    return [f"{one['id']}: {' '.join(str(node['target']) for node in one['nodes'])}" for one in found]


def picture(page: Page, path: Path) -> None:
    """The whole page as PNG."""
    page.screenshot(path=path, full_page=True)
