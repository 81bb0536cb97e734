"""Who took part in what: from sign-in lists, or one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models import Subject, TookPart
from qianli.errors import BadInput, NotFound
from qianli.folding import fold, visible
from qianli.ledger.activities import COLUMNS, LONGEST, manner
from qianli.ledger.member_row import MemberRow
from qianli.ledger.members import Ledger, read_ledger
from qianli.ledger.problems import RowProblem
from qianli.ledger.recognising import recognise
from qianli.stages.courier_files import FileResult
from qianli.stages.known_members import candidates
from qianli.stages.mending import in_order, publish_refused
from qianli.stages.unit import now, today, writing
from qianli.store import journal, members, organisations, participation

LONGEST_SOURCE = 100
BY_HAND = "手工登记"


@dataclass(frozen=True)
class _Said:
    """What one row says."""

    row: MemberRow
    activity: str
    held_on: date
    how: TookPart


def import_activities(
    content: bytes, *, filename: str, organisation: str, sheet: str | None = None, by: str
) -> FileResult:
    """Take a sign-in list in: members whom `organisation` or one below it has as home or hosts.

    What is recorded already is left alone, another manner is corrected; rows that name nobody we know go back.
    """
    ledger = read_ledger(content, filename=filename, today=today(), only=sheet, extra=COLUMNS)
    said, problems = _said(ledger)
    with writing(by) as session:
        root = organisations.by_name(session, name=organisation)
        there = candidates(session, [one.row for one in said], root_id=root.key, hosted=True)
        found = recognise([one.row for one in said], there)
        problems += [_problem(ledger, row, "name", reason) for row, reason in found.refused]
        whose = {(row.sheet, row.row): member.id for row, member in found.known}
        told = [(whose[key], one) for one in said if (key := (one.row.sheet, one.row.row)) in whose]
        changed, unchanged = _write(session, told, source=visible(filename), by=by)
    refused = in_order(ledger, [*ledger.refused, *problems])
    return FileResult(
        accepted=changed,
        unchanged=unchanged,
        rejected=refused,
        notices=in_order(ledger, ledger.notices),
        fix_file=publish_refused(ledger, refused, name="activities", by=by),
    )


def add(member_id: int, *, activity: str, held_on: date, how: TookPart = TookPart.in_person, by: str) -> bool:
    """One member took part in one activity; False if it is recorded so already."""
    title = fold(activity)
    if not title or len(title) > LONGEST:
        raise BadInput(f"请写明活动名称，不超过 {LONGEST} 个字。")
    if held_on > today():
        raise BadInput("活动还没有举行，日期在今天之后，请核对。")
    with writing(by) as session:
        if member_id not in members.by_ids(session, ids=[member_id]):
            raise NotFound(f"没有编号为 {member_id} 的党员，可用“member list”查看。", member_id=member_id)
        said = _Said(MemberRow("", 0), title, held_on, how)
        changed, _ = _write(session, [(member_id, said)], source=BY_HAND, by=by)
        return changed > 0


def _said(ledger: Ledger) -> tuple[list[_Said], list[RowProblem]]:
    """What the good rows say, and what is wrong with the others."""
    good, problems = list[_Said](), list[RowProblem]()
    for row in ledger.rows:
        activity = row.details.get("activity", "")
        day = row.details.get("held_on")
        how = manner(row.details.get("how", ""))
        wrong = [
            (
                "activity",
                "没有活动名称" if not activity else f"太长，最多 {LONGEST} 个字",
                not 0 < len(activity) <= LONGEST,
            ),
            ("held_on", "没有活动日期，或者读不懂；请写成 2026-07-01 这样", day is None),
            ("held_on", "活动日期在今天之后，请核对", day is not None and date.fromisoformat(day) > today()),
            ("how", "参加方式读不懂，请写到场、线上或送学", how is None),
        ]
        found = [_problem(ledger, row, column, reason) for column, reason, is_wrong in wrong if is_wrong]
        problems += found
        if not found and day is not None and how is not None:
            good.append(_Said(row, activity, date.fromisoformat(day), how))
    return good, problems


def _problem(ledger: Ledger, row: MemberRow, column: str, reason: str) -> RowProblem:
    return RowProblem(row.sheet, row.row, ledger.title(row.sheet, column), reason)


def _write(session: Session, told: Sequence[tuple[int, _Said]], *, source: str, by: str) -> tuple[int, int]:
    """How many were new or different, and how many were known; a few statements for any number."""
    known = participation.known(session, member_ids=[member for member, _ in told])
    new: dict[participation.Key, dict[str, Any]] = {}
    other: dict[int, dict[str, Any]] = {}
    whom = set[int]()
    for member, said in told:
        key = (member, said.held_on, said.activity)
        there = known.get(key)
        if there is None or there.how is not said.how:
            whom.add(member)
        if there is None:
            place = f"{source} {said.row.sheet}!{said.row.row}" if said.row.sheet else source
            new[key] = {
                "member_id": member, "activity": said.activity, "held_on": said.held_on, "how": said.how,
                "source": place[-LONGEST_SOURCE:], "recorded_by": by, "recorded_at": now(),
            }  # fmt: skip
        elif there.how is not said.how:
            other[there.key] = {"id": there.key, "how": said.how}
    participation.add_all(session, rows=list(new.values()))
    participation.change_all(session, rows=list(other.values()))
    journal.note(session, subject=Subject.member, ids=sorted(whom), what="took_part")
    return len(new) + len(other), len(told) - len(new) - len(other)
