"""Campaigns at any point of dispatch, with stock that adds up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from models import (
    AddressStatus,
    Approval,
    Campaign,
    CampaignState,
    Consignment,
    Item,
    JournalEntry,
    Manifest,
    ManifestLine,
    Parcel,
    ParcelLine,
    ParcelStage,
    ReplacementRequest,
    Residence,
    Tracking,
)
from qianli.stages import manifests, packing, plan, replacements, taking_back
from qianli.stages.approve import checksum
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, reading, today, writing
from qianli.store import manifests as manifest_rows
from qianli.store import stock
from qianli.testing import World, make_world
from qianli.testing_story import Drawn

BY = "user:李主任"
#: Files whose tests are about the drawing itself: each of their papers is drawn anew.
DRAWING = {"test_letter_preview.py", "test_prepare.py", "test_way_back.py"}
#: Files whose tests are about the drawing of letters: the other papers are drawn once for them, too.
OF_LETTERS = {"test_gates.py", "test_letter_files.py", "test_letter_runs.py"}


@pytest.fixture(autouse=True)
def _drawn_once(request: pytest.FixtureRequest, drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.name not in DRAWING:
        drawn.instead(monkeypatch, but="letters" if request.path.name in OF_LETTERS else "")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> str:
    """Stages are tested on SQLite, and on a real PostgreSQL."""
    return str(request.param)


@dataclass
class Dispatch:
    """A small campaign and what a test wants to know of it."""

    world: World
    code: str = "TEST-2027"
    by: str = BY

    def references(self, stage: ParcelStage | None = None) -> list[str]:
        with reading() as session:
            rows = session.exec(select(Parcel).order_by(Parcel.sequence)).all()
            return [one.reference for one in rows if stage is None or one.stage is stage]

    def parcel(self, reference: str) -> Parcel:
        return next(one for one in self.rows(Parcel) if one.reference == reference)

    def consignment(self, number: int) -> Consignment:
        return next(one for one in self.rows(Consignment) if one.number == number)

    def states(self) -> dict[int, str]:
        with reading() as session:
            return {
                one.number: one.state.value for one in session.exec(select(Consignment).order_by(Consignment.number))
            }

    def campaign(self) -> Campaign:
        (campaign,) = self.rows(Campaign)
        return campaign

    def rows(self, model: type) -> list:
        with reading() as session:
            found = list(session.exec(select(model).order_by(sa.column("id"))))
            session.expunge_all()  # the rows outlive the session
        return found

    def live_lines(self) -> list[ParcelLine]:
        return [one for one in self.rows(ParcelLine) if one.voided_at is None]

    def lines_on(self, number: str) -> dict[str, str]:
        with reading() as session:
            query = (
                select(Parcel.reference, ManifestLine.state)
                .join(ManifestLine, ManifestLine.parcel_id == Parcel.id)
                .join(Manifest, Manifest.id == ManifestLine.manifest_id)
                .where(Manifest.number == number)
                .order_by(ManifestLine.position)
            )
            return {reference: state.value for reference, state in session.exec(query)}

    def levels(self) -> dict[str, tuple[int, int]]:
        """SKU → on hand, reserved."""
        with reading() as session:
            return {one.item.sku: (one.on_hand, one.reserved) for one in stock.levels(session)}

    def journal(self, subject: str) -> list[tuple[str, str]]:
        return [(one.what, one.why) for one in self.rows(JournalEntry) if one.subject == subject]

    def set(self, row: object, **values: object) -> None:
        """Write columns behind the stages' back."""
        with writing(BY) as session:
            session.execute(sa.update(type(row)).where(sa.column("id") == row.id).values(**values))

    def ship_replacements(self) -> list[str]:
        """Plan as `fulfil` does, and take the papers as printed; references of the new parcels."""
        there = self.references()
        with writing(BY) as session:
            covered = checksum(session, session.get_one(Campaign, self.world.campaign))
            session.execute(sa.update(Approval).values(checksum=covered))
        for shard in plan.shards_to_plan(self.world.campaign):
            plan.run(shard)
        with writing(BY) as session:
            waiting = sa.update(Parcel).where(Parcel.stage == ParcelStage.planned)
            session.execute(waiting.values(stage=ParcelStage.printed))
        return [one for one in self.references() if one not in there]

    def seal(self) -> list:
        return manifests.seal(self.code, by=self.by)

    def replace(self, number: int, *skus: str) -> replacements.ReplaceResult:
        return replacements.replace(f"{self.code}-{number:04d}", skus, by=self.by)

    def open_requests(self) -> list[ReplacementRequest]:
        return [one for one in self.rows(ReplacementRequest) if one.planned_at is None and one.withdrawn_at is None]

    def returned(self, index: int = 0, tracking: Tracking = Tracking.returned) -> str:
        """What the courier says of a parcel; its reference."""
        reference = self.references()[index]
        self.set(self.parcel(reference), tracking=tracking)
        return reference

    def hand_over(self) -> None:
        """Pack, seal and hand over whatever is printed."""
        packing.pack_all(self.code, by=BY)
        for one in manifests.seal(self.code, by=BY):
            manifests.hand_over(one.number, count=one.parcels, left=[], by=BY)

    def send_again(self) -> list[str]:
        """The first member's parcel came back, the address was looked at, and everything is planned anew."""
        reference = self.references()[0]
        taking_back.take_back(reference, put_back=True, by=BY)
        with writing(BY) as session:
            home = sa.update(Residence).where(Residence.member_id == self.world.members[0])
            session.execute(home.values(recorded_at=now() + timedelta(seconds=1)))
        run_inline("prepare_campaign", self.world.campaign)
        return self.ship_replacements()

    def move(self, number: int, detail: str, **changes: object) -> None:
        """A newer address was imported."""
        member_id = self.consignment(number).member_id
        columns = {"province": "广东省", "city": "深圳市", "district": "南山区", "status": AddressStatus.exact}
        columns |= {"written": detail, "source": "test", "reported_on": today(), "recorded_at": now()}
        with writing(BY) as session:
            old = sa.update(Residence).where(Residence.member_id == member_id)
            session.execute(old.values(superseded_at=now()))
            session.add(Residence(member_id=member_id, detail=detail, **columns | changes))


