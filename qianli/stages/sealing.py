"""Sealing: what is packed at the cut-off goes on one manifest a courier and account, which never changes afterwards.

The rows and the names of the files come to be in one transaction. The files follow outside of it; whatever a kill
left unpublished is published by the next `seal`, or by `publish_manifest` from reconcile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from models import ArtefactKind, Campaign, Manifest, ManifestLineState, ManifestState, Parcel
from qianli.couriers.registry import courier
from qianli.documents import press
from qianli.errors import RuleBroken
from qianli.settings import settings
from qianli.stages import handover_record, manifest_links, manifest_paper
from qianli.stages.artefacts import declare, publish_declared, shown
from qianli.stages.manifest_shares import shares
from qianli.stages.unit import now, reading, writing
from qianli.stages.voiding import void_manifest
from qianli.store import campaigns, manifests, transitions

M, L = ManifestState, ManifestLineState
Contract = tuple[str, str]  # courier, and our account with it


@dataclass(frozen=True)
class SealedManifest:
    """A sealed manifest that waits for its courier; `new` if this call sealed it."""

    number: str
    courier: str
    courier_name: str
    account: str
    parcels: int
    weight_g: int
    files: tuple[str, ...]
    new: bool


def seal(campaign_code: str, *, by: str) -> list[SealedManifest]:
    """Seal exactly the packed parcels, a manifest for each courier and account, or several; and publish their papers.

    The answer is every sealed manifest of the campaign that waits for hand-over. Without anything newly packed
    nothing changes, save that papers cut off earlier are made.
    """
    with writing(by) as session:
        campaign = campaigns.by_code(session, code=campaign_code)
        campaign = campaigns.lock(session, campaign_id=campaign.key)
        new = _seal_packed(session, campaign)
        if not new and not manifests.of_campaign(session, campaign_id=campaign.key, states=[M.sealed, M.handed_over]):
            raise RuleBroken(f"活动 {campaign_code} 还没有装好箱的包裹，请先运行“parcel pack”。")
        campaign_id = campaign.key
    for manifest_id in unpublished(campaign_id):
        publish_manifest(manifest_id, by=by)
    with reading() as session:
        waiting = manifests.of_campaign(session, campaign_id=campaign_id, states=[M.sealed])
        return [_summary(session, campaign_code, one, new=one.key in new) for one in waiting]


def _seal_packed(session: Session, campaign: Campaign) -> set[int]:
    packed = manifests.packed_and_unsealed(session, campaign_id=campaign.key)
    in_order = sorted(packed, key=lambda one: (*_contract(one), one.sequence))
    return {
        _seal_courier(session, campaign, contract, share)
        for contract, some in groupby(in_order, key=_contract)
        for share in shares(session, list(some))
    }


def _contract(one: Parcel | Manifest) -> Contract:
    return one.courier, one.account


def _seal_courier(session: Session, campaign: Campaign, contract: Contract, packed: Sequence[Parcel]) -> int:
    """Bring the draft of a courier and account to exactly these parcels and seal it."""
    manifest = _take_draft(session, campaign, contract, packed)
    lines = manifests.lines(session, manifest_id=manifest.key, states=[L.open])
    wanted = {one.key for one in packed}
    gone = [one.line.key for one in lines if one.parcel.key not in wanted]
    transitions.manifest_lines(session, gone, L.voided)
    listed = {one.parcel.key for one in lines}
    added = [one.key for one in packed if one.key not in listed]
    manifests.add_lines(session, manifest_id=manifest.key, parcel_ids=added)
    manifests.put_in_order(session, manifest_id=manifest.key)
    sealed = manifests.lines(session, manifest_id=manifest.key, states=[L.open])
    transitions.manifest(session, manifest.key, M.sealed, why=f"共 {len(sealed)} 件")
    checksum = manifest_paper.content_checksum(manifest.number, manifest.courier, sealed)
    manifests.record_seal(session, manifest=manifest, checksum=checksum, at=now())
    manifest_links.give(session, manifest_id=manifest.key)
    for path in paths(campaign.code, manifest.number):
        declare(session, kind=ArtefactKind.manifest, path=path, campaign_id=campaign.key)
    return manifest.key


def _take_draft(session: Session, campaign: Campaign, contract: Contract, packed: Sequence[Parcel]) -> Manifest:
    """The oldest draft that lists one of the parcels, or a new one.

    Later drafts that list others of them are void: a parcel has one live line, and what is left of such a draft
    goes on the next manifest. A draft none of whose parcels is packed waits for its own cut-off.
    """
    listing = manifests.open_lines_by_manifest(session, parcel_ids=[one.key for one in packed])
    drafts = [manifests.by_id(session, manifest_id=id_) for id_ in sorted(listing)]
    for other in drafts[1:]:
        void_manifest(session, other, why="并入同一快递公司的交接单")
    if drafts:
        return drafts[0]
    code, account = contract
    return manifests.add_draft(
        session, campaign_id=campaign.key, courier=code, account=account, parcel_ids=[], at=now()
    )


def paths(campaign_code: str, number: str) -> tuple[str, str]:
    """Where the PDF and the spreadsheet of a sealed manifest are kept."""
    return f"{campaign_code}/manifest-{number}.pdf", f"{campaign_code}/manifest-{number}.xlsx"


def record_path(campaign_code: str, number: str) -> str:
    """Where the record of a hand-over that was signed on our page is kept."""
    return f"{campaign_code}/handover-{number}.pdf"


def _all_paths(campaign_code: str, number: str) -> tuple[str, ...]:
    return *paths(campaign_code, number), record_path(campaign_code, number)


def unpublished(campaign_id: int) -> list[int]:
    """Manifests of a campaign with a paper that is not published yet: every one that was sealed, void ones too.

    A version that was unsealed before its papers came is kept like any other, as long as its rows say what it was
    sealed over; those sealed before lines that fell off a draft lost their place may not.
    """
    with reading() as session:
        campaign = campaigns.by_id(session, campaign_id=campaign_id)
        sealed = [one for one in manifests.of_campaign(session, campaign_id=campaign_id) if one.sealed_at]
        wanted = {path: one for one in sealed for path in _all_paths(campaign.code, one.number)}
        missing = {wanted[path].key: wanted[path] for path in manifests.unpublished(session, paths=wanted)}
        return sorted(
            id_ for id_, one in missing.items() if one.state is not M.void or manifest_paper.is_as_sealed(session, one)
        )


def campaigns_with_unpublished() -> list[int]:
    """Campaigns where a kill came between sealing and the papers; `unpublished` and `publish_manifest` mend them."""
    with reading() as session:
        declared = manifests.campaigns_with_unpublished(session)
    return [campaign_id for campaign_id in declared if unpublished(campaign_id)]


def publish_manifest(manifest_id: int, *, by: str) -> None:
    """Make and publish the papers of a sealed manifest that are not published yet; made again, they are the same."""
    with reading() as session:
        manifest = manifests.by_id(session, manifest_id=manifest_id)
        campaign = campaigns.by_id(session, campaign_id=manifest.campaign_id)
        pdf_path, xlsx_path = paths(campaign.code, manifest.number)
        seed = campaign.seed
        record = record_path(campaign.code, manifest.number)
        missing = manifests.unpublished(session, paths=(pdf_path, xlsx_path, record))
        form = manifest_paper.build(session, manifest_id=manifest_id)
        sheet = manifest_paper.spreadsheet(session, manifest_id=manifest_id)
    if pdf_path in missing:
        pdf = press.manifest(form, press.Pressing(settings().press, seed))
        publish_declared(missing[pdf_path], pdf.content, pdf.pages, by=by)
    if xlsx_path in missing:
        publish_declared(missing[xlsx_path], sheet, None, by=by)
    if record in missing:
        handover_record.publish(missing[record], manifest_id, by=by)


def _summary(session: Session, campaign_code: str, manifest: Manifest, *, new: bool) -> SealedManifest:
    lines = manifests.lines(session, manifest_id=manifest.key)
    return SealedManifest(
        number=manifest.number,
        courier=manifest.courier,
        courier_name=courier(manifest.courier).name,
        account=manifest.account,
        parcels=len(lines),
        weight_g=sum(one.parcel.weight_g for one in lines),
        files=tuple(shown(path) for path in paths(campaign_code, manifest.number)),
        new=new,
    )
