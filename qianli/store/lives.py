"""One consignment's life: everything that was written down of it, for somebody who may see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Campaign,
    Case,
    Consignment,
    Handover,
    Hold,
    Item,
    Kit,
    KitItem,
    LeftReason,
    LetterText,
    Manifest,
    ManifestLine,
    ManifestLineState,
    Member,
    Message,
    Organisation,
    Parcel,
    ParcelLine,
    PhoneCall,
    Receipt,
    Reminder,
    Snapshot,
    TrackingEvent,
)
from qianli.errors import NotFound
from qianli.store.scope import Scope


@dataclass(frozen=True)
class Owed:
    """A consignment, where it belongs, and what it was prepared with."""

    consignment: Consignment
    campaign: Campaign
    kit: Kit | None
    letter: LetterText
    snapshot: Snapshot | None
    organisation: str | None


def seen(session: Session, scope: Scope, *conditions: Any) -> Owed | None:
    """The one consignment of this kind whose campaign, or whose member, belongs to these organisations."""
    query = (
        sa.select(Consignment, Campaign, Kit, LetterText, Snapshot, col(Organisation.name))
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .outerjoin(Kit, col(Kit.id) == col(Campaign.kit_id))
        .join(LetterText, col(LetterText.id) == col(Campaign.letter_text_id))
        .outerjoin(Member, col(Member.id) == col(Consignment.member_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .outerjoin(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(sa.or_(scope.covers(Campaign.organisation_id), scope.covers(Member.organisation_id)), *conditions)
        .order_by(col(Consignment.number))
        .limit(1)
    )
    row = session.execute(query).first()
    return Owed(*row) if row else None


def by_number(session: Session, scope: Scope, *, code: str, number: int) -> Owed:
    """The consignment printed as CODE-0042; NotFound for another organisation's as for none."""
    found = seen(session, scope, col(Campaign.code) == code, col(Consignment.number) == number)
    if found is None:
        raise NotFound("没有这个寄送编号，或者它不属于您的组织。请对照书信上的编号再输一次。")
    return found


def by_reference(session: Session, scope: Scope, *, reference: str) -> Owed | None:
    """The first consignment in a parcel."""
    inside = sa.select(col(ParcelLine.consignment_id)).join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
    theirs = inside.where(sa.or_(col(Parcel.reference) == reference, col(Parcel.waybill_number) == reference))
    return seen(session, scope, col(Consignment.id).in_(theirs))


def by_code(session: Session, scope: Scope, *, hashes: list[str]) -> Owed | None:
    """Whose confirmation code it is."""
    return seen(session, scope, col(Consignment.code_hash).in_(hashes))


def parcels(session: Session, *, consignment_id: int) -> list[Parcel]:
    """Every parcel that ever held a line of it, in order."""
    mine = sa.select(col(ParcelLine.parcel_id)).where(col(ParcelLine.consignment_id) == consignment_id)
    return list(session.exec(select(Parcel).where(col(Parcel.id).in_(mine)).order_by(col(Parcel.sequence))))


def events(session: Session, *, consignment_id: int) -> list[tuple[TrackingEvent, str]]:
    """What couriers said of them, with the parcel's reference, in order of time."""
    mine = sa.select(col(ParcelLine.parcel_id)).where(col(ParcelLine.consignment_id) == consignment_id)
    query = (
        sa.select(TrackingEvent, col(Parcel.reference))
        .join(Parcel, col(Parcel.id) == col(TrackingEvent.parcel_id))
        .where(col(Parcel.id).in_(mine))
        .order_by(col(TrackingEvent.happened_at), col(TrackingEvent.id))
    )
    return [(event, reference) for event, reference in session.execute(query)]


@dataclass(frozen=True)
class Given:
    """A parcel of it on a manifest that a courier took, or left with a reason."""

    at: datetime
    manifest: str
    reference: str
    state: ManifestLineState
    reason: LeftReason | None


def handovers(session: Session, *, consignment_id: int) -> list[Given]:
    """Every hand-over that its parcels were part of, in order."""
    mine = sa.select(col(ParcelLine.parcel_id)).where(col(ParcelLine.consignment_id) == consignment_id)
    query = (
        sa.select(
            col(Handover.at), col(Manifest.number), col(Parcel.reference), col(ManifestLine.state),
            col(ManifestLine.left_reason),
        )
        .select_from(ManifestLine)
        .join(Manifest, col(Manifest.id) == col(ManifestLine.manifest_id))
        .join(Handover, col(Handover.manifest_id) == col(Manifest.id))
        .join(Parcel, col(Parcel.id) == col(ManifestLine.parcel_id))
        .where(col(ManifestLine.parcel_id).in_(mine), col(ManifestLine.state) != ManifestLineState.voided)
        .order_by(col(Handover.at))
    )  # fmt: skip
    return [Given(*row) for row in session.execute(query)]


def receipts(session: Session, *, consignment_id: int) -> list[Receipt]:
    """Everything the member said, in order."""
    query = select(Receipt).where(Receipt.consignment_id == consignment_id).order_by(col(Receipt.id))
    return list(session.exec(query))


def holds(session: Session, *, consignment_id: int) -> list[Hold]:
    """Every hold there ever was, in order."""
    return list(session.exec(select(Hold).where(Hold.consignment_id == consignment_id).order_by(col(Hold.id))))


def cases(session: Session, *, consignment_id: int) -> list[Case]:
    """Every case about it or its parcels, in order."""
    mine = sa.select(col(ParcelLine.parcel_id)).where(col(ParcelLine.consignment_id) == consignment_id)
    about = sa.or_(col(Case.consignment_id) == consignment_id, col(Case.parcel_id).in_(mine))
    return list(session.exec(select(Case).where(about).order_by(col(Case.id))))


def told(session: Session, *, consignment_id: int) -> list[tuple[str, datetime | None]]:
    """What the member was called about, and when they were told."""
    query = select(Reminder).where(Reminder.consignment_id == consignment_id).order_by(col(Reminder.id))
    return [(str(one.sentence), one.told_at) for one in session.exec(query)]


def messages(session: Session, *, consignment_id: int) -> list[Message]:
    """Every message about it, in order."""
    return list(session.exec(select(Message).where(Message.consignment_id == consignment_id).order_by(col(Message.id))))


def calls(session: Session, *, consignment_id: int) -> list[PhoneCall]:
    """Every call about it that was listed, in order."""
    query = select(PhoneCall).where(PhoneCall.consignment_id == consignment_id)
    return list(session.exec(query.order_by(col(PhoneCall.id))))


def contents(session: Session, *, kit_id: int | None) -> list[tuple[str, int]]:
    """Items of the kit, in its order."""
    query = (
        sa.select(col(Item.name), col(KitItem.quantity))
        .join(KitItem, col(KitItem.item_id) == col(Item.id))
        .where(col(KitItem.kit_id) == kit_id)
        .order_by(col(KitItem.position))
    )
    return [(name, quantity) for name, quantity in session.execute(query)]
