"""A programme's month: sums by branch, and its items for those who read them on paper or are called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from models import ArtefactKind, Programme, StudyState
from qianli.documents import press
from qianli.documents.forms import StudyMonth, StudyMonthRow
from qianli.documents.reader_text import read_text
from qianli.errors import BadInput
from qianli.programmes import month as rules
from qianli.programmes.month import BranchMonth, Standing
from qianli.programmes.schedule import month_of
from qianli.programmes.words import MonthItem, reader_text
from qianli.stages.artefacts import publish_artefact
from qianli.stages.unit import day_of, end_of, reading, today
from qianli.store import closed_months, organisation_tree, organisations, programmes, study, study_calls
from qianli.store import study_month as store

DAY = timedelta(days=1)
CLOSED = "本月数据已于 {day} 确定，此后台账人员增减不再改动。"
TO_READ = (StudyState.planned, StudyState.published)


@dataclass(frozen=True)
class MonthSums:
    """A month of a part of the tree: items and openings of the programme, and the branches by path."""

    published: int
    openings: int
    branches: list[tuple[str, BranchMonth]]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class MonthReport:
    """A month in sums; `path` is the paper."""

    programme: str
    month: date
    published: int
    openings: int
    branches: list[tuple[str, BranchMonth]]
    sentences: tuple[str, ...]
    path: str


def read_month(written: str) -> date:
    """The first day of a month written 2026-12."""
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError as error:
        raise BadInput(f"月份“{written}”看不懂，请写成 2026-12 这样。") from error


def report(code: str, month: date, *, by: str) -> MonthReport:
    """The month's report of a programme, on paper too; of a month that goes on, as of today."""
    first, after = month_of(month)
    if first > today():
        raise BadInput("这个月还没有到，没有可以报告的。")
    with reading() as session:
        programme = programmes.by_code(session, code=code)
        found = sums(session, programme, first, root_id=programme.organisation_id)
        name, owner = programme.name, organisations.name_of(session, organisation_id=programme.organisation_id)
    rows = tuple(
        StudyMonthRow(
            path, one.members, one.by_page, one.by_print, one.by_call, one.not_reached, one.took_part, one.silent
        )
        for path, one in found.branches
    )
    form = StudyMonth(name, owner, first, _last(after), found.sentences, rows)
    pdf = press.study_month(form)
    path = publish_artefact(
        kind=ArtefactKind.report, path=f"study/{code}-{first:%Y-%m}-{_last(after):%d}.pdf", content=pdf.content,
        pages=pdf.pages, by=by,
    )  # fmt: skip
    return MonthReport(name, first, found.published, found.openings, found.branches, found.sentences, path)


def sums(session: Session, programme: Programme, first: date, *, root_id: int) -> MonthSums:
    """A month of an organisation and all below it in sums: what was published, and how each branch took it.

    Of a month that is closed as it was then.
    """
    closed = closed_months.find(session, programme_id=programme.key, begins_on=first)
    month = (
        Counted(closed.published, closed.openings, [BranchMonth(**one) for one in closed.branches])
        if closed
        else count(session, programme, first)
    )
    paths = {one.id: one.path for one in organisation_tree.nodes(session, root_id=root_id, counted=False)}
    own = {one.organisation_id: one for one in month.branches}
    rows = [(path, own[id_]) for id_, path in paths.items() if id_ in own]
    said = _sentences([one for _, one in rows], month.published, month.openings)
    if closed:
        said = (*said, CLOSED.format(day=day_of(closed.closed_at)))
    return MonthSums(month.published, month.openings, rows, said)


@dataclass(frozen=True)
class Counted:
    """A programme's whole month in numbers."""

    published: int
    openings: int
    branches: list[BranchMonth]


