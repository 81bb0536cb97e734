"""Warning where the odds are poor: written down when a round of prepare ends, told by rehearse, then weighed."""

from sqlmodel import Session

from models import Campaign, OddsWarning
from qianli.campaigns.odds import RULE, is_poor
from qianli.couriers.registry import for_province
from qianli.stages.unit import reading
from qianli.store import campaigns, outcomes

WORDS = {
    OddsWarning.returned_before: "寄到原址退回过，此后没有送到",
    OddsWarning.poor_district: "所在区县这家快递常送不到",
}


def warn(session: Session, campaign: Campaign) -> None:
    """Look at everyone who could go, as the history is now."""
    poor = [
        one
        for one in outcomes.districts(session)
        if is_poor(one) and for_province(campaign.couriers, one.province) == one.courier
    ]
    outcomes.warn(session, campaign_id=campaign.key, districts=poor)


def sentences(session: Session, campaign: Campaign) -> tuple[str, ...]:
    """What to read before approving: how many were warned of, by reason, and the rule."""
    counts = outcomes.warned(session, campaign_id=campaign.key)
    if not counts:
        return ()
    parts = "，".join(f"{WORDS[kind]}的 {counts[kind]} 份" for kind in OddsWarning if counts.get(kind))
    return (f"有 {sum(counts.values())} 份可能送不到：{parts}。建议先打电话核实。预警的办法：{RULE}。",)


def told(campaign_code: str) -> tuple[str, ...]:
    """The same of a campaign by its code."""
    with reading() as session:
        return sentences(session, campaigns.by_code(session, code=campaign_code))
