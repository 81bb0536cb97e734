"""Messages sent by hand: a sheet with whom and what, given out once, and the results that come back on it.

Which messages stand on a sheet are rows before its file is published; cut off in between, the same sheet is made again.
"""

from dataclasses import dataclass

from sqlmodel import Session

from models import ArtefactKind, Message
from qianli.campaigns.sending import WEEK, next_moment
from qianli.channels.live import To
from qianli.errors import BadInput
from qianli.ledger import phones
from qianli.ledger.cells import text
from qianli.ledger.out import Sheet, Value, write_table
from qianli.ledger.sheets import read_sheets
from qianli.ledger.tables import find_table
from qianli.stages import artefacts, message_cases
from qianli.stages.calendar import calendar
from qianli.stages.message_desk import rules
from qianli.stages.message_words import outgoing, why_not
from qianli.stages.reasons import LOOKS_LIKE_A_PHONE
from qianli.stages.unit import local, now, reading, writing
from qianli.store import campaigns, message_facts, message_results, message_sending, programmes, study_notices
from qianli.store import messages as store
from qianli.store.message_facts import Standing

COLUMNS = ("编号", "姓名", "手机", "内容", "结果", "没有发出的原因")
NOTICE = (
    "请照“内容”一格原样发送，不要增减；早上 8 点以前、晚上 9 点以后不发。每条只发一次，"
    "发完在“结果”里写“已发”或“未发”，未发的写明原因，再导回系统。本表含个人信息，用完删除。"
)
TITLES = {"key": ["编号", "消息编号"], "result": ["结果"], "reason": ["没有发出的原因", "未发原因", "原因"]}
SENT, NOT_SENT = {"已发", "发了", "已发送", "是", "成功", "√"}, {"未发", "没发", "未发送", "否", "失败", "×"}
NO_REASON = "没有写原因"


@dataclass(frozen=True)
class GivenOut:
    """A sheet: how many messages stand on it, and where it is (None when there was nothing to send)."""

    messages: int
    path: str | None


def give_out(campaign: str, *, by: str) -> list[GivenOut]:
    """Write what is due on a sheet; a sheet whose file was not published yet is published first."""
    with writing(by) as session:
        found = campaigns.by_code(session, code=campaign)
        due = message_facts.to_give_out(session, campaign_id=found.key, at=now())
        _put_down(session, _chosen(session, due), folder=campaign, campaign_id=found.key)
        unmade = message_facts.unmade_sheets(session, campaign_id=found.key)
    return [_publish(artefact_id, by=by) for artefact_id in unmade]


def give_out_study(code: str, *, by: str) -> list[GivenOut]:
    """The same of what tells of a study programme's items: to members who want it, and for organisations' groups."""
    folder = f"study/{code}"
    with writing(by) as session:
        programme = programmes.by_code(session, code=code)
        due = study_notices.to_give_out(session, programme_id=programme.key, at=now())
        _put_down(session, _chosen(session, due), folder=folder, campaign_id=None)
        unmade = study_notices.unmade_sheets(session, folder=folder)
    return [_publish(artefact_id, by=by) for artefact_id in unmade]


def _put_down(session: Session, chosen: list[int], *, folder: str, campaign_id: int | None) -> None:
    if chosen:
        path = f"{folder}/messages-{min(chosen):06d}.xlsx"
        kind = ArtefactKind.message_sheet
        artefact = artefacts.declare(session, kind=kind, path=path, campaign_id=campaign_id)
        message_results.give_out(session, ids=chosen, artefact_id=artefact.key, at=now())
    session.flush()


