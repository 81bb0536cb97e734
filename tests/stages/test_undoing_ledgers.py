"""A whole import taken back: as if it had never been, or told what depends on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from models import (
    CampaignState,
    Consignment,
    JournalEntry,
    LedgerImport,
    Member,
    Participation,
    Residence,
    Role,
    Snapshot,
    TookPart,
)
from qianli.errors import RuleBroken
from qianli.ledger.out import write_xlsx
from qianli.stages import member_marks, purging, users
from qianli.stages.importing import import_members
from qianli.stages.undoing_ledgers import FORGOTTEN, LEDGERS
from qianli.stages.unit import now, reading, today, writing
from qianli.store.scope import Scope
from qianli.testing import counted, make_world

BRANCH = "云岭社区党委"
TITLES = ["姓名", "出生日期", "手机号", "现住址", "更新日期", "职业"]
SHENZHEN, HANGZHOU = "广东省深圳市南山区科技园1号", "浙江省杭州市西湖区文三路2号"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def take_in(*rows: list[Any]) -> int:
    import_members(write_xlsx([("台账", TITLES, rows)]), filename="台账.xlsx", organisation=BRANCH, by="user:test")
    return LEDGERS.list_imports()[0].id


def person(name: str, phone: str = "13900001201", address: str = SHENZHEN, known: str = "2026-10-01") -> list[Any]:
    return [name, "1985-03-12", phone, address, known, "焊工"]


def ledger() -> tuple[list[Any], list[Any]]:
    """Members and residences as they are, but for versions and the moment of the last change."""
    with reading() as session:
        people = session.execute(sa.select(*(one for one in Member.__table__.columns if one.name not in AFTER)))
        homes = session.execute(sa.select(*Residence.__table__.columns).order_by(sa.column("id")))
        return sorted(map(tuple, people), key=str), list(map(tuple, homes))


AFTER = {"version", "updated_at"}


def test_undone_the_ledger_is_as_before_and_may_be_filled_again(place: Path) -> None:
    take_in(person("张伟"), person("李娜"))
    before = ledger()
    moved, checked = person("张伟", "13900009999", HANGZHOU, "2026-11-01"), person("李娜", known="2026-11-02")
    id_ = take_in(moved, checked, person("王强"))
    with reading() as session:
        gone = max(session.exec(select(Member.id)))
    assert ledger() != before
    done = LEDGERS.undo(id_, by="user:boss")
    assert (done.gone, done.restored) == (1, 2)
    assert ledger() == before
    assert LEDGERS.undo(id_, by="user:boss").already
    with reading() as session:
        told = list(session.exec(select(JournalEntry).where(JournalEntry.what == "import undone")))
        assert sorted((one.subject, one.actor) for one in told) == [
            *[("member", "user:boss")] * 3, ("organisation", "user:boss")
        ]  # fmt: skip
    again = take_in(moved, checked, person("王强"))
    with reading() as session:
        new = max(session.exec(select(Member.id)))
        assert (new or 0) > (gone or 0)  # nobody gets the number of a member that was taken back
        assert session.get_one(LedgerImport, again).added == 1


def _sent(session: Session, member: Member) -> None:
    world = make_world(session, members=1, state=CampaignState.prepared, stage=None)
    session.add(Consignment(campaign_id=world.campaign, member_id=member.id, number=2))


def _prepared(session: Session, member: Member) -> None:
    session.add(Snapshot(member_id=member.id, name="张伟", why="在此居住", made_at=now()))


def _took_part(session: Session, member: Member) -> None:
    session.add(Participation(
        member_id=member.id, activity="主题党日", held_on=today(), how=TookPart.online, source="x",
        recorded_by="user:1", recorded_at=now(),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("depend", "said"),
    [(_sent, "1 处列入了寄送活动"), (_prepared, "1 处按这些内容准备过寄送"), (_took_part, "1 处登记过参加活动")],
)
def test_what_depends_on_it_is_said_and_nothing_is_changed(
    place: Path, depend: Callable[[Session, Member], None], said: str
) -> None:
    id_ = take_in(person("张伟"), person("李娜"))
    with writing("system") as session:
        depend(session, session.exec(select(Member).where(Member.name == "张伟")).one())
    before = ledger()
    assert said in LEDGERS.look(Scope(None), id_).depends
    with pytest.raises(RuleBroken, match=said):
        LEDGERS.undo(id_, by="user:boss")
    assert ledger() == before


def test_a_later_change_depends_on_it_and_the_later_import_goes_first(place: Path) -> None:
    first = take_in(person("张伟"))
    second = take_in(person("张伟", "13900009999"))
    with pytest.raises(RuleBroken, match="1 人之后又改过"):
        LEDGERS.undo(first, by="user:boss")
    LEDGERS.undo(second, by="user:boss")
    assert LEDGERS.undo(first, by="user:boss").gone == 1
    assert ledger() == ([], [])


def test_what_a_death_stopped_is_not_forgotten(place: Path) -> None:
    take_in(person("张伟"))
    with writing("system") as session:
        _sent(session, session.exec(select(Member).where(Member.name == "张伟")).one())
    died = write_xlsx([("台账", [*TITLES, "去世日期"], [[*person("张伟"), "2026-11-01"]])])
    import_members(died, filename="台账.xlsx", organisation=BRANCH, by="user:test")
    id_ = LEDGERS.list_imports()[0].id
    with pytest.raises(RuleBroken, match="1 处因登记去世停下了寄送"):
        LEDGERS.undo(id_, by="user:boss")


def test_a_mark_set_by_hand_is_not_lost(place: Path) -> None:
    id_ = take_in(person("张伟"))
    with reading() as session:
        member = session.exec(select(Member.id)).one()
    member_marks.mark_do_not_contact(str(member), by="user:boss")
    with pytest.raises(RuleBroken, match="之后又改过"):
        LEDGERS.undo(id_, by="user:boss")


def test_what_is_old_is_forgotten_and_cannot_be_undone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = take_in(person("张伟"))
    with writing("system") as session:
        session.get_one(LedgerImport, id_).imported_at = now().replace(year=2020)
    purging.sweep()
    assert LEDGERS.look(Scope(None), id_).depends == (FORGOTTEN,)


def test_the_number_of_statements_does_not_grow_with_the_members(place: Path) -> None:
    def asked(names: str) -> int:
        take_in(*(person(f"王{name}", phone=f"139000{ord(name):06d}"[:11]) for name in names))
        id_ = take_in(*(person(f"王{name}", phone=f"138000{ord(name):06d}"[:11]) for name in names))
        with counted() as statements:
            assert LEDGERS.undo(id_, by="user:boss").restored == len(names)
        return len(statements)

    assert asked("东西") == asked("甲乙丙丁戊己庚辛壬癸")


def test_who_imported_is_told_by_name(place: Path) -> None:
    secret = "correct horse battery"  # noqa: S105 - of no one
    added = users.add("wang", name="王强", role=Role.administrator, organisation=None, password=secret, by="user:x")
    content = write_xlsx([("台账", TITLES, [person("张伟")])])
    import_members(content, filename="台账.xlsx", organisation=BRANCH, by=f"user:{added}")
    (shown,) = LEDGERS.list_imports()
    assert (shown.by, LEDGERS.look(Scope(None), shown.id).by) == ("王强", "王强")
