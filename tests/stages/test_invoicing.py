from pathlib import Path

import pytest
import sqlalchemy as sa

from models import Approval, Invoice, InvoiceLine, JournalEntry, Parcel, ParcelStage
from qianli.cli import main
from qianli.couriers.charges import fen, grams
from qianli.errors import BadInput
from qianli.ledger.cells import Cell
from qianli.ledger.out import write_xlsx
from qianli.ledger.sheets import read_sheets, text
from qianli.stages.billing import billing
from qianli.stages.closing_report import counted
from qianli.stages.invoicing import import_invoice
from qianli.stages.status import status
from qianli.stages.unit import reading, writing
from qianli.store import campaigns
from qianli.testing import make_world

HEAD = ("邮件号", "客户订单号", "计费重量（kg）", "费用项目", "结算金额")
NUMBER = "98123456789{:02d}".format


@pytest.fixture
def sent(place: Path) -> None:
    """Four parcels with numbers: three went, one was voided and is another account's."""
    with writing("user:test") as session:
        world = make_world(session, members=5)
        for n, id_ in enumerate(world.parcels, start=1):
            values = {"waybill_number": NUMBER(n), "booked_year": 2027}
            session.execute(sa.update(Parcel).where(Parcel.id == id_).values(values))
        other = {"account": "post_two", "stage": ParcelStage.voided, "handed_over_at": None}
        session.execute(sa.update(Parcel).where(Parcel.id == world.parcels[4]).values(other))
        session.execute(sa.update(Approval).values(amount_fen=11_000))


def bill(*rows: tuple[object, ...]) -> bytes:
    return write_xlsx([("账单", HEAD, [*rows, ("合计", "", "", "", 99)])])  # type: ignore[list-item]


def test_each_line_finds_its_parcel_and_what_cannot_be_right_comes_back(sent: None) -> None:
    content = bill(
        (int(NUMBER(1)), "", 0.5, "标准快递", 12.299999999999999),
        (NUMBER(1), "", 0.5, "保价费", "1.00"),
        (NUMBER(2), "T-00002-X", "1.5kg", "", "¥14.00元"),
        (NUMBER(2), "", 1.5, "运费", 14),
        ("", "t-00003-x", "", "运费", 12),
        ("", "T-00003-X", "", "运费", 15),
        (NUMBER(3), "T-00004-X", 1, "运费", 12),
        (NUMBER(5), "", 1, "运费", 12),
        ("9812345670000", "", 1, "运费", 12),
        (NUMBER(4), "", 1, "运费", "面议"),
        (NUMBER(4), "", "很重", "运费", 12),
        (NUMBER(4), "", "", "运费", -3),
        (NUMBER(4), "", "", "折扣", -0.5),
    )
    first = import_invoice(content, filename="账单.xlsx", account="china_post", by="user:test")
    assert (first.accepted, first.unchanged) == (4, 0)
    words = {one.row: one.reason for one in first.rejected}
    wanted = {
        5: "重复计费", 6: "几个不同的金额", 7: "几个不同的金额", 8: "不是同一个包裹",
        9: "用账号“post_two”寄的", 10: "没有这个运单号",
        11: "金额读不懂", 12: "重量读不懂", 13: "负数",
    }  # fmt: skip
    assert words.keys() == wanted.keys()
    assert all(part in words[row] for row, part in wanted.items())
    assert first.fix_file is not None
    again = import_invoice(content, filename="又一份.xlsx", account="china_post", by="user:test")
    assert (again.accepted, again.unchanged, again.rejected) == (0, 4, first.rejected)
    later = bill(
        (NUMBER(1), "", 0.5, "运费", 13), (NUMBER(4), "", 1200, "运费", 12), (NUMBER(4), "", 1.2, "运费", 12),
        (NUMBER(4), "", 1.2, "运费", 12),
    )  # fmt: skip
    second = import_invoice(later, filename="改.xlsx", account="china_post", by="user:test")
    assert second.accepted == 1
    assert [one.reason.partition("，")[0] for one in second.rejected] == [
        "这个包裹的这种费用已经计过 12.30 元", "重量读不懂", "同一个包裹的同一种费用重复计费"
    ]  # fmt: skip
    with pytest.raises(BadInput, match=r"没有包裹是用账号“sf”寄的.*china_post、post_two"):
        import_invoice(content, filename="账单.xlsx", account="sf", by="user:test")
    with reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Invoice)).scalar_one() == 2
        said = session.execute(sa.select(JournalEntry.why).where(JournalEntry.what == "billed")).scalars().all()
        assert said[0] == "账号 china_post，4 行，共 26.80 元"


