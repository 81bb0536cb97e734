"""Every page of the three doors in a real browser: for axe-core, for narrow and enlarged windows, for the keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page

from models import Role
from qianli.testing import workspace
from qianli.web.testing import Site
from tests.web.browser import violations
from tests.web.walk import Walk, walk
from tests.web.whole import places, sign_in, whole

pytestmark = pytest.mark.slow
FILES = (".pdf", ".png", ".jpg", ".xlsx", "/progress")
#: Pages nobody is led to: what went wrong, and nothing found.
OTHERS = ["/r/WRONG", "/m/unknown", "/s/unknown", "/nowhere", "/console/nowhere", "/console/campaigns/NONE"]
DESK, PHONE, TWICE_AS_LARGE = (1200, 800), (360, 740), (640, 400)
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What the keyboard has to reach: of radio buttons with one name, one.
REACHABLE = """() => { const names = new Set(); return [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(one =>
  !one.disabled && one.getClientRects().length && getComputedStyle(one).visibility === 'visible' &&
  !(one.type === 'radio' && (names.has(one.name) || !names.add(one.name)))).length; }"""
#: Which element has the focus now (a place in the page), and whether one can see it.
FOCUS = """() => { const one = document.activeElement; if (!one || one === document.body) return null;
  const seen = [one, one.nextElementSibling].some(each => each && getComputedStyle(each).outlineStyle !== 'none'
    && parseFloat(getComputedStyle(each).outlineWidth) >= 1);
  const box = one.getBoundingClientRect();
  const there = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [[...document.querySelectorAll('*')].indexOf(one), seen && there, one.outerHTML.slice(0, 120)]; }"""


@pytest.fixture(scope="module")
def house(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three members and something in every room; nobody here changes anything."""
    with workspace(tmp_path_factory.mktemp("house")):
        yield whole(url, 3)


def set_size(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def troubles(page: Page) -> list[str]:
    """What is wrong with the page as it stands, light and dark, wide, narrow and enlarged."""
    page.evaluate(OPEN)
    set_size(page, DESK)
    found = violations(page)
    for size in (TWICE_AS_LARGE, PHONE):
        set_size(page, size)
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"scrolls sideways at {size[0]}")
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in violations(page, only=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    return found


def unreachable(page: Page) -> list[str]:
    """What the keyboard does not reach, or reaches without showing it."""
    set_size(page, DESK)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    wanted, reached, unseen = page.evaluate(REACHABLE), set[int](), list[str]()
    for _ in range(wanted + 4 * page.locator("input[type=date]").count() + 2):  # a date is day, month, year and picker
        page.keyboard.press("Tab")
        if (at := page.evaluate(FOCUS)) is None or at[0] in reached:
            continue
        reached.add(at[0])
        if not at[1]:
            unseen.append(f"no visible focus: {at[2]}")
    return unseen + ([f"reached {len(reached)} of {wanted}"] if len(reached) < wanted else [])


def test_every_page_for_everybody(house: Site, browser: Browser) -> None:
    paths = [one for several in places(house).values() for one in several if not one.endswith(FILES)] + OTHERS
    wrong = dict[str, list[str]]()
    with requests.Session() as agent:
        sign_in(house, agent)
    page = Walk(browser, house.url, lambda *_: None).sign_in(Role.administrator.value)
    for path in paths:
        page.goto(house.url + path)
        if found := troubles(page) + unreachable(page):
            wrong[path] = found
    assert wrong == {}
    assert len(paths) > 40


def test_from_a_ledger_to_the_report(url: str, place: Path, browser: Browser) -> None:
    wrong = dict[str, list[str]]()

    def look(page: Page, name: str) -> None:
        size = page.viewport_size
        assert size
        if found := troubles(page):
            wrong[name] = found
        page.set_viewport_size(size)

    walk(browser, url, look)
    assert wrong == {}
