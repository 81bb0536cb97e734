"""The residence in force on a day."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from models import AddressStatus, Member, Residence, ResidenceKind
from qianli.errors import Conflict
from qianli.stages.unit import reading, writing
from qianli.store import organisations, residences
from qianli.testing import NOW

START = date(2026, 12, 28)
DAYS = 12


def a_member(session: Session) -> int:
    organisation = organisations.find_or_add(session, path="甲支部")
    member = Member(organisation_id=organisation.key, name="张伟", created_at=NOW, updated_at=NOW)
    session.add(member)
    session.flush()
    return member.key


def row(member_id: int, since: date | None, until: date | None, **values: Any) -> dict[str, Any]:
    common = {
        "member_id": member_id, "kind": ResidenceKind.main, "since": since, "until": until, "written": "某地",
        "province": None, "city": None, "district": None, "detail": "某地", "postcode": None,
        "status": AddressStatus.incomplete, "source": "test", "reported_on": START, "verified_at": None,
        "recorded_at": NOW, "superseded_at": None,
    }  # fmt: skip
    return common | values


def slow(stored: list[Residence], on: date, known: datetime | None) -> int | None:
    """In force on a day, as known just before an instant (None: now), said in words."""
    best: Residence | None = None
    for one in stored:
        if known is None:
            counts = one.superseded_at is None
        else:
            counts = one.recorded_at < known and not (one.superseded_at is not None and one.superseded_at < known)
        begun = one.since is None or one.since <= on
        over = one.until is not None and one.until <= on
        if counts and begun and not over and (best is None or _before(one, best)):
            best = one
    return best.id if best else None


def _before(one: Residence, other: Residence) -> bool:
    """Temporary before main, later begun before earlier, later recorded before earlier."""
    if one.kind != other.kind:
        return one.kind == ResidenceKind.temporary
    mine, others = one.since or date.min, other.since or date.min
    return (mine, one.key) > (others, other.key)


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one["since"] or date.min) < (other["until"] or date.max) and (other["since"] or date.min) < (
        one["until"] or date.max
    )


#: An act of somebody at the ledger: (days later, temporary, begins, lasts; of an earlier one, to correct: which).
#: Days are counted from shortly before a year's end, so that intervals touch, cross and end at it.
ACTS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.booleans(),
        st.one_of(st.none(), st.integers(0, DAYS)),
        st.one_of(st.none(), st.sampled_from([1, 2, 3, 7, 30])),
        st.one_of(st.none(), st.integers(0, 5)),
    ),
    max_size=8,
)
Act = tuple[int, bool, int | None, int | None, int | None]


def recorded(member_id: int, acts: list[Act]) -> list[dict[str, Any]]:
    """What the ledger holds when every act was recorded: a new residence, or one in the place of another."""
    at, rows = NOW, list[dict[str, Any]]()
    for later, temporary, begin, length, corrects in acts:
        at += timedelta(hours=12 * later)
        since = None if begin is None else START + timedelta(days=begin)
        until = None if length is None else (since or START) + timedelta(days=length)
        kind = ResidenceKind.temporary if temporary else ResidenceKind.main
        new = row(member_id, since, until, kind=kind, recorded_at=at)
        live = [one for one in rows if one["superseded_at"] is None]
        for place, one in enumerate(live):
            if place == corrects or (one["kind"] == kind == ResidenceKind.main and overlap(one, new)):
                one["superseded_at"] = at
        rows.append(new)
    return rows


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, min_size=6, max_size=12), st.data())
def test_the_one_function_agrees_with_the_slow_one(place: Path, ledger: list[list[Act]], data: st.DataObject) -> None:
    with writing("user:test") as session:
        session.execute(sa.delete(Residence))
        members = [a_member(session) for _ in ledger]
        rows = [one for id_, acts in zip(members, ledger, strict=True) for one in recorded(id_, acts)]
        residences.add_all(session, rows=rows)
    edges = sorted({edge for one in rows for edge in (one["since"], one["until"]) if edge} | {START})
    instants = sorted({one["recorded_at"] for one in rows})
    with reading() as session:
        stored = {id_: residences.of_member(session, member_id=id_) for id_ in members}
        for edge in data.draw(st.lists(st.sampled_from(edges), min_size=1, max_size=4)):
            moment = data.draw(st.sampled_from(instants)) if instants else NOW
            for known in (None, moment, moment + timedelta(microseconds=1)):
                for on in (edge - timedelta(days=1), edge):
                    found = residences.in_force(session, member_ids=members, on=on, known=known)
                    expected = {id_: best for id_, some in stored.items() if (best := slow(some, on, known))}
                    assert {id_: one.id for id_, one in found.items()} == expected


def test_the_address_for_20_january_as_known_on_5_january(place: Path) -> None:
    """Worked by hand: on 3 January somebody moves on the 15th; told on the 6th, a year's end after it began."""
    fifth, sixth = (datetime(2027, 1, day, 4, tzinfo=UTC) for day in (5, 6))
    with writing("user:test") as session:
        member_id = a_member(session)
        residences.add_all(session, rows=[row(member_id, None, None, recorded_at=NOW - timedelta(days=9))])
        [home] = residences.mains(session, member_ids=[member_id])[member_id]
        residences.supersede(session, ids=[home.key], at=sixth)
        new_year = date(2027, 1, 1)
        residences.add_all(session, rows=[row(member_id, None, new_year, recorded_at=sixth)])
        residences.add_all(session, rows=[row(member_id, new_year, None, recorded_at=sixth)])
        _, moved = residences.mains(session, member_ids=[member_id])[member_id]
        ask = [(date(2027, 1, 20), fifth), (date(2027, 1, 20), None), (date(2026, 12, 31), None), (new_year, None)]
        found = [residences.in_force(session, member_ids=[member_id], on=on, known=at)[member_id].id for on, at in ask]
        assert found == [home.id, moved.id, moved.key - 1, moved.id]


def test_many_members_in_few_statements(place: Path) -> None:
    with writing("user:test") as session:
        first = a_member(session)
        ids = [first] + [a_member(session) for _ in range(2)]
        residences.add_all(session, rows=[row(id_, None, None) for id_ in ids])
        found = residences.in_force(session, member_ids=[*ids, *ids, 999], on=START)
        assert sorted(found) == ids


def two_at_once() -> None:
    with writing("user:test") as session:
        member_id = a_member(session)
        residences.add_all(session, rows=[row(member_id, None, None), row(member_id, START, None)])


def test_overlaps_are_refused_by_the_database(place: Path) -> None:
    with pytest.raises(Conflict, match="重叠"):
        two_at_once()


def test_superseding_makes_room(place: Path) -> None:
    with writing("user:test") as session:
        member_id = a_member(session)
        residences.add_all(session, rows=[row(member_id, None, None)])
        old = residences.mains(session, member_ids=[member_id])[member_id][0].key
        residences.supersede(session, ids=[old], at=NOW)
        residences.add_all(session, rows=[row(member_id, START, None)])
        [new] = residences.mains(session, member_ids=[member_id])[member_id]
        residences.confirm_all(session, verified_at={new.key: datetime(2026, 5, 1, tzinfo=UTC)})
    with reading() as session:
        [kept] = residences.mains(session, member_ids=[member_id])[member_id]
        assert (kept.since, kept.verified_at) == (START, datetime(2026, 5, 1, tzinfo=UTC))
