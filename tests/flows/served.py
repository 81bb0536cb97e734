"""What must be true of a campaign that was driven through, whoever was killed on the way."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models import (
    Artefact,
    Consignment,
    ConsignmentState,
    JournalEntry,
    Parcel,
    ParcelLine,
    ParcelStage,
    PrintRun,
    Shard,
    Snapshot,
    Step,
    Subject,
)
from qianli.settings import settings
from qianli.stages.unit import reading


def all_once(campaign_id: int, members: int, *, items: int, parcels: int) -> None:
    """Every consignment judged, planned and papered once, whoever was killed."""
    with reading() as session:
        some = list(session.exec(select(Consignment).where(Consignment.campaign_id == campaign_id)))
        ids = [one.key for one in some]
        lines = session.exec(select(ParcelLine).where(col(ParcelLine.consignment_id).in_(ids))).all()
        boxes = session.exec(select(Parcel).where(Parcel.campaign_id == campaign_id)).all()
        told = session.exec(
            select(JournalEntry).where(
                JournalEntry.subject == Subject.consignment, col(JournalEntry.subject_id).in_(ids)
            )
        ).all()
        snapshots = _count(Snapshot, col(Snapshot.member_id).in_([one.member_id for one in some]))
    assert len(some) == len({one.member_id for one in some}) == snapshots == members
    assert {one.state for one in some} == {ConsignmentState.under_way}
    each = Counter((one.consignment_id, one.kit_item_id) for one in lines)
    assert len(each) == members * items
    assert set(each.values()) == {1}
    assert Counter(one.what for one in told) == {"planned": members, "ready": members, "under_way": members}
    assert len(boxes) == len({one.reference for one in boxes}) == parcels
    assert sorted(one.sequence for one in boxes) == list(range(1, parcels + 1))
    assert {one.stage for one in boxes} == {ParcelStage.printed}
    assert shards(campaign_id, Step.judge, done=False) == made(campaign_id, done=False) == 0
    assert shards(campaign_id, Step.plan, done=True) == 1


def files_are_rows() -> None:
    root = Path(settings().documents_url.removeprefix("file://"))
    with reading() as session:
        rows = {one.path: one.sha256 for one in session.exec(select(Artefact))}
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert files == rows.keys()
    assert {path: hashlib.sha256((root / path).read_bytes()).hexdigest() for path in files} == rows


def _count(table: type[Any], *conditions: Any) -> int:
    with reading() as session:
        return int(session.exec(select(sa.func.count()).select_from(table).where(*conditions)).one())


def shards(campaign_id: int, step: Step, *, done: bool) -> int:
    is_done = col(Shard.finished_at).is_not(None) if done else col(Shard.finished_at).is_(None)
    return _count(Shard, Shard.campaign_id == campaign_id, Shard.step == step, is_done)


def made(campaign_id: int, *, done: bool = True) -> int:
    is_made = col(PrintRun.made_at).is_not(None) if done else col(PrintRun.made_at).is_(None)
    return _count(PrintRun, PrintRun.campaign_id == campaign_id, is_made)
