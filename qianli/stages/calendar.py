"""The calendar this installation counts working days by."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from qianli.campaigns.calendar_days import Calendar, read_holidays
from qianli.errors import ConfigurationError, QianliError
from qianli.settings import settings
from qianli.stages.unit import local


def calendar() -> Calendar:
    """The library's calendar, with the days of the organisation's own file where there is one."""
    path = settings().holidays
    if path is None:
        return Calendar()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, QianliError) as error:
        why = error.message if isinstance(error, QianliError) else "文件打不开"
        raise ConfigurationError(f"QIANLI_HOLIDAYS 写的放假安排有误：{why}") from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed_ns: int) -> Calendar:
    return read_holidays(path.read_bytes())


def working_days_before(at: datetime, days: int) -> datetime:
    """The latest instant from which so many whole working days have passed, where the organisation is."""
    return calendar().working_days_before(local(at), days)
