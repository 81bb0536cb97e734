"""Postage as an organiser writes it: flat steps by weight, or tables by zone for each courier."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from qianli.addresses.divisions import province_called, provinces
from qianli.definitions import Definition, Number
from qianli.kits.definition import FEN_A_YUAN, Code, Text

Grams = Annotated[int, Number, Field(gt=0, le=1_000_000)]
Yuan = Annotated[Decimal, Number, Field(ge=0, le=100_000, decimal_places=2)]


class Postage(Definition):
    """Up to so many grams, so many yuan."""

    up_to_g: Grams
    yuan: Yuan

    def row(self) -> dict[str, Any]:
        """In grams and fen."""
        return {"up_to_g": self.up_to_g, "fen": _fen(self.yuan)}


class Zone(Definition):
    """Provinces that cost the same: so much for the first weight, so much for each next one that is begun."""

    zone: Text
    provinces: list[Text] = Field(default_factory=list, max_length=40)
    first_g: Grams
    first_yuan: Yuan
    next_g: Grams
    next_yuan: Yuan

    @field_validator("provinces")
    @classmethod
    def _provinces_there_are(cls, written: list[str]) -> list[str]:
        if strange := [one for one in written if province_called(one) is None]:
            raise ValueError(f"没有名为“{'、'.join(strange)}”的省份；可以写：{'、'.join(provinces())}")
        return written

    @property
    def names(self) -> list[str]:
        """The provinces' full names."""
        return [province_called(one) or one for one in self.provinces]


class ZoneTable(Definition):
    """The zones of one courier, or of all that have no table of their own. One zone without provinces is the rest."""

    courier: Code | None = None
    up_to_g: Grams | None = None
    zones: list[Zone] = Field(min_length=1, max_length=40)

    @model_validator(mode="after")
    def _every_province_once(self) -> Self:
        names, places = [one.zone for one in self.zones], [name for one in self.zones for name in one.names]
        for what, written in (("分区", names), ("省份", places)):
            if doubled := sorted({one for one in written if written.count(one) > 1}):
                raise ValueError(f"{what}“{'、'.join(doubled)}”写了两次，请只留一处")
        rest = sum(not one.provinces for one in self.zones)
        if rest > 1:
            raise ValueError("只能有一个分区不写省份（表示其余各省）")
        if not rest and (lacking := [one for one in provinces() if one not in places]):
            raise ValueError(f"这些省份没有分区：{'、'.join(lacking)}；也可以留一个不写省份的分区，表示其余各省")
        return self

    def row(self) -> dict[str, Any]:
        """In grams and fen, provinces by their full names."""
        zones = [
            {
                "zone": one.zone, "provinces": one.names,
                "first_g": one.first_g, "first_fen": _fen(one.first_yuan),
                "next_g": one.next_g, "next_fen": _fen(one.next_yuan),
            }
            for one in self.zones
        ]  # fmt: skip
        return {"courier": self.courier, "up_to_g": self.up_to_g, "zones": zones}


def _form_of(written: Any) -> str:
    """Which of the two is meant, so that a mistake is told of that one; tags in brackets are no part of the file."""
    has_zones = "zones" in written if isinstance(written, dict) else isinstance(written, ZoneTable)
    return "(zones)" if has_zones else "(steps)"


PostageLine = Annotated[
    Annotated[Postage, Tag("(steps)")] | Annotated[ZoneTable, Tag("(zones)")], Discriminator(_form_of)
]


def check_lines(lines: list[PostageLine]) -> list[PostageLine]:
    """Steps rise, tables are one for each courier, and the two do not mix."""
    steps = [one for one in lines if isinstance(one, Postage)]
    couriers = [one.courier for one in lines if isinstance(one, ZoneTable)]
    if steps and couriers:
        raise ValueError("资费要么全部按重量分档，要么全部按分区列表，不能混着写")
    if len(couriers) > len(set(couriers)):
        raise ValueError("同一家快递只能有一张分区资费表；不写快递的一张用于其余各家")
    for lower, upper in pairwise(steps):
        if upper.up_to_g <= lower.up_to_g:
            raise ValueError(f"资费要按重量从轻到重写，每一档一次：{upper.up_to_g} 克写在了 {lower.up_to_g} 克之后")
        if upper.yuan < lower.yuan:
            raise ValueError(f"更重的一档反而更便宜，请核对：{upper.up_to_g} 克 {upper.yuan} 元")
    return lines


def check_couriers(lines: list[PostageLine], couriers: set[str]) -> None:
    """Every courier that carries has its table, and no other."""
    tables = {one.courier for one in lines if isinstance(one, ZoneTable)}
    if not tables:
        return
    if strange := sorted(one for one in tables - couriers if one):
        raise ValueError(f"postage 里的“{'、'.join(strange)}”不在这次用的快递里，请核对代码")
    if None not in tables and (lacking := sorted(couriers - tables)):
        raise ValueError(f"postage 里没有“{'、'.join(lacking)}”的资费表，请补上，或写一张不写快递的")


def _fen(yuan: Decimal) -> int:
    return int(yuan * FEN_A_YUAN)
