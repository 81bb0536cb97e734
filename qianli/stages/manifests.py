"""Manifests as commands and pages speak of them: seal, hand over, list."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Session

from models import ArtefactKind, LeftReason, Manifest, ManifestLineState, ManifestState, ParcelStage, Subject
from qianli.couriers.left_reasons import LEFT
from qianli.couriers.registry import courier
from qianli.errors import BadInput, Conflict, RuleBroken
from qianli.stages import manifest_links
from qianli.stages.artefacts import declare, shown
from qianli.stages.sealing import SealedManifest, record_path, seal
from qianli.stages.typed import manifest_number, reference
from qianli.stages.unit import now, reading, writing
from qianli.stages.unsealing import unseal
from qianli.store import campaigns, handover, journal, manifests, stock, transitions
from qianli.store.manifests import Listed

__all__ = ["HandoverResult", "ManifestSummary", "SealedManifest", "hand_over", "list_manifests", "seal", "unseal"]

M, L = ManifestState, ManifestLineState


@dataclass(frozen=True)
class HandoverResult:
    """What the courier took and what stayed; `already` if the very same was recorded before."""

    number: str
    counted: int
    left: list[str]
    already: bool


@dataclass(frozen=True)
class Signed:
    """How a courier signed on our page: a name as written, a drawn signature (a PNG of ours), or both."""

    name: str = ""
    png: bytes = b""


@dataclass(frozen=True)
class ManifestSummary:
    """A manifest in the list."""

    number: str
    courier: str
    courier_name: str
    account: str
    state: str
    open: int
    handed_over: int
    left: int
    sealed_at: datetime | None
    why_void: str | None
    left_behind: list[tuple[str, str]]
    record: str | None


def hand_over(
    number: str,
    *,
    count: int,
    left: Sequence[str],
    by: str,
    reasons: Mapping[str, LeftReason] = MappingProxyType({}),
    signed: Signed | None = None,
) -> HandoverResult:
    """The courier counted and took a sealed manifest's parcels; those in `left` stay packed for another manifest.

    Counted and left together must be what the manifest lists. The same again changes nothing. `reasons` are by
    reference; a courier who signed on our page gets a record of it, which `signing.publish_record` makes.
    """
    if count < 0:
        raise BadInput("清点件数不能是负数。")
    stay = {reference(text) for text in left}
    with writing(by) as session:
        manifest = manifests.by_number(session, number=manifest_number(number))
        lines = manifests.lines(session, manifest_id=manifest.key)
        if manifest.state is M.handed_over:
            _same_as_recorded(session, manifest, lines, count, stay)
            return HandoverResult(manifest.number, count, sorted(stay), already=True)
        _may_go(manifest, lines, count, stay)
        _record(session, manifest, lines, stay, reasons, signed)
        return HandoverResult(manifest.number, count, sorted(stay), already=False)


def _same_as_recorded(
    session: Session, manifest: Manifest, lines: Sequence[Listed], count: int, stay: set[str]
) -> None:
    record = handover.of_manifest(session, manifest_id=manifest.key)
    left = {one.parcel.reference for one in lines if one.line.state is L.left}
    if record is None or record.counted != count or left != stay:
        counted = record.counted if record else 0
        raise RuleBroken(
            f"交接单 {manifest.number} 已经交接过：清点 {counted} 件，留下 {len(left)} 件。交接记录不能再改；"
            "数目有出入的，请与快递公司核对后在“case”里处理。",
            number=manifest.number,
        )


def _may_go(manifest: Manifest, lines: Sequence[Listed], count: int, stay: set[str]) -> None:
    """RuleBroken unless the manifest is sealed and the numbers add up."""
    number = manifest.number
    if manifest.state is M.draft:
        raise RuleBroken(f"交接单 {number} 还没有封单，请先运行“manifest seal 活动代码”。", number=number)
    if manifest.state is M.void:
        raise RuleBroken(f"交接单 {number} 已经作废，请重新封单，用新的交接单交接。", number=number)
    if strange := sorted(stay - {one.parcel.reference for one in lines}):
        raise RuleBroken(f"交接单 {number} 上没有这些包裹：{'、'.join(strange)}。请核对 --left 的编号。", number=number)
    if difference := count + len(stay) - len(lines):
        word = "多" if difference > 0 else "少"
        raise RuleBroken(
            f"清点 {count} 件，留下 {len(stay)} 件，合计 {count + len(stay)} 件；交接单 {number} 上是 {len(lines)} 件，"
            f"{word} {abs(difference)} 件。请重新清点；没有交出去的包裹用 --left 写明编号。",
            number=number,
        )
    if count == 0:
        raise RuleBroken(f"交接单 {number} 一件也没有交出，不用登记交接；等快递公司来取时再登记。", number=number)


def _record(
    session: Session,
    manifest: Manifest,
    lines: Sequence[Listed],
    stay: set[str],
    reasons: Mapping[str, LeftReason],
    signed: Signed | None,
) -> None:
    at = now()
    going = [one for one in lines if one.parcel.reference not in stay]
    staying = [one for one in lines if one.parcel.reference in stay]
    why = f"交接单 {manifest.number}"
    transitions.manifest(session, manifest.key, M.handed_over, why=f"清点 {len(going)} 件，留下 {len(staying)} 件")
    _move_lines(session, going, L.handed_over)
    _move_lines(session, staying, L.left)
    parcel_ids = [one.parcel.key for one in going]
    if len(transitions.parcels(session, parcel_ids, ParcelStage.handed_over, why=why)) != len(going):
        raise Conflict("有包裹的状态刚刚被别人改动，这次交接没有登记。请查看“parcel list”后再试。")
    handover.set_handed_over_at(session, parcel_ids=parcel_ids, at=at)
    stock.issue(session, parcel_ids=parcel_ids)
    _note_left(session, staying, reasons, why)
    handover.add(
        session,
        manifest_id=manifest.key,
        counted=len(going),
        left_behind=len(staying),
        at=at,
        signed_name=signed.name or None if signed else None,
        signature=base64.b64encode(signed.png).decode() or None if signed else None,
    )
    manifest_links.expire(session, manifest_id=manifest.key, at=at)
    if signed:
        campaign = campaigns.by_id(session, campaign_id=manifest.campaign_id)
        path = record_path(campaign.code, manifest.number)
        declare(session, kind=ArtefactKind.handover_record, path=path, campaign_id=campaign.key)


def _note_left(session: Session, staying: Sequence[Listed], reasons: Mapping[str, LeftReason], why: str) -> None:
    """Which parcels stay, and why, for whoever looks for them."""
    known = {one.line.key: reasons[one.parcel.reference] for one in staying if one.parcel.reference in reasons}
    manifests.set_left_reasons(session, reasons=known)
    whys = {one.parcel.key: f"{why}：{LEFT[known[one.line.key]]}" if one.line.key in known else why for one in staying}
    journal.note_each(session, subject=Subject.parcel, whys=whys, what="left_behind")


def _move_lines(session: Session, some: Sequence[Listed], to: ManifestLineState) -> None:
    if len(transitions.manifest_lines(session, [one.line.key for one in some], to)) != len(some):
        raise Conflict("交接单的内容刚刚被别人改动，这次交接没有登记，请再看一次。")


def list_manifests(campaign_code: str) -> list[ManifestSummary]:
    """All a campaign's manifests, oldest first, with what became of their parcels, and void ones with the reason."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=campaign_code)
        found = manifests.of_campaign(session, campaign_id=campaign.key)
        counts = manifests.counts(session, manifest_ids=[one.key for one in found])
        why = manifests.reasons(session, manifest_ids=[one.key for one in found if one.state is M.void])
        left = manifests.left_behind(session, manifest_ids=[one.key for one in found])
        signed = handover.signed(session, manifest_ids=[one.key for one in found])
        return [
            _summary(
                one,
                counts.get(one.key, {}),
                why.get(one.key),
                [(reference, LEFT[reason] if reason else "") for reference, reason in left.get(one.key, [])],
                shown(record_path(campaign_code, one.number)) if one.key in signed else None,
            )
            for one in found
        ]


def _summary(
    manifest: Manifest,
    count: dict[ManifestLineState, int],
    why_void: str | None,
    left_behind: list[tuple[str, str]],
    record: str | None,
) -> ManifestSummary:
    return ManifestSummary(
        number=manifest.number,
        courier=manifest.courier,
        courier_name=courier(manifest.courier).name,
        account=manifest.account,
        state=manifest.state,
        open=count.get(L.open, 0),
        handed_over=count.get(L.handed_over, 0),
        left=count.get(L.left, 0),
        sealed_at=manifest.sealed_at,
        why_void=why_void,
        left_behind=left_behind,
        record=record,
    )