def count(session: Session, programme: Programme, first: date) -> Counted:
    """A month as things stand now."""
    after = month_of(first)[1]
    found = standings(session, programme, first, after)
    order = dict.fromkeys(one.organisation_id for one in found)
    items = programmes.items(session, programme_id=programme.key, states=[StudyState.published])
    published = sum(first <= day_of(one.item.published_at) < after for one in items if one.item.published_at)
    opened = sum(study.openings(session, programme_id=programme.key, since=first, before=after).values())
    return Counted(published, opened, rules.branch_months(found, order=order, at=_last(after)))


def _last(after: date) -> date:
    return min(after - DAY, today())


def _sentences(sums: Iterable[BranchMonth], published: int, opened: int) -> tuple[str, ...]:
    every = list(sums)

    def total(name: str) -> int:
        return sum(int(getattr(one, name)) for one in every)

    return (
        f"本月发布 {published} 篇，页面打开 {opened} 次（只计总数，不记是谁）。",
        (
            f"共 {len(every)} 个组织、党员 {total('members')} 人：通过学习页面 {total('by_page')} 人，"
            f"寄送纸质读本 {total('by_print')} 人，电话送学 {total('by_call')} 人，"
            f"还没有送到 {total('not_reached')} 人。"
        ),
        (
            f"参加学习或讨论的 {total('took_part')} 人（其中在电话里参加的 {total('took_part_by_phone')} 人），"
            f"登记学习 {total('studied')} 篇次，讨论发言 {total('contributed')} 篇。"
        ),
        f"连续 {rules.LONG_SILENCE.days} 天以上没有参加的 {total('silent')} 人，请各支部打电话问候。",
    )


def standings(session: Session, programme: Programme, first: date, after: date) -> list[Standing]:
    """Every member of the programme's tree in a month, by id."""
    id_ = programme.key
    people = store.people(session, organisation_id=programme.organisation_id)
    pages = store.covered(session, groups=study.live_groups(session, programme_id=id_))
    printed = store.printed(session, programme_id=id_, month=first)
    marks = store.studied(session, programme_id=id_, since=first, before=after)
    last = store.last_studied(session, programme_id=id_, before=after)
    said: dict[int, int] = {}
    for member, at in store.contributed(session, programme_id=id_, before=end_of(after - DAY)):
        day = day_of(at)
        said[member] = said.get(member, 0) + (first <= day < after)
        last[member] = max(last.get(member, day), day)
    spoke = study_calls.spoken(session, programme_id=id_, month=first)
    for member, at in study_calls.last_spoken(session, programme_id=id_, before=end_of(after - DAY)).items():
        last[member] = max(last.get(member, day_of(at)), day_of(at))
    began = store.first_published(session, programme_id=id_)
    found = []
    for one in people:
        since = [pages[org] for org in (one.organisation_id, one.host_organisation_id) if org in pages]
        begin = max(began, min(since)) if began and since else began
        found.append(
            Standing(
                one.id, one.organisation_id, has_page=bool(since), was_printed=one.id in printed,
                no_smartphone=bool(one.no_smartphone), studied=marks.get(one.id, 0),
                contributed=said.get(one.id, 0), was_called=one.id in spoke, by_phone=spoke.get(one.id, False),
                last_on=last.get(one.id), since=day_of(begin) if begin else None,
            )
        )  # fmt: skip
    return found


def month_items(session: Session, programme: Programme, month: date) -> list[MonthItem]:
    """The month's items by column and day, whether published already or still to come."""
    first, after = month_of(month)
    found = programmes.items(session, programme_id=programme.key, states=TO_READ, since=first, before=after)
    return [MonthItem(one.column.name, one.item.title, one.item.text, one.item.link) for one in found]


def month_reader(session: Session, code: str, month: date) -> tuple[int, str]:
    """The programme's id, and its month as the text of a reader that is good to print."""
    programme = programmes.by_code(session, code=code)
    items = month_items(session, programme, month)
    if not items:
        raise BadInput(f"{code} 在 {month:%Y-%m} 没有内容，读本印不出来；请先导入这个月的内容。")
    text = reader_text(programme.name, month, items)
    return programme.key, read_text(text.encode(), f"{code} {month:%Y-%m}")
