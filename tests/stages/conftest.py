"""Campaigns at any point of dispatch, with stock that adds up."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from models import (
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
)
from qianli.stages.unit import now, reading, writing
from qianli.store import manifests, stock
from qianli.testing import World, make_world

BY = "user:李主任"


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
            return {one.number: one.state.value for one in session.exec(select(Consignment))}

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
        """What `fulfil` makes of open requests, in the smallest way: a printed parcel for each."""
        with writing("system") as session:
            return [_ship(session, self.world, request) for request in session.exec(_open_requests()).all()]


def _open_requests() -> object:
    query = select(ReplacementRequest).where(
        ReplacementRequest.planned_at.is_(None), ReplacementRequest.withdrawn_at.is_(None)
    )
    return query.order_by(ReplacementRequest.id)


def _ship(session: Session, world: World, request: ReplacementRequest) -> str:
    consignment = session.get_one(Consignment, request.consignment_id)
    old = session.get_one(ParcelLine, request.line_id)
    sequence = session.exec(select(sa.func.max(Parcel.sequence))).one() + 1
    parcel = Parcel(
        campaign_id=world.campaign, sequence=sequence, reference=f"T-{sequence:05d}-X", courier="china_post",
        consignee_snapshot_id=consignment.snapshot_id, stage=ParcelStage.printed, weight_g=120, postage_fen=1200,
        created_at=now(),
    )  # fmt: skip
    session.add(parcel)
    session.flush()
    line = ParcelLine(
        parcel_id=parcel.key, consignment_id=consignment.key, kit_item_id=old.kit_item_id, quantity=request.quantity,
        replaces_line_id=old.key,
    )  # fmt: skip
    session.add(line)
    request.planned_at = now()
    session.flush()
    stock.reserve_lines(session, line_ids=[line.key])
    return parcel.reference


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
                manifests.add_draft(
                    session, campaign_id=world.campaign, courier="china_post", parcel_ids=world.parcels, at=now()
                )
        return Dispatch(world)

    return make
