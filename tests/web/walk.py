"""One campaign through the three doors, as people walk them: from a ledger to the report.

Flows run in this process, as with --inline; the couriers' and the days' passing are played, everything else is done
on the pages. Whoever walks along (`look`) is shown each page by name. Two tests and README's pictures share the walk.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import yaml
from playwright.sync_api import Browser, Page, ViewportSize, expect

from models import OrganisationKind, Role
from qianli import launch
from qianli.campaigns.references import consignment_number
from qianli.settings import ROOT, settings
from qianli.stages import demo, kits, ladders, manifest_links, manifests, organisations, steps, tracking, users
from qianli.stages.letter_forms import confirmation_code
from qianli.stages.unit import reading
from qianli.store import campaigns, pairing, parcels
from qianli.store import demo as store
from qianli.web.testing import PASSWORD

EXAMPLE = ROOT / "examples/qianli-letter"
CODE, NAME, BRANCH = "QLCS-2027", "千里传书", "青石街道云岭社区党委"
PEOPLE = {"zhou": ("周敏", Role.organiser), "wei": ("韦光明", Role.approver), "chen": ("陈立新", Role.packer)}
BY = "user:root"
BEGAN_DAYS_AGO = 12
PATIENCE_MS = 150_000
DESK, PHONE, SMALL = (1200, 800), (390, 844), (360, 740)
SIGNATURE = [(0.2, 0.7), (0.3, 0.3), (0.4, 0.7), (0.55, 0.4), (0.7, 0.6)]
LISTEN = "window.heard = ''; speechSynthesis.speak = speech => window.heard += speech.text"
Look = Callable[[Page, str], None]


@contextmanager
def flows_inline() -> Iterator[None]:
    """Buttons start flows in a thread of this process instead of asking Prefect."""

    def start(name: str, campaign_id: int | None = None) -> str:
        assert campaign_id is not None
        thread = threading.Thread(target=steps.run_inline, args=(name, campaign_id))
        thread.start()
        threads.append(thread)
        return "1"

    threads: list[threading.Thread] = []
    with patch.object(launch, "start_flow", start):
        yield
    for thread in threads:
        thread.join()


def days_ago(days: int) -> None:
    """From here on it is so many days ago."""
    os.environ["QIANLI_CLOCK_OFFSET_DAYS"] = str(-days)
    settings.cache_clear()


@dataclass
class Walk:
    """Where everybody is."""

    browser: Browser
    url: str
    look: Look
    scale: float = 1
    desks: dict[str, Page] = field(default_factory=dict)

    def page(self, size: tuple[int, int], **more: bool) -> Page:
        """A device of its own."""
        viewport = ViewportSize(width=size[0], height=size[1])
        context = self.browser.new_context(viewport=viewport, locale="zh-CN", device_scale_factor=self.scale, **more)
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    def sign_in(self, login: str) -> Page:
        """Sign in with the keyboard alone; after a night's absence once more."""
        page = self.desks.setdefault(login, self.page(DESK))
        page.goto(f"{self.url}/console")
        while page.evaluate("document.activeElement.name") != "login":
            page.keyboard.press("Tab")
        page.keyboard.type(login)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/console")
        return page

    def campaign(self, page: Page) -> None:
        """Its page, as its name on the first page leads there."""
        page.goto(f"{self.url}/console")
        page.get_by_role("main").get_by_role("link", name=NAME, exact=True).click()


def set_up() -> None:
    """What an administrator did before: branch, kit, stock and accounts."""
    organisations.add(BRANCH, kind=OrganisationKind.community, by=BY)
    kits.add_kit((EXAMPLE / "kit.yaml").read_bytes(), by=BY)
    for sku, quantity in demo.stock_to_receive().items():
        kits.receive(sku, quantity, by=BY)
    for login, (name, role) in PEOPLE.items():
        users.add(login, name=name, role=role, organisation=BRANCH, password=PASSWORD, by=BY)


def walk(browser: Browser, url: str, look: Look, *, scale: float = 1) -> None:
    """All of it; `scale` is how many dots a pixel of the pictures has."""
    expect.set_options(timeout=PATIENCE_MS)
    days_ago(BEGAN_DAYS_AGO)
    set_up()
    on = Walk(browser, url, look, scale)
    with flows_inline():
        import_ledger(on)
        new_campaign(on)
        rehearse_and_approve(on)
        print_and_pack(on)
    hand_over(on)
    days_ago(0)
    confirm(on)
    close(on)


