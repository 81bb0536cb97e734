"""The lists of a programme as a visitor sees them: the newest of every column, and one column further back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models import Participation, Programme
from qianli.errors import NotFound
from qianli.receipts.names import masked
from qianli.stages.study_links import Visitor
from qianli.stages.unit import reading
from qianli.store import organisations, programmes, study

NEWEST, LINES = 10, 110  # of each column on the first page, and of all: it stays light, however many columns
A_PAGE = 60  # of one column on its own page


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


def list_page(visitor: Visitor) -> ListPage:
    """The newest of every column."""
    with reading() as session:
        programme = session.get_one(Programme, visitor.group.programme_id)
        columns = programmes.columns(session, programme_id=programme.key)
        most = max(1, min(NEWEST, LINES // max(1, len(columns))))
        found = programmes.published(session, column_ids=[one.key for one in columns], newest=most + 1)
        marked = _marked(session, visitor, [line[0] for lines in found.values() for line in lines])
        views = [
            ColumnView(one.key, one.name, _lines(found[one.key][:most], marked), len(found[one.key]) > most)
            for one in columns
            if one.key in found
        ]
        return ListPage(*head(session, programme, visitor), views, len(marked), _notices(session, programme, visitor))


def _notices(session: Session, programme: Programme, visitor: Visitor) -> bool | None:
    me = visitor.member
    if me is None or not programme.channel or not me.phone or me.do_not_contact:
        return None
    own = study.passes(session, programme_id=programme.key, member_ids=[me.key]).get(me.key)
    return own is not None and own.wants_since is not None


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
        return ListPage(*head(session, programme, visitor), [view], len(marked))


def head(session: Session, programme: Programme, visitor: Visitor) -> tuple[str, str, str]:
    """The programme's name, the group's, and who is there by their own link, masked."""
    organisation = organisations.name_of(session, organisation_id=visitor.group.organisation_id)
    return programme.name, organisation, masked(visitor.member.name) if visitor.member else ""


def _marked(session: Session, visitor: Visitor, ids: list[int]) -> Mapping[int, Participation]:
    return study.studied(session, member_id=visitor.member.key, item_ids=ids) if visitor.member else {}


def _lines(found: list[tuple[int, str, date, datetime]], marked: Mapping[int, Participation]) -> list[Line]:
    return [Line(id_, title, day, id_ in marked) for id_, title, day, _ in found]
