"""Seeded labels and manifests, for benches: addresses of all lengths, as ledgers have them."""

import random
from dataclasses import replace

from qianli.documents.forms import AddressLabel, ManifestKind, ManifestPaper, ManifestRow

SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰建国志"
REGIONS = (
    "福建省泉州市晋江市", "浙江省金华市义乌市", "广东省东莞市", "新疆维吾尔自治区乌鲁木齐市沙依巴克区",
    "上海市浦东新区", "湖南省湘西土家族苗族自治州永顺县",
)  # fmt: skip
TOWNSHIPS, ROADS = ("青阳街道", "稠江街道", "长安镇", "友好南路街道"), "崇德振安友好贝村文昌云岭阳光花园"
CHECKS = "0123456789ABC"


def seeded_labels(count: int, seed: int = 5) -> list[AddressLabel]:
    """Labels of one campaign, all with a waybill number."""
    chance = random.Random(seed)  # noqa: S311 - seeded samples
    return [
        replace(
            AddressLabel.sample(),
            reference=_reference(number, chance),
            sequence=number,
            waybill_number=f"12345{number:08d}",
            name=_name(chance),
            region=chance.choice(REGIONS),
            detail=_detail(chance),
        )
        for number in range(1, count + 1)
    ]


def seeded_manifest(count: int, seed: int = 5, kind: ManifestKind = ManifestKind.hand_over) -> ManifestPaper:
    """A sealed manifest of so many parcels."""
    chance = random.Random(seed)  # noqa: S311 - seeded samples
    rows = tuple(
        ManifestRow(
            position=number,
            reference=_reference(number, chance),
            waybill_number=f"12345{number:08d}",
            name=_name(chance),
            address=(office := chance.choice(REGIONS)) + _detail(chance),
            weight_g=chance.randint(300, 4000),
            office=office,
            postage_fen=chance.randint(60, 250) * 10,
        )
        for number in range(1, count + 1)
    )
    return replace(ManifestPaper.sample(0, kind), rows=rows)


def _reference(number: int, chance: random.Random) -> str:
    return f"3K-{number:05d}-{chance.choice(CHECKS)}"


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.randint(1, 2)))


def _detail(chance: random.Random) -> str:
    """One line, or several."""
    rooms = (
        "", f"阳光花园{chance.randint(1, 30)}幢{chance.randint(101, 2502)}室",
        f"员工宿舍B栋{chance.randint(101, 999)}", "第三村民小组" * chance.randint(1, 4),
    )  # fmt: skip
    road = "".join(chance.choices(ROADS, k=chance.randint(2, 5)))
    return f"{chance.choice(TOWNSHIPS)}{road}路{chance.randint(1, 999)}号{chance.choice(rooms)}"