def _share(session: Session, world: World, stage: ParcelStage) -> None:
    """Everything of the second member travels in the first one's parcel."""
    first, second = world.parcels[:2]
    session.execute(sa.update(ParcelLine).where(ParcelLine.parcel_id == second).values(parcel_id=first))
    session.execute(sa.delete(Parcel).where(Parcel.id == second))
    session.execute(sa.update(Parcel).where(Parcel.id == first).values(weight_g=290))
    world.parcels.remove(second)


@pytest.fixture
def dispatch(place: Path) -> Callable[..., Dispatch]:
    """Make a campaign: `dispatch(members=3, stage=ParcelStage.packed, shared=False, draft=True)`."""

    def make(
        *,
        members: int = 3,
        stage: ParcelStage | None = ParcelStage.packed,
        state: CampaignState = CampaignState.under_way,
        shared: bool = False,
        draft: bool = True,
    ) -> Dispatch:
        with writing("system") as session:
            world = make_world(session, members=members, state=state, stage=stage)
            for item in session.exec(select(Item).where(Item.kind == "stock")):
                stock.receive(session, item_id=item.key, quantity=20)
            kit = stock.needs(session, campaign_id=world.campaign)
            stock.reserve(session, campaign_id=world.campaign, needs=dict.fromkeys(world.consignments, kit))
            if shared:
                _share(session, world, stage or ParcelStage.planned)
            if stage is ParcelStage.handed_over:
                stock.issue(session, parcel_ids=world.parcels)
            elif stage is not None and draft:
                manifest_rows.add_draft(
                    session, campaign_id=world.campaign, courier="china_post", parcel_ids=world.parcels, at=now()
                )
        return Dispatch(world)

    return make
