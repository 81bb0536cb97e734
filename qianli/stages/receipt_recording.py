"""Writing down what a member says, and opening or closing the piece of work that follows. One transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from models import (
    CallEnd,
    CaseOutcome,
    CaseReason,
    Channel,
    ItemProblem,
    MessageEnd,
    Receipt,
    ReminderEnd,
    Said,
    SaidVia,
    Subject,
)
from qianli.campaigns.cases import case_words
from qianli.campaigns.references import consignment_number
from qianli.errors import Conflict, RuleBroken
from qianli.receipts.answers import CASE_AFTER, STATE_AFTER, Answer, Standing, checked, standing
from qianli.receipts.contents import expected_items, was_sent
from qianli.stages.unit import now, writing
from qianli.store import cases, holds, journal, messages, phone_calls, reminders, replacements, transitions
from qianli.store import receipts as rows

#: Cases that any answer settles: nobody answered, nobody could be told.
OF_SILENCE = (CaseReason.no_answer, CaseReason.not_told)
SENTENCE_LENGTH = 300
NOT_OPEN = {
    Standing.preparing: "包裹还没有寄出，寄出后再登记。",
    Standing.closed: "本次寄送已经结束，不能再登记或更正。",
    Standing.cancelled: "这份寄送已经取消，不能登记。",
}
PROBLEM_WORDS = {ItemProblem.missing: "缺少", ItemProblem.damaged: "破损"}


def record_receipt(
    consignment_id: int, *, said: Said, problems: Mapping[int, ItemProblem], note: str, via: SaidVia, by: str
) -> bool:
    """Write down what a member said; a correction takes the earlier word's place. False if it was said already."""
    try:
        return _record(consignment_id, said, problems, note, via, by)
    except Conflict:  # the same member was faster on another phone: once more, now over that answer
        return _record(consignment_id, said, problems, note, via, by)


def _record(
    consignment_id: int, said: Said, problems: Mapping[int, ItemProblem], note: str, via: SaidVia, by: str
) -> bool:
    with writing(by) as session:
        asked = rows.locked(session, consignment_id=consignment_id)
        lines = rows.lines(session, consignment_id=consignment_id)
        found = standing(
            asked.campaign.state,
            asked.consignment.state,
            sent=was_sent(lines) or asked.campaign.channel is not Channel.post,
        )
        if found != Standing.open:
            raise RuleBroken(NOT_OPEN[found], consignment_id=consignment_id)
        items = {item.kit_item_id: item.name for item in expected_items(lines)}
        answer = checked(said, problems, note, items=items)
        before = rows.current(session, consignment_ids=[consignment_id]).get(consignment_id)
        if before is not None and _stands(session, before, answer):
            return False
        _write(session, asked, before, answer, items, via, by)
        return True


def _stands(session: Session, before: Receipt, answer: Answer) -> bool:
    """Whether the same was said already. Said again after its case was resolved, a trouble is a new one."""
    problems = rows.problems(session, receipt_ids=[before.key]).get(before.key, {})
    same = (before.said, before.note, problems) == (answer.said, answer.note, answer.problems)
    return same and (answer.said not in CASE_AFTER or bool(_own_cases(session, before.consignment_id)))


def _own_cases(session: Session, consignment_id: int) -> list[int]:
    """Open cases that the member's own words led to, or their silence."""
    found = cases.open_cases(session, consignment_ids=[consignment_id])
    return [case.key for case in found if case.receipt_id is not None or case.reason in OF_SILENCE]


def _write(
    session: Session,
    asked: rows.Asked,
    before: Receipt | None,
    answer: Answer,
    items: Mapping[int, str],
    via: SaidVia,
    by: str,
) -> None:
    at, id_ = now(), asked.consignment.key
    if before is not None:
        rows.supersede(session, receipt_id=before.key, at=at)
    cases.resolve_cases(session, ids=_own_cases(session, id_), outcome=CaseOutcome.later_receipt, by=by, at=at)
    receipt_id = rows.add(
        session,
        consignment_id=id_,
        said=answer.said,
        said_via=via,
        problems=answer.problems,
        note=answer.note,
        recorded_by=by,
        at=at,
    )
    was = before.said if before is not None else ""
    journal.note(session, subject=Subject.consignment, ids=[id_], what=f"said {answer.said}", was=was, why=via)
    if not transitions.consignments(session, [id_], STATE_AFTER[answer.said], why=via):
        raise RuleBroken("这份寄送的当前状态不能登记签收。", consignment_id=id_)
    reminders.end_of_consignment(session, consignment_id=id_, outcome=ReminderEnd.answered, at=at)
    messages.cancel(session, consignment_ids=[id_], reason=MessageEnd.confirmed, at=at)
    by_phone = via is SaidVia.phone and asked.campaign.channel is Channel.phone
    phone_calls.end(session, consignment_ids=[id_], outcome=CallEnd.told if by_phone else CallEnd.confirmed, at=at)
    holds.clear_of(session, consignment_ids=[id_], at=at)  # whoever has answered waits for nothing any more
    if answer.said is Said.all_here:
        replacements.withdraw_of(session, consignment_ids=[id_], at=at, why="本人已收齐")
    _open_case(session, asked, receipt_id, answer, items, at)


def _open_case(
    session: Session, asked: rows.Asked, receipt_id: int, answer: Answer, items: Mapping[int, str], at: datetime
) -> None:
    reason = CASE_AFTER.get(answer.said)
    if reason is None:
        return
    words = case_words(reason, consignment=consignment_number(asked.campaign.code, asked.consignment.number))
    sentence = words.sentence + "".join(
        f"{word}：{'、'.join(items[id_] for id_, problem in answer.problems.items() if problem == kind)}。"
        for kind, word in PROBLEM_WORDS.items()
        if kind in answer.problems.values()
    )
    cases.open_case(
        session,
        campaign_id=asked.campaign.key,
        consignment_id=asked.consignment.key,
        receipt_id=receipt_id,
        reason=reason,
        sentence=sentence[:SENTENCE_LENGTH],
        next_step=words.next_step,
        owner=asked.campaign.owner,
        at=at,
    )
