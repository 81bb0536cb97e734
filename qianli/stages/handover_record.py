"""The record of a hand-over that was signed on our page, from rows; published once, the same whenever it is made."""

from datetime import datetime

from sqlmodel import Session

from models import Manifest, ManifestLineState
from qianli.couriers.left_reasons import LEFT
from qianli.couriers.registry import courier
from qianli.documents import press
from qianli.documents.forms import HandoverRecord, HandoverRow, Sender
from qianli.stages.artefacts import publish_declared
from qianli.stages.unit import local, reading
from qianli.store import campaigns, handover, manifests
from qianli.store.manifests import Listed


def publish(artefact_id: int, manifest_id: int, *, by: str) -> None:
    """Draw and publish it."""
    with reading() as session:
        form = build(session, manifests.by_id(session, manifest_id=manifest_id))
    pdf = press.handover_record(form)
    publish_declared(artefact_id, pdf.content, pdf.pages, by=by)


def build(session: Session, manifest: Manifest) -> HandoverRecord:
    """What both sides keep."""
    outside = campaigns.by_id(session, campaign_id=manifest.campaign_id).outside
    record = handover.of_manifest(session, manifest_id=manifest.key)
    if record is None:
        raise ValueError("a manifest that was not handed over has no record")
    return HandoverRecord(
        number=manifest.number,
        courier_name=courier(manifest.courier).name,
        sender=Sender(outside["name"], outside["phone"], outside["address"]),
        content=outside["content"],
        sealed_at=_written(manifest.sealed_at) if manifest.sealed_at else "",
        handed_over_at=_written(record.at),
        signed_name=record.signed_name or "",
        signature=record.signature or "",
        checksum=manifest.content_checksum or "",
        rows=tuple(_row(one) for one in manifests.lines(session, manifest_id=manifest.key)),
    )


def _row(one: Listed) -> HandoverRow:
    reason = one.line.left_reason
    return HandoverRow(
        position=one.line.position,
        reference=one.parcel.reference,
        waybill_number=one.parcel.waybill_number or "",
        weight_g=one.parcel.weight_g,
        left=LEFT[reason] if reason else "",
        stayed=one.line.state is ManifestLineState.left,
    )


def _written(at: datetime) -> str:
    there = local(at)
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"
