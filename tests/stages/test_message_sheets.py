"""Messages by hand: on one sheet, once; what came of them comes back on it."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import Member, Message, MessageEnd, MessagePurpose
from qianli.errors import BadInput
from qianli.stages import artefacts, message_sheets, messages
from qianli.stages.unit import reading, writing
from qianli.testing import make_world

NOON = datetime(2027, 1, 6, 4, 0, tzinfo=UTC)
BY = "user:李主任"


@pytest.fixture
def members(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr("qianli.stages.message_sheets.now", lambda: NOON)
    with writing(BY) as session:
        world = make_world(session, members=3)
        rows = [
            {
                "sending_key": f"TEST-2027-{n + 1:04d}-1", "purpose": MessagePurpose.follow_up, "channel": "file",
                "organisation_id": world.organisation, "campaign_id": world.campaign, "due_at": NOON,
                "consignment_id": world.consignments[n], "member_id": world.members[n], "text_code": "receipt_ask",
            }
            for n in range(3)
        ]  # fmt: skip
        messages.queue(session, rows)
        session.execute(sa.update(Member).where(Member.id == world.members[2]).values(do_not_contact=True))
    return world.members


def stored() -> list[Message]:
    with reading() as session:
        found = list(session.exec(select(Message).order_by("id")))
        session.expunge_all()
    return found


def test_a_message_stands_on_one_sheet_and_its_result_comes_back(members: list[int]) -> None:
    (sheet,) = message_sheets.give_out("TEST-2027", by=BY)
    assert sheet.messages == 2
    assert message_sheets.give_out("TEST-2027", by=BY) == []
    assert stored()[2].cancel_reason is MessageEnd.do_not_contact
    book = openpyxl.load_workbook(io.BytesIO(artefacts.fetch("TEST-2027/messages-000001.xlsx")))
    table = book.active
    header = next(n for n, row in enumerate(table.iter_rows(values_only=True), 1) if row[0] == "编号")
    first = [cell.value for cell in table[header + 1]]
    assert first[:3] == ["TEST-2027-0001-1", "张伟", "13912340001"]
    assert first[3].startswith("包裹快递说已送到，收到请打开 https://")
    table.cell(header + 1, 5, "已发")
    table.cell(header + 2, 5, "未发")
    table.cell(header + 2, 6, "停机")
    filled = io.BytesIO()
    book.save(filled)
    assert message_sheets.results(filled.getvalue(), "表.xlsx", by=BY) == message_sheets.Results(1, 1, 0, ())
    assert message_sheets.results(filled.getvalue(), "表.xlsx", by=BY) == message_sheets.Results(0, 0, 2, ())
    sent, failed, _ = stored()
    assert sent.answered_at == NOON
    assert (failed.failure_kind, failed.failure_words) == ("by_hand", "停机")


def test_sheets_of_one_day_keep_the_ceiling(members: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(BY) as session:
        first = session.exec(select(Message).order_by("id")).first()
        same = {
            name: getattr(first, name) for name in ("organisation_id", "campaign_id", "consignment_id", "member_id")
        }
        more = {"purpose": MessagePurpose.follow_up, "channel": "file", "due_at": NOON, "text_code": "receipt_again"}
        messages.queue(session, [{"sending_key": f"TEST-2027-0001-{n}", **same, **more} for n in (2, 3)])
    (sheet,) = message_sheets.give_out("TEST-2027", by=BY)
    assert sheet.messages == 3
    assert [one.due_at.day for one in stored() if one.member_id == members[0] and one.asked_at is None] == [13]
    monkeypatch.setattr("qianli.stages.message_sheets.now", lambda: NOON + timedelta(hours=3))
    with writing(BY) as session:
        messages.queue(session, [{"sending_key": "TEST-2027-0001-4", **same, **more}])
    assert message_sheets.give_out("TEST-2027", by=BY) == []


def test_cut_off_before_the_file_the_same_sheet_is_made(members: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr("qianli.stages.artefacts.publish_declared", cut)
        with pytest.raises(KeyboardInterrupt):
            message_sheets.give_out("TEST-2027", by=BY)
    assert [one.messages for one in message_sheets.give_out("TEST-2027", by=BY)] == [2]
    assert message_sheets.give_out("TEST-2027", by=BY) == []


def test_a_table_without_results_is_refused(members: list[int]) -> None:
    with pytest.raises(BadInput, match="结果"):
        message_sheets.results("编号,姓名\nA,B\n".encode(), "表.csv", by=BY)
