"""Purging: when the time members were told of is over, what is theirs is emptied and deleted; counts and hashes stay.

Rows first, in one transaction with the record that says which files go. Then the files, with no transaction open, then
the freed pages of the database, and the answer last. Cut off anywhere and run again it ends the same.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import Artefact, Campaign, CampaignState, PurgeRecord, Subject
from qianli import artefacts
from qianli.errors import BadInput, RuleBroken
from qianli.settings import settings
from qianli.stages.closing import REASON_LENGTH
from qianli.stages.closing_report import counted
from qianli.stages.reasons import refuse_naming
from qianli.stages.unit import SYSTEM, day_of, now, reading, writing
from qianli.store import (
    campaigns,
    consignments,
    contributions,
    journal,
    ledger_imports,
    outcomes,
    phone_calls,
    pushes,
    status,
    stray_events,
    study_notices,
    tidying,
)
from qianli.store import purging as store

SWEEP = 0
FAILED_CODES_STAY = timedelta(days=1)
WHY_DUE = "保留期已满"


@dataclass(frozen=True)
class Purged:
    """What a purge did: rows emptied by table, files deleted; `already` if an earlier one did it."""

    code: str
    at: datetime
    rows: dict[str, int]
    files: int
    finished: bool
    already: bool
    kept: dict[str, Any] = field(default_factory=dict)


def purge(code: str, *, reason: str | None = None, by: str) -> Purged:
    """Purge a campaign that ended: when the retention period is over, or now, for a reason."""
    if reason is not None and not reason.strip():
        raise BadInput("请在 --now 后面写明为什么要提前清除，例如“按上级要求”。")
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        already = campaign.purged_at is not None
        if not already:
            _may_purge(session, campaign, early=reason is not None)
            _empty(session, campaign, (reason or WHY_DUE).strip()[:REASON_LENGTH], by)
        record_id = _record(session, campaign.key).key
    _finish(record_id, by=by)
    with reading() as session:
        record = session.get_one(PurgeRecord, record_id)
        counts = dict(record.counts)
        return Purged(
            code, record.at, counts.pop("rows"), record.files, record.finished_at is not None, already, kept=counts
        )


def _may_purge(session: Session, campaign: Campaign, *, early: bool) -> None:
    ended = store.ended_at(session, campaign_id=campaign.key)
    if ended is None:
        raise RuleBroken(
            f"活动 {campaign.code} 还没有结束，不能清除。请先用“campaign close”办结，或用“campaign cancel”取消。",
            campaign=campaign.code,
        )
    over = ended + timedelta(days=settings().retention_days)
    if now() < over and not early:
        raise RuleBroken(
            f"活动 {campaign.code} 于 {day_of(ended)} 结束，个人信息保留 {settings().retention_days} 天，"
            f"{day_of(over)} 起清除（每天夜里自动进行）。确需提前清除的，请加 --now 写明理由。",
            campaign=campaign.code,
        )


def _empty(session: Session, campaign: Campaign, why: str, by: str) -> None:
    """Everything that is inside the database, with the intent of all that is outside."""
    refuse_naming(session, why, campaign_id=campaign.key)
    kept = _counts(session, campaign)
    outcomes.keep(session, campaign_id=campaign.key)
    rows = store.empty(session, campaign_id=campaign.key)
    store.note_purged(session, campaign_id=campaign.key, at=now())
    _begin(session, PurgeRecord(campaign_id=campaign.key, at=now(), by=by, why=why, counts={**kept, "rows": rows}))
    journal.note(session, subject=Subject.campaign, ids=[campaign.key], what="purged", was=campaign.state, why=why)


def _counts(session: Session, campaign: Campaign) -> dict[str, Any]:
    """How the campaign ended, in numbers, while its rows can still be counted by member and place."""
    id_ = campaign.key
    by_stage: dict[str, int] = {}
    for (stage, _), count in status.parcels(session, campaign_id=id_).items():
        by_stage[stage] = by_stage.get(stage, 0) + count
    told = counted(session, campaign).summary if campaign.state == CampaignState.closed else ()
    return {
        "consignments": consignments.count_by_state(session, campaign_id=id_),
        "parcels": by_stage,
        "receipts": status.receipts(session, campaign_id=id_),
        "summary": list(told),
    }


def _begin(session: Session, record: PurgeRecord, *, before: datetime | None = None) -> None:
    session.add(record)
    session.flush()
    store.claim_files(session, record=record, before=before)


def _record(session: Session, campaign_id: int) -> PurgeRecord:
    found = store.record_of(session, campaign_id=campaign_id)
    if found is None:
        raise RuleBroken("这个活动标着已清除，却没有清除记录；请把情况告诉技术人员。", campaign_id=campaign_id)
    return found


def _finish(record_id: int, *, by: str) -> None:
    """Files, freed pages, and the answer. While somebody reads an older state the answer waits for the next run."""
    with reading() as session:
        if session.get_one(PurgeRecord, record_id).finished_at is not None:
            return
        files = store.files(session, record_id=record_id)
        session.expunge_all()
    for file in files:
        artefacts.delete(settings().documents_url, file.path)
    with writing(by) as session:
        store.note_deleted(session, record_id=record_id, at=now())
    if not tidying.forget_freed_pages(settings().database_url):
        return
    with writing(by) as session:
        gone = [file for file in files if file.sha256]
        store.note_finished(session, record_id=record_id, files=len(gone), checksum=_checksum(gone), at=now())


def _checksum(files: Sequence[Artefact]) -> str:
    """One hash for all files, by path."""
    return hashlib.sha256("".join(f"{one.sha256}  {one.path}\n" for one in files).encode()).hexdigest()


def shards(_campaign_id: int = 0) -> list[int]:
    """Campaigns whose time is over, and those whose purge was cut off."""
    with reading() as session:
        return store.due(session, before=_limit())


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - the campaign's row is the only lock
    """Purge one of them."""
    with reading() as session:
        code = campaigns.by_id(session, campaign_id=shard_id).code
    purge(code, by=SYSTEM)


def sweep_shards(_campaign_id: int = 0) -> list[int]:
    """One shard for what belongs to no campaign."""
    return [SWEEP]


def sweep(shard_id: int = SWEEP, *, take_over: bool = False) -> None:  # noqa: ARG001 - there is one, and no lease
    """What was replaced, settled or of no parcel before the retention period, fix-it files as old, old failed codes."""
    with writing(SYSTEM) as session:
        store.forget_failed_codes(session, before=now() - FAILED_CODES_STAY)
        stray_events.delete_old(session, before=_limit())
        pushes.delete_old(session, before=_limit())
        contributions.forget(session, before=_limit())
        study_notices.forget(session, before=_limit(), by=SYSTEM, at=now())
        phone_calls.forget(session, before=_limit())
        ledger_imports.delete_old(session, before=_limit())
        if store.outlived(session, before=_limit()):
            rows = {"residence": store.delete_outlived(session, before=_limit())}
            if movements := store.delete_settled(session, before=_limit()):
                rows["movement"] = movements
            record = PurgeRecord(at=now(), by=SYSTEM, why=WHY_DUE, counts={"rows": rows})
            _begin(session, record, before=_limit())
        session.flush()
        records = store.unfinished_sweeps(session)
    for record_id in records:
        _finish(record_id, by=SYSTEM)


def _limit() -> datetime:
    return now() - timedelta(days=settings().retention_days)
