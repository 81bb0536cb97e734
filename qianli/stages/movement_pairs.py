"""Two reports of one move, found, compared and taken in; or, where they differ, held up for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models import (
    CaseOutcome,
    CaseReason,
    HoldReason,
    Member,
    Movement,
    MovementOutcome,
    ReportSide,
    Residence,
    Subject,
)
from qianli.campaigns.cases import case_words
from qianli.ledger import movements as rules
from qianli.ledger.member_row import MemberRow
from qianli.ledger.movements import Report, Where
from qianli.settings import settings
from qianli.stages.member_marks import withhold_of
from qianli.stages.moves import Addresses, Moves
from qianli.stages.unit import now, today
from qianli.store import cases, journal, members, movements, organisations, residences

SHEET = "流动报告"
SOURCES = {frozenset({ReportSide.home}): "流出报告", frozenset({ReportSide.host}): "流入登记"}
BOTH = "双报告"


@dataclass(frozen=True)
class Matched:
    """How many moves both sides report alike, and how many differently."""

    agreed: int = 0
    differing: int = 0


@dataclass(frozen=True)
class Accepted:
    """What is taken in of one move: the report with the better address, and the reports that stand for it."""

    chosen: Movement
    reports: tuple[Movement, ...]

    @property
    def since(self) -> date:
        """The host knows best when somebody arrived."""
        return max(self.reports, key=lambda one: one.side is ReportSide.host).moved_on

    @property
    def source(self) -> str:
        """Who says so."""
        return SOURCES.get(frozenset(one.side for one in self.reports), BOTH)


def match_up(session: Session, *, member_ids: Iterable[int], by: str) -> Matched:
    """Pair what can be paired of these members; agreeing pairs are accepted at once, the others become cases."""
    members.lock(session, ids=member_ids)
    there = {one.key: one for one in movements.of_members(session, member_ids=member_ids)}
    found = rules.pairs(
        [_report(one) for one in there.values() if _waits(one)], within_days=settings().movement_window_days
    )
    pairs = [(there[home.id], there[host.id]) for home, host in found]
    movements.pair(session, pairs=[(home.key, host.key) for home, host in pairs])
    _close(session, [one.key for pair in pairs for one in pair], CaseReason.one_sided_report, by)
    new = [pair for pair in pairs if any(one.outcome is None for one in pair)]
    agreed = [pair for pair in new if rules.agree(where(pair[0]), where(pair[1]))]
    differing = [pair for pair in new if pair not in agreed]
    take_in(session, [_both(*pair) for pair in agreed], by=by)
    _close(session, [one.key for pair in agreed for one in pair], CaseReason.has_moved, by)
    _open(session, differing)
    return Matched(len(agreed), len(differing))


def _waits(one: Movement) -> bool:
    """Not paired yet, and not put aside."""
    return one.paired_with_id is None and one.outcome in (None, MovementOutcome.accepted)


def _report(one: Movement) -> Report:
    return Report(one.key, one.member_id, one.side, one.moved_on, where(one))


def where(one: Movement | Residence) -> Where:
    """The place as a rule sees it."""
    return Where(one.written, one.province, one.city, one.district, one.detail, one.status)


def _both(home: Movement, host: Movement) -> Accepted:
    better = rules.better(where(home), where(host))
    return Accepted(home if better == where(home) and better != where(host) else host, (home, host))


def take_in(session: Session, accepted: Sequence[Accepted], *, by: str) -> None:
    """Where they live now, since when away, who hosts them; then the reports are settled. A member's moves in turn."""
    waiting = sorted(accepted, key=lambda one: (one.since, one.chosen.key))
    while waiting:
        first = {one.chosen.member_id: one for one in reversed(waiting)}
        _take_in(session, first, at=now())
        done = {id(one) for one in first.values()}
        waiting = [one for one in waiting if id(one) not in done]
    ids = [one.key for each in accepted for one in each.reports]
    movements.settle(session, ids=ids, outcome=MovementOutcome.accepted, by=by, at=now())


