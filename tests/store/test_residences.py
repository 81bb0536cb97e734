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

START = date(2026, 1, 1)
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


def slow(stored: list[Residence], on: date) -> int | None:
    """In force on a day, said in words."""
    holding = [
        one
        for one in stored
        if one.superseded_at is None
        and (one.since is None or one.since <= on)
        and (one.until is None or on < one.until)
    ]
    temporary = [one for one in holding if one.kind == ResidenceKind.temporary]
    best = max(temporary or holding, key=lambda one: (one.since or date.min, one.key), default=None)
    return best.id if best else None


SPANS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, DAYS)),
        st.one_of(st.none(), st.integers(1, DAYS)),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPANS)
def test_the_one_function_agrees_with_the_slow_one(
    place: Path, spans: list[tuple[int | None, int | None, bool, bool]]
) -> None:
    with writing("user:test") as session:
        session.execute(sa.delete(Residence))
        member_id = a_member(session)
        mains: list[tuple[date, date]] = []
        for begin, length, temporary, superseded in spans:
            since = None if begin is None else START + timedelta(days=begin)
            until = None if length is None else (since or START) + timedelta(days=length)
            whole = (since or date.min, until or date.max)
            clash = any(whole[0] < other[1] and other[0] < whole[1] for other in mains)
            if not temporary and not superseded and clash:
                continue
            if not temporary and not superseded:
                mains.append(whole)
            kind = ResidenceKind.temporary if temporary else ResidenceKind.main
            gone = NOW if superseded else None
            residences.add_all(session, rows=[row(member_id, since, until, kind=kind, superseded_at=gone)])
    with reading() as session:
        stored = list(session.scalars(sa.select(Residence)))
        for number in range(-2, 2 * DAYS + 2):
            on = START + timedelta(days=number)
            found = residences.in_force(session, member_ids=[member_id], on=on).get(member_id)
            assert (found.id if found else None) == slow(stored, on)


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
