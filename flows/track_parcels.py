"""Track: parcels in trouble, and parcels that stand still, become cases."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="track_parcels", task_runner=runner(), persist_result=False)
async def track_parcels() -> Any:
    """Look at the parcels of every campaign that are on their way, a campaign a task."""
    return await run_steps("track_parcels")
