"""Engines and units of work. The only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from qianli import faults
from qianli.errors import Conflict

BUSY_TIMEOUT_MS = 30_000


@cache
def engine(url: str) -> sa.Engine:
    """One engine per database URL and process."""
    made = sa.create_engine(url, hide_parameters=True)  # errors reach logs, names and addresses must not
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", _prepare_sqlite)
        sa.event.listen(made, "begin", _begin_sqlite)
    return made


def let_go(url: str) -> None:
    """Close this process's connections, before the file behind them is replaced."""
    engine(url).dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL lets readers read while one writes; foreign keys are off by default."""
    connection.isolation_level = None  # SQLAlchemy emits BEGIN itself, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Take the write lock at once: a read that turns into a write could not wait for it any more."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(url: str, *, actor: str, at: datetime | None = None) -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on any error. `actor` and `at` go into the journal."""
    bound = engine(url).execution_options(writing=True)
    with Session(bound, expire_on_commit=False) as session:
        session.info.update(actor=actor, at=at or datetime.now(UTC))
        try:
            yield session
            session.flush()
            faults.reached("before commit")
            session.commit()
        except IntegrityError as error:
            raise Conflict(_sentence(error)) from None  # the cause may hold a whole row
        faults.reached("after commit")


@contextmanager
def reading(url: str) -> Iterator[Session]:
    """A session that only reads; rows keep what was loaded after it is closed."""
    with Session(engine(url)) as session:
        yield session


CONSTRAINT_SENTENCES = {
    "uq_parcel_waybill": "这个运单号已经用在另一个包裹上。",
    "parcel.courier, parcel.waybill_number": "这个运单号已经用在另一个包裹上。",
    "campaign.code": "这个活动代码已经有了，请换一个。",
    "uq_campaign_code": "这个活动代码已经有了，请换一个。",
    "residences overlap": "同一名党员的两个常住地址时间重叠。",
}


def _sentence(error: IntegrityError) -> str:
    """Which rule the database kept, in words; unknown constraints get a general sentence."""
    text = str(error.orig)
    for name, sentence in CONSTRAINT_SENTENCES.items():
        if name in text:
            return sentence
    return "数据库拒绝了这次修改：可能有人同时改了同一条记录，请重试。"
