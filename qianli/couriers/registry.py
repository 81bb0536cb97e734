"""The couriers there are, as data. All of them are served by spreadsheets for now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models import LabelMode
from qianli.couriers import spreadsheet
from qianli.couriers.protocol import ReadsFiles
from qianli.errors import BadInput

Adapter = Literal["spreadsheet"]
HONG_KONG_MACAO_TAIWAN = frozenset({"香港", "澳门", "台湾"})


@dataclass(frozen=True)
class Courier:
    """A courier company as we use it.

    `label_mode` is `delivery` (our label bears the full address) while no electronic waybill comes from the
    courier's own system. `max_parcel_g` is the weight above which we split; set below the counters' own limits.
    `serves` are the regions beyond the mainland that it takes our parcels to. Abroad none does: our papers are no
    customs declaration. One where parcels are posted in bulk gets the post's list of them (大宗邮件交寄清单).
    """

    code: str
    name: str
    adapter: Adapter
    label_mode: LabelMode
    max_parcel_g: int
    serves: frozenset[str] = frozenset()
    posts_in_bulk: bool = False


COURIERS: dict[str, Courier] = {
    courier.code: courier
    for courier in (
        Courier("spreadsheet", "其他快递", "spreadsheet", LabelMode.delivery, 20_000),
        Courier(
            "china_post",
            "中国邮政",
            "spreadsheet",
            LabelMode.delivery,
            20_000,
            HONG_KONG_MACAO_TAIWAN,
            posts_in_bulk=True,
        ),
        Courier("sf", "顺丰速运", "spreadsheet", LabelMode.delivery, 20_000, HONG_KONG_MACAO_TAIWAN),
        Courier("jd", "京东物流", "spreadsheet", LabelMode.delivery, 20_000),
    )
}
#: Who reads the files couriers send back. A file may hold parcels of several of them.
FILES: ReadsFiles = spreadsheet


def courier(code: str) -> Courier:
    """The courier with this code; BadInput names the codes there are."""
    try:
        return COURIERS[code]
    except KeyError:
        known = "、".join(f"{one.code}（{one.name}）" for one in COURIERS.values())
        raise BadInput(f"没有代码为“{code}”的快递公司。可以使用的有：{known}。", courier=code) from None


def for_province(couriers: Mapping[str, Any], province: str | None) -> str:
    """The courier's code for a province: the campaign's exception (its full or short name), or else the default."""
    for name, code in (couriers.get("by_province") or {}).items():
        if province and province.startswith(name):
            return courier(code).code
    return courier(couriers["default"]).code


def promised_days(couriers: Mapping[str, Any], code: str, province: str | None) -> int | None:
    """Working days from hand-over to delivery: promised for the province, else of this courier, else in general."""
    promised = couriers.get("promised_days") or {}
    for name, days in promised.items():
        if province and province.startswith(name):
            return int(days)
    days = promised.get(code, promised.get("default"))
    return None if days is None else int(days)


def account(couriers: Mapping[str, Any], code: str) -> str:
    """Our account with a courier: as the campaign says, or else called like the courier."""
    return str((couriers.get("accounts") or {}).get(code, code))


def serves(code: str, region: str | None) -> bool:
    """Whether a courier takes parcels there; `region` is None for the mainland, which all of them serve."""
    return region is None or region in courier(code).serves


def label_mode(couriers: Mapping[str, Any], code: str) -> LabelMode:
    """What a courier's labels tell: as the campaign says, or else as we know the courier."""
    return LabelMode((couriers.get("labels") or {}).get(code, courier(code).label_mode))
