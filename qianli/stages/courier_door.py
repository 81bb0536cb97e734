"""What a courier sees and does behind the link of a manifest: that manifest and nothing else."""

import base64
import binascii
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import Campaign, LeftReason, Manifest, ManifestLineState, ManifestState
from qianli.couriers.left_reasons import LEFT
from qianli.couriers.registry import courier, label_mode
from qianli.documents import imprints
from qianli.documents.forms import HandoverRow
from qianli.documents.glyphs import faces_of
from qianli.errors import BadInput, DocumentError, NotFound, StorageUnavailable
from qianli.folding import whole_number
from qianli.stages import manifest_links, manifests, sealing
from qianli.stages.artefacts import fetch
from qianli.stages.courier_files import FileResult
from qianli.stages.label_forms import told
from qianli.stages.manifests import Signed
from qianli.stages.typed import reference
from qianli.stages.unit import reading
from qianli.stages.waybills import import_waybills
from qianli.store import campaigns, handover
from qianli.store import manifests as rows
from qianli.store.manifests import Listed

ACTOR = "courier"
LONGEST_NAME = 20
MOST_PARCELS = 999_999  # no van holds a million
MOST_SIGNATURE = 300_000  # characters of a data URL
PNG_URL = "data:image/png;base64,"
PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPERS = {"manifest.pdf": PDF, "manifest.xlsx": XLSX, "record.pdf": PDF}


@dataclass(frozen=True)
class DoorRow:
    """One parcel as its label tells; `left` is why it stayed, or empty."""

    position: int
    reference: str
    waybill_number: str
    name: str
    address: str
    weight_g: int
    stayed: bool
    left: str


@dataclass(frozen=True)
class Done:
    """How the hand-over ended; `record` if there is a signed record to fetch."""

    counted: int
    left_behind: int
    at: datetime
    record: bool


@dataclass(frozen=True)
class Door:
    """All that a link shows."""

    number: str
    courier_name: str
    sender: str
    phone: str
    content: str
    rows: list[DoorRow]
    done: Done | None

    @property
    def weight_g(self) -> int:
        """Of all parcels."""
        return sum(row.weight_g for row in self.rows)


def find(token: str, *, address: str) -> Door:
    """The manifest behind a link; reading it changes nothing. NotFound and TooManyTries as `manifest_links.behind`."""
    number = manifest_links.behind(token, address=address)
    with reading() as session:
        manifest = rows.by_number(session, number=number)
        campaign = campaigns.by_id(session, campaign_id=manifest.campaign_id)
        return Door(
            number=manifest.number,
            courier_name=courier(manifest.courier).name,
            sender=campaign.outside["name"],
            phone=campaign.outside["phone"],
            content=campaign.outside["content"],
            rows=[_row(campaign, one) for one in rows.lines(session, manifest_id=manifest.key)],
            done=_done(session, manifest),
        )


def _row(campaign: Campaign, one: Listed) -> DoorRow:
    says = told(one.consignee, label_mode(campaign.couriers, one.parcel.courier))
    reason = one.line.left_reason
    return DoorRow(
        position=one.line.position,
        reference=one.parcel.reference,
        waybill_number=one.parcel.waybill_number or "",
        name=says["name"],
        address=says["region"] + says["detail"],
        weight_g=one.parcel.weight_g,
        stayed=one.line.state is ManifestLineState.left,
        left=LEFT[reason] if reason else "",
    )


def _done(session: Session, manifest: Manifest) -> Done | None:
    if manifest.state is not ManifestState.handed_over:
        return None
    found = handover.of_manifest(session, manifest_id=manifest.key)
    if found is None:
        return None
    code = campaigns.by_id(session, campaign_id=manifest.campaign_id).code
    signed = handover.signed(session, manifest_ids=[manifest.key])
    waits = rows.unpublished(session, paths=[sealing.record_path(code, manifest.number)])
    return Done(found.counted, found.left_behind, found.at, record=bool(signed) and not waits)


def sign(token: str, *, address: str, count: str, left: Mapping[str, str], name: str, signature: str) -> None:
    """The courier counted, gives a reason for each parcel that stays, and signs; twice is the same as once."""
    number = manifest_links.behind(token, address=address)
    reasons = {reference(one): _reason(why) for one, why in left.items() if why}
    counted, signed = _count(count), _signed(name, signature)
    manifests.hand_over(number, count=counted, left=list(reasons), reasons=reasons, signed=signed, by=ACTOR)
    _publish(number)


def _publish(number: str) -> None:
    """Draw the record. Signed is signed: what a kill or a full disk leaves undone, `reconcile` or `seal` does."""
    with reading() as session:
        manifest_id = rows.by_number(session, number=number).key
    with suppress(DocumentError, StorageUnavailable):
        sealing.publish_manifest(manifest_id, by=ACTOR)


def _reason(written: str) -> LeftReason:
    try:
        return LeftReason(written)
    except ValueError as error:
        raise BadInput("没有看明白留下的原因，请重新选。") from error


def _count(written: str) -> int:
    count = whole_number(written.strip(), MOST_PARCELS)
    if count is None:
        raise BadInput("请填写清点、拿走了几件，只写数字。")
    return count


def _signed(name: str, signature: str) -> Signed:
    """A name that can be printed, a picture drawn anew, or both."""
    plain = " ".join(name.split())
    if not plain and not signature:
        raise BadInput("请签字；手机签不了的，请填写姓名。")
    if len(plain) > LONGEST_NAME:
        raise BadInput(f"姓名太长，最多 {LONGEST_NAME} 个字。")
    try:
        faces_of([HandoverRow(1, plain, "", 0)])
    except DocumentError as error:
        raise BadInput("姓名里有打印不出来的字符，请改写。") from error
    return Signed(plain, _png(signature) if signature else b"")


def _png(signature: str) -> bytes:
    if len(signature) > MOST_SIGNATURE or not signature.startswith(PNG_URL):
        raise BadInput("签字的图片不对，请清除后重签，或填写姓名。")
    try:
        raw = base64.b64decode(signature.removeprefix(PNG_URL), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput("签字的图片不完整，请清除后重签，或填写姓名。") from error
    return imprints.cleaned(raw, "signature")


def paper(token: str, name: str, *, address: str) -> tuple[str, bytes]:
    """A file of the manifest, and what to call it."""
    number = manifest_links.behind(token, address=address)
    if name not in PAPERS:
        raise NotFound("没有这份文件。")
    with reading() as session:
        manifest = rows.by_number(session, number=number)
        code = campaigns.by_id(session, campaign_id=manifest.campaign_id).code
    pdf, xlsx = sealing.paths(code, number)
    path = {"manifest.pdf": pdf, "manifest.xlsx": xlsx, "record.pdf": sealing.record_path(code, number)}[name]
    try:
        return path.rpartition("/")[2], fetch(path)
    except FileNotFoundError as error:
        raise NotFound("这份文件还没有生成，请过一会儿再试。") from error


def take_waybills(token: str, content: bytes, *, filename: str, address: str) -> FileResult:
    """The courier's numbers for this manifest's parcels; rows about any other parcel are refused."""
    number = manifest_links.behind(token, address=address)
    with reading() as session:
        manifest = rows.by_number(session, number=number)
        ours = {one.parcel.reference for one in rows.lines(session, manifest_id=manifest.key)}
    return import_waybills(content, filename=filename, by=ACTOR, only=ours)