def _chosen(session: Session, ids: list[int]) -> list[int]:
    """Those that still make sense and may go this week; the others are cancelled or put off."""
    chosen, found, at, days = [], rules(), local(now()), calendar()
    waiting = message_facts.standing(session, ids=ids, lock_members=True)
    had = message_facts.asked_by_member(session, ids=ids, since=at - WEEK)
    morning = at.replace(hour=found.hours.from_hour, minute=0)  # a sheet made at night is sent by day
    for one in waiting:
        message = one.message
        # What was had later today counts as well.
        before = [min(local(asked), morning) for asked in had.setdefault(message.member_id or 0, [])]
        to_group = message.member_id is None
        if reason := why_not(one, To.group if to_group else To.phone):
            message_sending.cancelled(session, message=message, reason=reason, at=now())
            continue
        moment = next_moment(
            morning, found, before=before, working_days=days if message.working_days else None, to_group=to_group
        )
        if moment.date() > at.date():
            message_sending.let_go(session, message=message, due_at=moment)
        else:
            chosen.append(message.key)
            had[message.member_id or 0].append(at)
    return chosen


def _publish(artefact_id: int, *, by: str) -> GivenOut:
    with reading() as session:
        ids = message_facts.on_sheet(session, artefact_id=artefact_id)
        rows = [_row(one) for one in message_facts.standing(session, ids=ids)]
    content = write_table(Sheet("待发消息", COLUMNS, rows, notice=NOTICE), filename="messages.xlsx")
    return GivenOut(len(rows), artefacts.publish_declared(artefact_id, content, None, by=by))


def _row(one: Standing) -> list[Value]:
    message = outgoing(one, To.phone)
    to = one.name if one.message.member_id is not None else f"{one.organisation}的群"
    return [message.key, to, phones.display(message.to) if message.to else "", message.text, "", ""]


@dataclass(frozen=True)
class Results:
    """What came back on a sheet: sent, not sent, known before, and rows that could not be used."""

    sent: int
    failed: int
    known: int
    unusable: tuple[str, ...]


def results(content: bytes, filename: str, *, campaign_id: int | None = None, by: str) -> Results:
    """Take in the results of a sheet, of one campaign only if that is said. Twice is once; no result says nothing."""
    said = _said(content, filename)
    known = 0
    unusable: list[str] = []
    with writing(by) as session:
        outcomes: dict[int, str | None] = {}
        there = store.by_keys(session, keys={key for key, _, _ in said.values()})
        for line, (key, result, reason) in said.items():
            message = there.get(key)
            if message is None or not _is_by_hand(message, campaign_id):
                unusable.append(f"第 {line} 行：没有这个编号的人工消息，请核对是不是别的表。")
            elif result not in SENT | NOT_SENT:
                unusable.append(f"第 {line} 行：结果请写“已发”或“未发”。")
            elif LOOKS_LIKE_A_PHONE.search(reason):
                unusable.append(f"第 {line} 行：原因里请不要写电话号码。")
            elif _is_known(message):
                known += 1
            else:
                outcomes[message.key] = None if result in SENT else reason or NO_REASON
        message_results.by_hand(session, results=outcomes, at=now())
        message_cases.not_told(session, [id_ for id_, why in outcomes.items() if why is not None], at=now())
        sent = sum(why is None for why in outcomes.values())
        failed = len(outcomes) - sent
    return Results(sent, failed, known, tuple(unusable))


def _is_by_hand(message: Message, campaign_id: int | None) -> bool:
    return message.channel == store.BY_HAND and campaign_id in (None, message.campaign_id)


def _is_known(message: Message) -> bool:
    return bool(message.answered_at or message.failed_at or message.cancelled_at)


def _said(content: bytes, filename: str) -> dict[int, tuple[str, str, str]]:
    """Line → key, result and reason, of lines that have a result."""
    said = {}
    for sheet in read_sheets(content, filename=filename):
        table = find_table(sheet, variants=TITLES, required={"key", "result"})
        if table is None:
            continue
        for line, cells in table.rows:
            key, result, reason = (text(table.cell(cells, name)).strip() for name in ("key", "result", "reason"))
            if key and result:
                said[line] = (key, result, reason)
    if not said:
        raise BadInput("表里没有看到“编号”和填好的“结果”两列，请用系统给出的那张表填写。")
    return said
