"""Reports of movements coming in: from lists that home and host branches keep, or one by one from a form."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models import CaseOutcome, CaseReason, Member, Movement, MovementImport, MovementOutcome, ReportSide, Subject
from qianli.errors import BadInput, RuleBroken
from qianli.folding import fold, fold_header, visible
from qianli.ledger import movements as rules
from qianli.ledger.columns import HOME_TITLES
from qianli.ledger.matching import CONTRADICTS, Known
from qianli.ledger.member_row import MemberRow
from qianli.ledger.members import Ledger, read_ledger
from qianli.ledger.movements import Where, fingerprint, read_where
from qianli.ledger.privacy import without_identity_numbers
from qianli.ledger.problems import RowProblem
from qianli.ledger.recognising import recognise
from qianli.settings import settings
from qianli.stages.known_members import candidates
from qianli.stages.mending import in_order, publish_refused
from qianli.stages.movement_pairs import Matched, close_cases, match_up
from qianli.stages.typed import member as typed_member
from qianli.stages.unit import now, today, writing
from qianli.store import journal, movements, organisations
from qianli.store import movement_imports as imports

LONGEST_NAME = 120
BY_HAND = "手工登记"
BY_MEMBER = "本人在确认页面上填写"
LONGEST = {"other_organisation": 100, "reason": 100, "source": 100, "address": 300}
DAY = {ReportSide.home: "away_since", ReportSide.host: "inflow_on"}
NO_DAY = {
    ReportSide.home: "没有流出时间（或读不懂），请写成 2026-07-01 这样",
    ReportSide.host: "没有流入时间（或读不懂），请写成 2026-07-01 这样",
}
TOO_FAR = "日期在一年以后，请核对年份"
SAME_TITLES = {ReportSide.home: "inflow_organisation", ReportSide.host: "outflow_organisation"}


@dataclass(frozen=True)
class Reported:
    """Reports that are new, and known before; moves that both sides report alike or differently; what went back."""

    added: int
    unchanged: int
    agreed: int
    differing: int
    rejected: list[RowProblem]
    notices: list[RowProblem]
    fix_file: str | None


@dataclass(frozen=True)
class Said:
    """What one report says."""

    row: MemberRow
    moved_on: date
    where: Where
    other_organisation: str = ""
    reason: str = ""

    @property
    def fingerprint(self) -> str:
        """Equal for equal reports."""
        return fingerprint(
            self.moved_on, self.where.written, self.row.postcode, self.other_organisation, self.reason, self.row.details
        )


def import_movements(
    content: bytes, *, filename: str, organisation: str, side: ReportSide, sheet: str | None = None, by: str
) -> Reported:
    """Take a list of departures (side home) or arrivals (side host) in, as `organisation` reports it.

    A departure speaks of members of `organisation` or below it, an arrival of members of any. The same list twice
    changes nothing; a report that says something else about the same move takes the place of the one before.
    """
    ledger = read_ledger(content, filename=filename, today=today(), only=sheet)
    said, problems = _said(ledger, side)
    with writing(by) as session:
        branch = organisations.by_name(session, name=organisation)
        root_id = branch.key if side is ReportSide.home else None
        rows = [one.row for one in said]
        found = recognise(rows, candidates(session, rows, root_id=root_id), narrow=_narrow(session, said, side))
        problems += [_problem(ledger, row, "name", reason) for row, reason in found.refused]
        by_row = {(one.row.sheet, one.row.row): one for one in said}
        told, contradicting = _once([(member.id, by_row[row.sheet, row.row]) for row, member in found.known])
        problems += [_problem(ledger, one.row, "name", reason) for one, reason in contradicting]
        refused = in_order(ledger, [*ledger.refused, *problems])
        list_ = MovementImport(
            organisation_id=branch.key, side=side, filename=visible(filename)[-LONGEST_NAME:], imported_at=now(),
            imported_by=by, rejected=len({(one.sheet, one.row) for one in refused}),
        )  # fmt: skip
        imports.add(session, list_)
        added, unchanged = _write(
            session, told, branch_id=branch.key, side=side, source=visible(filename), by=by, list_=list_
        )
        matched = match_up(session, member_ids=sorted({member for member, _ in told}), by=by)
    return Reported(
        added=added,
        unchanged=unchanged,
        agreed=matched.agreed,
        differing=matched.differing,
        rejected=refused,
        notices=in_order(ledger, ledger.notices),
        fix_file=publish_refused(ledger, refused, name="movements", by=by),
    )


def add(
    member: str,
    *,
    side: ReportSide,
    moved_on: date,
    address: str = "",
    organisation: str | None = None,
    other_organisation: str = "",
    reason: str = "",
    by: str,
) -> Reported:
    """One report from a form. A departure is the home's unless `organisation` says otherwise; an arrival needs it."""
    texts = {
        "address": without_identity_numbers(fold(address)),
        "other_organisation": fold(other_organisation),
        "reason": fold(reason),
    }
    if too_long := [name for name, text in texts.items() if len(text) > LONGEST[name]]:
        raise BadInput(f"太长，最多 {LONGEST[too_long[0]]} 个字。")
    if moved_on > today() + rules.LATEST_AHEAD:
        raise BadInput(f"{TOO_FAR}。")
    said = Said(MemberRow("", 0), moved_on, read_where(texts["address"]), texts["other_organisation"], texts["reason"])
    with writing(by) as session:
        found = typed_member(session, member)
        if organisation is not None:
            branch_id = organisations.by_name(session, name=organisation).key
        elif side is ReportSide.home:
            branch_id = found.organisation_id
        else:
            raise BadInput("请写明是哪个组织登记的：--organisation 流入地组织。")
        if side is ReportSide.host and branch_id == found.organisation_id:
            raise RuleBroken("本人组织关系就在这个组织，不是流入；离开家乡的，请按流出登记。")
        added, unchanged = _write(session, [(found.key, said)], branch_id=branch_id, side=side, source=BY_HAND, by=by)
        matched = match_up(session, member_ids=[found.key], by=by) if added else Matched()
    return Reported(added, unchanged, matched.agreed, matched.differing, [], [], None)


