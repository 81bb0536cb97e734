"""The prepared step of a case on paper: a sheet to call by, an application to the courier."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from models import ArtefactKind, Campaign, Case, CaseReason, Residence, Snapshot, TrackingEvent
from qianli.campaigns.case_papers import ASK_THE_BRANCH, CLAIMS, CONFIRM, QUESTIONS, papers_of
from qianli.campaigns.paper_steps import of_case
from qianli.campaigns.references import consignment_number
from qianli.couriers.moments import ZONE
from qianli.couriers.registry import courier
from qianli.documents import press
from qianli.documents.forms import CallRow, CallSheet, CourierClaim, SaidRow
from qianli.errors import NotFound, RuleBroken
from qianli.folding import HIGHEST_ID
from qianli.ledger import phones
from qianli.stages.artefacts import publish_artefact, shown
from qianli.stages.label_forms import outside_sender
from qianli.stages.parcel_views import ParcelView, Share, view
from qianli.stages.unit import day_of, reading, today
from qianli.store import (
    campaigns,
    consignments,
    kits,
    members,
    organisations,
    parcels,
    replacements,
    residences,
    tracking,
)
from qianli.store import cases as store

MOST_SAID = 12
#: Name of a paper → what it is, and how its file is called.
KINDS = {"call_sheet": (ArtefactKind.call_sheet, "call"), "claim": (ArtefactKind.courier_claim, "claim")}


@dataclass(frozen=True)
class Prepared:
    """What was drawn for a case, and where it is; with it the next step."""

    id: int
    next_step: str
    paths: list[str]


@dataclass(frozen=True)
class _About:
    """A case with all that its papers need."""

    case: Case
    campaign: Campaign
    parcel: ParcelView
    shares: Sequence[Share]
    organisations: dict[int, str]
    said: tuple[SaidRow, ...]
    value_fen: int
    moved_to: str


def prepare(case_id: int, *, titles: Mapping[CaseReason, str], by: str) -> Prepared:
    """Draw the papers of an open case; again, with what is known by then. `titles` name reasons on paper."""
    forms = _forms(case_id, titles)
    paths = [shown(_publish(forms, name, press_one(), by=by)) for name, press_one in forms.papers.items()]
    return Prepared(case_id, forms.next_step, paths)


def one(case_id: int, name: str, *, titles: Mapping[CaseReason, str], by: str) -> tuple[str, bytes]:
    """One of its papers, drawn now: file name and bytes. NotFound if a case like this has none of the name."""
    forms = _forms(case_id, titles)
    if name not in forms.papers:
        raise NotFound("这件问题没有这种单子。", case_id=case_id)
    pdf = forms.papers[name]()
    return _publish(forms, name, pdf, by=by).replace("/", "-"), pdf.content


@dataclass(frozen=True)
class _Forms:
    """The papers of a case by name, not drawn yet."""

    case_id: int
    code: str
    campaign_id: int
    next_step: str
    papers: dict[str, Callable[[], press.Pdf]]


def _forms(case_id: int, titles: Mapping[CaseReason, str]) -> _Forms:
    papers: dict[str, Callable[[], press.Pdf]] = {}
    with reading() as session:
        case = _open_case(session, case_id)
        about = _about(session, case)
        for name in papers_of(case.reason):
            if name == "claim":
                papers[name] = partial(press.courier_claim, _claim(about))
            else:
                papers[name] = partial(press.call_sheet, _call_sheet(about, titles[case.reason]))
        return _Forms(case_id, about.campaign.code, about.campaign.key, case.next_step, papers)


def _publish(forms: _Forms, name: str, pdf: press.Pdf, *, by: str) -> str:
    """Put it where a campaign's files are; the answer is its path there."""
    kind, ending = KINDS[name]
    path = f"{forms.code}/case-{forms.case_id}-{ending}.pdf"
    publish_artefact(kind=kind, path=path, content=pdf.content, pages=pdf.pages, campaign_id=forms.campaign_id, by=by)
    return path


def _open_case(session: Session, case_id: int) -> Case:
    case = store.by_id(session, case_id=case_id) if 0 < case_id <= HIGHEST_ID else None
    if case is None:
        raise NotFound(f"没有编号为 {case_id} 的问题，可用“case list”查看。", case_id=case_id)
    if case.resolved_at is not None:
        raise RuleBroken(f"编号为 {case_id} 的问题已经办结，不用再备单子。", case_id=case_id)
    if case.movement_id is not None:
        raise RuleBroken(
            f"流动报告的问题不用单子，请对照两份报告：qianli movement show {case.movement_id}", case_id=case_id
        )
    return case


