"""Whose a case is: the organisation's whose business it is, and somebody's of its staff who sees to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Case, Organisation, Role, Subject, User
from qianli.store import journal
from qianli.store.among import among
from qianli.store.cases import OWNER_LENGTH

OPEN = col(Case.resolved_at).is_(None)


def move(session: Session, *, case_id: int, owner: str) -> bool:
    """Which organisation's business an open case is from now on, nobody's in it yet; False if it was theirs already."""
    owner = owner[:OWNER_LENGTH]
    update = sa.update(Case).where(col(Case.id) == case_id, OPEN, col(Case.owner) != owner)
    moved = _done(session, update.values(owner=owner, assignee_id=None))
    journal.note(session, subject=Subject.case, ids=moved, what="assigned", why=owner)
    return bool(moved)


def give(session: Session, *, ids: Iterable[int], user_id: int | None, what: str, login: str = "") -> int:
    """Who sees to these open cases from now on, or nobody; how many changed. `what` and `login` are for the journal."""
    update = sa.update(Case).where(among(Case.id, ids), OPEN, col(Case.assignee_id).is_distinct_from(user_id))
    given = _done(session, update.values(assignee_id=user_id))
    journal.note(session, subject=Subject.case, ids=given, what=what, why=login)
    return len(given)


def free(session: Session, *, user_id: int) -> int:
    """Nobody sees to the open cases of this user any more; the answer is how many there were."""
    freed = _done(session, sa.update(Case).where(col(Case.assignee_id) == user_id, OPEN).values(assignee_id=None))
    journal.note(session, subject=Subject.case, ids=freed, what="freed")
    return len(freed)


def _done(session: Session, update: sa.Update) -> list[int]:
    """Carry it out; the answer is the ids of the cases it met."""
    update = update.execution_options(synchronize_session="fetch")
    return list(session.execute(update.returning(col(Case.id))).scalars())


def able(
    session: Session, *, organisation_ids: Iterable[int], roles: Collection[Role]
) -> dict[int, list[tuple[int, str, str]]]:
    """Organisation id → id, login and name of whoever may see to its cases: of it, of those above it, of all.

    One statement, however many organisations.
    """
    own = (col(Organisation.id), col(Organisation.parent_id))
    first: Any = sa.select(col(Organisation.id).label("of"), *own).where(among(Organisation.id, organisation_ids))
    up = first.cte("up", recursive=True)
    up = up.union_all(sa.select(up.c.of, *own).join(up, col(Organisation.id) == up.c.parent_id))
    sees = sa.or_(
        col(User.organisation_id) == up.c.id, sa.and_(col(User.organisation_id).is_(None), up.c.parent_id.is_(None))
    )
    query = (
        sa.select(up.c.of, col(User.id), col(User.login), col(User.name))
        .join(User, sees)
        .where(col(User.disabled_at).is_(None), col(User.role).in_(roles))
        .order_by(up.c.of, col(User.login))
    )
    found = defaultdict[int, list[tuple[int, str, str]]](list)
    for of, *user in session.execute(query):
        found[of].append((user[0], user[1], user[2]))
    return dict(found)
