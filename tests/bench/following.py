"""How often couriers are asked and how soon a delivery is known, by rule: `python -m tests.bench.following`."""

import json
import random
import statistics
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models import Tracking
from qianli.campaigns.asking import next_question
from qianli.settings import ROOT

RESULT = ROOT / "var" / "bench" / "following.json"
PARCELS, DAYS, SEED = 200_000, 14, 7
BEGIN = datetime(2027, 1, 11, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
END = BEGIN + timedelta(days=DAYS)
T, HOUR = Tracking, timedelta(hours=1)
Journey = list[tuple[datetime, Tracking]]


def journey(chance: random.Random) -> Journey:
    """Collected in the evening, brought by day; one in seven waits somewhere, one in fifty is lost."""
    at = BEGIN + chance.random() * 4 * HOUR
    steps: Journey = [(at, T.accepted)]
    for _ in range(chance.randint(3, 7)):
        at += chance.uniform(4, 24) * HOUR
        steps.append((at, T.in_transit))
    if chance.random() < 0.02:
        return steps
    morning = (at + timedelta(days=1)).replace(hour=8, minute=0) + chance.random() * 2 * HOUR
    steps.append((morning, T.out_for_delivery))
    at = morning + chance.uniform(0.5, 9) * HOUR
    if chance.random() < 1 / 7:
        steps.append((at, T.awaiting_pickup))
        at = (at + timedelta(days=chance.randint(1, 4))).replace(hour=chance.randint(9, 20))
    return [*steps, (at, T.delivered)]


def ask(steps: Journey) -> tuple[int, timedelta | None]:
    """Calls until the end or the fortnight is over, and how long its delivery stayed unknown."""
    calls, seen, at = 0, 0, BEGIN
    while at < END:
        calls += 1
        while seen < len(steps) and steps[seen][0] <= at:
            seen += 1
        news_at, state = steps[seen - 1] if seen else (BEGIN, T.unknown)
        after = next_question(state, news_at=news_at, asked_at=at)
        if after is None:
            return calls, at - news_at
        at = after
    return calls, None


def ask_hourly(steps: Journey) -> tuple[int, timedelta | None]:
    """The same, asked for every hour, day and night."""
    at, state = steps[-1]
    hours = -((BEGIN - at) // HOUR)
    if state != T.delivered or BEGIN + hours * HOUR >= END:
        return DAYS * 24, None
    return hours + 1, BEGIN + hours * HOUR - at


def told(answers: list[tuple[int, timedelta | None]]) -> dict[str, float]:
    """Calls per parcel, and minutes until a delivery is known."""
    delays = sorted(delay.total_seconds() / 60 for _, delay in answers if delay is not None)
    return {
        "calls_per_parcel": round(statistics.fmean(calls for calls, _ in answers), 1),
        "known": len(delays),
        "delay_mean_min": round(statistics.fmean(delays), 1),
        "delay_p95_min": round(delays[len(delays) * 95 // 100], 1),
    }


def main() -> dict[str, Any]:
    """Simulate, write the result, say it."""
    journeys = list(_journeys())
    found = {"parcels": PARCELS, "days": DAYS, "rule": told([ask(one) for one in journeys]),
             "hourly": told([ask_hourly(one) for one in journeys])}  # fmt: skip
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))
    return found


def _journeys() -> Iterator[Journey]:
    chance = random.Random(SEED)  # noqa: S311 - a simulation
    for _ in range(PARCELS):
        yield journey(chance)


if __name__ == "__main__":
    main()
