"""axe-core, zoom, darkness and WeChat on the member's pages. Other doors use the same fixture: see `browser.py`."""

import pytest
from playwright.sync_api import Browser

from models import Reminder, ReminderReason
from qianli.stages.unit import now, writing
from qianli.web.testing import Site
from tests.web.browser import violations

WIDTH = 360
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; V2309A Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/126.0 Mobile Safari/537.36 XWEB/1260 MMWEBSDK/20240501 MicroMessenger/8.0.50 WeChat/arm64 Weixin"
)
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
TWICE_AS_LARGE = "document.documentElement.style.fontSize = '225%'"


def _say_things(site: Site) -> list[str]:
    """Pages with everything on them that there can be."""
    with writing("system") as session:
        about = {"consignment_id": site.world.consignments[0], "parcel_id": site.world.parcels[0]}
        sentence = "包裹在崇德路驿站等您去取。"
        reason = ReminderReason.waiting_at
        session.add(Reminder(**about, reason=reason, sentence=sentence, since_at=now(), opened_at=now()))
    troubled, path = f"item_{site.world.kit_items[1]}", f"/r/{site.codes[1]}"
    site.post(path, {"said": "damaged", troubled: "damaged", "note": "封面破了"})
    site.post(path, {"wish": "call_me"})
    site.post(path, {"wish": "moved", "address": "浙江省杭州市余杭区文一西路 969 号 3 栋 502 室"})
    site.post(f"/r/{site.codes[2]}", {"said": "all_here"})
    return ["/", "/r", "/r/WRONG", *(f"/r/{code}" for code in site.codes)]


@pytest.mark.slow
def test_members_pages_for_everybody(site: Site, browser: Browser) -> None:
    pages, asked = _say_things(site), list[str]()
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": WIDTH, "height": 740}, color_scheme=scheme, user_agent=WECHAT)
        page = context.new_page()
        page.on("request", lambda one: asked.append(one.url))
        for path in pages:
            page.goto(site.url + path)
            page.evaluate(OPEN)
            assert violations(page) == [], (scheme, path)
            page.evaluate(TWICE_AS_LARGE)
            assert page.evaluate("document.documentElement.scrollWidth") == WIDTH, (scheme, path)
        context.close()
    assert [url for url in asked if not url.startswith(site.url)] == []
    page = browser.new_page(java_script_enabled=False, user_agent=WECHAT)
    page.goto(f"{site.url}/r/{site.codes[0]}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first thing the keyboard reaches is the answer most members give
    page.wait_for_selector("text=全部收到，谢谢您")
    assert site.state() == "confirmed"
