"""Prepare: who gets a kit, to which address, and who is held."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="prepare_campaign", task_runner=runner(), persist_result=False)
async def prepare_campaign(campaign_id: int, place: str | None = None) -> Any:
    """Freeze the audience, judge it shard by shard, share out stock and approval."""
    return await run_steps("prepare_campaign", campaign_id, place)
