"""The monthly review of the ledger: a spreadsheet for each branch to correct and send back, a paper for the office.

Of one day every file is made once: cut off and run again, what is there stays, and what is missing is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models import ArtefactKind, Member, Residence
from qianli.documents import press
from qianli.documents.forms import LedgerReview, ReviewRow
from qianli.errors import BadInput
from qianli.ledger.columns import VARIANTS
from qianli.ledger.out import Sheet, Value, write_xlsx
from qianli.ledger.review import WORDS, Numbers, Record, Trouble, counted, month_of, summary, total, troubles
from qianli.settings import settings
from qianli.stages.artefacts import publish_artefact, shown
from qianli.stages.exporting import NOTICE, ledger_rows
from qianli.stages.moves import known_on
from qianli.stages.unit import SYSTEM, day_of, end_of, reading, today, writing
from qianli.store import members, organisation_tree, organisations, outcomes, residences
from qianli.store import review as store

KIND = ArtefactKind.ledger_review
TO_CORRECT = ("name", "born_on", "phone", "address", "address_on", "away_since", "deceased_on")
AT_ONCE = 200  # organisations looked at together; the numbers of all their members are in memory meanwhile
OFFICE = 0


@dataclass(frozen=True)
class Branch:
    """One branch: its numbers, whether it reported, and the file to correct (none: nothing is to be corrected)."""

    organisation: str
    numbers: Numbers
    reported: bool
    path: str | None


@dataclass(frozen=True)
class Review:
    """The review of one month as of a day."""

    on: date
    sentences: tuple[str, ...]
    branches: list[Branch]
    silent: list[str]
    path: str


@dataclass(frozen=True)
class _Scope:
    """What is looked at: organisations in the order of the tree, and which of them are branches."""

    on: date
    root_id: int | None
    name: str
    paths: dict[int, str]
    branches: list[int]

    def office(self) -> str:
        return f"review/{self.on}/office{f'-{self.root_id}' if self.root_id else ''}.pdf"

    def sheets(self) -> list[str]:
        return [sheet_path(self.on, branch) for branch in self.branches]


def sheet_path(on: date, branch: int) -> str:
    """Where a branch's file of a day lies; by number, for names are long."""
    return f"review/{on}/branch-{branch}.xlsx"


def review(*, organisation: str | None = None, on: date | None = None, by: str) -> Review:
    """Look at everybody of an organisation and below it, or at all, as of a day; files that are there stay."""
    day = on or today()
    if day > today():
        raise BadInput("核对的日子不能在今天之后。")
    scope = _scope(day, organisation)
    for branch in scope.branches:
        _make_sheet(scope.on, branch, by)
    return _office(scope, by)


def _scope(on: date, organisation: str | None = None) -> _Scope:
    with reading() as session:
        root = organisations.by_name(session, name=organisation) if organisation is not None else None
        nodes = organisation_tree.nodes(session, root_id=root.key if root else None)
        paths = {one.id: one.path for one in nodes}
        found = set(store.branches(session, organisation_ids=paths))
        name = root.name if root else "全部组织"
        return _Scope(on, root.key if root else None, name, paths, [id_ for id_ in paths if id_ in found])


def _look(session: Session, on: date, branches: Sequence[int]) -> dict[int, list[tuple[Member, list[Trouble]]]]:
    """Branch → its members with what has to be looked at; so many branches in so few statements."""
    begin, end = _month(on)
    people = [one for one in members.in_organisations(session, ids=branches) if one.deceased_on is None]
    ids = [one.key for one in people]
    homes = residences.in_force(session, member_ids=ids, on=on)
    tracks = outcomes.tracks(session, member_ids=ids)
    moved = store.moved(session, organisation_ids=branches, begin=begin, end=end)
    found: dict[int, list[tuple[Member, list[Trouble]]]] = {branch: [] for branch in branches}
    for one in people:
        home = homes.get(one.key)
        record = _record(one, home, _suspect_on(tracks, one, home), moved=one.key in moved)
        seen = troubles(record, on=on, max_age_days=settings().review_max_age_days)
        found[one.organisation_id].append((one, seen))
    return found


def _suspect_on(
    tracks: dict[tuple[int, outcomes.Place], outcomes.Track], member: Member, home: Residence | None
) -> date | None:
    if home is None:
        return None
    track = tracks.get((member.key, (home.province, home.city, home.district, home.detail)))
    return day_of(track.suspect_at) if track and track.suspect_at else None


