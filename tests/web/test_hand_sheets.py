"""Messages that people send by hand: the sheet is taken along from the console, and its results come back there."""

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import requests
from sqlmodel import select

from models import Message, Role
from qianli.stages import approve, campaigns
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.testing import make_world
from qianli.web.testing import Site, signed_in

BY, BOSS = "user:李主任", "user:周书记"
NOON = datetime(2027, 1, 11, 4, 0, tzinfo=UTC)
DEFINITION = """
code: {code}
name: 直播提醒
channel: message
organisation: 青石镇党委
planned_delivery: 2027-01-10
sender: {{name: 青石镇, phone: 0851-12345678}}
words: "{{姓名}}{{称谓}}您好，7月1日8:00有直播。"
"""


@pytest.fixture
def told(url: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Two campaigns with two messages each that are due at noon."""
    for name in ("message_sheets", "telling", "plan", "hand_sheets"):
        monkeypatch.setattr(f"qianli.stages.{name}.now", lambda: NOON)
    with writing(BY) as session:
        world = make_world(session, members=2)
    for code in ("DX-2027", "LB-2027"):
        campaigns.new_campaign(DEFINITION.format(code=code).encode(), read_beside=lambda _name: b"", by=BY)
        run_inline("prepare_campaign", campaigns.ask(code, "prepare_campaign", by=BY))
        approve.approve(code, by=BOSS)
        run_inline("fulfil_campaign", campaigns.ask(code, "fulfil_campaign", by=BY))
    return Site(url, world, [])


def filled(sheet: bytes, *results: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    table = book.active
    assert table is not None
    head = next(n for n, row in enumerate(table.iter_rows(values_only=True), 1) if row[0] == "编号")
    for line, result in enumerate(results, start=head + 1):
        table.cell(line, 5, result)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_is_taken_along_and_brought_back(told: Site) -> None:
    here = f"{told.url}/console/campaigns/DX-2027/messages"
    with requests.Session() as browser:
        token = {"csrf": signed_in(told, browser, Role.organiser)}
        assert f'href="{here.removeprefix(told.url)}"' in browser.get(here.removesuffix("/messages"), timeout=60).text
        assert "还没有列表的 2 条" in browser.get(here, timeout=60).text
        made = browser.post(here, data=token, timeout=60).text
        assert "2 条已列成表格" in made
        assert "还没有列表的 0 条" in made
        assert "现在没有要人工发的消息" in browser.post(here, data=token, timeout=60).text  # each stands on one sheet
        sheet = browser.get(f"{here}/messages-000001.xlsx", timeout=60).content

        def bring(to: str, content: bytes) -> requests.Response:
            return browser.post(f"{to}/results", data=token, files={"file": ("结果.xlsx", content)}, timeout=60)

        assert bring(here, sheet).status_code == 422  # nobody wrote anything
        content = filled(sheet, "已发", "未发")
        other = bring(here.replace("DX", "LB"), content).text
        assert "登记已发 0 条，未发 0 条" in other
        assert other.count("没有这个编号的人工消息") == 2
        assert "登记已发 1 条，未发 1 条；早已登记的 0 条" in bring(here, content).text
        assert "登记已发 0 条，未发 0 条；早已登记的 2 条" in bring(here, content).text
        browser.cookies.set("lang", "en")
        assert "Messages" in browser.get(here, timeout=60).text
    with reading() as session:
        rows = session.exec(select(Message).order_by("id")).all()
        assert [(bool(one.answered_at), bool(one.failed_at)) for one in rows] == [(1, 0), (0, 1), (0, 0), (0, 0)]