def _take_in(session: Session, accepted: dict[int, Accepted], *, at: datetime) -> None:
    """One move each of these members, in a few statements."""
    whom = members.lock(session, ids=accepted)
    homes = residences.mains(session, member_ids=accepted)
    moved = set[int]()
    by_source: dict[str, dict[int, MemberRow]] = {}
    for member_id, one in accepted.items():
        if row := _address(one, homes.get(member_id, [])):
            by_source.setdefault(one.source, {})[member_id] = row
    for source, rows in by_source.items():
        moves = Moves(Addresses(), source=source, today=today(), at=at)
        moved |= {id_ for id_, row in rows.items() if not moves.report(id_, row, homes.get(id_, [])).nothing()}
        moves.write(session)
    values = {id_: _values(one, whom[id_]) for id_, one in accepted.items()}
    took = [movements.Took(whom[id_], said) for id_, said in values.items() if said or id_ in moved]
    movements.write_members(session, took=took, at=at)
    journal.note(session, subject=Subject.member, ids=sorted(moved), what="moved")


def _address(one: Accepted, known: Sequence[Residence]) -> MemberRow | None:
    """The report as a row of a ledger; None if it says nothing that is not known better."""
    standing = next((home for home in known if _holds(home, one.since)), None)
    told = where(one.chosen)
    if not told.written or (standing and not rules.says_more(told, where(standing))):
        return None
    chosen = one.chosen
    return MemberRow(SHEET, chosen.key, address=chosen.written, address_on=one.since, postcode=chosen.postcode)


def _holds(home: Residence, day: date) -> bool:
    return (home.since is None or home.since <= day) and (home.until is None or day < home.until)


def _values(one: Accepted, member: Member) -> dict[str, Any]:
    """What else of the member is known now, and was not."""
    values: dict[str, Any] = {}
    if member.away_since is None:
        values["away_since"] = min(report.moved_on for report in one.reports)
    hosts = [report.organisation_id for report in one.reports if report.side is ReportSide.host]
    if hosts and hosts[0] not in (member.organisation_id, member.host_organisation_id):
        values["host_organisation_id"] = hosts[0]
    return values


def _open(session: Session, differing: Sequence[tuple[Movement, Movement]]) -> None:
    """A case each, and what was to go to an address in dispute stays here."""
    open_cases(session, [home for home, _ in differing], CaseReason.conflicting_reports)
    withhold_of(session, sorted({home.member_id for home, _ in differing}), HoldReason.conflicting_reports)


def open_cases(session: Session, about: Sequence[Movement], reason: CaseReason) -> int:
    """Cases about these reports; how many were new. The branch that made the report looks after it."""
    names = organisations.names(session) if about else {}
    new = [
        cases.NewCase(
            campaign_id=None,
            movement_id=one.key,
            reason=reason,
            sentence=(words := case_words(reason, movement=str(one.key))).sentence,
            next_step=words.next_step,
            owner=names[one.organisation_id],
        )
        for one in about
    ]
    return len(cases.open_many(session, cases=new, at=now()))


def _close(session: Session, movement_ids: Sequence[int], reason: CaseReason, by: str) -> None:
    close_cases(session, movement_ids, {reason: CaseOutcome.reported_by_both}, by=by)


def close_cases(
    session: Session, movement_ids: Sequence[int], outcomes: dict[CaseReason, CaseOutcome], *, by: str
) -> None:
    """Resolve the open cases about these reports, each reason with its outcome; reasons not named stay open."""
    found = cases.open_cases(session, movement_ids=movement_ids)
    for reason, outcome in outcomes.items():
        ids = [case.key for case in found if case.reason is reason]
        if ids:
            cases.resolve_cases(session, ids=ids, outcome=outcome, by=by, at=now())
