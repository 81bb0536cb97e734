"""What people do with reports of movements: look at both versions, accept one, put one aside."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models import CaseOutcome, CaseReason, Member, Movement, MovementOutcome, ReportSide
from qianli.errors import NotFound, RuleBroken
from qianli.receipts.names import masked
from qianli.settings import settings
from qianli.stages.movement_pairs import Accepted, Matched, close_cases, match_up, open_cases, take_in
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import cases, members, movements, organisations
from qianli.store.batches import batched

RIGHT = {ReportSide.home: CaseOutcome.home_was_right, ReportSide.host: CaseOutcome.host_was_right}
M = MovementOutcome
ONLY_SHARD = 1


@dataclass(frozen=True)
class ReportView:
    """One report; name and address are masked unless asked for whole."""

    id: int
    member: int
    name: str
    side: ReportSide
    reported_by: str
    moved_on: date
    to: str
    other_organisation: str
    reason: str
    source: str
    recorded_at: datetime
    paired_with: int | None
    outcome: MovementOutcome | None


@dataclass(frozen=True)
class SideBySide:
    """Both versions of one move; one of them may be missing. `case` is open about them, if any is."""

    home: ReportView | None
    host: ReportView | None
    case: int | None
    case_reason: CaseReason | None
    next_step: str


def list_movements(organisation: str | None = None, *, whole: bool = False) -> list[ReportView]:
    """Reports that nobody has settled, oldest first: of a branch and those below, and about their members."""
    with reading() as session:
        tree = None
        if organisation is not None:
            root = organisations.by_name(session, name=organisation)
            tree = organisations.tree_ids(session, root_id=root.key)
        paths = organisations.paths(session)
        found = movements.unsettled(session, organisation_ids=tree)
        return [_view(one, member, paths, whole=whole) for one, member in found]


def show(movement_id: int, *, whole: bool = False) -> SideBySide:
    """A report and the one it is paired with, side by side."""
    with reading() as session:
        one = _found(session, movement_id)
        pair = _pair(session, one)
        member = members.by_ids(session, ids=[one.member_id])[one.member_id]
        paths = organisations.paths(session)
        sides = {each.side: _view(each, member, paths, whole=whole) for each in pair}
        case = next(iter(cases.open_cases(session, movement_ids=[each.key for each in pair])), None)
        return SideBySide(
            sides.get(ReportSide.home),
            sides.get(ReportSide.host),
            case.key if case else None,
            case.reason if case else None,
            case.next_step if case else "",
        )


def accept(movement_id: int, *, by: str) -> bool:
    """The report is right: the member lives where it says. Its counterpart, if it differs, is put aside.

    False if it was accepted before and nothing is left to decide.
    """
    with writing(by) as session:
        one, other = _locked(session, movement_id)
        if one.outcome in (M.dismissed, M.corrected):
            raise RuleBroken("这份报告已经不采用或已有更正，不能再采用；请另外登记。", movement_id=movement_id)
        if one.outcome is M.accepted and (other is None or other.outcome is not None):
            return False
        if one.outcome is None:
            take_in(session, [Accepted(one, (one,))], by=by)
        if other is not None and other.outcome is None:
            movements.settle(session, ids=[other.key], outcome=M.dismissed, by=by, at=now())
        _decided(session, one, other, RIGHT[one.side], by)
        return True


def dismiss(movement_id: int, *, by: str) -> bool:
    """The report is not right, and nothing comes of it. False if it was put aside before."""
    with writing(by) as session:
        one, other = _locked(session, movement_id)
        if one.outcome is M.dismissed:
            return False
        if one.outcome is not None:
            raise RuleBroken(
                "这份报告已经采用或已有更正；住址不对的，请用“member correct”更正。", movement_id=movement_id
            )
        movements.settle(session, ids=[movement_id], outcome=M.dismissed, by=by, at=now())
        if other is None or other.outcome is not None:
            stands = other is not None and other.outcome is M.accepted
            right = RIGHT[other.side] if other is not None and stands else CaseOutcome.neither_was_right
            _decided(session, one, other, right, by)
        return True


def check(*, by: str) -> tuple[Matched, int]:
    """Pair what waits, and make cases of what only one side reported for too long; a transaction for some members."""
    with reading() as session:
        waiting = movements.unpaired_members(session)
    agreed = differing = 0
    for some in batched(waiting):
        with writing(by) as session:
            matched = match_up(session, member_ids=some, by=by)
            agreed, differing = agreed + matched.agreed, differing + matched.differing
    limit = timedelta(days=settings().one_sided_after_days)
    with writing(by) as session:
        late = open_cases(session, movements.overdue(session, before=now() - limit), CaseReason.one_sided_report)
    return Matched(agreed, differing), late


def shards(_campaign_id: int = 0) -> list[int]:
    """One shard: movements belong to no campaign."""
    return [ONLY_SHARD]


def run(shard_id: int = ONLY_SHARD, *, take_over: bool = False) -> None:  # noqa: ARG001 - there is one, and no lease
    """The daily look."""
    check(by=SYSTEM)


def _locked(session: Session, movement_id: int) -> tuple[Movement, Movement | None]:
    """A report and its counterpart as they are now, with the member kept from others."""
    members.lock(session, ids=[_found(session, movement_id).member_id])
    one = _found(session, movement_id)
    session.refresh(one)
    other = next((each for each in _pair(session, one) if each.key != movement_id), None)
    if other is not None:
        session.refresh(other)
    return one, other


def _found(session: Session, movement_id: int) -> Movement:
    found = movements.by_ids(session, ids=[movement_id]).get(movement_id)
    if found is None:
        raise NotFound(f"没有编号为 {movement_id} 的流动报告，可用“movement list”查看。", movement_id=movement_id)
    return found


def _pair(session: Session, one: Movement) -> list[Movement]:
    ids = [one.key, *([one.paired_with_id] if one.paired_with_id else [])]
    return list(movements.by_ids(session, ids=ids).values())


def _decided(session: Session, one: Movement, other: Movement | None, right: CaseOutcome, by: str) -> None:
    alone = CaseOutcome.neither_was_right if right is CaseOutcome.neither_was_right else CaseOutcome.accepted
    ids = [one.key, *([other.key] if other else [])]
    outcomes = {CaseReason.conflicting_reports: right, CaseReason.one_sided_report: alone, CaseReason.has_moved: alone}
    close_cases(session, ids, outcomes, by=by)


def _view(one: Movement, member: Member, paths: dict[int, str], *, whole: bool) -> ReportView:
    division = "".join(dict.fromkeys(part for part in (one.province, one.city, one.district) if part))
    return ReportView(
        id=one.key,
        member=member.key,
        name=member.name if whole else masked(member.name),
        side=one.side,
        reported_by=paths[one.organisation_id],
        moved_on=one.moved_on,
        to=one.written if whole else division,
        other_organisation=one.other_organisation,
        reason=one.reason if whole else "",
        source=one.source,
        recorded_at=one.recorded_at,
        paired_with=one.paired_with_id,
        outcome=one.outcome,
    )
