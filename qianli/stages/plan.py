"""Plan: everything that has to go becomes parcels, lines, print runs and draft manifests, in one transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlmodel import Session

from models import Campaign, CampaignState, Channel, ConsignmentState, Step
from qianli.campaigns.allocation import serve_replacements
from qianli.campaigns.references import reference
from qianli.couriers.registry import account
from qianli.errors import RuleBroken
from qianli.kits.planning import Load, PlannedParcel
from qianli.stages import telling
from qianli.stages.address_rounds import still_asking
from qianli.stages.allocation import give_way
from qianli.stages.approve import require_valid
from qianli.stages.codes import give_codes
from qianli.stages.loads import first_sends, parcel_fen, planned, replacements
from qianli.stages.runs import add_runs
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import campaigns, consignments, kits, parcels, shards, stock, transitions

MAY_PLAN = {CampaignState.approved, CampaignState.under_way}


def shards_to_plan(campaign_id: int) -> list[int]:
    """The one shard of planning, if anything has to go; RuleBroken without a valid approval."""
    with writing(SYSTEM) as session:
        campaign = campaigns.lock(session, campaign_id=campaign_id)
        refusal = _refusal(session, campaign)
        ids = [] if refusal else _open_round(session, campaign)
    if refusal:
        raise RuleBroken(refusal, campaign_id=campaign_id)
    return ids


def _refusal(session: Session, campaign: Campaign) -> str | None:
    if campaign.state in (CampaignState.draft, CampaignState.prepared):
        return "活动还没有批准，请先运行“campaign approve”。"
    if campaign.state not in MAY_PLAN:
        return "活动已经结束或取消，不能再生成包裹。"
    for step in (Step.judge, Step.settle):
        if shards.unfinished(session, campaign_id=campaign.key, step=step):
            return "“准备”还没有做完，请先再运行一次“campaign prepare”。"
    return still_asking(session, campaign.key) or require_valid(session, campaign)


def _open_round(session: Session, campaign: Campaign) -> list[int]:
    if unfinished := shards.unfinished(session, campaign_id=campaign.key, step=Step.plan):
        return unfinished
    if not _anything(session, campaign):
        return []
    return shards.add_round(session, campaign_id=campaign.key, step=Step.plan, ranges=[(0, 0)])


def _anything(session: Session, campaign: Campaign) -> bool:
    """Whether anything has to go."""
    if campaign.channel is not Channel.post:
        return bool(telling.to_tell(session, campaign))
    return bool(first_sends(session, campaign) or parcels.open_requests(session, campaign_id=campaign.key))


def begun(campaign_id: int) -> list[int]:
    """The shard of planning that was opened and not done yet."""
    with reading() as session:
        return shards.unfinished(session, campaign_id=campaign_id, step=Step.plan)


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - nothing to take over: one transaction
    """Plan all that has to go. Sequences, references and the members of print runs are rows from here on."""
    with writing(SYSTEM) as session:
        shard = shards.lock_unfinished(session, shard_id=shard_id)
        if shard is None:
            return
        campaign = campaigns.lock(session, campaign_id=shard.campaign_id)
        # Looked at again: between the round's opening and now somebody may have prepared, stopped or changed it.
        refusal = _refusal(session, campaign)
        if refusal is None:
            PLANS[campaign.channel](session, campaign)
        shards.finish(session, shard=shard, at=now())
    if refusal:
        raise RuleBroken(refusal, shard_id=shard_id)


def _plan(session: Session, campaign: Campaign) -> None:
    firsts = first_sends(session, campaign)
    asked, waiting = _served(session, campaign, firsts)
    firsts = [load for load in firsts if load.consignment_id not in waiting]
    again = replacements(campaign, asked, kits.rows(session, kit_id=campaign.kit_id))
    made = planned(campaign, [*firsts, *again])
    if not made:
        return
    parcel_ids = parcels.add(session, campaign_id=campaign.key, rows=_parcel_rows(campaign, made))
    parcels.add_lines(session, rows=_line_rows(made, parcel_ids))
    stock.reserve_lines(session, line_ids=parcels.replacement_lines(session, parcel_ids=parcel_ids))
    parcels.mark_planned(session, request_ids=[one.request.key for one in asked], at=now())
    give_codes(session, consignment_ids=[load.consignment_id for parcel in made for load in parcel.loads])
    ids = [load.consignment_id for load in firsts]
    transitions.consignments(session, ids, ConsignmentState.under_way, why="编入包裹")
    if campaign.state is CampaignState.approved:
        transitions.campaign(session, campaign.key, CampaignState.under_way)
    campaign.next_sequence += len(made)
    session.add(campaign)
    add_runs(session, campaign, list(zip(parcel_ids, made, strict=True)))


#: What becomes of those who are ready, by how the campaign gets to them.
PLANS: dict[Channel, Callable[[Session, Campaign], None]] = {
    Channel.post: _plan,
    Channel.message: telling.plan,
    Channel.phone: telling.plan,
}


def _served(session: Session, campaign: Campaign, firsts: Sequence[Load]) -> tuple[list[parcels.Asked], set[int]]:
    """Replacements that go, oldest first, and the first sends that give way to them; the others stay asked for."""
    asked = parcels.open_requests(session, campaign_id=campaign.key)
    if not asked:
        return [], set()
    stock.lock_items(session)
    available = {level.item.key: level.available for level in stock.levels(session)}
    items = kits.items_of_lines(session, kit_item_ids={one.line.kit_item_id for one in asked})
    ready = set(consignments.ids_in(session, campaign_id=campaign.key, states=[ConsignmentState.ready]))
    served = serve_replacements(
        [(items[one.line.kit_item_id].key, one.request.quantity) for one in asked],
        available=available,
        firsts=[load.consignment_id for load in firsts if load.consignment_id in ready],
        kit=stock.needs(session, campaign_id=campaign.key),
    )
    if served.gave_way:
        give_way(session, served.gave_way)
    return [asked[position] for position in served.positions], set(served.gave_way)


def _parcel_rows(campaign: Campaign, made: Sequence[PlannedParcel]) -> list[dict[str, Any]]:
    at = now()
    return [
        {
            "campaign_id": campaign.key,
            "sequence": sequence,
            "reference": reference(campaign.key, sequence),
            "courier": parcel.courier,
            "account": account(campaign.couriers, parcel.courier),
            "consignee_snapshot_id": parcel.loads[0].snapshot_id,
            "weight_g": parcel.weight_g,
            "postage_fen": parcel_fen(campaign, parcel),
            "created_at": at,
        }
        for sequence, parcel in enumerate(made, start=campaign.next_sequence)
    ]


def _line_rows(made: Sequence[PlannedParcel], parcel_ids: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "parcel_id": parcel_id,
            "consignment_id": load.consignment_id,
            "kit_item_id": line.kit_item_id,
            "quantity": line.quantity,
            "replaces_line_id": line.replaces_line_id,
        }
        for parcel_id, parcel in zip(parcel_ids, made, strict=True)
        for load in parcel.loads
        for line in load.lines
    ]
