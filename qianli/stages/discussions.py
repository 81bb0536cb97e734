"""Discussions of a programme: one contribution a member, read by the branch, and shown to others when it says so."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from models import Contribution, Programme, Subject
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.folding import visible
from qianli.receipts.names import masked
from qianli.stages.study_links import Visitor
from qianli.stages.studying import MEMBER, member_of, published
from qianli.stages.unit import day_of, now, reading, writing
from qianli.store import contributions as store
from qianli.store import journal, organisations, programmes, study_calls

LONGEST = 1000
A_PAGE = 6  # contributions of the longest kind, under the longest item: a page stays light
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,10})", re.ASCII)
REWRITTEN = "本人刚刚改过这篇发言，还没有公开；请看过现在的内容再公开。"


def contribute(visitor: Visitor, item_id: int, text: str) -> None:
    """The member's one contribution; written again it takes the place of the first, until the branch released it."""
    member_id, said = member_of(visitor), "\n".join(filter(None, map(visible, text.splitlines())))
    if not said:
        raise BadInput("请先写几句话，再提交。")
    if len(said) > LONGEST:
        raise BadInput(f"写得太长了，请不要超过 {LONGEST} 个字，现在是 {len(said)} 个字。")
    with writing(MEMBER) as session:
        shown = published(session, visitor, item_id)
        if not shown.column.discussion:
            raise RuleBroken("这一篇不是讨论，不能发言。")
        found = store.of_member(session, item_id=item_id, member_id=member_id, lock=True)
        if found and found.released_at:
            raise RuleBroken("您的发言已经公开，不能再改；要改，请先撤回，再重新写。")
        if found and found.text == said:
            return
        row = found or Contribution(item_id=item_id, member_id=member_id, text=said, written_at=now())
        row.text, row.written_at = said, now()
        store.write(session, row=row)
        study_calls.overtake(session, programme_id=visitor.group.programme_id, member_id=member_id, at=now())
        why = f"学习内容 {item_id}"
        journal.note(session, subject=Subject.member, ids=[member_id], what="contributed", why=why)


def take_back(visitor: Visitor, item_id: int) -> bool:
    """The member takes it back, released or not; False if there is none."""
    member_id = member_of(visitor)
    with writing(MEMBER) as session:
        found = store.of_member(session, item_id=item_id, member_id=member_id)
        if found:
            store.drop(session, row=found)
            why = f"学习内容 {item_id}"
            journal.note(session, subject=Subject.member, ids=[member_id], what="contribution taken back", why=why)
        return found is not None


@dataclass(frozen=True)
class Voice:
    """What another member said, under a name masked."""

    name: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where a page of a discussion ends; as text it stands in an address, and tells nobody's name."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.id}"

    @classmethod
    def read(cls, written: str) -> "Place":
        """The place in an address; NotFound if it is none."""
        found = PLACE.fullmatch(written)
        if found is None:
            raise NotFound("没有这一页，请回到讨论的开头。")
        return cls(EPOCH + int(found[1]) * MICROSECOND, int(found[2]))


def voices(
    session: Session, visitor: Visitor, item_id: int, *, after: Place | None = None
) -> tuple[list[Voice], Place | None]:
    """What others of the group said and everybody may read, from a place on; and where the next page begins, if any."""
    said = store.released_to(
        session,
        programme_id=visitor.group.programme_id,
        organisation_id=visitor.group.organisation_id,
        item_id=item_id,
        but=visitor.member.key if visitor.member else None,
        after=(after.at, after.id) if after else None,
        most=A_PAGE + 1,
    )
    shown = said[:A_PAGE]
    more = Place(shown[-1].row.written_at, shown[-1].row.key) if len(said) > A_PAGE else None
    return [Voice(masked(one.name), one.row.text) for one in shown], more


@dataclass(frozen=True)
class Waiting:
    """A contribution for the branch to read; `version` tells this text from what the member writes later."""

    id: int
    item: str
    name: str
    text: str
    written_on: date
    released: bool
    version: str


def contributions(code: str, organisation: str, *, released: bool | None = None) -> list[Waiting]:
    """What members of an organisation said; for the branch's eyes."""
    with reading() as session:
        programme = programmes.by_code(session, code=code)
        root = organisations.by_name(session, name=organisation)
        return waiting(session, programme, root.key, released=released)


def waiting(session: Session, programme: Programme, root_id: int, *, released: bool | None) -> list[Waiting]:
    """The same of the organisation with this id."""
    titles = {one.item.key: one.item.title for one in programmes.items(session, programme_id=programme.key)}
    said = store.said(session, programme_id=programme.key, organisation_id=root_id, released=released)
    return [
        Waiting(
            one.row.key, titles[one.row.item_id], one.name, one.row.text, day_of(one.row.written_at),
            one.row.released_at is not None, _version(one.row.text),
        )
        for one in said
    ]  # fmt: skip


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def release(code: str, organisation: str, read: Mapping[int, str], *, by: str) -> int:
    """Others of the group may read these from now on; the answer is how many could not before.

    `read` is the version of each that was read, by id; RuleBroken if the member has written another since.
    """
    with reading() as session:
        root_id = organisations.by_name(session, name=organisation).key
    return release_of(code, root_id, read, by=by)


def release_of(code: str, root_id: int, read: Mapping[int, str], *, by: str) -> int:
    """The same, of members of the organisation with this id."""
    with writing(by) as session:
        programme = programmes.by_code(session, code=code)
        own = {
            one.row.key: one.row
            for one in store.said(session, programme_id=programme.key, organisation_id=root_id, lock=True)
        }
        if strange := [id_ for id_ in read if id_ not in own]:
            raise NotFound(f"这个组织没有编号为 {'、'.join(map(str, strange))} 的发言，请核对编号。")
        new = [id_ for id_ in read if own[id_].released_at is None]
        if any(read[id_] != _version(own[id_].text) for id_ in new):
            raise RuleBroken(REWRITTEN)
        whose = [own[id_].member_id for id_ in new]
        store.release(session, ids=new, by=by, at=now())
        journal.note(session, subject=Subject.member, ids=whose, what="contribution released", why=programme.code)
        return len(new)