def by_member(session: Session, member: Member, *, written: str, moved_on: date, by: str) -> Movement | None:
    """A member's own word on where they live now, as a report of their home; None if it was said already.

    It is taken in like any other: once the host reports the same, or a person accepts it.
    """
    said = Said(MemberRow("", 0), moved_on, read_where(written))
    told, home, branch_id = [(member.key, said)], ReportSide.home, member.organisation_id
    added, _ = _write(session, told, branch_id=branch_id, side=home, source=BY_MEMBER, by=by)
    if not added:
        return None
    match_up(session, member_ids=[member.key], by=by)
    return next(
        one for one in movements.of_members(session, member_ids=[member.key]) if one.fingerprint == said.fingerprint
    )


def _said(ledger: Ledger, side: ReportSide) -> tuple[list[Said], list[RowProblem]]:
    """What the good rows report, and what is wrong with the others."""
    good, problems = list[Said](), list[RowProblem]()
    at_home = {name for name in ledger.tables if fold_header(ledger.title(name, "address")) in HOME_TITLES}
    for row in ledger.rows:
        day = row.away_since if side is ReportSide.home else _day(row)
        if day is None:
            problems.append(_problem(ledger, row, DAY[side], NO_DAY[side]))
        elif day > today() + rules.LATEST_AHEAD:
            problems.append(_problem(ledger, row, DAY[side], TOO_FAR))
        else:
            written = _written(row, side, is_home_address=row.sheet in at_home)
            other = row.details.get(SAME_TITLES[side], "")[: LONGEST["other_organisation"]]
            reason = row.details.get("away_reason", "")[: LONGEST["reason"]]
            good.append(Said(row, day, read_where(written), other, reason))
    return good, problems


def _day(row: MemberRow) -> date | None:
    return date.fromisoformat(row.details["inflow_on"]) if "inflow_on" in row.details else None


def _written(row: MemberRow, side: ReportSide, *, is_home_address: bool) -> str:
    """Where to, as exactly as the row says; the address at home is not it."""
    if row.address and not is_home_address:
        return row.address
    if side is ReportSide.host:
        return ""
    return row.details.get("away_to") or row.details.get("away_province") or ""


def _narrow(session: Session, said: Sequence[Said], side: ReportSide) -> Any:
    """Of namesakes all over the ledger, those of the branch that an arrival says it comes from, if there are any."""
    if side is ReportSide.home:
        return None
    paths = {id_: fold(path) for id_, path in organisations.paths(session).items()}
    stated = {(one.row.sheet, one.row.row): fold(one.other_organisation) for one in said}

    def narrow(row: MemberRow, namesakes: Sequence[Known]) -> Sequence[Known]:
        home = stated[row.sheet, row.row]
        there = [one for one in namesakes if home and home in paths[one.organisation_id]]
        return there or namesakes

    return narrow


