from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.addresses.divisions import provinces
from qianli.campaigns.definition import read_campaign
from qianli.errors import BadInput, RuleBroken
from qianli.kits.postage import dearest_fen, heaviest_g, postage_fen, zone_of

CAMPAIGN = Path("examples/qianli-letter/campaign.yaml").read_text(encoding="utf-8")
STEPS = CAMPAIGN[CAMPAIGN.index("postage:") : CAMPAIGN.index("labels:")]
ZONES = Path("examples/postage-by-zone/postage.yaml").read_text(encoding="utf-8")
TARIFF = read_campaign(CAMPAIGN.replace(STEPS, ZONES).encode()).postage_rows


def test_postage_is_the_first_step_that_reaches() -> None:
    tariff = [{"up_to_g": 3000, "fen": 1400}, {"up_to_g": 1000, "fen": 900}]
    anywhere = {"courier": "sf", "province": ""}
    assert [postage_fen(tariff, weight_g=g, **anywhere) for g in (0, 1000, 1001, 3000)] == [900, 900, 1400, 1400]
    assert (heaviest_g(tariff, "sf"), dearest_fen(tariff, couriers=["sf"], weight_g=9000)) == (3000, 1400)
    with pytest.raises(RuleBroken, match="3001 克"):
        postage_fen(tariff, weight_g=3001, **anywhere)


def test_the_example_worked_by_hand() -> None:
    def fen(courier: str, province: str, weight_g: int) -> int:
        return postage_fen(TARIFF, courier=courier, province=province, weight_g=weight_g)

    assert [fen("china_post", "贵州省", g) for g in (1, 1000, 1001, 2000, 2001)] == [600, 600, 750, 750, 900]
    assert fen("china_post", "新疆维吾尔自治区", 2250) == 1500 + 3 * 600
    assert (fen("china_post", "福建省", 1500), fen("sf", "福建省", 1500)) == (1400, 2600)
    assert fen("china_post", "", 1500) == 2100  # nobody knows where to: as to the dearest
    assert zone_of(TARIFF, courier="china_post", province="湖南省") == "邻省"
    assert (heaviest_g(TARIFF, "china_post"), heaviest_g(TARIFF, "sf")) == (15_000, None)
    with pytest.raises(RuleBroken, match="15001 克"):
        fen("china_post", "贵州省", 15_001)


@settings(max_examples=60)
@given(
    st.sampled_from(provinces()), st.sampled_from(["china_post", "sf"]), st.lists(st.integers(1, 15_000), min_size=2)
)
def test_more_weight_never_costs_less_and_nothing_more_than_the_dearest(
    province: str, courier: str, weights: list[int]
) -> None:
    def fen(weight_g: int) -> int:
        return postage_fen(TARIFF, courier=courier, province=province, weight_g=weight_g)

    for lighter, heavier in pairwise(sorted(weights)):
        assert fen(lighter) <= fen(heavier)
        assert fen(heavier) <= dearest_fen(TARIFF, couriers=["china_post", "sf"], weight_g=heavier)
    assert zone_of(TARIFF, courier=courier, province=province)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("provinces: [贵州]", "provinces: [夜郎]", "postage.1.zones.1.provinces：没有名为“夜郎”的省份"),
        ("provinces: [贵州]", "provinces: [贵州, 云南]", "postage.1：省份“云南省”写了两次"),
        ("provinces: [贵州], ", "", "只能有一个分区不写省份"),
        ("zone: 其余各省, ", "zone: 其余各省, provinces: [海南], ", "postage.1：这些省份没有分区：北京市"),
        ("zone: 邻省", "zone: 省内", "分区“省内”写了两次"),
        ("courier: china_post", "courier: jd", "“jd”不在这次用的快递里"),
        ("  - zones:", "  - courier: china_post\n    zones:", "同一家快递只能有一张"),
        ("postage:\n", "postage:\n  - {up_to_g: 10, yuan: 1}\n", "不能混着写"),
        ("next_yuan: 1.50", "next_yuan: -1", "postage.1.zones.1.next_yuan：不能小于 0"),
        ("up_to_g: 15000", "upto: 1", "postage.1.upto：没有这一项"),
    ],
)
def test_tables_that_cannot_be_meant_get_a_clear_answer(old: str, new: str, says: str) -> None:
    assert old in ZONES
    with pytest.raises(BadInput) as refused:
        read_campaign(CAMPAIGN.replace(STEPS, ZONES.replace(old, new, 1)).encode())
    assert says in " ".join(refused.value.problems)


def test_a_courier_without_a_table() -> None:
    own = ZONES[: ZONES.index("  - zones:")]
    with pytest.raises(BadInput) as refused:
        read_campaign(CAMPAIGN.replace(STEPS, own).encode())
    assert "没有“sf”的资费表" in refused.value.problems[0]
