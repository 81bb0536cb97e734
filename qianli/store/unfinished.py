"""What was begun and not ended, found from the rows."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, CampaignState, PrintRun, Shard, Step

ENDED = (CampaignState.closed, CampaignState.cancelled)


def of_shards(session: Session, *, steps: Iterable[Step]) -> set[int]:
    """Campaigns, not ended ones, with a shard of these steps that is not finished."""
    query = (
        select(Shard.campaign_id)
        .join(Campaign, col(Campaign.id) == col(Shard.campaign_id))
        .where(col(Shard.step).in_(list(steps)), col(Shard.finished_at).is_(None), col(Campaign.state).not_in(ENDED))
    )
    return set(session.exec(query))


def of_print_runs(session: Session) -> set[int]:
    """Campaigns, not ended ones, with a print run that is not made."""
    query = (
        select(PrintRun.campaign_id)
        .join(Campaign, col(Campaign.id) == col(PrintRun.campaign_id))
        .where(col(PrintRun.made_at).is_(None), col(Campaign.state).not_in(ENDED))
    )
    return set(session.exec(query))


def left(session: Session, *, campaign_id: int, steps: Iterable[Step], with_papers: bool) -> int:
    """How many shards of these steps, and print runs if asked, a campaign has still to do."""
    count = select(sa.func.count()).select_from(Shard)
    shards = session.exec(
        count.where(
            Shard.campaign_id == campaign_id, col(Shard.step).in_(list(steps)), col(Shard.finished_at).is_(None)
        )
    ).one()
    if not with_papers:
        return shards
    runs = select(sa.func.count()).select_from(PrintRun)
    unmade = runs.where(PrintRun.campaign_id == campaign_id, col(PrintRun.made_at).is_(None))
    return shards + session.exec(unmade).one()
