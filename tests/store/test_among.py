"""One statement for any number of ids or texts, on both databases."""

from pathlib import Path

import sqlalchemy as sa

from models import Member
from qianli.stages.unit import reading, writing
from qianli.store.among import among
from qianli.testing import NAMES, counted, make_world

MANY = 70_000  # more than either database takes as parameters of one statement


def found(column: object, values: object) -> set[int]:
    with reading() as session, counted() as sent:
        ids = set(session.execute(sa.select(Member.id).where(among(column, values))).scalars())
    (select,) = [one for one in sent if one != "BEGIN"]
    assert select.split("WHERE")[1].count("=") <= 1  # no comparison around it, which would use no index
    return ids


def test_any_number_of_ids_is_one_statement(place: Path) -> None:
    with writing("user:test") as session:
        members = make_world(session, members=3).members
    assert found(Member.id, range(MANY)) == set(members)
    assert found(Member.id, (id_ for id_ in members[:2])) == set(members[:2])
    assert found(Member.id, []) == set()


def test_texts_with_whatever_stands_in_them(place: Path) -> None:
    with writing("user:test") as session:
        members = make_world(session, members=3).members
    assert found(Member.name, [NAMES[1], NAMES[2], 'a"b', "c'd", "{e,f}", "\\"]) == set(members[1:])
    assert found(Member.name, []) == set()


def test_it_can_be_part_of_an_update(place: Path) -> None:
    with writing("user:test") as session:
        members = make_world(session, members=3).members
        update = sa.update(Member).where(among(Member.id, members[1:])).values(occupation="x").returning(Member.id)
        assert sorted(session.execute(update).scalars()) == members[1:]
