from pathlib import Path

import pytest
from sqlmodel import select

from models import Artefact, ArtefactKind, JournalEntry, Parcel, ParcelStage, TrackingEvent
from qianli.errors import RuleBroken
from qianli.ledger.out import write_xlsx
from qianli.ledger.sheets import read_sheets, text
from qianli.stages import artefacts
from qianli.stages.tracking import import_events
from qianli.stages.unit import reading, today, writing
from qianli.stages.waybills import import_waybills
from qianli.store import transitions
from qianli.store.tracking import set_waybills
from qianli.testing import World, make_world


def file(*rows: tuple[object, ...], head: tuple[str, str] = ("包裹编号", "运单号")) -> bytes:
    return write_xlsx([("回单", head, rows)])  # type: ignore[list-item]


@pytest.fixture
def world(place: Path) -> World:
    with writing("user:test") as session:
        return make_world(session, members=4, stage=ParcelStage.packed)


def numbers() -> list[str | None]:
    with reading() as session:
        return [parcel.waybill_number for parcel in session.exec(select(Parcel).order_by("sequence"))]


def reasons(result: object) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.reason) for one in result.rejected]  # type: ignore[attr-defined]


def test_numbers_find_their_parcels_and_the_same_file_again_changes_nothing(world: World) -> None:
    content = file(("T-00001-X", 9812345678901), (" t-00002-x ", "9812345678902"), ("T-00003-X", None))
    first = import_waybills(content, filename="回单.xlsx", by="user:test")
    assert (first.accepted, first.unchanged, first.rejected, first.fix_file) == (2, 0, [], None)
    assert [(one.row, one.column) for one in first.notices] == [(4, "运单号")]
    assert numbers() == ["9812345678901", "9812345678902", None, None]
    second = import_waybills(content, filename="回单.xlsx", by="user:test")
    assert (second.accepted, second.unchanged, second.rejected) == (0, 2, [])
    with reading() as session:
        told = session.exec(select(JournalEntry).where(JournalEntry.what == "waybill")).all()
        assert [(entry.subject_id, entry.actor) for entry in told] == [(one, "user:test") for one in world.parcels[:2]]


def test_what_is_refused_and_why_and_the_good_rows_go_in(world: World) -> None:
    with writing("user:test") as session:
        transitions.parcels(session, [world.parcels[3]], ParcelStage.voided)
    import_waybills(file(("T-00001-X", "9812345678901")), filename="a.xlsx", by="user:test")
    result = import_waybills(
        file(
            ("T-00001-X", "9812345678909"),
            ("T-00002-X", "9812345678901"),
            ("T-00004-X", "9812345678904"),
            ("29-00007-2", "9812345678907"),
            ("T-00003-X", "9812345678903"),
        ),
        filename="b.xlsx",
        by="user:test",
    )
    assert (result.accepted, result.unchanged) == (1, 0)
    assert reasons(result) == [
        (2, "运单号", "这个包裹已有另一个运单号 9812345678901，请核对哪个是对的。"),
        (3, "运单号", "这个运单号已经用在包裹 T-00001-X 上。"),
        (4, "包裹编号", "这个包裹已经作废，请向快递公司撤销这张运单。"),
        (5, "包裹编号", "包裹编号写错了（校验位不符），请对照面单核对。"),
    ]
    assert numbers() == ["9812345678901", None, "9812345678903", None]


def test_a_number_may_come_again_in_another_year_and_then_means_the_later_parcel(world: World) -> None:
    with writing("user:test") as session:
        set_waybills(session, numbers={world.parcels[0]: "9812345678901"}, year=today().year - 1)
    again = import_waybills(file(("T-00002-X", "9812345678901")), filename="a.xlsx", by="user:test")
    assert (again.accepted, again.rejected, numbers()[:2]) == (1, [], ["9812345678901"] * 2)
    events = f"运单号,状态,时间\n9812345678901,已收件,{today()} 08:00:00\n"
    assert import_events(events.encode(), filename="e.csv", by="user:test").rejected == []
    with reading() as session:
        assert [one.parcel_id for one in session.exec(select(TrackingEvent))] == [world.parcels[1]]
    with pytest.raises(RuleBroken, match="这个运单号已经用在另一个包裹上"), writing("user:test") as session:
        set_waybills(session, numbers={world.parcels[2]: "9812345678901"}, year=today().year)


def test_rows_that_contradict_each_other_are_all_refused(world: World) -> None:
    result = import_waybills(
        file(
            ("T-00001-X", "9812345678901"),
            ("T-00002-X", "9812345678901"),
            ("T-00003-X", "9812345678903"),
            ("T-00003-X", "9812345678904"),
            ("T-00004-X", "9812345678905"),
            ("T-00004-X", "9812345678905"),
        ),
        filename="b.xlsx",
        by="user:test",
    )
    assert (result.accepted, result.unchanged) == (1, 1)
    assert [row for row, _, _ in reasons(result)] == [2, 3, 4, 5]
    assert numbers() == [None, None, None, "9812345678905"]


def test_refused_rows_come_back_in_a_file_that_can_be_mended_and_imported(world: World) -> None:
    content = file(("T-00001-X", "待出单"), head=("客户订单号", "邮件号"))
    result = import_waybills(content, filename="b.xlsx", by="user:test")
    assert result.fix_file == import_waybills(content, filename="b.xlsx", by="user:test").fix_file
    with reading() as session:
        artefact = session.exec(select(Artefact)).one()
        assert (artefact.kind, artefact.published_at is not None) == (ArtefactKind.fix_file, True)
        path = artefact.path
    (sheet,) = read_sheets(artefacts.fetch(path), filename="fix.xlsx")
    written = [[text(cell) for cell in row] for row in sheet.rows]
    assert written[1][1:3] == ["T-00001-X", "待出单"]
    assert "不是完整的运单号" in written[1][0]
    mended = write_xlsx([("改", written[0], [[*written[1][:2], "9812345678901", *written[1][3:]]])])
    assert import_waybills(mended, filename="fix.xlsx", by="user:test").accepted == 1


def test_an_odd_number_goes_in_with_a_remark(world: World) -> None:
    result = import_waybills(file(("T-00001-X", "SF1234567890123")), filename="b.xlsx", by="user:test")
    assert (result.accepted, result.rejected) == (1, [])
    assert [one.reason for one in result.notices] == ["运单号的位数或字头不像这家快递公司的，请核对是否录错。"]
