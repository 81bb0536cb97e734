"""The papers of a manifest, built from rows: the form the press draws, and the spreadsheet beside it."""

import hashlib
import json
from collections.abc import Sequence

from sqlmodel import Session

from models import Campaign, Manifest, ManifestState, Parcel, Snapshot
from qianli.couriers.registry import courier
from qianli.documents.forms import ManifestKind, ManifestMark, ManifestPaper, ManifestRow, Sender
from qianli.ledger.out import Value, write_xlsx
from qianli.ledger.phones import display
from qianli.stages import manifest_links
from qianli.stages.unit import day_of
from qianli.store import campaigns, manifests
from qianli.store.manifests import Listed

HAND_OVER = ("序号", "包裹编号", "运单号", "收件人", "电话", "地址", "重量(克)", "内件", "备注")
BULK_POST = (
    "序号", "包裹编号", "邮件号码", "寄达局", "收件人", "件数", "重量(克)", "资费(元)", "备注", "电话", "地址", "内件",
)  # fmt: skip
MARKS = {ManifestState.draft: ManifestMark.draft, ManifestState.void: ManifestMark.void}


def build(session: Session, *, manifest_id: int) -> ManifestPaper:
    """What the courier takes over and signs for; it carries the neutral sender and content of the outside."""
    manifest = manifests.by_id(session, manifest_id=manifest_id)
    outside = _campaign(session, manifest).outside
    return ManifestPaper(
        number=manifest.number,
        courier_name=courier(manifest.courier).name,
        sender=Sender(outside["name"], outside["phone"], outside["address"]),
        content=outside["content"],
        rows=tuple(
            row(one.line.position, one.parcel, one.consignee) for one in manifests.on_paper(session, manifest=manifest)
        ),
        mark=MARKS.get(manifest.state) if manifest.sealed_at is None else None,
        made_on=day_of(manifest.sealed_at) if manifest.sealed_at else None,
        kind=kind_of(manifest.courier),
        link=None if manifest.state in MARKS else manifest_links.address(session, manifest_id=manifest_id),
    )


def parcel_ids(session: Session, *, manifest_id: int) -> list[int]:
    """Whose the rows of the paper are, in their order."""
    manifest = manifests.by_id(session, manifest_id=manifest_id)
    return [one.parcel.key for one in manifests.on_paper(session, manifest=manifest)]


def spreadsheet(session: Session, *, manifest_id: int) -> bytes:
    """The same lines as a spreadsheet for the courier's system; references and numbers stay text."""
    manifest = manifests.by_id(session, manifest_id=manifest_id)
    content = _campaign(session, manifest).outside["content"]
    listed = manifests.on_paper(session, manifest=manifest)
    if kind_of(manifest.courier) is ManifestKind.bulk_post:
        return write_xlsx([("交寄清单", BULK_POST, [_bulk_post(one, content) for one in listed])])
    return write_xlsx([("交接单", HAND_OVER, [_hand_over(one, content) for one in listed])])


def _hand_over(one: Listed, content: str) -> tuple[Value, ...]:
    return (
        one.line.position, one.parcel.reference, one.parcel.waybill_number or "", one.consignee.name,
        display(one.consignee.phone or ""), address(one.consignee), one.parcel.weight_g, content, "",
    )  # fmt: skip


def _bulk_post(one: Listed, content: str) -> tuple[Value, ...]:
    """The columns of the paper in their order; then what the post's system asks for and the counter need not read."""
    return (
        one.line.position, one.parcel.reference, one.parcel.waybill_number or "", office(one.consignee),
        one.consignee.name, 1, one.parcel.weight_g, one.parcel.postage_fen / 100, "",
        display(one.consignee.phone or ""), address(one.consignee), content,
    )  # fmt: skip


def kind_of(courier_code: str) -> ManifestKind:
    """Which list a courier takes parcels by."""
    return ManifestKind.bulk_post if courier(courier_code).posts_in_bulk else ManifestKind.hand_over


def is_as_sealed(session: Session, manifest: Manifest) -> bool:
    """Whether the rows still say what this manifest was sealed over."""
    listed = manifests.on_paper(session, manifest=manifest)
    return content_checksum(manifest.number, manifest.courier, listed) == manifest.content_checksum


def content_checksum(number: str, courier_code: str, lines: Sequence[Listed]) -> str:
    """What a sealed manifest stands for. Without waybill numbers: post offices give them at the counter, later."""
    rows = [
        [one.line.position, one.parcel.reference, one.parcel.weight_g, one.parcel.consignee_snapshot_id]
        for one in lines
    ]
    return hashlib.sha256(json.dumps([number, courier_code, rows]).encode()).hexdigest()


def address(snapshot: Snapshot) -> str:
    """The whole address in one line; a municipality is not said twice."""
    return f"{office(snapshot)}{snapshot.detail}"


def office(snapshot: Snapshot) -> str:
    """The place whose post office delivers, down to the county; empty where the address names no division."""
    return "".join(dict.fromkeys(part for part in (snapshot.province, snapshot.city, snapshot.district) if part))


def row(position: int, parcel: Parcel, consignee: Snapshot) -> ManifestRow:
    """What the paper says of one parcel."""
    return ManifestRow(
        position=position,
        reference=parcel.reference,
        waybill_number=parcel.waybill_number,
        name=consignee.name,
        address=address(consignee),
        weight_g=parcel.weight_g,
        office=office(consignee),
        postage_fen=parcel.postage_fen,
    )


def _campaign(session: Session, manifest: Manifest) -> Campaign:
    return campaigns.by_id(session, campaign_id=manifest.campaign_id)
