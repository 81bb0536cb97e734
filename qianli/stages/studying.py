"""The pages of a programme: what a visitor sees, and what a member does there with a tap of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from models import Participation, Programme, StudyState, Subject, TookPart
from qianli.errors import Conflict, NotFound, RuleBroken
from qianli.receipts.names import masked
from qianli.stages.study_links import Visitor
from qianli.stages.study_telling import wish
from qianli.stages.unit import now, reading, today, writing
from qianli.store import journal, organisations, participation, programmes, study
from qianli.store.programmes import Shown

MEMBER = study.MEMBER
NEWEST = 10  # of each column on the first page
A_PAGE = 60  # of one column on its own page
SOURCE = "网上学习"
GONE = "没有这一篇，可能已经撤下。请回到目录看看别的。"


@dataclass(frozen=True)
class Line:
    """An item in a list."""

    id: int
    title: str
    day: date
    studied: bool = False


@dataclass(frozen=True)
class ColumnView:
    """A column's items, the newest first; `more` if there are older ones."""

    id: int
    name: str
    lines: list[Line]
    more: bool


@dataclass(frozen=True)
class ListPage:
    """The list of a group. `notices`: whether the member is told of new items; None where nobody can be."""

    programme: str
    organisation: str
    who: str
    columns: list[ColumnView]
    studied: int = 0
    notices: bool | None = None


@dataclass(frozen=True)
class Voice:
    """What another member said, under a name masked."""

    name: str
    text: str


@dataclass(frozen=True)
class ItemPage:
    """One item, and what the member has to do with it."""

    id: int
    programme: str
    organisation: str
    who: str
    column: str
    title: str
    text: str
    link: str | None
    picture: str | None
    audio: str | None
    day: date
    discussion: bool
    studied_on: date | None = None
    own: str = ""
    own_released: bool = False
    voices: list[Voice] = field(default_factory=list)

    @property
    def blocks(self) -> list[tuple[bool, list[tuple[bool, str]]]]:
        """The text in paragraphs: whether each is a point of a list, and its pieces with whether they are strong."""
        found = []
        for line in filter(None, self.text.split("\n")):
            is_point = line.startswith("- ")
            pieces = line.removeprefix("- ").split("**")
            found.append((is_point, [(bool(place % 2), one) for place, one in enumerate(pieces) if one]))
        return found


def list_page(visitor: Visitor) -> ListPage:
    """The newest of every column."""
    with reading() as session:
        programme = session.get_one(Programme, visitor.group.programme_id)
        columns = programmes.columns(session, programme_id=programme.key)
        found = programmes.published(session, column_ids=[one.key for one in columns], newest=NEWEST + 1)
        marked = _marked(session, visitor, [line[0] for lines in found.values() for line in lines])
        views = [
            ColumnView(one.key, one.name, _lines(found[one.key][:NEWEST], marked), len(found[one.key]) > NEWEST)
            for one in columns
            if one.key in found
        ]
        return ListPage(*_head(session, programme, visitor), views, len(marked), _notices(session, programme, visitor))


def _notices(session: Session, programme: Programme, visitor: Visitor) -> bool | None:
    me = visitor.member
    if me is None or not programme.channel or not me.phone or me.do_not_contact:
        return None
    own = study.passes(session, programme_id=programme.key, member_ids=[me.key]).get(me.key)
    return own is not None and own.wants_since is not None


def wish_notices(visitor: Visitor, *, wanted: bool) -> None:
    """The member's own word whether to be told of new items."""
    member_id = member_of(visitor)
    with writing(MEMBER) as session:
        programme = session.get_one(Programme, visitor.group.programme_id)
        wish(session, programme, [member_id], wanted=wanted)


def column_page(visitor: Visitor, column_id: int, *, number: int = 1) -> ListPage:
    """One column alone, further back; `number` counts its pages from 1. NotFound if it is another programme's."""
    with reading() as session:
        programme = session.get_one(Programme, visitor.group.programme_id)
        own = {one.key: one for one in programmes.columns(session, programme_id=programme.key)}
        if column_id not in own or number < 1:
            raise NotFound("没有这个栏目，请回到目录。")
        found = programmes.published(
            session, column_ids=[column_id], newest=A_PAGE + 1, skip=(number - 1) * A_PAGE
        ).get(column_id, [])
        marked = _marked(session, visitor, [line[0] for line in found])
        view = ColumnView(column_id, own[column_id].name, _lines(found[:A_PAGE], marked), len(found) > A_PAGE)
        return ListPage(*_head(session, programme, visitor), [view], len(marked))


