"""Two people edit the same row: the second is refused."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from models import Campaign, Item, Member, Organisation
from qianli.errors import Conflict
from qianli.stages.unit import now, reading, writing
from qianli.store import edits, members
from qianli.testing import make_world


@pytest.fixture
def ids(place: Path) -> list[int]:
    with writing("user:test") as session:
        return make_world(session, members=3, stage=None).members


def read(ids: list[int]) -> list[dict[str, object]]:
    with reading() as session:
        found = members.by_ids(session, ids=ids)
        return [{"id": one.key, "version": one.version, "occupation": one.occupation} for one in found.values()]


def occupations() -> dict[int, tuple[str | None, int]]:
    with reading() as session:
        query = sa.select(Member.id, Member.occupation, Member.version)
        return {id_: (occupation, version) for id_, occupation, version in session.execute(query)}


def test_of_two_who_read_the_same_version_one_is_refused(ids: list[int]) -> None:
    met = Barrier(2, timeout=30)

    def edit(name: str) -> str | None:
        rows = [{**row, "occupation": name} for row in read(ids)]
        met.wait()
        try:
            with writing(f"user:{name}") as session:
                members.change_all(session, rows=rows, at=now())
        except Conflict as refused:
            return refused.message
        return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(edit, ["甲", "乙"]))
    [refused] = [one for one in answers if one]
    winner = ["甲", "乙"][answers.index(None)]
    assert "被别人改过" in refused
    assert "重新" in refused
    assert set(occupations().values()) == {(winner, 2)}


def test_one_stale_row_of_several_stops_them_all(ids: list[int]) -> None:
    stale = read(ids)
    with writing("user:甲") as session:
        members.change_all(session, rows=[{**stale[1], "occupation": "甲"}], at=now())
    with pytest.raises(Conflict) as refused, writing("user:乙") as session:
        members.change_all(session, rows=[{**row, "occupation": "乙"} for row in stale], at=now())
    assert refused.value.ids == {"ids": [ids[1]]}
    assert occupations() == {ids[0]: (None, 1), ids[1]: ("甲", 2), ids[2]: (None, 1)}


@pytest.mark.parametrize("model", [Member, Organisation, Campaign, Item])
def test_every_row_that_people_edit_refuses_a_stale_version(ids: list[int], model: type) -> None:
    with reading() as session:
        read_as = dict(session.execute(sa.select(model.id, model.version)).tuples().all())
    with writing("user:甲") as session:
        edits.claim(session, model, versions=read_as)
    with pytest.raises(Conflict), writing("user:乙") as session:
        edits.claim(session, model, versions=read_as)
    with reading() as session:
        assert set(session.execute(sa.select(model.version)).scalars()) == {2}
