"""The spine: a ledger comes in, is prepared, approved, planned and looked at; the papers of a small one are drawn."""

from collections.abc import Callable
from pathlib import Path

from qianli.cli.demo_files import CODE, PROVINCE, write_files
from qianli.settings import settings
from qianli.stages import approve, campaigns, importing, kits, status
from qianli.stages.steps import STEPS as TABLE
from qianli.stages.unit import reading
from qianli.store import campaigns as rows
from qianli.store import schema

TITLE = "台账、准备、批准、编包裹、状态"
SIZES = (600, 6_000, 60_000)
SEED = 7
BY = "user:bench"


def setup(folder: Path, size: int) -> None:
    """An empty database, and a ledger of so many rows."""
    schema.upgrade(settings().database_url)
    write_files(folder, members=size, seed=SEED, rows_a_ledger=size)


def take_in(folder: Path, size: int) -> None:
    """The ledger, one file."""
    content = (folder / "ledger-01.xlsx").read_bytes()
    done = importing.import_members(content, filename="ledger-01.xlsx", organisation=PROVINCE, by=BY)
    assert done.added > size * 0.95


def campaign(folder: Path, size: int) -> None:
    """Kit, stock, campaign."""
    kits.add_kit((folder / "kit.yaml").read_bytes(), by=BY)
    for level in kits.stock_levels():
        kits.receive(level.item.sku, size, by=BY)
    definition = (folder / "campaign.yaml").read_bytes()
    campaigns.new_campaign(definition, read_beside=lambda name: (folder / name).read_bytes(), by=BY)


def run(flow: str, *names: str) -> Callable[[Path, int], None]:
    """Steps of a flow, shard after shard in this process."""

    def each(_folder: Path, _size: int) -> None:
        with reading() as session:
            campaign_id = rows.by_code(session, code=CODE).key
        for step in TABLE[flow]:
            if step.name in names:
                for shard in step.shards(campaign_id):
                    step.run(shard, take_over=True)

    return each


def approved(_folder: Path, size: int) -> None:
    """Everybody, whatever it costs."""
    assert approve.approve(CODE, by=BY).ready > size * 0.7


def looked_at(_folder: Path, size: int) -> None:
    """The counts, who is held, and what waits for whom."""
    assert sum(status.status(CODE)["consignments"].values()) > size * 0.95


STEPS: dict[str, Callable[[Path, int], None]] = {
    "setup": setup,
    "import": take_in,
    "campaign": campaign,
    "prepare": run("prepare_campaign", "judge", "settle"),
    "approve": approved,
    "plan": run("fulfil_campaign", "plan"),
    "status": looked_at,
    "papers": run("fulfil_campaign", "papers"),
}
#: Done, and not measured.
UNMEASURED = {"setup", "campaign"}
#: Steps that are measured at this size only.
ONLY_AT = {"papers": 600}
