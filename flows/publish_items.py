"""Publish: what study programmes have for today, and what an outage left."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="publish_items", task_runner=runner(), persist_result=False)
async def publish_items() -> Any:
    """Look at every programme with something due, a programme a task."""
    return await run_steps("publish_items")
