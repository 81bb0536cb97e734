"""What postage comes to by zone, and what will probably come back: told by rehearse and at approval."""

from collections.abc import Sequence

from sqlmodel import Session

from models import Campaign
from qianli.campaigns.returns import Sending, ZoneSum, by_zone, total
from qianli.couriers.registry import courier
from qianli.documents.forms.rehearsal import ZoneRow
from qianli.kits.definition import yuan
from qianli.kits.postage import zone_of
from qianli.stages.loads import first_sends, parcel_fen, planned
from qianli.stages.unit import reading
from qianli.store import campaigns, outcomes


def zones(session: Session, campaign: Campaign) -> list[ZoneSum]:
    """Everything that is ready, by courier and zone, with what the history of earlier parcels makes of it."""
    parcels = [
        Sending(
            courier=parcel.courier,
            place=parcel.loads[0].place,
            zone=zone_of(campaign.postage, courier=parcel.courier, province=parcel.province),
            weight_g=parcel.weight_g,
            postage_fen=parcel_fen(campaign, parcel),
        )
        for parcel in planned(campaign, first_sends(session, campaign))
    ]
    return by_zone(parcels, outcomes.districts(session) if parcels else [])


def rows(sums: Sequence[ZoneSum]) -> tuple[ZoneRow, ...]:
    """The same as lines of the rehearsal's table."""
    return tuple(
        ZoneRow(
            courier=courier(one.courier).name,
            zone=one.zone or "不分区",
            parcels=one.parcels,
            weight_g=one.weight_g,
            postage_fen=one.postage_fen,
            returned=said_of(one) if one.judged else "",
            return_fen=one.return_fen if one.judged else None,
        )
        for one in sums
    )


def said_of(one: ZoneSum) -> str:
    """How many will come back, for people: whole parcels, and less than one as that."""
    return "不到 1" if 0 < one.returned < 1 else f"{round(one.returned)}"


def returns_sentence(sums: Sequence[ZoneSum]) -> str:
    """What will probably come back and what that costs; what is not known is said."""
    whole = total(sums)
    if not whole.parcels:
        return ""
    if not whole.judged:
        return "以往寄送的结果太少，还估不出会退回多少。"
    known = "" if whole.judged == whole.parcels else f"（其中 {whole.parcels - whole.judged} 件没有可比的，未计）"
    if not whole.returned:
        return f"照以往的结果，预计没有退回{known}。"
    return (
        f"照以往的结果，预计退回 {said_of(whole)} 件{known}，退回邮资按寄出时计，约 {yuan(whole.return_fen)}，"
        "没有算在预计费用里。"
    )


def sentences(sums: Sequence[ZoneSum]) -> list[str]:
    """By zone where the tariff has zones, then what will come back."""
    lines = [
        f"{courier(one.courier).name}{one.zone} {one.parcels} 件 {yuan(one.postage_fen)}" for one in sums if one.zone
    ]
    said = [f"邮资按分区：{'；'.join(lines)}。"] if lines else []
    return [*said, *filter(None, [returns_sentence(sums)])]


def told(campaign_code: str) -> list[str]:
    """The same of a campaign by its code."""
    with reading() as session:
        return sentences(zones(session, campaigns.by_code(session, code=campaign_code)))
