"""Users: added, listed, disabled, given a new password. The first administrator is made at the command line."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import Role, Subject, User
from qianli.errors import BadInput, Conflict, NotFound, RuleBroken
from qianli.folding import fold
from qianli.stages import passwords
from qianli.stages.unit import now, reading, writing
from qianli.store import case_hands, edits, journal, organisations
from qianli.store import users as rows

LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
LONGEST_NAME = 40


@dataclass(frozen=True)
class UserView:
    """A user as an administrator sees them."""

    id: int
    login: str
    name: str
    role: Role
    organisation: str | None
    totp: bool
    locked_until: datetime | None
    disabled_at: datetime | None


def add(login: str, *, name: str, role: Role, organisation: str | None, password: str, by: str) -> int:
    """A new user; only administrators may see everything, everybody else has an organisation."""
    login, name = login.strip().lower(), fold(name)
    if not LOGIN.fullmatch(login):
        raise BadInput("登录名请用小写字母开头，可带数字、点、横线，2 至 40 个字符，如 zhang.wei。")
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"请写明姓名，不超过 {LONGEST_NAME} 个字。")
    if organisation is None and role is not Role.administrator:
        raise BadInput("请写明属于哪个组织（--organisation）：各人只看得到本组织和下级。")
    kept = passwords.hashed(password)
    with writing(by) as session:
        if rows.by_login(session, login=login) is not None:
            raise Conflict(f"登录名“{login}”已经有了，请换一个。")
        root = organisations.by_name(session, name=organisation).key if organisation else None
        user = User(
            login=login, name=name, role=role, organisation_id=root, password_hash=kept, created_at=now()
        )  # fmt: skip
        session.add(user)
        session.flush()
        journal.note(session, subject=Subject.user, ids=[user.key], what="added", why=role.value)
        return user.key


def list_users() -> list[UserView]:
    """Everybody, by login."""
    with reading() as session:
        return [
            UserView(
                one.key, one.login, one.name, one.role, name, one.totp_secret is not None, one.locked_until,
                one.disabled_at,
            )
            for one, name in rows.everybody(session)
        ]  # fmt: skip


def disable(login: str, *, by: str) -> bool:
    """Nobody signs in as them any more, whoever is signed in is not, and their open cases are nobody's.

    False if that was so already.
    """
    with writing(by) as session:
        user = _by_login(session, login)
        if user.disabled_at is not None:
            return False
        others = [one for one in rows.active(session) if one.role is Role.administrator and one.key != user.key]
        if user.role is Role.administrator and not others:
            raise RuleBroken("这是最后一名管理员，不能停用；请先添加另一名管理员。")
        edits.claim(session, User, versions={user.key: user.version})
        user.disabled_at = now()
        session.add(user)
        rows.end_sessions(session, user_id=user.key)
        case_hands.free(session, user_id=user.key)
        journal.note(session, subject=Subject.user, ids=[user.key], what="disabled")
        return True


def set_password(login: str, *, password: str, totp: bool | None, by: str) -> str | None:
    """A new password; it unlocks, enables, and signs out everywhere.

    `totp` switches one-time passwords on or off; the answer is the link for the authenticator app if it is on.
    """
    kept = passwords.hashed(password)
    with writing(by) as session:
        user = _by_login(session, login)
        edits.claim(session, User, versions={user.key: user.version})
        user.password_hash, user.failed_count, user.locked_until, user.disabled_at = kept, 0, None, None
        if totp is not None:
            user.totp_secret, user.totp_used = passwords.new_secret() if totp else None, 0
        session.add(user)
        rows.end_sessions(session, user_id=user.key)
        journal.note(session, subject=Subject.user, ids=[user.key], what="password set")
        return passwords.secret_link(user.totp_secret, user.login) if totp and user.totp_secret else None


def _by_login(session: Session, login: str) -> User:
    user = rows.by_login(session, login=login.strip().lower())
    if user is None:
        raise NotFound(f"没有登录名为“{login}”的用户，可用“qianli user list”查看。")
    return user


def same_person(session: Session, first: str, second: str) -> bool:
    """Whether two actors of the journal are one person: by number, or by login or name as typed in a command."""
    if first == second:
        return True
    people = [{f"user:{one.key}", f"user:{one.login}", f"user:{one.name}"} for one in rows.active(session)]
    return any(first in one and second in one for one in people)
