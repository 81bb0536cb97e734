"""Postage by weight: flat steps, or tables by zone with a first weight and next weights. Pure.

A tariff is a list: of steps (`up_to_g`, `fen`), or of tables. A table is one courier's, or everybody's who has none of
its own; each of its zones names provinces, the one that names none is all the rest. Weights in grams, money in fen.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qianli.errors import RuleBroken

Tariff = Sequence[Mapping[str, Any]]


def postage_fen(tariff: Tariff, *, courier: str, province: str, weight_g: int) -> int:
    """What a parcel of this weight costs; RuleBroken over the last step, or the heaviest parcel of the table."""
    heaviest = heaviest_g(tariff, courier)
    if heaviest is not None and weight_g > heaviest:
        raise RuleBroken(f"资费表里没有 {weight_g} 克这一档，请补上。", weight_g=weight_g)
    if not by_zone(tariff):
        return min((step for step in tariff if weight_g <= step["up_to_g"]), key=_reach)["fen"]  # type: ignore[no-any-return]
    zones = _zones(tariff, courier)
    zone = _zone(zones, province)
    # Where a parcel goes may be unknown before it is planned: then it is taken for the dearest.
    return max(_in_zone_fen(one, weight_g) for one in ([zone] if zone else zones))


def zone_of(tariff: Tariff, *, courier: str, province: str) -> str:
    """The zone a province lies in for a courier, by name; empty where the tariff knows no zones."""
    zone = _zone(_zones(tariff, courier), province) if by_zone(tariff) else None
    return str(zone["zone"]) if zone else ""


def heaviest_g(tariff: Tariff, courier: str) -> int | None:
    """Where the tariff ends; None where it says nothing of it, and the courier's own limit holds."""
    if by_zone(tariff):
        limit = _table(tariff, courier).get("up_to_g")
        return None if limit is None else int(limit)
    return max(int(step["up_to_g"]) for step in tariff)


def dearest_fen(tariff: Tariff, *, couriers: Iterable[str], weight_g: int) -> int:
    """What such a parcel costs at most, whoever of these takes it wherever; as heavy as a tariff goes at most."""
    most = 0
    for courier in couriers:
        weight = min(weight_g, heaviest_g(tariff, courier) or weight_g)
        if by_zone(tariff):
            most = max(most, *(_in_zone_fen(zone, weight) for zone in _zones(tariff, courier)))
        else:
            most = max(most, postage_fen(tariff, courier=courier, province="", weight_g=weight))
    return most


def by_zone(tariff: Tariff) -> bool:
    """Whether this is a tariff of tables."""
    return any("zones" in one for one in tariff)


def _reach(step: Mapping[str, Any]) -> int:
    return int(step["up_to_g"])


def _table(tariff: Tariff, courier: str) -> Mapping[str, Any]:
    own = next((one for one in tariff if one["courier"] == courier), None)
    table = own or next((one for one in tariff if one["courier"] is None), None)
    if table is None:
        raise RuleBroken(f"资费表里没有快递“{courier}”的一张，请补上。", courier=courier)
    return table


def _zones(tariff: Tariff, courier: str) -> Sequence[Mapping[str, Any]]:
    zones: Sequence[Mapping[str, Any]] = _table(tariff, courier)["zones"]
    return zones


def _zone(zones: Sequence[Mapping[str, Any]], province: str) -> Mapping[str, Any] | None:
    if not province:
        return None
    named = next((zone for zone in zones if province in zone["provinces"]), None)
    return named or next((zone for zone in zones if not zone["provinces"]), None)


def _in_zone_fen(zone: Mapping[str, Any], weight_g: int) -> int:
    """The first weight, and every next one that is begun."""
    over = max(0, weight_g - int(zone["first_g"]))
    return int(zone["first_fen"]) + -(-over // int(zone["next_g"])) * int(zone["next_fen"])
