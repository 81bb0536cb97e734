import io
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from models import (
    Artefact,
    Campaign,
    CampaignState,
    CaseOutcome,
    Consignment,
    ConsignmentState,
    Hold,
    HoldReason,
    JournalEntry,
    Parcel,
    ParcelLine,
    ParcelStage,
    ReplacementRequest,
    Said,
    SaidVia,
)
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.settings import settings
from qianli.stages import artefacts, cases, closing
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.tracking import import_events
from qianli.stages.unit import reading, writing
from qianli.store import campaigns, stock
from qianli.store.session import engine
from qianli.testing import NOW, World, kill_at, make_world, workspace

S = ConsignmentState
BY = "user:li"


def world_of(members: int = 3, **how: object) -> World:
    with writing(BY) as session:
        return make_world(session, members=members, **how)  # type: ignore[arg-type]


def say(world: World, position: int, said: Said = Said.all_here) -> None:
    record_receipt(world.consignments[position], said=said, problems={}, note="", via=SaidVia.phone, by=BY)


def state_of(world: World, position: int) -> SimpleNamespace:
    with reading() as session:
        return SimpleNamespace(**session.get_one(Consignment, world.consignments[position]).model_dump())


def campaign_state() -> CampaignState:
    with reading() as session:
        return campaigns.by_code(session, code="TEST-2027").state


def refusal(**how: str) -> str:
    with pytest.raises(RuleBroken) as caught:
        closing.close("TEST-2027", by=BY, **how)
    assert campaign_state() != CampaignState.closed
    return caught.value.message


def test_everything_open_is_named_with_what_to_do(place: Path) -> None:
    world = world_of(5)
    with writing(BY) as session:
        session.get_one(Parcel, world.parcels[0]).stage = ParcelStage.printed
        for line in session.exec(select(ParcelLine).where(ParcelLine.parcel_id == world.parcels[1])):
            line.voided_at = NOW
        line = session.exec(select(ParcelLine).where(ParcelLine.parcel_id == world.parcels[3])).first()
        assert line is not None
        session.add(
            ReplacementRequest(
                consignment_id=line.consignment_id, line_id=line.key, quantity=1, asked_by=BY, asked_at=NOW
            )
        )
    say(world, 2)
    say(world, 3, Said.not_received)
    told = refusal().splitlines()
    assert told[0] == "活动 TEST-2027 还不能办结："
    for sentence, words in zip(
        told[1:],
        (
            "1 个包裹还没有交给快递公司（T-00001-X）",
            "1 份寄送等待重新装箱（TEST-2027-0002）",
            "1 件补寄",
            "1 个问题",
            "1 份寄送本人还没有答复（TEST-2027-0005）",
        ),
        strict=True,
    ):
        assert words in sentence
    assert "还没有答复" not in refusal(unconfirmed="电话无人接听")


@pytest.mark.parametrize(
    "state", [CampaignState.draft, CampaignState.prepared, CampaignState.approved, CampaignState.cancelled]
)
def test_only_what_is_under_way_can_be_closed(place: Path, state: CampaignState) -> None:
    world_of(1, state=state, stage=None)
    assert refusal().endswith("。")


def test_a_reason_must_be_given(place: Path) -> None:
    world_of(1)
    with pytest.raises(BadInput, match="--unconfirmed"):
        closing.close("TEST-2027", unconfirmed="  ", by=BY)
    with pytest.raises(NotFound):
        closing.close("NO-SUCH", by=BY)


def closable() -> World:
    """Two confirmed (one after trouble), one silent, one held, one ready; made with stock, prices and events."""
    world = world_of(5)
    with writing(BY) as session:
        for position in (3, 4):
            session.get_one(Parcel, world.parcels[position]).stage = ParcelStage.voided
            for line in session.exec(select(ParcelLine).where(ParcelLine.parcel_id == world.parcels[position])):
                line.voided_at = NOW
        session.get_one(Consignment, world.consignments[3]).state = S.held
        session.get_one(Consignment, world.consignments[4]).state = S.ready
        session.add(
            Hold(
                consignment_id=world.consignments[3],
                reason=HoldReason.no_phone,
                sentence="没有联系电话。",
                next_step="补上。",
                opened_at=NOW,
            )
        )
        session.flush()
        kit = stock.needs(session, campaign_id=world.campaign)
        going = [*world.consignments[:3], world.consignments[4]]
        stock.reserve(session, campaign_id=world.campaign, needs=dict.fromkeys(going, kit))
        stock.issue(session, parcel_ids=world.parcels[:3])
    events = "包裹编号,状态,时间\nT-00001-X,本人签收,2027-01-06 20:00\nT-00002-X,签收,2027-01-09\n"
    import_events(events.encode(), filename="a.csv", by=BY)
    say(world, 0)
    say(world, 1, Said.not_received)
    cases.resolve(cases.list_cases()[0].id, outcome=CaseOutcome.no_action, by=BY)
    return world


