"""Cancelling what has not been handed over: one consignment, or the rest of a campaign."""

from dataclasses import dataclass

from sqlmodel import Session

from models import CampaignState, Consignment, ConsignmentState
from qianli.campaigns.references import consignment_number
from qianli.errors import RuleBroken
from qianli.stages.typed import consignment as typed_consignment
from qianli.stages.unit import now, writing
from qianli.stages.voiding import Voided, void_parcels
from qianli.store import campaigns, consignments, handover, holds, parcels, replacements, stock, transitions, voiding
from qianli.store.batches import batched

C = ConsignmentState
WHY_CAMPAIGN = "活动取消"


@dataclass(frozen=True)
class ConsignmentCancelled:
    """What fell with one consignment; `others` shared a parcel with it and are planned again by `fulfil`."""

    number: str
    already: bool
    parcels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    waybills: tuple[str, ...] = ()


@dataclass(frozen=True)
class CampaignCancelled:
    """What fell with a campaign, and in words what runs on."""

    code: str
    state: str
    cancelled: int
    parcels: tuple[str, ...]
    manifests: tuple[str, ...]
    waybills: tuple[str, ...]
    sentence: str


def cancel_consignment(number: str, *, by: str) -> ConsignmentCancelled:
    """Cancel one consignment that no courier has. Its parcel is void; whoever shared it goes into a new one."""
    with writing(by) as session:
        shown, consignment = typed_consignment(session, number)
        campaign = campaigns.lock(session, campaign_id=consignment.campaign_id)
        if consignment.state is C.cancelled:
            return ConsignmentCancelled(shown, already=True)
        _may_cancel(session, shown, consignment)
        ids = voiding.parcels_not_handed_over(session, consignment_id=consignment.key)
        fell = void_parcels(session, parcel_ids=ids, why=f"取消寄送 {shown}")
        _cancel(session, [consignment.key], why="取消寄送")
        replacements.withdraw_of_consignment(session, consignment_id=consignment.key, at=now())
        others = consignments.prepared(session, ids=[id_ for id_ in fell.consignment_ids if id_ != consignment.key])
        numbers = sorted(one.consignment.number for one in others.values())
        return ConsignmentCancelled(
            number=shown,
            already=False,
            parcels=fell.parcels,
            others=tuple(consignment_number(campaign.code, one) for one in numbers),
            manifests=fell.manifests,
            waybills=fell.waybills,
        )


def _may_cancel(session: Session, shown: str, consignment: Consignment) -> None:
    if with_courier := voiding.handed_over_references(session, consignment_id=consignment.key):
        raise RuleBroken(
            f"{shown} 的包裹 {'、'.join(with_courier)} 已经交给快递公司，不能取消；退回后请用“parcel take-back”。",
            number=shown,
        )
    if consignment.state not in voiding.CANCELLABLE:
        raise RuleBroken(f"{shown} 已经有了结果，不能取消。", number=shown)


def _cancel(session: Session, ids: list[int], *, why: str) -> int:
    """Cancel these consignments: holds cleared, stock released. How many were cancelled."""
    done = [one for some in batched(ids) for one in transitions.consignments(session, some, C.cancelled, why=why)]
    holds.clear_of(session, consignment_ids=done, at=now())
    stock.release(session, consignment_ids=done, reason=why)
    return len(done)


def cancel_campaign(code: str, *, by: str) -> CampaignCancelled:
    """Cancel everything of a campaign that no courier has. What was handed over runs on to a normal close."""
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        if campaign.state is CampaignState.closed:
            raise RuleBroken(f"活动 {code} 已经结束，不能取消。", code=code)
        runs_on = handover.any_in_campaign(session, campaign_id=campaign.key)
        fell, cancelled = _cancel_rest(session, campaign.key)
        if not runs_on and campaign.state is not CampaignState.cancelled:
            transitions.campaign(session, campaign.key, CampaignState.cancelled, why=WHY_CAMPAIGN)
        state = campaigns.by_id(session, campaign_id=campaign.key).state
    return CampaignCancelled(
        code=code,
        state=state,
        cancelled=cancelled,
        parcels=fell.parcels,
        manifests=fell.manifests,
        waybills=fell.waybills,
        sentence=_sentence(code, fell, cancelled, runs_on=runs_on),
    )


def _cancel_rest(session: Session, campaign_id: int) -> tuple[Voided, int]:
    mine = parcels.of_campaign(session, campaign_id=campaign_id, stages=voiding.BEFORE_HANDOVER)
    fell = void_parcels(session, parcel_ids=[one.key for one in mine], why=WHY_CAMPAIGN)
    cancelled = _cancel(session, voiding.to_cancel_with_campaign(session, campaign_id=campaign_id), why=WHY_CAMPAIGN)
    replacements.withdraw_of_campaign(session, campaign_id=campaign_id, at=now())
    return fell, cancelled


def _sentence(code: str, fell: Voided, cancelled: int, *, runs_on: bool) -> str:
    said = f"取消寄送 {cancelled} 份，作废包裹 {len(fell.parcels)} 件。"
    if fell.waybills:
        said += f"请通知快递公司作废运单：{'、'.join(fell.waybills)}。"
    if runs_on:
        return f"{said}活动 {code} 已经交给快递公司的包裹照常跟踪，收完回执后用“campaign close”结束。"
    return f"活动 {code} 已取消。{said}"
