"""When something happened, as couriers' files write it: their own clock, with or without a time."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models import Tracking

ZONE = ZoneInfo("Asia/Shanghai")  # every courier here writes China's time
EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - local in the file, see ZONE
EXCEL_DAYS = range(36_526, 73_051)  # the years 2000 to 2099
WRITTEN = re.compile(
    r"(?P<year>20\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T\s]*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*[:分]?\s*(?:(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?"
    r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?"
)
#: A day without a time: a parcel moves from the day's beginning, and whatever comes of it stands at its end.
BEGINNING = {Tracking.unknown, Tracking.accepted, Tracking.in_transit, Tracking.out_for_delivery}
DAY_ENDS = time(23, 59, 59)


def read_moment(value: str | float | date | None, tracking: Tracking) -> datetime | None:
    """The instant in UTC; None if the cell holds none. `tracking` places a day that is written without a time."""
    if isinstance(value, str):
        return _written(value, tracking)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return _day(value, tracking)
    if isinstance(value, int | float) and EXCEL_DAYS.start <= value < EXCEL_DAYS.stop:
        local = EXCEL_BEGINS + timedelta(seconds=round(value * 86_400))
        return _day(local.date(), tracking) if float(value).is_integer() else _instant(local)
    return None


def _written(text: str, tracking: Tracking) -> datetime | None:
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["hour"] is None:
            return _day(day, tracking)
        at = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        if found["zone"] is None:
            return _instant(datetime.combine(day, at))
        return datetime.fromisoformat(f"{day}T{at}{found['zone']}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(day: date, tracking: Tracking) -> datetime:
    return _instant(datetime.combine(day, time() if tracking in BEGINNING else DAY_ENDS))


def _instant(local: datetime) -> datetime:
    """A naive time is China's; an aware one is what it says."""
    aware = local if local.tzinfo else local.replace(tzinfo=ZONE)
    return aware.astimezone(UTC)
