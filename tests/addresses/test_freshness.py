"""How old an address is on the day it is needed."""

from datetime import UTC, date, datetime

import pytest

from models import ResidenceKind
from qianli.addresses.freshness import is_stale, why_sentence

DELIVERY = date(2027, 1, 20)


@pytest.mark.parametrize(
    ("reported_on", "verified_at", "stale"),
    [
        (date(2026, 1, 20), None, False),
        (date(2026, 1, 19), None, True),
        (date(2025, 1, 8), datetime(2026, 12, 1, tzinfo=UTC), False),
        (date(2025, 1, 8), datetime(2025, 2, 1, tzinfo=UTC), True),
        (date(2027, 2, 1), None, False),
    ],
)
def test_age_is_measured_at_the_planned_delivery(
    reported_on: date,
    verified_at: datetime | None,
    stale: bool,  # noqa: FBT001 - a table of cases
) -> None:
    assert is_stale(reported_on, verified_at, DELIVERY, 365) is stale


def test_the_sentence() -> None:
    said = why_sentence(
        kind=ResidenceKind.main,
        since=date(2026, 10, 12),
        until=None,
        reported_on=date(2026, 10, 12),
        verified_at=None,
        planned_delivery_on=DELIVERY,
    )
    assert said == "计划送达日2027年1月20日，自2026年10月12日起常住这里；地址于2026年10月12日登记，到送达日满 100 天。"


def test_the_longest_sentence_fits() -> None:
    said = why_sentence(
        kind=ResidenceKind.temporary,
        since=date(2026, 10, 12),
        until=date(2027, 12, 31),
        reported_on=date(2026, 10, 12),
        verified_at=datetime(2026, 12, 12, tzinfo=UTC),
        planned_delivery_on=DELIVERY,
    )
    assert "临时住在这里，至2027年12月31日；地址于2026年12月12日核实" in said
    assert len(said) <= 200
