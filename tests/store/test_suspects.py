"""Records that could be one person: what the database finds against the same said slowly, over everybody."""

import random
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from models import DistinctMembers, Member, Organisation, Residence
from qianli.stages.unit import reading, writing
from qianli.store import suspects
from qianli.store.scope import Scope
from qianli.testing import NOW, workspace

MEMBERS = 90
DAYS = (None, date(1985, 3, 12), date(1990, 7, 1))


def house(session: Session) -> None:
    """Two branches whose members share few names, dates, telephones and addresses; some merged, some found distinct."""
    dice = random.Random(7)  # noqa: S311 - nothing to keep secret
    session.add_all([Organisation(name="甲党委"), Organisation(name="乙党委")])
    session.flush()
    for number in range(1, MEMBERS + 1):
        session.add(Member(
            id=number, organisation_id=1 + number % 2, name=f"党员{dice.randrange(9)}", born_on=dice.choice(DAYS),
            joined_on=dice.choice(DAYS), phone=dice.choice((None, f"+86139{dice.randrange(30):08d}")),
            created_at=NOW, updated_at=NOW,
        ))  # fmt: skip
    session.flush()
    for number in range(1, MEMBERS + 1):
        session.add(Residence(
            member_id=number, written="某地", detail=f"文三路 {dice.randrange(4)} 号", source="test",
            reported_on=NOW.date(), recorded_at=NOW, superseded_at=NOW if number % 7 == 0 else None,
        ))  # fmt: skip
    session.execute(sa.update(Member).where(sa.column("id") % 10 == 0).values(merged_into_id=1))
    session.add(DistinctMembers(first_id=1, second_id=3, decided_by="user:1", decided_at=NOW))


def alike(one: Member, other: Member, details: dict[int, str]) -> bool:
    """Whether two are worth comparing, in words."""

    def same(name: str) -> bool:
        here: Any = getattr(one, name)
        return here is not None and here == getattr(other, name)

    untold = all(None in (getattr(one, day), getattr(other, day)) for day in ("born_on", "joined_on"))
    at_one_address = one.key in details and details[one.key] == details.get(other.key)
    of_one_name = same("born_on") or same("joined_on") or same("phone") or (untold and at_one_address)
    return (same("name") and of_one_name) or (same("phone") and same("born_on"))


def slow(session: Session) -> list[tuple[int, int]]:
    """All pairs, by looking at everybody beside everybody."""
    people = session.exec(select(Member).where(Member.merged_into_id == None).order_by(Member.id)).all()  # noqa: E711
    there = session.exec(select(Residence).where(Residence.superseded_at == None)).all()  # noqa: E711
    details = {one.member_id: one.detail for one in there}
    told = {(1, 3)}
    pairs = [(one.key, other.key) for one, other in combinations(people, 2) if alike(one, other, details)]
    return [pair for pair in pairs if pair not in told]


def test_they_are_what_a_slow_look_finds(database: str, tmp_path: Path) -> None:
    with workspace(tmp_path, database=database):
        with writing("user:1") as session:
            house(session)
        with reading() as session:
            expected = slow(session)
            assert len(expected) > MEMBERS
            assert suspects.candidates(session) == expected
            for near in ([5], [1, 2, 3], range(1, MEMBERS + 1)):
                some = [pair for pair in expected if set(pair) & set(near)]
                assert suspects.candidates(session, near=near) == some
            branch = [pair for pair in expected if all(id_ % 2 == 0 for id_ in pair)]
            assert suspects.candidates(session, scope=Scope(1)) == branch
