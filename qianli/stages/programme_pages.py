"""Study programmes on the console: what each holds, and what a branch has to do about it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import Programme, StudyState
from qianli.errors import BadInput, NotFound
from qianli.ledger import phones
from qianli.programmes.month import BranchMonth
from qianli.programmes.schedule import month_of
from qianli.stages import discussions, programmes, study_calls, study_links, study_months
from qianli.stages.discussions import Waiting
from qianli.stages.programmes import ProgrammeView
from qianli.stages.study_calls import StudyCalls
from qianli.stages.study_months import MonthSums
from qianli.stages.unit import reading, today, writing
from qianli.store import contributions, organisations
from qianli.store import programmes as store
from qianli.store.scope import Scope

UNKNOWN = "没有这个学习栏目，或者它不属于您的组织。"
NEWEST = 12  # items of each column that are shown


@dataclass(frozen=True)
class Item:
    """One item in a column."""

    title: str
    planned_on: date
    state: StudyState
    announce: bool


@dataclass(frozen=True)
class Column:
    """A column: its newest published and next planned items, and how many there are of each."""

    name: str
    items: list[Item]
    planned: int
    published: int


@dataclass(frozen=True)
class Call:
    """A member who was silent for long, as a call to make; `phone` as it is dialled."""

    name: str
    phone: str
    noted: str


@dataclass(frozen=True)
class ProgrammePage:
    """What somebody of `branch` sees. Contributions and calls are for those who work with members.

    `owned`: the programme is their own, or of somebody below them. `link`: of their organisation's page, empty if none
    is open. `reading`: who has no smartphone, and the month's items to be read to them.
    """

    code: str
    name: str
    branch: str
    columns: list[Column]
    month: date
    sums: MonthSums
    contributions: list[Waiting]
    calls: list[Call] | None
    reading: StudyCalls | None
    owned: bool
    link: str

    @property
    def branches(self) -> list[tuple[str, BranchMonth]]:
        """The month by branch, in the order of the tree."""
        return self.sums.branches


def listed(scope: Scope) -> list[ProgrammeView]:
    """The programmes that somebody of this scope takes part in, by code."""
    with reading() as session:
        names = organisations.names(session)
        return [
            programmes.view(session, one, names)
            for one in store.every(session)
            if _root(session, scope, one) is not None
        ]


def look(scope: Scope, code: str, *, month: str = "", with_members: bool) -> ProgrammePage:
    """One programme for somebody of this scope. `with_members`: whether they may see names of members."""
    first = study_months.read_month(month) if month else month_of(today())[0]
    with reading() as session:
        programme, root_id = within(session, scope, code)
        if first > today():
            raise BadInput("这个月还没有到，没有可以看的。")
        name = organisations.name_of(session, organisation_id=root_id)
        owned = root_id == programme.organisation_id
        link = study_links.link_of(session, programme, root_id)
        sums = study_months.sums(session, programme, first, root_id=root_id)
        found = _columns(session, programme)
        said = discussions.waiting(session, programme, root_id, released=False) if with_members else []
        to_read = study_calls.calls_of(session, programme, first, root_id) if with_members else None
        calls = None
        if with_members and scope.root_id == root_id:  # who answers for more sees sums
            people = study_calls.silent_of(session, programme, root_id)
            calls = [Call(one.name, phones.display(one.phone) if one.phone else "", one.noted) for one in people]
    return ProgrammePage(programme.code, programme.name, name, found, first, sums, said, calls, to_read, owned, link)


def list_silent(scope: Scope, code: str, *, by: str) -> int:
    """Put who has been silent for long on the list of calls; NotFound for anybody but their own branch."""
    with writing(by) as session:
        programme, root_id = within(session, scope, code)
        if scope.root_id != root_id:
            raise NotFound("久未参加的名单只给各支部自己看。")
        return study_calls.list_silent_of(session, programme, root_id)


def list_calls(scope: Scope, code: str, *, month: str, by: str) -> int:
    """Put who has no smartphone on the list of calls about a month; how many that is new for."""
    first = study_months.read_month(month)
    with writing(by) as session:
        programme, root_id = within(session, scope, code)
        return study_calls.list_calls_of(session, programme, first, root_id)


def release(scope: Scope, code: str, contribution_id: int, *, read: str, by: str) -> int:
    """Others of the group may read it; NotFound for another branch's, RuleBroken if it is not what was `read`."""
    with reading() as session:
        programme, root_id = within(session, scope, code)
        said = contributions.said(session, programme_id=programme.key, organisation_id=root_id)
        if contribution_id not in {one.row.key for one in said}:
            raise NotFound("没有这篇发言，可能已经由本人撤回。")
    return discussions.release_of(code, root_id, {contribution_id: read}, by=by)


def _columns(session: Session, programme: Programme) -> list[Column]:
    by_column: dict[str, list[Item]] = {one.name: [] for one in store.columns(session, programme_id=programme.key)}
    for shown in store.items(session, programme_id=programme.key):
        one = shown.item
        by_column[shown.column.name].append(Item(one.title, one.planned_on, one.state, one.announce))
    return [
        Column(
            name,
            _near(items),
            sum(one.state is StudyState.planned for one in items),
            sum(one.state is StudyState.published for one in items),
        )
        for name, items in by_column.items()
    ]


def _near(items: list[Item]) -> list[Item]:
    """The newest of what is published, and what comes next; the latest day first."""
    published = [one for one in items if one.state is not StudyState.planned][-NEWEST // 2 :]
    planned = [one for one in items if one.state is StudyState.planned][: NEWEST // 2]
    return sorted([*published, *planned], key=lambda one: one.planned_on, reverse=True)


def within(session: Session, scope: Scope, code: str) -> tuple[Programme, int]:
    """A programme, and the part of its tree that this scope answers for; NotFound if there is none."""
    programme = store.find(session, code=code)
    root_id = _root(session, scope, programme) if programme else None
    if programme is None or root_id is None:
        raise NotFound(UNKNOWN)
    return programme, root_id


def _root(session: Session, scope: Scope, programme: Programme) -> int | None:
    """The part of the programme's tree that this scope answers for; None if there is none."""
    if scope.root_id is None or programme.organisation_id in organisations.tree_ids(session, root_id=scope.root_id):
        return programme.organisation_id
    below = organisations.tree_ids(session, root_id=programme.organisation_id)
    return scope.root_id if scope.root_id in below else None
