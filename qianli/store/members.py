"""Members: by organisation, by name, written in bulk."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models import Case, CaseReason, Consignment, Member
from qianli.errors import Conflict
from qianli.store import edits, journal, ledger_imports
from qianli.store.among import among


def living() -> sa.ColumnElement[bool]:
    """Who counts: not who has died, nor a record that was merged into another one."""
    return sa.and_(col(Member.deceased_on).is_(None), col(Member.merged_into_id).is_(None))


@cache
def may_be_called() -> sa.ColumnElement[bool]:
    """Who may be called: not who has died or is left alone, nor who asked for that and waits to be heard."""
    owed = aliased(Consignment)
    asked = (
        sa.select(col(Case.id))
        .join(owed, col(owed.id) == col(Case.consignment_id))
        .where(
            col(owed.member_id) == col(Member.id),
            col(Case.reason) == CaseReason.do_not_contact,
            col(Case.resolved_at).is_(None),
        )
        .correlate(Member)
        .exists()
    )
    return sa.and_(col(Member.deceased_on).is_(None), col(Member.do_not_contact).is_not(True), sa.not_(asked))


def in_organisations(session: Session, *, ids: Iterable[int]) -> list[Member]:
    """The members whose home is one of these organisations, in the order they came in; of one person one record."""
    own = (among(Member.organisation_id, ids), col(Member.merged_into_id).is_(None))
    return list(session.exec(select(Member).where(*own).order_by(col(Member.id))))


def by_ids(session: Session, *, ids: Iterable[int]) -> dict[int, Member]:
    """Members by id; ids nobody has are left out."""
    return {member.key: member for member in session.exec(select(Member).where(among(Member.id, ids)))}


def lock(session: Session, *, ids: Iterable[int]) -> dict[int, Member]:
    """Members by id, in order of id, as they are now; kept from others until the transaction ends."""
    query = select(Member).where(among(Member.id, ids)).order_by(col(Member.id)).with_for_update()
    return {member.key: member for member in session.exec(query.execution_options(populate_existing=True))}


def named(session: Session, *, organisation_ids: Sequence[int], names: Iterable[str]) -> list[Member]:
    """The members of these organisations with one of these names, kept from others until the transaction ends."""
    own = select(Member).where(col(Member.organisation_id).in_(organisation_ids), among(Member.name, names))
    return list(session.exec(own.with_for_update()))


def of_ids(session: Session, *, organisation_ids: Sequence[int], ids: Iterable[int]) -> list[Member]:
    """Those of the members that are of these organisations, kept from others until the transaction ends."""
    own = select(Member).where(col(Member.organisation_id).in_(organisation_ids), among(Member.id, ids))
    return list(session.exec(own.with_for_update()))


def add_all(session: Session, *, organisation_id: int, rows: Sequence[dict[str, Any]], at: datetime) -> list[int]:
    """Add members in one go; the answer is their ids, in order. No two rows share name and both dates.

    The ids are found again by these: asked to keep the order, SQLite would be sent row after row.
    """
    if not rows:
        return []
    common = {
        "organisation_id": organisation_id,
        "do_not_contact": False,
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }
    own = (col(Member.name), col(Member.born_on), col(Member.joined_on))
    if first := ledger_imports.first_free(session):
        rows = [{**row, "id": first + number} for number, row in enumerate(rows)]
    insert = sa.insert(Member).returning(col(Member.id), *own).execution_options(render_nulls=True)
    ids = {tuple(key): id_ for id_, *key in session.execute(insert, [{**row, **common} for row in rows])}
    return [ids[row["name"], row["born_on"], row["joined_on"]] for row in rows]


def change_all(session: Session, *, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    """Write changed members in one go: each row has `id`, `version` as read, and every field that may change.

    Conflict if one of them was changed since it was read; nothing is written then.
    """
    edits.claim(session, Member, versions={row["id"]: row["version"] for row in rows})
    if rows:
        session.execute(sa.update(Member), [{**row, "version": row["version"] + 1, "updated_at": at} for row in rows])


def write(session: Session, *, member: Member, values: dict[str, Any]) -> None:
    """Write columns of one member as it was read; Conflict if somebody changed it since."""
    edits.claim(session, Member, versions={member.key: member.version})
    at = journal.moment_of(session)
    update = sa.update(Member).where(col(Member.id) == member.key).values(updated_at=at, **values)
    session.execute(update.execution_options(synchronize_session=False))
    session.refresh(member)


def require_version(member: Member, version: int) -> None:
    """Conflict unless the member is as whoever edits it has read it."""
    if member.version != version:
        raise Conflict(edits.STALE.format(count=1), member_id=member.key)


def called(
    session: Session,
    *,
    names: Iterable[str],
    ids: Iterable[int],
    organisation_ids: Sequence[int] | None,
    hosted: bool = False,
) -> list[Member]:
    """Members with one of these names or ids: of these organisations (and, `hosted`, whom they host), or all."""
    spoken_of = sa.or_(among(Member.name, names), among(Member.id, ids))
    query = select(Member).where(spoken_of, col(Member.merged_into_id).is_(None)).order_by(col(Member.id))
    if organisation_ids is not None:
        own = among(Member.organisation_id, organisation_ids)
        host = among(Member.host_organisation_id, organisation_ids)
        query = query.where(sa.or_(own, host) if hosted else own)
    return list(session.exec(query))
