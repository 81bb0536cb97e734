"""Approve: nothing is printed before it; it reserves stock."""

from dataclasses import dataclass

from sqlmodel import Session

from models import Approval, Campaign, CampaignState, ConsignmentState, Subject
from qianli.campaigns.definition import approval_checksum
from qianli.documents.templates import template_checksum
from qianli.documents.trial import try_design
from qianli.errors import RuleBroken
from qianli.kits.definition import yuan
from qianli.stages import imprints, third_parties
from qianli.stages.allocation import NOT_COUNTED, allocate_ready
from qianli.stages.loads import committed_fen, estimate, one_alone_fen
from qianli.stages.unit import now, reading, writing
from qianli.stages.users import same_person
from qianli.store import campaigns, consignments, journal, stock, transitions, users

APPROVABLE = {CampaignState.prepared, CampaignState.approved, CampaignState.under_way}
WAITING = (ConsignmentState.ready, ConsignmentState.held)
CHANGED = "您打开页面之后，份数或金额有了变化，还没有批准。请看清现在的数目，再点一次。"


@dataclass(frozen=True)
class Approved:
    """What was allowed, and what it reserved stock for."""

    code: str
    consignments: int
    amount_fen: int
    ready: int
    held: int
    by_interface: tuple[str, ...] = ()
    data_goes_to: tuple[str, ...] = ()


def checksum(session: Session, campaign: Campaign) -> str:
    """What an approval of this campaign covers, as it stands now."""
    text, kit = campaigns.letter_text(session, campaign=campaign), campaigns.kit(session, campaign=campaign)
    drawn = template_checksum(text.design) if text.design else ""
    return approval_checksum(
        definition=campaign.definition_checksum,
        kit=kit.checksum if kit else "",
        letter=text.checksum,
        design=drawn + imprints.checksum(session, campaign),
    )


@dataclass(frozen=True)
class Asked:
    """What an approval without limits would allow now: consignments, and fen at most."""

    consignments: int
    amount_fen: int


def asked(session: Session, campaign: Campaign) -> Asked:
    """The whole audience with its share of the cost."""
    counts = consignments.count_by_state(session, campaign_id=campaign.key)
    ready, held = (counts.get(state, 0) for state in WAITING)
    going = sum(n for state, n in counts.items() if state not in NOT_COUNTED and state is not ConsignmentState.ready)
    cost = estimate(session, campaign)
    # Those held now are counted as if each travelled alone, so that a supplement needs no second signature.
    each = one_alone_fen(session, campaign)
    already = committed_fen(session, campaign)
    return Asked(going + ready + held, already + cost.total_fen + each * held)


def approve(
    code: str, *, by: str, limit: int | None = None, amount_fen: int | None = None, seen: Asked | None = None
) -> Approved:
    """Allow so many consignments for so much money; without limits, the whole audience with its share of the cost.

    `seen` is what the person who signs had before their eyes: refused when it is another by now.
    """
    with reading() as session:
        found = campaigns.by_code(session, code=code)
        _refuse_creator(session, found, by)
        design = campaigns.letter_text(session, campaign=found).design
    if design:
        try_design(design)  # its files may be others than when the campaign was registered
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        if campaign.state not in APPROVABLE:
            raise RuleBroken("活动还没有准备好，请先运行“campaign prepare”。", campaign_id=campaign.key)
        imprints.refuse_lacking(session, campaign)
        approval = _approval(session, campaign, by, limit, amount_fen, seen)
        _share_out_again_if_smaller(session, campaign, approval)
        campaigns.void_approval(session, campaign_id=campaign.key, reason="被新的批准代替", at=now())
        session.add(approval)
        if campaign.state is CampaignState.prepared:
            transitions.campaign(session, campaign.key, CampaignState.approved)
        why = f"{approval.consignments} 份，不超过 {yuan(approval.amount_fen)}"
        journal.note(session, subject=Subject.campaign, ids=[campaign.key], what="approval", why=why)
        session.flush()
        allocate_ready(session, campaign)
        counts = consignments.count_by_state(session, campaign_id=campaign.key)
        told, goes = third_parties.by_interface(campaign), third_parties.sentences(campaign)
    ready, held = (counts.get(state, 0) for state in WAITING)
    return Approved(code, approval.consignments, approval.amount_fen, ready, held, told, tuple(goes))


def _refuse_creator(session: Session, campaign: Campaign, by: str) -> None:
    """Four eyes, once there are users to tell them apart."""
    if users.active(session) and same_person(session, campaign.created_by, by):
        raise RuleBroken("活动是您建立的，请由另一个人批准。", campaign_id=campaign.key)


def _approval(
    session: Session, campaign: Campaign, by: str, limit: int | None, amount_fen: int | None, seen: Asked | None
) -> Approval:
    whole = asked(session, campaign)
    if whole.consignments == 0:
        raise RuleBroken("没有可以寄送的党员，请核对台账和活动范围。", campaign_id=campaign.key)
    if seen is not None and seen != whole:
        raise RuleBroken(CHANGED, campaign_id=campaign.key)
    return Approval(
        campaign_id=campaign.key,
        checksum=checksum(session, campaign),
        consignments=whole.consignments if limit is None else limit,
        amount_fen=whole.amount_fen if amount_fen is None else amount_fen,
        approved_by=by,
        approved_at=now(),
    )


def _share_out_again_if_smaller(session: Session, campaign: Campaign, new: Approval) -> None:
    """A smaller approval takes back what a larger one had reserved for those who are not planned yet."""
    before = campaigns.newest_approval(session, campaign_id=campaign.key)
    if before and (new.consignments < before.consignments or new.amount_fen < before.amount_fen):
        ready = consignments.ids_in(session, campaign_id=campaign.key, states=[ConsignmentState.ready])
        stock.release(session, consignment_ids=ready, reason="重新批准")


def require_valid(session: Session, campaign: Campaign) -> str | None:
    """None when the approval in force covers the campaign as it stands; else voids it and says why."""
    approval = campaigns.live_approval(session, campaign_id=campaign.key)
    if approval is None:
        return "活动还没有批准，请先运行“campaign approve”。"
    if approval.checksum == checksum(session, campaign):
        return None
    campaigns.void_approval(session, campaign_id=campaign.key, reason="内容在批准后改动", at=now())
    if campaign.state is CampaignState.approved:
        transitions.campaign(session, campaign.key, CampaignState.prepared, why="内容在批准后改动")
    return "资料包、书信或版式在批准之后有改动，请重新核对并批准。"
