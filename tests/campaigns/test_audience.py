"""What a campaign's audience may say, and what it means."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.campaigns.audience import division_called, months_before
from qianli.campaigns.definition import CampaignDefinition, read_campaign
from qianli.errors import BadInput

GOOD = Path("examples/qianli-letter/campaign.yaml").read_text(encoding="utf-8")


def defined(audience: str) -> CampaignDefinition:
    return read_campaign(f"{GOOD}\naudience: {audience}\n".encode())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("广东", ("广东省", None, None)),
        ("北京", ("北京市", None, None)),
        ("深圳市", ("广东省", "深圳市", None)),
        ("北京市朝阳区", ("北京市", "北京市", "朝阳区")),
        ("济源市", ("河南省", None, "济源市")),
        ("昌都地区", ("西藏自治区", "昌都市", None)),
    ],
)
def test_divisions_are_called_as_people_call_them(written: str, meant: tuple[str | None, ...]) -> None:
    assert division_called(written) == meant


@pytest.mark.parametrize(
    ("audience", "says"),
    [
        ("{lives_in: [南山区]}", "“南山区”有几处，请写全省、市：可能是 黑龙江省鹤岗市南山区、广东省深圳市南山区"),
        ("{lives_in: [广东省深圳市南山区科技园1号]}", "不是省、市、县的名称"),
        ("{lives_in: [乌有乡]}", "不是省、市、县的名称"),
        ("{lives_in: [日本]}", "不在境内"),
        ("{managed_as: both}", "managed_as：只能是 'home', 'host' or 'either' 之一"),
        ("{away_months_at_least: 12, away_months_at_most: 6}", "没有人符合"),
        ("{away_months_at_least: -1}", "不能小于 0"),
        ("{away_months_at_least: true}", "应当是数字"),
        ("{lives: [广东]}", "没有这一项"),
    ],
)
def test_what_nobody_can_mean_is_refused(audience: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        defined(audience)
    assert says in " ".join(refused.value.problems)


def test_every_part_of_it_is_in_the_checksum_and_what_is_left_out_is_not() -> None:
    parts = [
        "{}", "{organisations: [甲]}", "{managed_as: host}", "{lives_in: [广东]}", "{away_months_at_least: 6}",
        "{away_months_at_most: 6}",
    ]  # fmt: skip
    assert len({defined(one).checksum for one in parts}) == len(parts)
    assert defined("{managed_as: home, lives_in: []}").checksum == read_campaign(GOOD.encode()).checksum


def test_a_definition_of_an_earlier_version_keeps_its_checksum() -> None:
    """A registered campaign is known by it: another one would be another campaign under the same code."""
    checksum = "5d071b3064704c820c9a675d23fafbec81488ca598707fee0dddbbd1efd86d22"
    earlier = re.sub(r"^contacts:.*\n(?:  .*\n)+|^  promised_days:.*\n", "", GOOD, flags=re.MULTILINE)
    assert read_campaign(earlier.encode()).checksum == checksum


@settings(max_examples=50)
@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)), months=st.integers(0, 1300))
def test_months_go_back_to_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier.day < day.day and months_before(day, months).day >= 28)