def _once(told: Iterable[tuple[int, Said]]) -> tuple[list[tuple[int, Said]], list[tuple[Said, str]]]:
    """Each report of a file once; several about one move of one member that differ all go back."""
    each = defaultdict[int, dict[str, Said]](dict)
    for member, said in told:
        each[member].setdefault(said.fingerprint, said)
    good, contradicting = list[tuple[int, Said]](), list[tuple[Said, str]]()
    for member, own in each.items():
        for said in own.values():
            others = [one for one in own.values() if one is not said and _same_move(one.moved_on, said.moved_on)]
            if others:
                contradicting.append((said, CONTRADICTS.format(rows="、".join(str(one.row.row) for one in others[:5]))))
            else:
                good.append((member, said))
    return good, contradicting


def _same_move(one: date, other: date) -> bool:
    return rules.same_move(one, other, within_days=settings().movement_window_days)


def _write(
    session: Session,
    told: Sequence[tuple[int, Said]],
    *,
    branch_id: int,
    side: ReportSide,
    source: str,
    by: str,
    list_: MovementImport | None = None,
) -> tuple[int, int]:
    """How many reports were new, and how many known. What a new one corrects does not count any more."""
    there = movements.of_members(session, member_ids=[member for member, _ in told])
    own = defaultdict[int, list[Movement]](list)
    for one in there:
        if one.side is side and one.organisation_id == branch_id:
            own[one.member_id].append(one)
    new = [(member, said) for member, said in told if said.fingerprint not in {one.fingerprint for one in own[member]}]
    corrected = [
        one.key
        for member, said in new
        for one in own[member]
        if one.outcome is None and _same_move(one.moved_on, said.moved_on)
    ]
    if corrected:
        partners = [one.paired_with_id for one in there if one.key in corrected and one.paired_with_id is not None]
        movements.settle(session, ids=corrected, outcome=MovementOutcome.corrected, by=by, at=now())
        movements.unpair(session, ids=corrected)
        about = (CaseReason.conflicting_reports, CaseReason.one_sided_report, CaseReason.has_moved)
        ends = dict.fromkeys(about, CaseOutcome.corrected)
        close_cases(session, [*corrected, *partners], ends, by=by)
    rows = [_row(member, said, branch_id=branch_id, side=side, source=source, by=by) for member, said in new]
    _note(session, list_, rows, unchanged=len(told) - len(new), corrected=len(corrected))
    movements.add_all(session, rows=rows)
    whom = sorted({member for member, _ in new})
    if side is ReportSide.home:
        journal.note(session, subject=Subject.member, ids=whom, what="departure_reported")
    else:
        journal.note(session, subject=Subject.member, ids=whom, what="arrival_registered")
    return len(new), len(told) - len(new)


def _note(
    session: Session, list_: MovementImport | None, rows: list[dict[str, Any]], *, unchanged: int, corrected: int
) -> None:
    """What came with a list points to it; a list with nothing new leaves no trace."""
    for row in rows:
        row["import_id"] = list_.key if list_ is not None else None
    if list_ is None:
        return
    if not rows:
        imports.forget(session, list_)
    list_.added, list_.unchanged, list_.corrected = len(rows), unchanged, corrected


def _row(member: int, said: Said, *, branch_id: int, side: ReportSide, source: str, by: str) -> dict[str, Any]:
    where, row = said.where, said.row
    place = f"{source} {row.sheet}!{row.row}" if row.sheet else source
    return {
        "member_id": member, "side": side, "organisation_id": branch_id, "moved_on": said.moved_on,
        "written": where.written, "province": where.province, "city": where.city, "district": where.district,
        "detail": where.detail, "postcode": row.postcode, "status": where.status,
        "other_organisation": said.other_organisation, "reason": said.reason, "details": row.details,
        "fingerprint": said.fingerprint, "source": place[-LONGEST["source"] :], "recorded_by": by, "recorded_at": now(),
    }  # fmt: skip


def _problem(ledger: Ledger, row: MemberRow, column: str, reason: str) -> RowProblem:
    return RowProblem(row.sheet, row.row, ledger.title(row.sheet, column), reason)
