"""Signing in and out of the console. What is written down is kept even when the answer is no."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Session

from models import Role, Subject, User, UserSession
from qianli.errors import RuleBroken
from qianli.stages import passwords
from qianli.stages.codes import count_failure, refuse_over_limit
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import journal
from qianli.store import users as rows
from qianli.store.scope import Scope

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(hours=2)
AT_MOST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
REFUSED = "登录名、密码或动态口令不对，请核对后再试；连续输错 5 次会锁定 15 分钟。"


@dataclass(frozen=True)
class SignedIn:
    """Who asks: all that a page needs to know of them."""

    user_id: int
    name: str
    role: Role
    organisation: str | None
    scope: Scope
    token: str

    @property
    def actor(self) -> str:
        """As the journal knows them."""
        return f"user:{self.user_id}"

    @property
    def csrf(self) -> str:
        """What forms of this session carry; nobody can make it up who does not have the cookie."""
        return hmac.new(self.token.encode(), b"form", sha256).hexdigest()


def sign_in(login: str, password: str, one_time: str, *, address: str) -> str:
    """The token of a new session; RuleBroken in one same sentence for whatever is wrong, TooManyTries beyond that."""
    place = f"sign-in {address}"
    refuse_over_limit(place)
    token = _try(login.strip().lower(), password, one_time)
    if token is None:
        count_failure(place)
        raise RuleBroken(REFUSED)
    return token


def _try(login: str, password: str, one_time: str) -> str | None:
    with reading() as session:
        kept = rows.password_hash(session, login=login)
    right = passwords.is_right(password, kept)  # slow on purpose: nobody waits for it in a transaction
    with writing(SYSTEM) as session:
        user, at = rows.by_login(session, login=login), now()
        if user is None or user.disabled_at is not None or (user.locked_until and user.locked_until > at):
            return None
        session.info["actor"] = f"user:{user.key}"
        if not (right and user.password_hash == kept and _one_time_is_right(user, one_time, at)):
            _count(session, user, at)
            return None
        user.failed_count, user.locked_until = 0, None
        session.add(user)
        rows.forget_expired(session, at=at)
        token = secrets.token_urlsafe(32)
        session.add(
            UserSession(user_id=user.key, token_hash=_hash(token), created_at=at, last_seen_at=at, expires_at=at + IDLE)
        )
        journal.note(session, subject=Subject.user, ids=[user.key], what="signed in")
        return token


def _one_time_is_right(user: User, typed: str, at: datetime) -> bool:
    if user.totp_secret is None:
        return True
    used = passwords.half_minute_of(user.totp_secret, typed, at=at, after=user.totp_used)
    user.totp_used = used or user.totp_used
    return used is not None


def _count(session: Session, user: User, at: datetime) -> None:
    user.failed_count += 1
    if user.failed_count >= MOST_FAILURES:
        user.failed_count, user.locked_until = 0, at + LOCKED_FOR
        journal.note(session, subject=Subject.user, ids=[user.key], what="locked")
    session.add(user)


def whoever(token: str) -> SignedIn | None:
    """Who is signed in with this token. Being here prolongs the session, up to its end after half a day."""
    at, hashed = now(), _hash(token)
    with reading() as session:
        found = rows.behind(session, token_hash=hashed, at=at)
        if found is None:
            return None
        user, kept, organisation = found
        seen, end = kept.last_seen_at, kept.created_at + AT_MOST
        who = SignedIn(user.key, user.name, user.role, organisation, Scope(user.organisation_id), token)
    if at - seen >= SEEN_EVERY:
        with writing(who.actor) as session:
            rows.seen(session, token_hash=hashed, at=at, until=min(at + IDLE, end))
    return who


def sign_out(who: SignedIn) -> None:
    """End this session."""
    with writing(who.actor) as session:
        if rows.end_session(session, token_hash=_hash(who.token)) is not None:
            journal.note(session, subject=Subject.user, ids=[who.user_id], what="signed out")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
