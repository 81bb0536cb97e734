"""Organisations: the tree, by path and by name."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Organisation, Subject
from qianli.errors import BadInput, NotFound
from qianli.folding import fold
from qianli.store import journal
from qianli.store.scope import Scope

LONGEST = 100


def find(session: Session, *, path: str) -> Organisation | None:
    """The organisation at "A/B/C", or the only one of that name if no path is given; None if there is none."""
    names = _parts(path)
    if len(names) == 1:
        named = _named(session, names[0])
        if len(named) > 1:
            raise BadInput(
                f"有 {len(named)} 个组织叫“{names[0]}”，请写出上级，如“某某党委/{names[0]}”。", _paths(session, named)
            )
        return named[0] if named else None
    found: Organisation | None = None
    for name in names:
        found = _child(session, name, found)
        if found is None:
            return None
    return found


def find_or_add(session: Session, *, path: str) -> Organisation:
    """The organisation at "A/B/C"; what is missing of the path is added."""
    if found := find(session, path=path):
        return found
    at: Organisation | None = None
    for name in _parts(path):
        below = _child(session, name, at)
        if below is None:
            below = Organisation(name=name, parent_id=at.key if at else None)
            session.add(below)
            session.flush()
            journal.note(session, subject=Subject.organisation, ids=[below.key], what="added")
        at = below
    return session.get_one(Organisation, at.key) if at else find_or_add(session, path=path)


def by_name(session: Session, *, name: str) -> Organisation:
    """The organisation of this name or path; NotFound if there is none, BadInput if there are several."""
    if found := find(session, path=name):
        return found
    raise NotFound(f"没有名为“{name}”的组织。请先导入它的党员台账，或核对名称。")


def tree_ids(session: Session, *, root_id: int) -> list[int]:
    """The ids of an organisation and of everything below it."""
    tree = sa.select(col(Organisation.id)).where(col(Organisation.id) == root_id).cte("tree", recursive=True)
    tree = tree.union(sa.select(col(Organisation.id)).where(col(Organisation.parent_id) == tree.c.id))
    return list(session.execute(sa.select(tree.c.id).order_by(tree.c.id)).scalars())


def covered(session: Session, scope: Scope) -> list[int]:
    """The ids of the organisations of a scope."""
    return list(session.execute(sa.select(col(Organisation.id)).where(scope.covers(Organisation.id))).scalars())


def names(session: Session) -> dict[int, str]:
    """Every organisation's name by id."""
    return {one.key: one.name for one in session.exec(select(Organisation))}


def paths(session: Session) -> dict[int, str]:
    """Every organisation by id, written with those above it: "A/B/C"."""
    known = {one.key: one for one in session.exec(select(Organisation))}
    return {id_: _path(one, known) for id_, one in known.items()}


def name_of(session: Session, *, organisation_id: int) -> str:
    """One organisation's name."""
    return session.get_one(Organisation, organisation_id).name


def lock(session: Session, *, ids: Sequence[int]) -> None:
    """Let nobody else import into these until this transaction ends; in order of id: nobody waits in a circle."""
    query = select(Organisation.id).where(col(Organisation.id).in_(ids)).order_by(col(Organisation.id))
    session.exec(query.with_for_update()).all()


def _parts(path: str) -> list[str]:
    parts = [part for part in (fold(written) for written in path.replace("／", "/").split("/")) if part]
    if not parts or any(len(part) > LONGEST for part in parts):
        raise BadInput(f"请写明组织名称（每级不超过 {LONGEST} 个字），如“青石街道党工委/云岭社区党委”。")
    return parts


def _named(session: Session, name: str) -> list[Organisation]:
    return list(session.exec(select(Organisation).where(Organisation.name == name).order_by(col(Organisation.id))))


def _child(session: Session, name: str, parent: Organisation | None) -> Organisation | None:
    above = col(Organisation.parent_id).is_(None) if parent is None else col(Organisation.parent_id) == parent.id
    return session.exec(select(Organisation).where(Organisation.name == name, above)).first()


def _paths(session: Session, found: list[Organisation]) -> list[str]:
    known = {one.key: one for one in session.exec(select(Organisation))}
    return [_path(organisation, known) for organisation in found]


def _path(organisation: Organisation, known: dict[int, Organisation]) -> str:
    chain = [organisation]
    while (above := chain[0].parent_id) is not None:
        chain.insert(0, known[above])
    return "/".join(one.name for one in chain)
