from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.documents.letter_text import PLACEHOLDERS
from qianli.documents.letter_values import counted, how_long, letter_values, living_in
from qianli.documents.words import count_in_words, kilograms, yuan

DAY = date(2027, 1, 8)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2020, 10, 1), "六年三个月"),
        (date(2021, 7, 1), "五年六个月"),
        (date(2025, 1, 8), "两年"),
        (date(2025, 1, 9), "一年十一个月"),
        (date(2026, 11, 8), "两个月"),
        (date(2026, 12, 9), "不到一个月"),
        (DAY, "不到一个月"),
        (date(2015, 1, 1), "十二年"),
        (date(1996, 10, 31), "三十年两个月"),
        (date(2027, 1, 9), None),
        (None, None),
    ],
)
def test_how_long_away(since: date | None, words: str | None) -> None:
    assert how_long(since, DAY) == words


@given(st.dates(date(1930, 1, 1), DAY), st.integers(0, 20_000))
def test_being_away_never_gets_shorter(since: date, days: int) -> None:
    def months(words: str) -> int:
        digits = {counted(n): n for n in range(1, 100)}
        years, _, rest = words.rpartition("年")
        return digits.get(years, 0) * 12 + digits.get(rest.removesuffix("个月"), 0)

    until = since + timedelta(days=days)
    now, later = how_long(since, until), how_long(since, until + timedelta(days=1))
    assert now is not None
    assert later is not None
    assert 0 <= months(later) - months(now) <= 1
    assert abs(months(now) - days / 30.436875) < 1.1


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("福建省", "泉州市", "晋江市"), "福建省晋江市"),
        (("浙江省", "杭州市", "西湖区"), "杭州市西湖区"),
        (("福建省", "泉州市", "安溪县"), "泉州市安溪县"),
        (("广东省", "东莞市", None), "广东省东莞市"),
        (("浙江省", "义乌市", None), "浙江省义乌市"),
        (("上海市", "上海市", "浦东新区"), "上海市浦东新区"),
        (("重庆市", None, "万州区"), "重庆市万州区"),
        (("北京市", "市辖区", "海淀区"), "北京市海淀区"),
        (("北京市", None, None), "北京市"),
        (("湖北省", "恩施土家族苗族自治州", "恩施市"), "湖北省恩施市"),
        (("湖北省", "省直辖县级行政区划", "潜江市"), "湖北省潜江市"),
        (("新疆维吾尔自治区", "乌鲁木齐市", "沙依巴克区"), "乌鲁木齐市沙依巴克区"),
        (("福建省", None, None), None),
        ((None, None, None), None),
    ],
)
def test_where_somebody_lives_is_said_as_people_say_it(place: tuple[str | None, ...], words: str | None) -> None:
    province, city, district = place
    assert living_in(province, city, district) == words


def test_every_placeholder_has_a_value() -> None:
    values = letter_values(
        name="张伟",
        province="福建省",
        city="泉州市",
        district="晋江市",
        away_since=date(2020, 10, 1),
        letter_on=DAY,
        organisation="文昌社区第一党支部",
        sender="中共青石街道文昌社区委员会",
        phone="0851-8765 4321",
    )
    assert values == {name: one.sample for name, one in PLACEHOLDERS.items()}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"), (1, "壹"), (10, "壹拾"), (18, "壹拾捌"), (60, "陆拾"), (106, "壹佰零陆"), (110, "壹佰壹拾"),
        (1001, "壹仟零壹"), (1010, "壹仟零壹拾"), (2300, "贰仟叁佰"), (10_000, "壹万"), (10_010, "壹万零壹拾"),
        (123_456, "壹拾贰万叁仟肆佰伍拾陆"),
        (100_100, "壹拾万零壹佰"), (101_000, "壹拾万壹仟"),
    ],
)  # fmt: skip
def test_counts_in_capitals(number: int, words: str) -> None:
    assert count_in_words(number) == words


def test_money_and_weight() -> None:
    assert (yuan(123_456), yuan(5), kilograms(5340), kilograms(1_234_567)) == ("1,234.56", "0.05", "5.340", "1,234.567")
