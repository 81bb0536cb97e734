"""How old an address is on the day it is needed, and the sentence that says why it was chosen."""

from datetime import date, datetime

from models import ResidenceKind


def newest_report(reported_on: date, verified_at: datetime | None) -> date:
    """The last day somebody said that this address is right."""
    return max(reported_on, verified_at.date()) if verified_at else reported_on


def age_days(reported_on: date, verified_at: datetime | None, planned_delivery_on: date) -> int:
    """Days from the newest report to the planned delivery; none if it was reported later."""
    return max(0, (planned_delivery_on - newest_report(reported_on, verified_at)).days)


def is_stale(reported_on: date, verified_at: datetime | None, planned_delivery_on: date, max_age_days: int) -> bool:
    """Whether the address will be older than allowed when the parcel is to arrive."""
    return age_days(reported_on, verified_at, planned_delivery_on) > max_age_days


def why_sentence(
    *,
    kind: ResidenceKind,
    since: date | None,
    until: date | None,
    reported_on: date,
    verified_at: datetime | None,
    planned_delivery_on: date,
) -> str:
    """Why this address was chosen, in Chinese, without name or address."""
    stay = "临时住在这里" if kind == ResidenceKind.temporary else "常住这里"
    begun = f"自{_day(since)}起" if since else ""
    ends = f"，至{_day(until)}" if until else ""
    newest = newest_report(reported_on, verified_at)
    said = "登记" if newest == reported_on else "核实"
    age = age_days(reported_on, verified_at, planned_delivery_on)
    return (
        f"计划送达日{_day(planned_delivery_on)}，{begun}{stay}{ends}；地址于{_day(newest)}{said}，到送达日满 {age} 天。"
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
