"""Campaigns by message told whole; cut off at every commit nothing is doubled."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from models import (
    Campaign,
    CampaignState,
    Case,
    CaseReason,
    ConsignmentState,
    Hold,
    HoldReason,
    Member,
    Message,
    Said,
    SaidVia,
)
from qianli import faults
from qianli.channels.live import Delivery
from qianli.errors import BadInput, RuleBroken
from qianli.interfaces.wire import at_once
from qianli.stages import (
    approve,
    artefacts,
    campaigns,
    cancelling,
    closing,
    member_marks,
    message_desk,
    message_reports,
    message_sheets,
    messages,
    rehearse,
    status,
)
from qianli.stages import receipts as saying
from qianli.stages.steps import run_inline
from qianli.stages.unit import writing
from qianli.stand_ins.serving import serving
from qianli.stand_ins.tencent_sms import TencentCloud
from qianli.testing import at_point, count_points, workspace
from qianli.testing_story import copied
from tests.stages.told import (
    BOSS,
    BY,
    CODE,
    DEFINITION,
    NOON,
    WORDS,
    at_noon,
    begin,
    prepared_and_approved,
    rows,
    states,
)

S = ConsignmentState


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch)


def test_told_whole_by_hand(place: Path, clock: None) -> None:
    id_ = begin()
    run_inline("prepare_campaign", id_)
    assert states() == ["ready", "ready", "held", "held"]
    reasons = {one.consignment_id: one.reason for one in rows(Hold)}
    assert list(reasons.values()) == [HoldReason.no_phone, HoldReason.do_not_contact]
    told = rehearse.rehearse(CODE, by=BY)
    assert told.sentences[0] == "将发 2 条消息，一人一条。"
    assert "0.05 元" in told.sentences[1]
    assert "0.10 元" in told.sentences[1]
    assert any("没有联系电话，通知不到。" in one for one in told.sentences)
    agreed = approve.approve(CODE, by=BOSS)
    assert (agreed.consignments, agreed.amount_fen) == (4, 20)
    run_inline("fulfil_campaign", id_)
    run_inline("fulfil_campaign", id_)
    assert states() == ["under_way", "under_way", "held", "held"]
    assert [one.sending_key for one in rows(Message)] == ["ZBTX-2027-0001-0", "ZBTX-2027-0002-0"]
    with pytest.raises(RuleBroken, match="2 条消息还没有发出"):
        closing.close(CODE, by=BY)
    (sheet,) = message_sheets.give_out(CODE, by=BY)
    assert sheet.messages == 2
    book = openpyxl.load_workbook(io.BytesIO(artefacts.fetch(f"{CODE}/messages-{rows(Message)[0].key:06d}.xlsx")))
    table = book.active
    header = next(n for n, row in enumerate(table.iter_rows(values_only=True), 1) if row[0] == "编号")
    assert table.cell(header + 1, 4).value.startswith(
        "张伟同志您好，7月1日8:00有一场直播，请准时收看。看到了请点 https://"
    )
    table.cell(header + 1, 5, "已发")
    table.cell(header + 2, 5, "未发")
    back = io.BytesIO()
    book.save(back)
    message_sheets.results(back.getvalue(), "结果.xlsx", by=BY)
    (case,) = rows(Case)
    assert case.reason is CaseReason.not_told
    assert status.status(CODE)["open"]["to_confirm"] == 2
    assert status.status(CODE)["open"]["to_fulfil"] == 0
    for number in (1, 2):
        saying.record_by_member(CODE, f"{CODE}-{number:04d}", said=Said.all_here, via=SaidVia.phone, by=BY)
    assert rows(Case)[0].resolved_at is not None
    closed = closing.close(CODE, by=BY)
    assert closed.summary[0] == "应通知 4 人，发出 1 人，渠道报告送达 0 人，本人回复知道 2 人。"
    assert any("没有联系电话，通知不到" in one for one in closed.remarks)
    assert states() == ["confirmed", "confirmed", "not_sent", "not_sent"]


def test_who_is_left_alone_again_may_be_told_again_later(place: Path, clock: None) -> None:
    id_ = begin()
    prepared_and_approved(id_)
    run_inline("fulfil_campaign", id_)
    first = str(rows(Message)[0].member_id)
    member_marks.mark_do_not_contact(first, by=BY)
    member_marks.mark_do_not_contact(first, undo=True, by=BY)
    run_inline("prepare_campaign", id_)
    run_inline("fulfil_campaign", id_)
    assert states()[0] == "under_way"
    keys = {one.sending_key: one.cancelled_at is None for one in rows(Message)}
    assert keys == {f"{CODE}-0001-0": False, f"{CODE}-0002-0": True, f"{CODE}-0001-1": True}


def sent(at: datetime = NOON) -> None:
    means = message_desk.Means(
        sleep=lambda _s: None, jitter=lambda: 0.5, acquire=lambda _account: at_once, now=lambda: at
    )
    for shard in messages.shards():
        messages.run(shard, take_over=True, means=means)


@contextmanager
def through_a_provider(place: Path) -> Iterator[TencentCloud]:
    """The campaign under way with its messages queued for a provider that is there."""
    texts = {"1110": "{1}您好，有一场直播，看到请点 qianli.example/r/{2}"}
    cloud = TencentCloud(templates=texts, now=lambda: datetime.now(UTC))
    with serving(cloud.app()) as url:
        values = {f"CHANNELS__TENCENT_SMS__{name}".upper(): value for name, value in cloud.values(url).items()}
        with workspace(place, **values):
            id_ = begin("tencent_sms", 'templates: {tencent_sms: "1110:姓名,code"}')
            prepared_and_approved(id_)
            run_inline("fulfil_campaign", id_)
            yield cloud


def test_told_whole_through_a_provider(tmp_path: Path, clock: None) -> None:
    with through_a_provider(tmp_path) as cloud:
        sent()
        assert cloud.inbox[0].text.startswith("【")
        assert all(one.answered_at for one in rows(Message))
        first, second = rows(Message)
        reports = [
            Delivery(first.provider_id, "", delivered=True, code="DELIVRD", words="", at=NOON),
            Delivery(second.provider_id, "", delivered=False, code="UNDELIV", words="空号", at=NOON),
        ]
        message_reports.heard("tencent_sms", reports, by="system")
        message_reports.heard("tencent_sms", reports, by="system")
        assert [one.reason for one in rows(Case)] == [CaseReason.not_told]
        sent(NOON + timedelta(days=1))
        assert len(cloud.inbox) == 2


def test_who_is_found_to_be_left_alone_while_sending_is_a_case(tmp_path: Path, clock: None) -> None:
    with through_a_provider(tmp_path) as cloud:
        with writing(BY) as session:  # by an import, which looks at no message
            session.get_one(Member, rows(Message)[0].member_id).do_not_contact = True
        sent()
        assert len(cloud.inbox) == 1
        (case,) = rows(Case)
        assert (case.reason, case.consignment_id) == (CaseReason.not_told, rows(Message)[0].consignment_id)


@pytest.mark.slow
def test_cut_off_at_every_commit_each_is_told_once(tmp_path: Path, clock: None) -> None:
    """Prepare, approve, fulfil and the sheet, each cut off at each of its fault points and run again."""

    class CutOffError(Exception):
        """We are gone."""

    def cut() -> None:
        raise CutOffError

    def stands() -> tuple[list[str], list[object]]:
        return states(), [(one.sending_key, one.artefact_id, one.asked_at) for one in rows(Message)]

    place = tmp_path / "place"
    place.mkdir()
    with workspace(place, CLOCK_OFFSET_DAYS="0"):
        id_ = begin()
        for act in (
            lambda: run_inline("prepare_campaign", id_),
            lambda: approve.approve(CODE, by=BOSS),
            lambda: run_inline("fulfil_campaign", id_),
            lambda: message_sheets.give_out(CODE, by=BY),
        ):
            with copied(place):
                points = count_points()
                act()
                faults.arm(None)
                expected = stands()
            assert points
            for count in range(1, len(points) + 1):
                with copied(place):
                    at_point(count, cut)
                    with pytest.raises(CutOffError):
                        act()
                    faults.arm(None)
                    with suppress(RuleBroken):
                        act()
                    assert stands() == expected, (points[count - 1], count)
            act()
    assert len(expected[1]) == 2


def test_cancelled_what_was_asked_runs_on(place: Path, clock: None) -> None:
    id_ = begin()
    prepared_and_approved(id_)
    run_inline("fulfil_campaign", id_)
    cancelling.cancel_consignment(f"{CODE}-0002", by=BY)
    (sheet,) = message_sheets.give_out(CODE, by=BY)
    assert sheet.messages == 1
    with pytest.raises(RuleBroken, match="已经发出"):
        cancelling.cancel_consignment(f"{CODE}-0001", by=BY)
    cancelling.cancel_campaign(CODE, by=BY)
    assert states() == ["under_way", "cancelled", "cancelled", "cancelled"]
    assert next(one for one in rows(Campaign) if one.code == CODE).state is CampaignState.under_way


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("yuan_each: 0.05", "kit: k", "不寄东西，“kit”用不着"),
        ("channel: message", "channel: fax", "channel：只能是 post、message、phone 之一"),
        ("{称谓}", "{职务}", "占位符“{职务}”不认识"),
        ("[ACCOUNT]", "[nobody]", "“nobody”不是已设置的消息渠道"),
        ("channel: message", "channel: phone", "电话活动不发消息"),
    ],
)
def test_what_cannot_be_told_is_refused(place: Path, old: str, new: str, said: str) -> None:
    written = DEFINITION.replace("WORDS", WORDS).replace(old, new).replace("ACCOUNT", "file").replace("MORE", "")
    with pytest.raises(BadInput) as refused:
        campaigns.new_campaign(written.encode(), read_beside=lambda _name: b"", by=BY)
    assert said in f"{refused.value.message}{refused.value.problems}"
