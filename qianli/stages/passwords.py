"""Passwords and one-time passwords: how they are kept, and how they are compared."""

import secrets
from datetime import datetime
from functools import cache

import pyotp
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from qianli.errors import BadInput

SHORTEST, LONGEST = 10, 200
STEP_S = 30
ISSUER = "千里传书"
MEMORY_KIB = 47_104  # with one pass in one lane: what OWASP asks for, and bearable on a small machine


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1),))


@cache
def _of_nobody() -> str:
    """Compared with when there is no such user, so that the answer takes as long."""
    return _hasher().hash(secrets.token_urlsafe(16))


def hashed(password: str) -> str:
    """What is kept of a password; BadInput if it is too short to be one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"密码至少要 {SHORTEST} 个字符，请换一个长一些的；几个词连起来写就很好。")
    return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether this is the password; as slow for a user that does not exist."""
    right = len(password) <= LONGEST and _hasher().verify(password, kept or _of_nobody())
    return right and kept is not None


def new_secret() -> str:
    """The secret of an authenticator app."""
    return pyotp.random_base32()


def secret_link(secret: str, login: str) -> str:
    """What an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def half_minute_of(secret: str, typed: str, *, at: datetime, after: int) -> int | None:
    """Which half-minute's one-time password this is: the current one or its neighbours, none twice; else None."""
    now = int(at.timestamp()) // STEP_S
    digits = typed.replace(" ", "")
    totp = pyotp.TOTP(secret)
    good = [step for step in (now - 1, now, now + 1) if step > after and totp.verify(digits, for_time=step * STEP_S)]
    return good[0] if good else None
