"""Choosing where everybody lives on a day: one statement over members with 1 to 4 residences each."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models import AddressStatus, Member, Organisation, Residence, ResidenceKind
from qianli.settings import settings
from qianli.stages.unit import reading, writing
from qianli.store import residences, schema

TITLE = "百万人的住址：某一天住在哪里，按现在、按当时所知"
SIZES = (10_000, 100_000, 1_000_000)
ON = date(2027, 1, 20)
RECORDED, KNOWN = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 1, 6, tzinfo=UTC)
#: Moves of the k-th residence: main ones follow each other, the fourth is a temporary one.
BEGINS = (None, date(2024, 1, 1), date(2026, 7, 1), date(2027, 1, 10))
ENDS = date(2027, 2, 10)


def setup(_folder: Path, size: int) -> None:
    """So many members; number i has 1 + i mod 4 residences. Filled by the database itself."""
    schema.upgrade(settings().database_url)
    with writing("user:bench") as session:
        home = Organisation(name="千山省流动党员委员会")
        session.add(home)
        session.flush()
        numbers = sa.select(sa.literal(1).label("i")).cte("numbers", recursive=True)
        numbers = numbers.union_all(sa.select(numbers.c.i + 1).where(numbers.c.i < size))
        person: dict[str, Any] = {
            "organisation_id": sa.literal(home.key), "name": "党员" + sa.cast(numbers.c.i, sa.String),
            "details": sa.literal({}, sa.JSON), "do_not_contact": sa.literal(False), "version": sa.literal(1),
            "created_at": _same(Member, "created_at", RECORDED), "updated_at": _same(Member, "updated_at", RECORDED),
        }  # fmt: skip
        _fill(session, Member, person)
        _fill(session, Residence, _stay())
    with writing("user:bench") as session:
        session.execute(sa.text("ANALYZE"))


def _stay() -> dict[str, Any]:
    """The columns of residence k of a member."""
    k = sa.union_all(*(sa.select(sa.literal(k).label("k")) for k in range(4))).subquery()
    last = Member.__table__.c.id % 4
    count = sa.case((last > 2, 2), else_=last)
    day = sa.Date()
    since = sa.case(*((k.c.k == n, sa.literal(begun, day)) for n, begun in enumerate(BEGINS) if begun), else_=None)
    until = sa.case(
        (k.c.k == 3, sa.literal(ENDS, day)),
        *(((k.c.k == n) & (count > n), sa.literal(BEGINS[n + 1], day)) for n in range(2)),
        else_=None,
    )
    kinds = Residence.__table__.c.kind.type
    kind = sa.case(
        (k.c.k == 3, sa.literal(ResidenceKind.temporary, kinds)), else_=sa.literal(ResidenceKind.main, kinds)
    )
    detail = sa.literal("崇德路 ") + sa.cast(Member.__table__.c.id, sa.String) + " 号"
    return {
        "member_id": sa.case((k.c.k <= last, Member.__table__.c.id), else_=None), "kind": kind, "since": since,
        "until": until, "written": "福建省泉州市晋江市" + detail, "province": sa.literal("福建省"),
        "city": sa.literal("泉州市"), "district": sa.literal("晋江市"), "detail": detail,
        "status": sa.literal(AddressStatus.exact, Residence.__table__.c.status.type), "source": sa.literal("bench"),
        "reported_on": sa.literal(date(2026, 9, 1), day), "recorded_at": _same(Residence, "recorded_at", RECORDED),
    }  # fmt: skip


def _same(model: Any, column: str, value: object) -> Any:
    return sa.literal(value, model.__table__.c[column].type)


def _fill(session: Any, model: Any, columns: dict[str, Any]) -> None:
    query = sa.select(*columns.values())
    if model is Residence:
        query = query.where(columns["member_id"].is_not(None))
    session.execute(sa.insert(model).from_select(list(columns), query, include_defaults=False))


def choose(known: datetime | None) -> Callable[[Path, int], None]:
    """The one statement over everybody; its answer is only counted, so that the choosing is what is measured."""

    def each(_folder: Path, size: int) -> None:
        with reading() as session:
            there = residences.holding(sa.true(), on=ON, known=known)
            found = session.execute(sa.select(sa.func.count(), sa.func.sum(there.c.id)).select_from(there)).one()
        assert found[0] == size

    return each


STEPS: dict[str, Callable[[Path, int], None]] = {
    "setup": setup,
    "choose": choose(None),
    "choose as known then": choose(KNOWN),
}
UNMEASURED = {"setup"}
ONLY_AT: dict[str, int] = {}