def _head(session: Session, programme: Programme, visitor: Visitor) -> tuple[str, str, str]:
    organisation = organisations.name_of(session, organisation_id=visitor.group.organisation_id)
    return programme.name, organisation, masked(visitor.member.name) if visitor.member else ""


def _marked(session: Session, visitor: Visitor, ids: list[int]) -> Mapping[int, Participation]:
    return study.studied(session, member_id=visitor.member.key, item_ids=ids) if visitor.member else {}


def _lines(found: list[tuple[int, str, date, datetime]], marked: Mapping[int, Participation]) -> list[Line]:
    return [Line(id_, title, day, id_ in marked) for id_, title, day, _ in found]


def item_page(visitor: Visitor, item_id: int) -> ItemPage:
    """One published item; NotFound for every other."""
    with reading() as session:
        shown = published(session, visitor, item_id)
        programme = session.get_one(Programme, visitor.group.programme_id)
        mark, own = None, None
        if visitor.member:
            mark = study.studied(session, member_id=visitor.member.key, item_ids=[item_id]).get(item_id)
            own = study.contribution(session, item_id=item_id, member_id=visitor.member.key)
        item = shown.item
        name, organisation, who = _head(session, programme, visitor)
        return ItemPage(
            item.key, name, organisation, who, shown.column.name, item.title, item.text, item.link, item.picture,
            item.audio, item.planned_on, shown.column.discussion,
            studied_on=mark.held_on if mark else None,
            own=own.text if own else "",
            own_released=bool(own and own.released_at),
            voices=_voices(session, visitor, item_id) if shown.column.discussion else [],
        )  # fmt: skip


def _voices(session: Session, visitor: Visitor, item_id: int) -> list[Voice]:
    said = study.contributions(
        session,
        programme_id=visitor.group.programme_id,
        organisation_id=visitor.group.organisation_id,
        item_id=item_id,
        released=True,
    )
    mine = visitor.member.key if visitor.member else None
    return [Voice(masked(one.name), one.row.text) for one in said if one.row.member_id != mine]


def count_opening(item_id: int) -> None:
    """One more opening, in sum: a statistic that no rule looks at, and nobody's name."""
    with writing("system") as session:
        study.count_opening(session, item_id=item_id, on=today())


def mark_studied(visitor: Visitor, item_id: int) -> bool:
    """The member says so: it is participation from now on. Twice is the same as once; False if it was said before."""
    member_id = member_of(visitor)
    try:
        with writing(MEMBER) as session:
            shown = published(session, visitor, item_id)
            if study.studied(session, member_id=member_id, item_ids=[item_id]):
                return False
            activity = f"{shown.column.name}：{shown.item.title}"
            same = participation.known(session, member_ids=[member_id]).get((member_id, today(), activity))
            row = same or Participation(
                member_id=member_id, activity=activity, held_on=today(), how=TookPart.online, source=SOURCE,
                recorded_by=MEMBER, recorded_at=now(),
            )  # fmt: skip
            row.study_item_id = item_id
            study.mark(session, row=row)
            journal.note(session, subject=Subject.member, ids=[member_id], what="took_part", why=f"学习内容 {item_id}")
            return True
    except Conflict:  # the same tap, twice at once
        return False


def take_back(visitor: Visitor, item_id: int) -> bool:
    """The member takes the mark back; False if there is none."""
    member_id = member_of(visitor)
    with writing(MEMBER) as session:
        found = study.studied(session, member_id=member_id, item_ids=[item_id]).get(item_id)
        if found:
            study.take_back(session, row=found)
            why = f"学习内容 {item_id}"
            journal.note(session, subject=Subject.member, ids=[member_id], what="study taken back", why=why)
        return found is not None


def member_of(visitor: Visitor) -> int:
    """Who is there by their own link; RuleBroken for anybody else."""
    if visitor.member is None:
        raise RuleBroken("请从支部发给您本人的链接进来，才能登记。")
    return visitor.member.key


def published(session: Session, visitor: Visitor, item_id: int) -> Shown:
    """An item of the visitor's programme that is there to be read; NotFound."""
    found = programmes.shown(session, programme_id=visitor.group.programme_id, item_id=item_id)
    if found is None or found.item.state is not StudyState.published:
        raise NotFound(GONE)
    return found
