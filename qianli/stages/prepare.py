"""Prepare: the audience becomes consignments, each with a snapshot, ready or held.

`judge` looks at new and held consignments, shard by shard; `settle` then shares out stock and approval.
"""

from models import CampaignState, Channel, ConsignmentState, Step
from qianli.errors import RuleBroken
from qianli.settings import settings
from qianli.stages import audiences, odds
from qianli.stages.allocation import allocate_ready
from qianli.stages.judging import judge_batch
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import audience, campaigns, consignments, shards, transitions

OPEN = {CampaignState.draft, CampaignState.prepared, CampaignState.approved, CampaignState.under_way}
LOOK_AT = (ConsignmentState.planned, ConsignmentState.held)


def judge_shards(campaign_id: int) -> list[int]:
    """The audience as it is now, cut into shards; an unfinished round is gone on with instead."""
    with writing(SYSTEM) as session:
        campaign = campaigns.lock(session, campaign_id=campaign_id)
        if campaign.state not in OPEN:
            raise RuleBroken("活动已经办结或取消，不能再准备。", campaign_id=campaign_id)
        if campaign.stopped_at is not None:
            raise RuleBroken("活动已经叫停，不再寄新的；已交寄的照常跟踪到办结。", campaign_id=campaign_id)
        unsettled = shards.unfinished(session, campaign_id=campaign_id, step=Step.settle)
        if unfinished := shards.unfinished(session, campaign_id=campaign_id, step=Step.judge) or unsettled:
            return [] if unfinished == unsettled else unfinished
        whom = audience.chosen(audiences.of_campaign(session, campaign))
        consignments.add_missing(session, campaign=campaign, whom=whom)
        session.flush()
        ids = sorted(consignments.ids_in(session, campaign_id=campaign_id, states=LOOK_AT))
        size = settings().shard_size
        ranges = [(ids[i], ids[min(i + size, len(ids)) - 1]) for i in range(0, len(ids), size)]
        shards.add_round(session, campaign_id=campaign_id, step=Step.settle, ranges=[(0, 0)])
        return shards.add_round(session, campaign_id=campaign_id, step=Step.judge, ranges=ranges)


def judge_begun(campaign_id: int) -> list[int]:
    """Shards of judging that were cut and not done yet."""
    with reading() as session:
        return shards.unfinished(session, campaign_id=campaign_id, step=Step.judge)


def judge_run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - nothing to take over: one transaction
    """Snapshots, holds and states of one shard, in one transaction; a finished shard is left alone."""
    with writing(SYSTEM) as session:
        shard = shards.lock_unfinished(session, shard_id=shard_id)
        if shard is None:
            return
        campaign = campaigns.share(session, campaign_id=shard.campaign_id)
        rows = consignments.with_members(
            session, campaign_id=campaign.key, first_id=shard.first_id, last_id=shard.last_id, states=LOOK_AT
        )
        if campaign.state in OPEN:
            judge_batch(session, campaign, rows)
        shards.finish(session, shard=shard, at=now())


def settle_shards(campaign_id: int) -> list[int]:
    """The one shard that closes a round of prepare, if it is still to do."""
    with reading() as session:
        return shards.unfinished(session, campaign_id=campaign_id, step=Step.settle)


def settle_run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - nothing to take over: one transaction
    """Draft becomes prepared; once approved, those who became ready share out what stock and approval leave."""
    with writing(SYSTEM) as session:
        shard = shards.lock_unfinished(session, shard_id=shard_id)
        if shard is None:
            return
        campaign = campaigns.lock(session, campaign_id=shard.campaign_id)
        if campaign.channel is Channel.post:
            odds.warn(session, campaign)
        if campaign.state is CampaignState.draft:
            transitions.campaign(session, campaign.key, CampaignState.prepared)
        elif campaign.state in (CampaignState.approved, CampaignState.under_way):
            allocate_ready(session, campaign)
        shards.finish(session, shard=shard, at=now())
