"""The tree of organisations as a whole: where each stands, how many members belong to it, and what is moved in it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Member, Organisation, OrganisationKind, Subject
from qianli.errors import Conflict, RuleBroken
from qianli.store import edits, journal, members
from qianli.store.scope import Scope


@dataclass(frozen=True)
class Node:
    """An organisation in the tree, with its own members by home and by host, and all of the tree below it.

    `depth` counts from the top of what was asked for; `path` is always whole.
    """

    id: int
    name: str
    parent_id: int | None
    kind: OrganisationKind
    path: str
    depth: int
    home: int
    hosted: int
    all_home: int
    all_hosted: int


def nodes(session: Session, *, root_id: int | None = None, counted: bool = True) -> list[Node]:
    """An organisation and everything below it, or the whole forest: in the order of a table of contents.

    Two statements, however large the tree is; one where members are not `counted`, and all numbers are 0.
    """
    counts = {id_: numbers for id_, *numbers in session.execute(_counts(root_id))} if counted else {}
    paths = session.execute(_paths(root_id)).all()
    top = min((one.depth for one in paths), default=0)
    found = [
        Node(one.id, one.name, one.parent_id, one.kind, one.path, one.depth - top, *counts.get(one.id, [0, 0, 0, 0]))
        for one in paths
    ]
    return _in_order(found)


def _paths(root_id: int | None) -> sa.Select[tuple[int, str, int | None, OrganisationKind, str, int]]:
    """Each organisation with its path from the top."""
    one = (col(Organisation.id), col(Organisation.name), col(Organisation.parent_id), col(Organisation.kind))
    path = sa.cast(col(Organisation.name), sa.Text)
    top = sa.select(*one, path.label("path"), sa.literal(0).label("depth"))
    down = top.where(col(Organisation.parent_id).is_(None)).cte("down", recursive=True)
    below = (
        sa.select(*one, (down.c.path + "/" + col(Organisation.name)).label("path"), down.c.depth + 1)
        .select_from(Organisation)
        .join(down, col(Organisation.parent_id) == down.c.id)
    )
    down = down.union_all(below)
    all_ = sa.select(down.c.id, down.c.name, down.c.parent_id, down.c.kind, down.c.path, down.c.depth)
    return all_ if root_id is None else all_.where(down.c.id.in_(_ids(root_id)))


def _counts(root_id: int | None) -> sa.Select[tuple[int, int, int, int, int]]:
    """Own members at home, own hosted ones, and both of the whole tree below, by organisation."""
    own = _members_of()
    pairs: Any = sa.select(col(Organisation.id).label("above"), col(Organisation.id).label("id"))
    if root_id is not None:
        pairs = pairs.where(col(Organisation.id).in_(_ids(root_id)))
    within = pairs.cte("within", recursive=True)
    below = sa.select(within.c.above, col(Organisation.id)).join(within, col(Organisation.parent_id) == within.c.id)
    within = within.union_all(below)
    itself = within.c.id == within.c.above

    def total(number: sa.ColumnElement[int], *only: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        counted = sa.case((sa.and_(*only), number), else_=0) if only else number
        return sa.cast(sa.func.coalesce(sa.func.sum(counted), 0), sa.Integer)

    return (
        sa.select(
            within.c.above,
            total(own.c.home, itself),
            total(own.c.hosted, itself),
            total(own.c.home),
            total(own.c.hosted),
        )
        .join(own, own.c.id == within.c.id)
        .group_by(within.c.above)
    )


def _members_of() -> sa.Subquery:
    """Organisation → how many members have it as home, and as host."""
    homes: Any = sa.select(
        col(Member.organisation_id).label("id"), sa.literal(1).label("home"), sa.literal(0).label("host")
    ).where(members.living())
    hosts = sa.select(col(Member.host_organisation_id), sa.literal(0), sa.literal(1)).where(
        col(Member.host_organisation_id).is_not(None), members.living()
    )
    each = sa.union_all(homes, hosts).subquery()
    counted = sa.select(each.c.id, sa.func.sum(each.c.home).label("home"), sa.func.sum(each.c.host).label("hosted"))
    return counted.group_by(each.c.id).subquery()


def _ids(root_id: int) -> sa.Select[tuple[int]]:
    tree = sa.select(col(Organisation.id)).where(col(Organisation.id) == root_id).cte("tree", recursive=True)
    tree = tree.union(sa.select(col(Organisation.id)).where(col(Organisation.parent_id) == tree.c.id))
    return sa.select(tree.c.id)


def _in_order(found: list[Node]) -> list[Node]:
    """Each below its parent, siblings in the order they were added."""
    known = {one.id for one in found}
    below: dict[int | None, list[Node]] = {}
    for one in sorted(found, key=lambda node: node.id, reverse=True):
        below.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    order, waiting = list[Node](), below.get(None, [])
    while waiting:
        order.append(waiting.pop())
        waiting += below.get(order[-1].id, [])
    return order


def versions(session: Session) -> dict[int, int]:
    """Organisation → version."""
    return {one.key: one.version for one in session.exec(select(Organisation))}


def covers(session: Session, scope: Scope, *, organisation_id: int) -> Organisation | None:
    """An organisation, if it belongs to the tree."""
    query = select(Organisation).where(Organisation.id == organisation_id, scope.covers(Organisation.id))
    return session.exec(query).first()


def lock_all(session: Session) -> None:
    """Let nobody else change the tree until this transaction ends: two moves at once could make a circle."""
    session.exec(select(Organisation.id).order_by(col(Organisation.id)).with_for_update()).all()


def move(session: Session, *, organisation: Organisation, under: Organisation | None) -> bool:
    """Put an organisation with all below it under another, or at the top; False if it stands there."""
    if organisation.parent_id == (under.key if under else None):
        return False
    if under is not None and under.key in session.execute(_ids(organisation.key)).scalars().all():
        raise RuleBroken(f"“{under.name}”就是“{organisation.name}”或在它下面，不能移到那里。", id=organisation.key)
    _refuse_double(session, organisation, organisation.name, under.key if under else None)
    _write(session, organisation, {"parent_id": under.key if under else None})
    journal.note(session, subject=Subject.organisation, ids=[organisation.key], what="moved")
    return True


def change(session: Session, *, organisation: Organisation, name: str, kind: OrganisationKind) -> bool:
    """Give it another name or kind; False if it has both."""
    if (organisation.name, organisation.kind) == (name, kind):
        return False
    if organisation.name != name:
        _refuse_double(session, organisation, name, organisation.parent_id)
    _write(session, organisation, {"name": name, "kind": kind})
    journal.note(session, subject=Subject.organisation, ids=[organisation.key], what="changed")
    return True


def _write(session: Session, organisation: Organisation, values: dict[str, object]) -> None:
    edits.claim(session, Organisation, versions={organisation.key: organisation.version})
    update = sa.update(Organisation).where(col(Organisation.id) == organisation.key).values(values)
    session.execute(update.execution_options(synchronize_session=False))
    session.refresh(organisation)


def _refuse_double(session: Session, organisation: Organisation, name: str, parent_id: int | None) -> None:
    above = col(Organisation.parent_id).is_(None) if parent_id is None else col(Organisation.parent_id) == parent_id
    twin = select(Organisation.id).where(Organisation.name == name, above, col(Organisation.id) != organisation.key)
    if session.exec(twin).first() is not None:
        raise Conflict(f"那里已经有一个叫“{name}”的组织，请先改名或核对。", id=organisation.key)
