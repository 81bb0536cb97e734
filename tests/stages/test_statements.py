"""A campaign's life in SQL statements: they grow with shards and print runs, never with members."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import AddressStatus, CampaignState, Parcel, ParcelStage
from qianli.stages import cancelling, closing, ladders, manifests, packing, plan, sealing
from qianli.stages.approve import approve
from qianli.stages.campaigns import documents
from qianli.stages.held import holds
from qianli.stages.status import status
from qianli.stages.steps import run_inline
from qianli.stages.unit import writing
from qianli.store import stock
from qianli.testing import NOW, World, add_member, counted, make_world, workspace

CODE, BY = "TEST-2027", "user:test"
#: Trouble comes in every size, so that every branch is taken: of ten members three are held, one moved since.
TROUBLE = {3: {"phone": None, "phone_written": "139"}, 5: {"status": AddressStatus.incomplete}, 8: {"phone": None}}


def audience(members: int) -> World:
    """A draft with so many members, and stock for most of them."""
    with writing(BY) as session:
        world = make_world(session, members=0, state=CampaignState.draft, stage=None)
        for number in range(1, members + 1):
            add_member(session, world, number, **TROUBLE.get(number % 10, {}))
        for level in stock.levels(session):
            stock.receive(session, item_id=level.item.key, quantity=members * 6 // 10)
    return world


def statements(act: Callable[[], object]) -> int:
    with counted() as sent:
        act()
    return len(sent)


def prepared(root: Path, database: str, *, members: int, shard: int) -> int:
    """Statements of preparing so many members in shards of so many."""
    root.mkdir()
    with workspace(root, database=database, SHARD_SIZE=str(shard)):
        world = audience(members)
        return statements(lambda: run_inline("prepare_campaign", world.campaign))


def test_preparing_grows_with_shards(tmp_path: Path, database: str) -> None:
    one, one_larger = (prepared(tmp_path / str(n), database, members=n, shard=n) for n in (10, 40))
    assert one == one_larger
    two, four, four_larger = (
        prepared(tmp_path / f"{shards}x{shard}", database, members=shards * shard, shard=shard)
        for shards, shard in ((2, 10), (4, 10), (4, 20))
    )
    assert four == four_larger
    assert four - two == 2 * (two - one)


def approved(world: World, members: int) -> dict[str, int]:
    """Statements of each act from the holds to approval."""
    run_inline("prepare_campaign", world.campaign)
    return {
        "holds": statements(lambda: holds(CODE)),
        "approve": statements(lambda: approve(CODE, by=BY)),
        "dearer": statements(lambda: approve(CODE, by=BY, amount_fen=2400 * members * 3 // 10)),
        "dear": statements(lambda: approve(CODE, by=BY)),
    }


def planned(world: World) -> int:
    """Statements of planning, papers aside."""
    return statements(lambda: [plan.run(one) for one in plan.shards_to_plan(world.campaign)])


def life(root: Path, database: str, *, members: int) -> dict[str, int]:
    """Statements of each act from approval to close, papers aside, with one print run of letters."""
    root.mkdir()
    with workspace(root, database=database, PRINT_RUN_SIZE=str(members)):
        world = audience(members)
        found = {
            **approved(world, members),
            "plan": planned(world),
            "status": statements(lambda: status(CODE)),
            "documents": statements(lambda: documents(CODE)),
        }
        with writing(BY) as session:
            session.execute(sa.update(Parcel).values(stage=ParcelStage.printed))
        found["pack"] = statements(lambda: packing.pack_all(CODE, by=BY))
        found["parcels"] = statements(lambda: packing.list_parcels(CODE))
        found["seal"] = statements(lambda: sealing.seal(CODE, by=BY))
        (manifest,) = [one for one in manifests.list_manifests(CODE) if one.state == "sealed"]
        found["hand over"] = statements(
            lambda: manifests.hand_over(manifest.number, count=manifest.open, left=[], by=BY)
        )
        with writing(BY) as session:
            session.execute(sa.update(Parcel).values(tracking="delivered", delivered_at=NOW))
        found["status of what arrived"] = statements(lambda: status(CODE))
        found["chase"] = statements(lambda: ladders.run(world.campaign))
        found["close"] = statements(lambda: closing.close(CODE, unconfirmed="三次电话无人接听", by=BY))
        return found


def test_everything_after_it_does_not_grow_at_all(tmp_path: Path, database: str) -> None:
    assert life(tmp_path / "few", database, members=10) == life(tmp_path / "many", database, members=60)


def test_planning_grows_with_print_runs(tmp_path: Path, database: str) -> None:
    def printed(runs: int) -> int:
        (root := tmp_path / str(runs)).mkdir()
        with workspace(root, database=database, PRINT_RUN_SIZE="6"):
            world = audience(members=runs * 10)
            approved(world, runs * 10)
            return planned(world)

    one, two, three = (printed(runs) for runs in (1, 2, 3))
    assert three - two == two - one > 0


@pytest.mark.parametrize("stage", [None, ParcelStage.packed])
def test_cancelling_does_not_grow(tmp_path: Path, database: str, stage: ParcelStage | None) -> None:
    def cancelled(members: int) -> int:
        (root := tmp_path / str(members)).mkdir()
        with workspace(root, database=database):
            with writing(BY) as session:
                make_world(session, members=members, stage=stage)
            return statements(lambda: cancelling.cancel_campaign(CODE, by=BY))

    assert cancelled(3) == cancelled(30)