def test_bills_stand_beside_the_plan_and_what_is_beyond_the_approval_is_said(sent: None, tmp_path: Path) -> None:
    assert status("TEST-2027")["billed"] == {}
    content = bill((NUMBER(1), "", 0.5, "运费", 12), (NUMBER(2), "", 2, "运费", 68), (NUMBER(2), "", 2, "保价", 1))
    path = tmp_path / "账单.xlsx"
    path.write_bytes(content)
    assert main.execute(["invoice", "import", str(path), "--account", "china_post"]) == 0
    found = billing("TEST-2027")
    assert [(one.reference, one.difference_fen, one.billed_weight_g) for one in found.differing] == [
        ("T-00002-X", 5700, 2000)
    ]
    sums = {name: [(o.label, o.parcels, o.billed, o.billed_fen) for o in some] for name, some in found.sums.items()}
    assert sums == {
        "活动": [("TEST-2027", 4, 2, 8100)],
        "党组织": [("青石镇党委", 4, 2, 8100)],
        "快递": [("中国邮政（china_post）", 4, 2, 8100)],
    }  # fmt: skip
    assert billing(account="post_two").total.parcels == 0
    # Four parcels of 12.00 and goods of 12.00 each are 96.00 as planned, 153.00 as billed; 110.00 is what was approved.
    told = status("TEST-2027")["billed"]
    assert (told["spent_fen"], told["approved_fen"], told["beyond_fen"]) == (15_300, 11_000, 4_300)
    with reading() as session:
        report = counted(session, campaigns.by_code(session, code="TEST-2027"))
        assert session.execute(sa.select(Approval.amount_fen)).scalar_one() == 11_000
        assert session.execute(sa.select(sa.func.count()).select_from(InvoiceLine)).scalar_one() == 3
    assert set(told["sentences"]) <= set(report.remarks)
    assert "超出 43.00 元" in told["sentences"][1]
    book = tmp_path / "核对.xlsx"
    assert main.execute(["invoice", "show", "TEST-2027", "--xlsx", str(book)]) == 0
    sheets = read_sheets(book.read_bytes(), filename=book.name)
    assert [sheet.name for sheet in sheets] == ["逐件", "按活动", "按党组织", "按快递"]
    assert [text(cell) for cell in sheets[0].rows[2]][1:] == [
        "T-00002-X", "青石镇党委", "中国邮政", "china_post", "145", "2000", "12", "69", "57"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "written", "expected"),
    [
        ("重量", 1.25, 1250), ("重量", "800g", 800), ("重量（克）", 800, 800), ("计费重量(KG)", "0.8", 800),
        ("重量", "1.5 公斤", 1500), ("重量", 800, None), ("重量", "一斤", None), ("重量(g)", "2千克", 2000),
    ],
)  # fmt: skip
def test_weights(title: str, written: object, expected: int | None) -> None:
    assert grams(Cell(written), title) == expected  # type: ignore[arg-type]


def test_amounts() -> None:
    cells = ["12", "12.5", "1,234.50", "￥3", "-2元", "12.345", "十元", True, 0.1 + 0.2, 7]
    assert [fen(Cell(one)) for one in cells] == [1200, 1250, 123450, 300, -200, None, None, None, 30, 700]
