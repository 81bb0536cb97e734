"""Users and their sessions."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Organisation, User, UserSession
from qianli.store.among import among


def by_login(session: Session, *, login: str) -> User | None:
    """The user of this login, held until the transaction ends, so that failures are counted one by one."""
    return session.exec(select(User).where(User.login == login).with_for_update()).first()


def password_hash(session: Session, *, login: str) -> str | None:
    """What is kept of the password of this login; None if there is no such user."""
    return session.exec(select(User.password_hash).where(User.login == login)).first()


def everybody(session: Session) -> list[tuple[User, str | None]]:
    """All users with the name of their organisation, by login."""
    query = (
        sa.select(User, col(Organisation.name))
        .outerjoin(Organisation, col(Organisation.id) == col(User.organisation_id))
        .order_by(col(User.login))
    )
    return [(user, name) for user, name in session.execute(query)]


def active(session: Session) -> list[User]:
    """Those who may sign in."""
    return list(session.exec(select(User).where(col(User.disabled_at).is_(None))))


def names(session: Session, *, ids: Iterable[int]) -> dict[int, str]:
    """Id → name."""
    query = sa.select(col(User.id), col(User.name)).where(among(User.id, ids))
    return {id_: name for id_, name in session.execute(query) if id_ is not None}


def behind(session: Session, *, token_hash: str, at: datetime) -> tuple[User, UserSession, str | None] | None:
    """Who is signed in with this token, with the name of their organisation; None for a token that is over."""
    query = (
        sa.select(User, UserSession, col(Organisation.name))
        .join(UserSession, col(UserSession.user_id) == col(User.id))
        .outerjoin(Organisation, col(Organisation.id) == col(User.organisation_id))
        .where(
            col(UserSession.token_hash) == token_hash,
            col(UserSession.expires_at) > at,
            col(User.disabled_at).is_(None),
        )
    )
    found = session.execute(query).first()
    return (found[0], found[1], found[2]) if found else None


def end_session(session: Session, *, token_hash: str) -> int | None:
    """Sign one browser out; whose it was."""
    gone = sa.delete(UserSession).where(col(UserSession.token_hash) == token_hash).returning(col(UserSession.user_id))
    return session.execute(gone).scalar()


def end_sessions(session: Session, *, user_id: int) -> None:
    """Sign a user out everywhere."""
    session.execute(sa.delete(UserSession).where(col(UserSession.user_id) == user_id))


def forget_expired(session: Session, *, at: datetime) -> None:
    """Drop sessions that are over."""
    session.execute(sa.delete(UserSession).where(col(UserSession.expires_at) <= at))


def seen(session: Session, *, token_hash: str, at: datetime, until: datetime) -> None:
    """The browser was here just now, and may stay until then."""
    update = sa.update(UserSession).where(col(UserSession.token_hash) == token_hash)
    session.execute(update.values(last_seen_at=at, expires_at=until).execution_options(synchronize_session=False))