def _about(session: Session, case: Case) -> _About:
    campaign = campaigns.by_id(session, campaign_id=case.campaign_id or 0)
    if campaign.purged_at is not None:
        raise RuleBroken("这个活动的个人信息已经清除，备不了单子。", case_id=case.key)
    parcel_id = case.parcel_id or _parcel_of(session, case)
    parcel = view(session, campaign, parcel_ids=[parcel_id])[parcel_id]
    shares = _shares(session, case, parcel)
    who = members.by_ids(session, ids=[one.consignment.member_id for one in shares if one.consignment.member_id])
    names = organisations.names(session)
    return _About(
        case=case,
        campaign=campaign,
        parcel=parcel,
        shares=shares,
        organisations={id_: names.get(one.organisation_id, "") for id_, one in who.items()},
        said=_said(tracking.events_of(session, parcel_ids=[parcel_id]).get(parcel_id, [])),
        value_fen=_value_fen(session, campaign, parcel_id),
        moved_to=_moved_to(session, parcel) if case.reason is CaseReason.moved_on_the_way else "",
    )


def _moved_to(session: Session, parcel: ParcelView) -> str:
    """Where the consignee lives today; empty if nobody told."""
    member_id = parcel.consignee.member_id
    found = residences.in_force(session, member_ids=[member_id], on=today()) if member_id is not None else {}
    return "".join(_address(home) for home in found.values())


def _shares(session: Session, case: Case, parcel: ParcelView) -> list[Share]:
    """Whose case it is: everybody's in the parcel, or one member's, even if nothing of theirs is live any more."""
    if case.consignment_id is None:
        return list(parcel.shares)
    one = consignments.prepared(session, ids=[case.consignment_id])[case.consignment_id]
    return [Share(one.consignment, one.snapshot, ())]


def _parcel_of(session: Session, case: Case) -> int:
    """The newest parcel with something of the consignment that left the house."""
    sent = replacements.lines_of_consignment(session, consignment_id=case.consignment_id or 0)
    out = [one for one in sent if one.parcel.handed_over_at is not None]
    live = [one for one in out if one.line.voided_at is None]
    if not out:
        raise RuleBroken("这份寄送的包裹没有交给快递公司，备不了单子。", case_id=case.key)
    return max(live or out, key=lambda one: one.line.key).parcel.key


def _said(events: Sequence[TrackingEvent]) -> tuple[SaidRow, ...]:
    """What the courier said last, oldest first, in its own words and time."""
    told = sorted(events, key=lambda event: (event.happened_at, event.id or 0))[-MOST_SAID:]
    rows = []
    for event in told:
        at = event.happened_at.astimezone(ZONE)
        words = "　".join(part for part in (event.code, event.place, event.text) if part)
        rows.append(SaidRow(f"{at.month}月{at.day}日 {at:%H:%M}", words))
    return tuple(rows)


def _value_fen(session: Session, campaign: Campaign, parcel_id: int) -> int:
    cost = {row.kit_item_id: row.unit_cost_fen for row in kits.rows(session, kit_id=campaign.kit_id)}
    lines = parcels.lines_of(session, parcel_ids=[parcel_id])
    return sum(line.quantity * cost[line.kit_item_id] for line in lines)


def _call_sheet(about: _About, reason_words: str) -> CallSheet:
    case, parcel = about.case, about.parcel.parcel
    return CallSheet(
        case_number=case.key,
        reason=reason_words,
        owner=case.owner,
        made_on=today(),
        opened_on=day_of(case.opened_at),
        sentence=case.sentence,
        next_step=of_case(about.campaign.channel, case.reason, case.next_step),
        courier_name=courier(parcel.courier).name,
        reference=parcel.reference,
        waybill_number=parcel.waybill_number or "",
        address=_address(about.parcel.consignee),
        people=tuple(_row(about, one) for one in about.shares),
        questions=QUESTIONS[case.reason],
        closing=CONFIRM,
        branch=ASK_THE_BRANCH,
        said=about.said,
    )


def _row(about: _About, share: Share) -> CallRow:
    return CallRow(
        number=consignment_number(about.campaign.code, share.consignment.number),
        name=share.snapshot.name,
        phone=phones.display(share.snapshot.phone) if share.snapshot.phone else "",
        organisation=about.organisations.get(share.consignment.member_id or 0, ""),
    )


def _address(to: Snapshot | Residence) -> str:
    region = dict.fromkeys(part for part in (to.province, to.city, to.district) if part)
    return f"{''.join(region)}{to.detail}"


def _claim(about: _About) -> CourierClaim:
    asked, parcel, to = CLAIMS[about.case.reason], about.parcel.parcel, about.parcel.consignee
    sender = outside_sender(about.campaign)
    return CourierClaim(
        title=asked.title,
        number=f"{parcel.reference}/{about.case.key}",
        made_on=today(),
        courier_name=courier(parcel.courier).name,
        sender=sender.name,
        sender_phone=sender.phone,
        sender_address=sender.address,
        waybill_number=parcel.waybill_number or "",
        reference=parcel.reference,
        handed_over_on=day_of(parcel.handed_over_at) if parcel.handed_over_at else None,
        consignee=to.name,
        consignee_phone=phones.display(to.phone) if to.phone else "",
        consignee_address=_address(to),
        moved_to=about.moved_to,
        content=str(about.campaign.outside["content"]),
        weight_g=parcel.weight_g,
        value_fen=about.value_fen,
        postage_fen=parcel.postage_fen,
        claimed_fen=about.value_fen + parcel.postage_fen if asked.whole else None,
        request=asked.request,
        enclosed=asked.enclosed,
        said=about.said,
    )