def _record(member: Member, home: Residence | None, suspect_on: date | None, *, moved: bool) -> Record:
    return Record(
        phone=member.phone,
        phone_written=member.phone_written,
        do_not_contact=member.do_not_contact,
        status=home.status if home else None,
        known_on=known_on(home) if home else None,
        suspect_on=suspect_on,
        moved=moved,
    )


def _make_sheet(on: date, branch: int, by: str) -> None:
    """The branch's rows to correct, with their keys; nothing if there are none, or the file is there."""
    path = sheet_path(on, branch)
    with reading() as session:
        if store.there(session, paths=[path]):
            return
        found = [(member, seen) for member, seen in _look(session, on, [branch])[branch] if seen]
        rows = ledger_rows(session, [member for member, _ in found])
    if found:
        titles = ["行标识", *(VARIANTS[name][0] for name in TO_CORRECT), "原因", "下一步"]
        table = [_row(rows[member.key], seen) for member, seen in found]
        content = write_xlsx([Sheet("本月核对", titles, table, notice=NOTICE)])
        publish_artefact(kind=KIND, path=path, content=content, by=by)


def _row(ledger: dict[str, Value], seen: Sequence[Trouble]) -> list[Value]:
    said = ["".join(WORDS[one][part] for one in seen) for part in (0, 1)]
    return [ledger["key"], *(ledger.get(name) for name in TO_CORRECT), *said]


def _office(scope: _Scope, by: str) -> Review:
    """The numbers of all branches, and the paper with them."""
    begin, end = _month(scope.on)
    numbers: dict[int, Numbers] = {}
    with reading() as session:
        for some in _batches(scope.branches):
            looked = _look(session, scope.on, some)
            numbers |= {branch: counted(seen for _, seen in found) for branch, found in looked.items()}
        reported = store.reported(session, begin=begin, end=end) & numbers.keys()
        files = store.there(session, paths=[scope.office(), *scope.sheets()])
    silent = [scope.paths[id_] for id_ in scope.branches if id_ not in reported]
    said = summary(
        total(numbers.values()),
        branches=len(numbers),
        silent=len(silent),
        max_age_days=settings().review_max_age_days,
    )
    if scope.office() not in files:
        pdf = press.ledger_review(_form(scope, said, numbers, reported))
        publish_artefact(kind=KIND, path=scope.office(), content=pdf.content, pages=pdf.pages, by=by)
    branches = [
        Branch(
            scope.paths[id_], one, id_ in reported,
            shown(path) if (path := sheet_path(scope.on, id_)) in files else None,
        )
        for id_, one in numbers.items()
    ]  # fmt: skip
    return Review(scope.on, said, branches, silent, shown(scope.office()))


def _form(scope: _Scope, said: tuple[str, ...], numbers: dict[int, Numbers], reported: set[int]) -> LedgerReview:
    rows = tuple(
        ReviewRow(
            scope.paths[id_], one.members, one.moved, one.stale, one.without_address, one.out_of_reach, id_ in reported
        )
        for id_, one in numbers.items()
    )
    return LedgerReview(scope.name, month_of(scope.on), scope.on, said, rows)


def _month(on: date) -> tuple[datetime, datetime]:
    """The instants between which the month of a day lies, up to the end of that day."""
    return end_of(month_of(on) - timedelta(days=1)), end_of(on)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def no_change(organisation: str, *, by: str) -> str:
    """A branch reports that nothing changed; the answer is its name."""
    with writing(by) as session:
        found = organisations.by_name(session, name=organisation)
        store.note_reported(session, organisation_ids=[found.key], since=end_of(_yesterday()), why="本月无变化")
        return found.name


def _yesterday() -> date:
    """The scheduled review runs on the first of a month, and looks at the month that has just ended."""
    return today() - timedelta(days=1)


def branch_shards(_campaign_id: int = 0) -> list[int]:
    """Branches whose file of the month that ended yesterday is not there."""
    scope = _scope(_yesterday())
    with reading() as session:
        files = store.there(session, paths=scope.sheets())
    return [branch for branch in scope.branches if sheet_path(scope.on, branch) not in files]


def branch_run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - made twice it is the same file
    """The file of one branch."""
    _make_sheet(_yesterday(), shard_id, SYSTEM)


def office_shards(_campaign_id: int = 0) -> list[int]:
    """The one paper for the office, if it is not there and there is anybody to speak of."""
    scope = _scope(_yesterday())
    with reading() as session:
        there = store.there(session, paths=[scope.office()])
    return [] if there or not scope.branches else [OFFICE]


def office_run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - made twice it is the same file
    """The paper for the office."""
    _office(_scope(_yesterday()), SYSTEM)
