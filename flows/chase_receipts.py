"""Chase: who has the parcel, says the courier, and has not said so."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="chase_receipts", task_runner=runner(), persist_result=False)
async def chase_receipts() -> Any:
    """Count those to be asked, a campaign a task; channels to write to them come later."""
    return await run_steps("chase_receipts")
