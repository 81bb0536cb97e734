"""What has to go now: loads for planning, built from rows; and what that comes to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models import Campaign, Channel, Consolidation, Paper, Snapshot
from qianli.addresses.sameness import same_place_key
from qianli.couriers.registry import courier, for_province
from qianli.kits.planning import Line, Load, PlannedParcel, household_of, plan_parcels
from qianli.kits.postage import dearest_fen, heaviest_g, postage_fen
from qianli.stages import telling
from qianli.store import kits, parcels, spending
from qianli.store.kits import KitRow


def limit_g(campaign: Campaign, courier_code: str) -> int:
    """The heaviest parcel: the courier's limit, or where the tariff ends."""
    limit = courier(courier_code).max_parcel_g
    return min(limit, heaviest_g(campaign.postage, courier_code) or limit)


def parcel_fen(campaign: Campaign, parcel: PlannedParcel) -> int:
    """What a parcel costs to send."""
    return postage_fen(campaign.postage, courier=parcel.courier, province=parcel.province, weight_g=parcel.weight_g)


def first_sends(session: Session, campaign: Campaign) -> list[Load]:
    """Every consignment that is ready, or under way and short of lines that were voided; none after a stop."""
    if campaign.stopped_at is not None:
        return []
    rows = kits.rows(session, kit_id=campaign.kit_id)
    whole = [Line(row.kit_item_id, row.quantity, row.weight_g) for row in rows]
    live = parcels.live_items(session, campaign_id=campaign.key)
    begun = {consignment for consignment, _ in live}
    loads = []
    for place in parcels.destinations(session, campaign_id=campaign.key):
        one = place.consignment_id
        lines = [line for line in whole if (one, line.kit_item_id) not in live] if one in begun else whole
        if lines:
            loads.append(
                _load(campaign, place.consignment_id, place.number, place.organisation_id, place.snapshot, lines)
            )
    return loads


def replacements(campaign: Campaign, asked: Sequence[parcels.Asked], rows: Sequence[KitRow]) -> list[Load]:
    """A load for each consignment of these requests."""
    weights = {row.kit_item_id: row.weight_g for row in rows}
    by_consignment: dict[int, list[parcels.Asked]] = {}
    for one in asked:
        by_consignment.setdefault(one.consignment.key, []).append(one)
    loads = []
    for consignment_id, some in by_consignment.items():
        lines = [
            Line(one.line.kit_item_id, one.request.quantity, weights[one.line.kit_item_id], one.line.key)
            for one in some
        ]
        first = some[0]
        number, organisation, snapshot = first.consignment.number, first.organisation_id, first.snapshot
        loads.append(_load(campaign, consignment_id, number, organisation, snapshot, lines))
    return loads


def _load(
    campaign: Campaign,
    consignment_id: int,
    number: int,
    organisation_id: int,
    snapshot: Snapshot,
    lines: Sequence[Line],
) -> Load:
    shared = campaign.consolidate is Consolidation.address
    place = same_place_key(snapshot.province, snapshot.city, snapshot.district, snapshot.detail)
    return Load(
        consignment_id=consignment_id,
        number=number,
        snapshot_id=snapshot.key,
        courier=for_province(campaign.couriers, snapshot.province),
        place=(snapshot.province or "", snapshot.city or "", snapshot.district or ""),
        household=f"{organisation_id}|{place}" if shared else None,
        lines=tuple(lines),
    )


def planned(campaign: Campaign, loads: Sequence[Load]) -> list[PlannedParcel]:
    """The parcels these loads make, in sequence."""
    limits = {load.courier: limit_g(campaign, load.courier) for load in loads}
    return plan_parcels(loads, limit_g=limits)


@dataclass(frozen=True)
class Estimate:
    """What sending these consignments comes to."""

    papers: Mapping[Paper, int]
    parcels: int
    weight_g: int
    postage_fen: int
    goods_fen: int

    @property
    def letters(self) -> int:
        """How many letters are printed."""
        return self.papers[Paper.letter]

    @property
    def total_fen(self) -> int:
        """Postage and goods."""
        return self.postage_fen + self.goods_fen


def estimate(session: Session, campaign: Campaign) -> Estimate:
    """What sending everything that is ready comes to."""
    if campaign.channel is not Channel.post:
        fen = telling.each_fen(campaign) * len(telling.to_tell(session, campaign))
        return Estimate(dict.fromkeys(Paper, 0), 0, 0, fen, 0)
    return cost_of(campaign, kits.rows(session, kit_id=campaign.kit_id), first_sends(session, campaign))


def cost_of(campaign: Campaign, rows: Sequence[KitRow], loads: Sequence[Load]) -> Estimate:
    """What sending these loads comes to."""
    by_line = {row.kit_item_id: row for row in rows}
    made = planned(campaign, loads)
    lines = [line for load in loads for line in load.lines]
    return Estimate(
        papers={paper: sum(by_line[line.kit_item_id].paper is paper for line in lines) for paper in Paper},
        parcels=len(made),
        weight_g=sum(parcel.weight_g for parcel in made),
        postage_fen=sum(parcel_fen(campaign, parcel) for parcel in made),
        goods_fen=sum(line.quantity * by_line[line.kit_item_id].unit_cost_fen for line in lines),
    )


def running_cost_fen(
    campaign: Campaign, rows: Sequence[KitRow], going: Sequence[Load], more: Sequence[Load]
) -> Iterator[int]:
    """What `going` comes to with the first of `more`, the first two, …; who joins a household has it counted anew."""
    together: dict[tuple[str, str, bool], list[Load]] = defaultdict(list)
    for load in going:
        together[household_of(load)].append(load)
    cost = {household: cost_of(campaign, rows, some).total_fen for household, some in together.items()}
    total = sum(cost.values())
    for load in more:
        household = household_of(load)
        together[household].append(load)
        before, cost[household] = cost.get(household, 0), cost_of(campaign, rows, together[household]).total_fen
        total += cost[household] - before
        yield total


def committed_fen(session: Session, campaign: Campaign) -> int:
    """What a campaign has already committed: parcels and the goods in them, or messages."""
    if campaign.channel is not Channel.post:
        return telling.each_fen(campaign) * spending.told(session, campaign_id=campaign.key)
    return spending.committed_fen(session, campaign_id=campaign.key)


def one_alone_fen(session: Session, campaign: Campaign) -> int:
    """What one whole kit costs in a parcel of its own, at most; or one message."""
    if campaign.channel is not Channel.post:
        return telling.each_fen(campaign)
    rows = kits.rows(session, kit_id=campaign.kit_id)
    weight = sum(row.weight_g * row.quantity for row in rows)
    goods = sum(row.unit_cost_fen * row.quantity for row in rows)
    couriers = {campaign.couriers["default"], *(campaign.couriers.get("by_province") or {}).values()}
    return goods + dearest_fen(campaign.postage, couriers=couriers, weight_g=weight)
