"""Rows in every table, so that what is left out of a backup shows."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from models import (
    ArtefactKind,
    Case,
    CaseReason,
    DistinctMembers,
    FailedCode,
    Handover,
    Hold,
    HoldReason,
    Imprint,
    ItemProblem,
    Manifest,
    ManifestLine,
    Member,
    MemberMerge,
    Movement,
    Organisation,
    Outcome,
    ParcelLine,
    Participation,
    PrintRun,
    PurgeRecord,
    Receipt,
    ReceiptItem,
    ReplacementRequest,
    Said,
    Shard,
    Sheet,
    Spoilage,
    StockMovement,
    TrackingEvent,
)
from qianli.stages.unit import writing
from qianli.store import dump, journal
from qianli.testing import NOW, World

BY = "user:test"


def rows_of_all_tables(world: World) -> None:
    """What `make_world` does not write."""
    with writing(BY) as session:
        rows_of_dispatch(session, world)
        rows_of_members(session, world)
        session.add_all([
            Organisation(name="云岭村党支部", parent_id=world.organisation),
            Imprint(
                organisation_id=world.organisation, content="aGk=", sha256="0" * 64, width_mm=42, added_by=BY,
                added_at=NOW,
            ),
            Shard(campaign_id=world.campaign, round=1, position=0, first_id=1, last_id=2),
            StockMovement(item_id=1, quantity=3, actor=BY, at=NOW.replace(microsecond=123456)),
            FailedCode(address_hash="0" * 64, window_at=NOW, count=3),
            PurgeRecord(at=NOW, by=BY, counts={"rows": {"residence": 2}}),
        ])  # fmt: skip
        journal.note(session, subject="campaign", ids=[world.campaign], what="draft")


def rows_of_dispatch(session: Session, world: World) -> None:
    """Papers, manifests, what came of parcels, and what their members said."""
    campaign, parcel, consignment = world.campaign, world.parcels[0], world.consignments[0]
    line = session.exec(select(ParcelLine)).first()
    line.voided_at = NOW
    run = PrintRun(campaign_id=campaign, number=1, kind=ArtefactKind.letter, artefact_id=1)
    manifest = Manifest(campaign_id=campaign, number="T-J001", courier="sf", created_at=NOW)
    receipt = Receipt(
        consignment_id=consignment, said=Said.damaged, note="书角“折”了\n一页", recorded_by=BY, recorded_at=NOW
    )
    session.add_all([run, manifest, receipt])
    session.flush()
    sheet = Sheet(print_run_id=run.key, position=1, parcel_id=parcel, consignment_id=consignment, pages=2)
    session.add(sheet)
    session.flush()
    session.add_all([
        Spoilage(sheet_id=sheet.key, reason="卡纸", recorded_by=BY, at=NOW),
        ParcelLine(
            parcel_id=parcel, consignment_id=consignment, kit_item_id=line.kit_item_id, quantity=1,
            replaces_line_id=line.id,
        ),
        ManifestLine(manifest_id=manifest.key, parcel_id=parcel, position=1),
        Handover(manifest_id=manifest.key, counted=1, left_behind=0, recorded_by=BY, at=NOW),
        ReceiptItem(receipt_id=receipt.key, kit_item_id=world.kit_items[0], problem=ItemProblem.damaged),
        Case(
            campaign_id=campaign, consignment_id=consignment, receipt_id=receipt.key, reason=CaseReason.damaged,
            sentence="破损。", next_step="补寄。", owner="organiser", opened_at=NOW,
        ),
        Hold(
            consignment_id=consignment, reason=HoldReason.no_phone, sentence="没有电话。", next_step="补上。",
            opened_at=NOW,
        ),
        ReplacementRequest(consignment_id=consignment, line_id=line.id, quantity=1, asked_by=BY, asked_at=NOW),
        TrackingEvent(
            parcel_id=parcel, courier="sf", event_key="k", code="签收", cancels=True, happened_at=NOW,
            raw={"说明": "门卫", "n": [1, None, 2.5]}, recorded_at=NOW,
        ),
    ])  # fmt: skip


def rows_of_members(session: Session, world: World) -> None:
    """Where they went, what they took part in, and which records are one person."""
    first, second, third = world.members[:3]
    session.add_all([
        Outcome(residence_id=1, courier="sf", returned_for="moved", returned_at=NOW, sent_at=NOW),
        Movement(
            member_id=first, organisation_id=world.organisation, moved_on=NOW.date(), written="广东",
            fingerprint="0" * 64, source="外出.xlsx", recorded_by=BY, recorded_at=NOW, details={"away_reason": "务工"},
        ),
        Participation(
            member_id=first, activity="主题党日", held_on=NOW.date(), source="签到.xlsx 表!2", recorded_by=BY,
            recorded_at=NOW,
        ),
        DistinctMembers(first_id=first, second_id=second, decided_at=NOW, decided_by=BY),
        MemberMerge(kept_id=third, gone_id=first, changed={"filled": ["phone"]}, merged_at=NOW, merged_by=BY),
    ])  # fmt: skip
    session.get_one(Member, first).merged_into_id = third  # a later row of its own table


def fill_what_is_empty() -> None:
    """A row of anything that fits in every table that has none yet."""
    with writing(BY) as session:
        for table in dump.TABLES.values():
            if not session.scalar(sa.select(sa.func.count()).select_from(table)):
                wanted = [one for one in table.columns if not one.primary_key and not one.nullable]
                session.execute(table.insert().values({one.name: anything(session, one) for one in wanted}))


def anything(session: Session, column: sa.Column) -> object:
    """Something the column takes: the first row there is, where it points to another table."""
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return session.scalar(sa.select(sa.func.min(key.column)))
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    if isinstance(column.type, sa.JSON):
        return {}
    kind = (column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type).python_type
    return {int: 1, float: 1.5, str: "x", bool: False, bytes: b"x", datetime: NOW, date: NOW.date()}[kind]
