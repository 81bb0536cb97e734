"""The form of each kind of print run, built from rows in a reading session; drawing comes after it is closed."""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from models import ArtefactKind, Campaign, PrintRun, Sheet
from qianli.campaigns.references import consignment_number
from qianli.couriers.registry import courier
from qianli.documents import gates, press
from qianli.documents.forms import PackingSlip, PickList, PickParcel, SlipMember
from qianli.documents.forms.common import ItemLine
from qianli.errors import DocumentError
from qianli.settings import settings
from qianli.stages import imprints, manifest_paper, own_papers
from qianli.stages.label_forms import address_label
from qianli.stages.letter_forms import LetterMaker
from qianli.stages.parcel_views import ParcelView, Share, view
from qianli.stages.unit import day_of
from qianli.store import artefacts, print_runs

Draw = Callable[[], press.Pdf]


def drawing(session: Session, campaign: Campaign, run: PrintRun, sheets: list[Sheet]) -> Draw:
    """Everything a run needs, read now; calling the answer draws it, without the database."""
    if run.kind is ArtefactKind.manifest and run.manifest_id is not None:
        return _manifest(session, campaign, run.manifest_id, sheets)
    views = view(session, campaign, parcel_ids=[sheet.parcel_id for sheet in sheets])
    ordered = [views[sheet.parcel_id] for sheet in sheets]
    if run.kind in OWN:
        return OWN[run.kind](session, campaign, shares_of(sheets, views))
    if run.kind is ArtefactKind.packing_slip:
        slips = [packing_slip(campaign, one) for one in ordered]
        return lambda: press.packing_slips(slips, _pressing(campaign))
    if run.kind is ArtefactKind.label:
        labels, layout = [address_label(campaign, one) for one in ordered], campaign.label_layout.value
        return lambda: press.labels(labels, layout, _pressing(campaign), from_label=run.from_label or 1)
    picks = _pick_list(session, campaign, run, ordered)
    return lambda: press.pick_list(picks, _pressing(campaign))


def _manifest(session: Session, campaign: Campaign, manifest_id: int, sheets: Sequence[Sheet]) -> Draw:
    """A draft's paper; of rows that cannot be printed it is told which sheets of the run they are."""
    form = manifest_paper.build(session, manifest_id=manifest_id)
    places = {sheet.parcel_id: place for place, sheet in enumerate(sheets)}
    rows = [places.get(id_, len(sheets)) for id_ in manifest_paper.parcel_ids(session, manifest_id=manifest_id)]

    def draw() -> press.Pdf:
        try:
            return press.manifest(form, _pressing(campaign))
        except DocumentError as error:
            raise gates.among(error, rows) from error

    return draw


def _letters(session: Session, campaign: Campaign, shares: Sequence[Share]) -> Draw:
    maker = LetterMaker.of(session, campaign)
    forms = [maker.letter(one.consignment, one.snapshot, one.items) for one in shares]
    design, pressing = maker.text.design, press.Pressing(settings().press, campaign.seed, duplex=settings().duplex)
    pictures = imprints.approved(session, campaign)
    return lambda: press.letters(forms, design, pressing, pictures)


#: What is each member's own, by kind.
OWN: dict[ArtefactKind, Callable[[Session, Campaign, Sequence[Share]], Draw]] = {
    ArtefactKind.letter: _letters,
    ArtefactKind.contact_card: own_papers.contact_cards,
    ArtefactKind.reader: own_papers.readers,
}


def shares_of(sheets: list[Sheet], views: dict[int, ParcelView]) -> list[Share]:
    """Whose each sheet is that is a member's own."""
    shares = {(id_, share.consignment.key): share for id_, one in views.items() for share in one.shares}
    return [shares[sheet.parcel_id, sheet.consignment_id or 0] for sheet in sheets]


def _pressing(campaign: Campaign) -> press.Pressing:
    return press.Pressing(settings().press, campaign.seed)


def packing_slip(campaign: Campaign, one: ParcelView) -> PackingSlip:
    """What lies in a parcel, for whom."""
    return PackingSlip(
        reference=one.parcel.reference,
        sequence=one.parcel.sequence,
        campaign_name=campaign.name,
        sender=campaign.sender["name"],
        phone=campaign.sender["phone"],
        members=tuple(
            SlipMember(share.snapshot.name, consignment_number(campaign.code, share.consignment.number), share.items)
            for share in one.shares
        ),
        replacement=one.replacement,
    )


def _pick_list(session: Session, campaign: Campaign, run: PrintRun, ordered: list[ParcelView]) -> PickList:
    declared = artefacts.by_id(session, artefact_id=run.artefact_id).created_at
    return PickList(
        campaign_code=campaign.code,
        campaign_name=campaign.name,
        round=print_runs.round_of(session, run=run),
        made_on=day_of(declared),
        parcels=tuple(_pick_parcel(one) for one in ordered),
    )


def _pick_parcel(one: ParcelView) -> PickParcel:
    sums: dict[str, int] = {}
    for share in one.shares:
        for item in share.items:
            sums[item.name] = sums.get(item.name, 0) + item.quantity
    return PickParcel(
        sequence=one.parcel.sequence,
        reference=one.parcel.reference,
        courier_name=courier(one.parcel.courier).name,
        consignee=one.consignee.name,
        members=len(one.shares),
        items=tuple(ItemLine(name, quantity) for name, quantity in sums.items()),
    )
