"""A campaign with members who can be written to, and with some who cannot."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import select

from models import Campaign, CampaignState, Consignment, Item
from qianli.stages import plan
from qianli.stages.held import holds
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.store import stock
from qianli.testing import World, add_member, make_world

CODE = "TEST-2027"


@dataclass
class Audience:
    world: World

    def prepare(self) -> None:
        run_inline("prepare_campaign", self.world.campaign)

    def plan(self) -> None:
        for shard in plan.shards_to_plan(self.world.campaign):
            plan.run(shard)

    def states(self) -> dict[int, str]:
        with reading() as session:
            return {
                one.number: one.state.value for one in session.exec(select(Consignment).order_by(Consignment.number))
            }

    def reasons(self) -> dict[str, str]:
        return {one.number: one.reason.value for one in holds(CODE)}

    def campaign_state(self) -> str:
        with reading() as session:
            return session.get_one(Campaign, self.world.campaign).state.value

    def change(self, model: type, id_: int, **values: object) -> None:
        with writing("test") as session:
            session.execute(sa.update(model).where(sa.column("id") == id_).values(**values))

    def receive(self, quantity: int) -> None:
        with writing("test") as session:
            for item in session.exec(select(Item).where(Item.kind == "stock")):
                stock.receive(session, item_id=item.key, quantity=quantity)

    def levels(self) -> dict[str, tuple[int, int]]:
        with reading() as session:
            return {one.item.sku: (one.on_hand, one.reserved) for one in stock.levels(session)}


def new_audience(
    good: int = 3, *, stock_each: int = 20, trouble: dict[str, dict[str, object]] | None = None
) -> Audience:
    with writing("test") as session:
        world = make_world(session, members=0, state=CampaignState.draft, stage=None)
        for number in range(1, good + 1):
            add_member(session, world, number)
        for number, changes in enumerate((trouble or {}).values(), start=good + 1):
            gone = changes.get("superseded_at") == "now"
            _, home = add_member(session, world, number, **({} if gone else changes))
            if gone:
                session.delete(home)
    made = Audience(world)
    if stock_each:
        made.receive(stock_each)
    return made
