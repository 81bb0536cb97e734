"""Review: once a month, what of the ledger has to be looked at."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="review_ledger", task_runner=runner(), persist_result=False)
async def review_ledger() -> Any:
    """A spreadsheet a branch, a branch a task; then the paper for the office."""
    return await run_steps("review_ledger")