def import_ledger(on: Walk) -> None:
    """Looked at first, then taken in."""
    page = on.sign_in("zhou")
    page.get_by_role("link", name="更多").click()
    page.get_by_role("link", name="导入台账").click()
    page.get_by_label("记在哪个组织名下").select_option(label=BRANCH)
    page.get_by_label("文件").set_input_files(EXAMPLE / "ledger.xlsx")
    page.get_by_role("button", name="先看一看").click()
    expect(page.get_by_role("status")).to_contain_text("新增")
    on.look(page, "import")
    page.get_by_role("button", name="导入好的行").click()
    on.look(page, "imported")
    page.get_by_role("button", name="好了").click()


def new_campaign(on: Walk) -> None:
    """Filled in as its definition file says it; counted before it is made."""
    page, told = on.desks["zhou"], yaml.safe_load((EXAMPLE / "campaign.yaml").read_text())
    page.goto(f"{on.url}/console")
    page.get_by_role("link", name="新建活动").click()
    fields = {
        "name": NAME, "code": CODE, "planned_delivery": str(told["planned_delivery"]), "text":
        (EXAMPLE / "letter.txt").read_text(), "letter_date": str(told["letter_date"]),
        "sender_name": told["sender"]["name"], "sender_phone": told["sender"]["phone"],
        "contacts": "\n".join(" ".join(one.values()) for one in told["contacts"]),
        **{f"outside_{name}": value for name, value in told["outside"].items()},
    }  # fmt: skip
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=organisation]").select_option(label=BRANCH)
    page.get_by_role("button", name="数一数").click()
    expect(page.get_by_role("status").first).to_contain_text("寄给")
    on.look(page, "new")
    page.get_by_role("button", name="建立草稿").click()
    on.look(page, "draft")


def rehearse_and_approve(on: Walk) -> None:
    """Rehearsed by who made it, approved by somebody else on what the rehearsal says."""
    page = on.desks["zhou"]
    page.get_by_role("button", name="开始准备").click()
    expect(page.locator("[aria-current=step]")).to_have_text("已准备")
    expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    page.get_by_role("button", name="先预演").click()
    expect(page.locator(".pages img").first).to_be_visible()
    other = on.sign_in("wei")
    on.campaign(other)
    on.look(other, "journey-to-approve")
    other.get_by_role("button", name="先预演").click()
    on.look(other, "rehearsal")
    other.get_by_role("button", name="批准", exact=True).click()
    expect(other.locator("[aria-current=step]")).to_have_text("已批准")


def print_and_pack(on: Walk) -> None:
    """Papers are made, fetched and noted; a wrong pair is refused, a right one packed, the rest at once."""
    page = on.desks["zhou"]
    on.campaign(page)
    page.get_by_role("button", name="编包裹、出单据").click()
    expect(page.get_by_role("button", name="全部装好了")).to_be_visible()
    page.get_by_role("link", name="打印间").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载第 1 印次").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    for button in range(page.get_by_role("button", name="打印好了").count(), 0, -1):
        page.get_by_role("button", name="打印好了").first.click()
        expect(page.get_by_role("button", name="打印好了")).to_have_count(button - 1)
    on.look(page, "print-room")
    page = on.sign_in("chen")
    page.add_init_script(LISTEN)
    on.campaign(page)
    page.get_by_role("link", name="装箱", exact=True).click()
    (slip, letter), (_, other) = _pairs()[:2]
    expect(page.locator("[name=what]")).to_be_focused()  # the cursor is always there
    page.keyboard.type(slip)  # a scanner types, and presses Enter
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("还要扫")
    page.keyboard.type(other)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("拿错了")
    assert "拿错了" in page.evaluate("window.heard")
    expect(page.locator("[name=what]")).to_be_focused()
    on.look(page, "packing-wrong")
    for scanned in (slip, letter):
        page.keyboard.type(scanned)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("还要扫" if scanned == slip else "装好了")
        on.look(page, "packing-half" if scanned == slip else "packing-done")
    page.get_by_role("button", name="全部装好了").click()


