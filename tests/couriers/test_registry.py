import pytest

from qianli.couriers.registry import COURIERS, courier, for_province
from qianli.errors import BadInput


def test_every_courier_is_known_by_its_code() -> None:
    assert {code: courier(code).name for code in COURIERS}["china_post"] == "中国邮政"
    assert set(COURIERS) == {"spreadsheet", "china_post", "sf", "jd"}


def test_an_unknown_code_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="china_post（中国邮政）"):
        courier("pigeon")


@pytest.mark.parametrize("name", ["西藏", "西藏自治区"])
def test_a_province_may_be_an_exception(name: str) -> None:
    couriers = {"default": "sf", "by_province": {name: "china_post"}}
    assert for_province(couriers, "西藏自治区") == "china_post"
    assert for_province(couriers, "福建省") == "sf"
    assert for_province(couriers, None) == "sf"
    assert for_province({"default": "jd"}, "西藏自治区") == "jd"
