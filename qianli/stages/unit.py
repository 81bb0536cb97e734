"""The unit of work of every stage: a session on the configured database, and the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from qianli.settings import settings
from qianli.store import session as sessions

SYSTEM = "system"


@contextmanager
def writing(by: str) -> Iterator[Session]:
    """One transaction of the configured database in the name of `by`."""
    with sessions.writing(settings().database_url, actor=by, at=now()) as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A reading session of the configured database."""
    with sessions.reading(settings().database_url) as session:
        yield session


def now() -> datetime:
    """The current instant, aware; the demonstration plays its weeks in the past."""
    return datetime.now(UTC) + timedelta(days=settings().clock_offset_days)


def today() -> date:
    """The current day where the organisation is."""
    return day_of(now())


def local(at: datetime) -> datetime:
    """An instant by the clock where the organisation is."""
    return at.astimezone(ZoneInfo(settings().time_zone))


def day_of(at: datetime) -> date:
    """The day of an instant where the organisation is."""
    return local(at).date()


def minute_of(at: datetime | None) -> str:
    """An instant as people there write it, 01-06 18:00; empty for none."""
    return local(at).strftime("%m-%d %H:%M") if at else ""


def end_of(day: date) -> datetime:
    """The instant a day is over where the organisation is."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings().time_zone))