def _pairs() -> list[tuple[str, str]]:
    """Reference and letter of each parcel, as printed."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=CODE)
        return [
            (one.reference, consignment_number(CODE, pairing.letters(session, parcel_id=one.key)[0]))
            for one in parcels.of_campaign(session, campaign_id=campaign.key)
        ]


def hand_over(on: Walk) -> None:
    """Sealed at the desk; taken over on a courier's phone."""
    page = on.desks["zhou"]
    on.campaign(page)
    page.get_by_role("button", name="封交接单").click()
    (sealed,) = [one for one in manifests.list_manifests(CODE) if one.state == "sealed"]
    link = manifest_links.link(sealed.number, by=BY).url.removeprefix("https://qianli.example")
    phone = on.page(PHONE, has_touch=True, is_mobile=True)
    phone.goto(on.url + link)
    codes = phone.locator(".parcels li").evaluate_all("rows => rows.map(one => one.dataset.code)")
    for code in ["T-00009-X", *codes]:
        phone.locator("#scan").fill(code)
        phone.locator("#scan").press("Enter")
    expect(phone.locator("#tally")).to_have_text(str(len(codes)))
    _sign(phone)
    on.look(phone, "courier")
    phone.get_by_role("button", name="确认拿走").click()
    expect(phone.locator(".notice.good")).to_contain_text(f"已经交接：{len(codes)} 件")
    phone.get_by_text("交回运单号").first.click()
    file = {"name": "运单.xlsx", "mimeType": "application/octet-stream", "buffer": demo.waybill_file(CODE) or b""}
    phone.locator("#file").set_input_files(file)
    phone.get_by_role("button", name="交回运单号").click()
    expect(phone.get_by_role("status").first).to_contain_text(f"登记 {len(codes)} 行")
    on.look(phone, "courier-done")


def _sign(phone: Page) -> None:
    pad = phone.locator("#pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SIGNATURE]
    phone.mouse.move(*places[0])
    phone.mouse.down()
    for place in places[1:]:
        phone.mouse.move(*place, steps=4)
    phone.mouse.up()


def confirm(on: Walk) -> None:
    """What the couriers say comes as a file; a member says what came, corrects it, and says it again."""
    tracking.import_events(demo.events_file(CODE, but_the_post=False) or b"", filename="轨迹.xlsx", by=BY)
    demo.track()
    with reading() as session:
        campaign = campaigns.by_code(session, code=CODE)
        code = confirmation_code(store.arrived(session, campaign_id=campaign.key, states=demo.WAITING)[0])
    phone = on.page(SMALL, has_touch=True, is_mobile=True)
    phone.goto(f"{on.url}/r")
    phone.get_by_role("textbox").fill(code)
    phone.get_by_role("textbox").press("Enter")
    on.look(phone, "member")
    phone.get_by_role("button", name="全部收到").click()
    expect(phone.get_by_role("status")).to_contain_text("全部收到，谢谢您")
    on.look(phone, "member-said")
    phone.goto(f"{on.url}/r/{code}")
    phone.get_by_text("有东西少了或坏了").first.click()
    phone.get_by_role("group", name="《图说党史百年历程》").get_by_role("radio", name="少了").check()
    phone.get_by_role("button", name="登记少了或坏了的东西").click()
    expect(phone.get_by_role("status")).to_contain_text("少了：《图说党史百年历程》")
    page = on.sign_in("zhou")
    on.look(page, "home")
    on.campaign(page)
    expect(page.locator("#cases + form")).to_contain_text("图说党史")
    on.look(page, "journey")
    phone.get_by_role("button", name="现在全部收到了").click()
    expect(phone.get_by_role("status")).to_contain_text("全部收到，谢谢您")


def close(on: Walk) -> None:
    """Whoever has not answered is called; then the campaign is closed, and its report fetched."""
    for campaign_id in ladders.shards():
        ladders.run(campaign_id)
    page = on.desks["zhou"]
    on.campaign(page)
    page.get_by_role("link", name="打电话问一问").click()
    calls = page.get_by_role("button", name="全部收到")
    on.look(page, "calls")
    for left in range(calls.count(), 0, -1):
        calls.first.click()
        expect(calls).to_have_count(left - 1)
    on.campaign(page)
    page.get_by_role("button", name="办结").first.click()
    expect(page.locator("[aria-current=step]")).to_have_text("已办结")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载结项报告").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    on.look(page, "closed")
