"""Engines and units of work. The only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from qianli import faults
from qianli.errors import ConfigurationError, Conflict, DatabaseUnavailable
from qianli.store import version

BUSY_TIMEOUT_MS = 30_000
#: Seconds until a PostgreSQL that does not answer is said to be away; as long as SQLite for a lock.
PATIENCE = {"connect_timeout": 10, "options": f"-c lock_timeout={BUSY_TIMEOUT_MS}"}


@cache
def engine(url: str) -> sa.Engine:
    """One engine per database URL and process; ConfigurationError for what is not a URL we can use."""
    where = understood(url)
    if where.get_backend_name() == "sqlite":
        made = sa.create_engine(where, hide_parameters=True)  # errors reach logs, names and addresses must not
        sa.event.listen(made, "connect", _prepare_sqlite)
        sa.event.listen(made, "begin", _begin_sqlite)
        return made
    return sa.create_engine(where, hide_parameters=True, pool_pre_ping=True, connect_args=PATIENCE)


def understood(url: str) -> sa.URL:
    """The URL with the driver we bring: postgresql:// means psycopg."""
    try:
        where = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise ConfigurationError(NOT_A_DATABASE) from None  # the cause repeats the password
    if where.drivername in ("postgresql", "postgres"):
        where = where.set(drivername="postgresql+psycopg")
    if where.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigurationError(NOT_A_DATABASE)
    return where


def let_go(url: str) -> None:
    """Close this process's connections, before the database behind them is replaced or dropped."""
    engine(url).dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL lets readers read while one writes; foreign keys are off by default; what is deleted is written over."""
    connection.isolation_level = None  # SQLAlchemy emits BEGIN itself, see _begin_sqlite
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=NORMAL",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Take the write lock at once: a read that turns into a write could not wait for it any more."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(url: str, *, actor: str, at: datetime | None = None) -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on any error. `actor` and `at` go into the journal."""
    bound = engine(url).execution_options(writing=True)
    with reachable(), Session(bound, expire_on_commit=False) as session:
        session.info.update(actor=actor, at=at or datetime.now(UTC))
        try:
            version.require_own(session)
            yield session
            session.flush()
            faults.reached("before commit")
            session.commit()
        except IntegrityError as error:
            raise Conflict(_sentence(error)) from None  # the cause may hold a whole row
        faults.reached("after commit")


@contextmanager
def reading(url: str) -> Iterator[Session]:
    """A session that only reads, one moment throughout; rows keep what was loaded after it is closed."""
    bound = engine(url)
    if bound.dialect.name == "postgresql":  # SQLite reads one moment by itself
        bound = bound.execution_options(isolation_level="REPEATABLE READ")
    with reachable(), Session(bound) as session:
        yield session


@contextmanager
def reachable() -> Iterator[None]:
    """A database that is away, locked or full becomes a sentence; what was not committed did not happen."""
    try:
        yield
    except (OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        text = str(getattr(error, "orig", error)).lower()
        sentence = next((said for word, said in OUT_OF_REACH.items() if word in text), AWAY)
        raise DatabaseUnavailable(sentence) from None  # the cause may hold a password


NOT_A_DATABASE = (
    "QIANLI_DATABASE_URL 写法不对，请写成 sqlite:////srv/qianli/qianli.db 或 postgresql://用户:密码@主机/库名 这样。"
)
AWAY = "数据库连不上，这一步没有写入。请检查数据库是否在运行、QIANLI_DATABASE_URL 是否正确，然后再运行一次。"
BUSY = "数据库正被别的操作占用，这一步没有写入。请稍等片刻，再运行一次。"
FULL = "数据库所在的磁盘已满，这一步没有写入。请先腾出空间，再运行一次，会从断点继续。"
#: What the databases say, in lower case → what we say.
OUT_OF_REACH = {
    "is locked": BUSY,
    "deadlock": BUSY,
    "could not serialize": BUSY,
    "lock timeout": BUSY,
    "too many clients": BUSY,
    "queuepool": BUSY,
    "no such table": version.NEVER_MADE,
    "disk is full": FULL,
    "no space left": FULL,
    "readonly database": "数据库文件不可写，这一步没有写入。请检查文件和目录的权限。",
    "unable to open": "数据库文件打不开。请检查 QIANLI_DATABASE_URL 里的目录是否存在、是否有权限。",
    "malformed": "数据库文件已损坏，没有写入。请用最近的备份恢复（qianli restore）。",
}
CONSTRAINT_SENTENCES = {
    "uq_parcel_waybill": "这个运单号已经用在另一个包裹上。",
    "parcel.courier, parcel.booked_year, parcel.waybill_number": "这个运单号已经用在另一个包裹上。",
    "campaign.code": "这个活动代码已经有了，请换一个。",
    "uq_campaign_code": "这个活动代码已经有了，请换一个。",
    "residence_no_overlap": "同一名党员的两个常住地址时间重叠。",
    "residences overlap": "同一名党员的两个常住地址时间重叠。",
}


def _sentence(error: IntegrityError) -> str:
    """Which rule the database kept, in words; unknown constraints get a general sentence."""
    text = str(error.orig)
    for name, sentence in CONSTRAINT_SENTENCES.items():
        if name in text:
            return sentence
    return "数据库拒绝了这次修改：可能有人同时改了同一条记录，请重试。"