def test_closing_settles_everyone(place: Path) -> None:
    world = closable()
    done = closing.close("TEST-2027", unconfirmed="三次电话无人接听", by=BY)
    assert [state_of(world, position).state for position in range(5)] == [
        S.confirmed, S.denied, S.unconfirmed, S.not_sent, S.not_sent,
    ]  # fmt: skip
    assert state_of(world, 3).not_sent_reason == "没有联系电话。"
    assert state_of(world, 4).not_sent_reason == closing.LEFT_OVER
    with reading() as session:
        campaign = session.exec(select(Campaign)).one()
        assert (campaign.state, campaign.closed_at is not None) == (CampaignState.closed, True)
        assert session.exec(select(Hold)).one().cleared_at is not None
        assert {level.item.sku: level.reserved for level in stock.levels(session)} == {"badge": 0, "book": 0}
        entry = session.exec(select(JournalEntry).where(JournalEntry.what == "unconfirmed")).one()
        assert (entry.why, entry.actor) == ("三次电话无人接听", BY)
    assert (done.code, done.state) == ("TEST-2027", "closed")
    assert done.summary[0] == "应寄 5 份，寄出 3 份，快递报告妥投 2 份，本人确认收到 1 份。"
    # Handed over 2027-01-04 in Shanghai: the 6th is two days later, the 9th five. Postage 3 x 12 yuan, goods the same.
    assert done.summary[1] == "自交接到妥投最快 2 天，最慢 5 天，平均 3.5 天；没有退回。"
    assert (
        done.summary[2] == "共支出 72.00 元（邮资 36.00 元，物品 36.00 元），寄出的平均每份 24.00\N{NO-BREAK SPACE}元。"
    )
    assert done.remarks[:2] == (
        "1 份未寄：没有联系电话（TEST-2027-0004）。", "1 份未寄：活动办结时还没有寄出（TEST-2027-0005）。",
    )  # fmt: skip
    assert "1 份未得到本人答复：三次电话无人接听。" in done.remarks


def test_the_report_is_published_as_pdf_and_xlsx_that_agree(place: Path) -> None:
    closable()
    done = closing.close("TEST-2027", unconfirmed="三次电话无人接听", by=BY)
    assert [path.rpartition("/")[2] for path in done.paths] == ["closing-report.pdf", "closing-report.xlsx"]
    with reading() as session:
        rows = session.exec(select(Artefact).order_by("id")).all()
        assert [(row.path, row.kind, row.published_at is not None) for row in rows] == [
            ("TEST-2027/closing-report.pdf", "report", True), ("TEST-2027/closing-report.xlsx", "report", True),
        ]  # fmt: skip
        assert (rows[0].pages or 0) >= 1
    said = subprocess.run(
        ["pdftotext", "-layout", done.paths[0], "-"], capture_output=True, text=True, check=True
    ).stdout
    folded = "".join(said.split())
    for words in (
        "千里传书",
        "应寄5份",
        "三次电话无人接听",
        "福建省",
        "浙江省",
        "新疆维吾尔自治区",
        "青石镇党委",
        "72.00",
    ):
        assert words in folded
    book = load_workbook(io.BytesIO(artefacts.fetch("TEST-2027/closing-report.xlsx")))
    assert book.sheetnames == ["总结", "按省份", "按党组织", "到达天数", "支出", "逐人"]
    total = [cell.value for cell in book["按省份"][book["按省份"].max_row]]
    assert total == ["合计", 5, 3, 2, 1, 0, "3.5", 36, 36, 72]
    people = [[cell.value for cell in row] for row in book["逐人"].iter_rows(min_row=2)]
    assert [row[0] for row in people] == [f"TEST-2027-000{n}" for n in range(1, 6)]
    assert people[3][4:] == ["未寄", "没有联系电话。"]


def test_closing_again_changes_nothing(place: Path) -> None:
    closable()
    first = closing.close("TEST-2027", unconfirmed="三次电话无人接听", by=BY)
    with reading() as session:
        before = [row.model_dump() for table in (Artefact, JournalEntry) for row in session.exec(select(table))]
    assert closing.close("TEST-2027", by=BY) == first
    with reading() as session:
        after = [row.model_dump() for table in (Artefact, JournalEntry) for row in session.exec(select(table))]
    assert before == after


def close_killed_at(count: int) -> bool:
    """Close in a child process that is killed at the count-th fault point; whether it was."""
    engine(settings().database_url).dispose()  # a child must not share our connection
    child = os.fork()
    if child == 0:
        try:
            kill_at(count)
            closing.close("TEST-2027", unconfirmed="三次电话无人接听", by=BY)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.slow
def test_killed_anywhere_and_closed_again_it_is_the_same(tmp_path: Path) -> None:
    papers = []
    for count in range(1, 40, 2):
        root = tmp_path / str(count)
        root.mkdir()
        with workspace(root):
            closable()
            killed = close_killed_at(count)
            cut_off = campaign_state() == CampaignState.closed and closing.unfinished() == ["TEST-2027"]
            closing.close("TEST-2027", unconfirmed="三次电话无人接听", by=BY)
            assert closing.unfinished() == []
            papers.append((cut_off, [artefacts.fetch(f"TEST-2027/closing-report.{end}") for end in ("pdf", "xlsx")]))
        if not killed:
            break
    assert not killed
    assert sum(cut_off for cut_off, _ in papers) >= 2
    assert all(files == papers[-1][1] for _, files in papers)
