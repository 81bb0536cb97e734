"""Packing: a parcel whose papers are made has its goods in it and is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models import Parcel, ParcelStage
from qianli.errors import BadInput, RuleBroken
from qianli.stages import promises
from qianli.stages.typed import reference, unknown_reference
from qianli.stages.unit import reading, writing
from qianli.store import campaigns, following, parcels, spoilage, transitions
from qianli.store.following import Silence

P = ParcelStage
WHY_NOT = {
    P.planned: "单据还没有做好，请先运行“campaign fulfil”。",
    P.handed_over: "已经交给快递公司，不用再装箱。",
    P.taken_back: "是退回来的包裹，重新寄送时会有新的编号和面单。",
    P.voided: "已经作废，请把东西放回货架，撕掉面单。",
}
SPOILED = "有打坏的单据还没有重印，请先运行“print reprint”。"


@dataclass(frozen=True)
class PackResult:
    """References packed now, packed before, and refused with the reason."""

    packed: list[str]
    already: list[str]
    refused: list[tuple[str, str]]


@dataclass(frozen=True)
class ParcelSummary:
    """A parcel without a word about people."""

    reference: str
    sequence: int
    stage: str
    tracking: str
    waybill: str | None
    courier: str
    promised_on: date | None = None
    provisional: bool = False
    news_at: datetime | None = None
    asked_next_at: datetime | None = None


def pack(references: Sequence[str], *, by: str) -> PackResult:
    """Mark these parcels as packed. One that cannot be is refused with the reason; the others go on."""
    if not references:
        raise BadInput("请写出要装箱的包裹编号，或者用 --all 活动代码。")
    typed = {reference(text): text for text in references}
    with writing(by) as session:
        found = parcels.by_reference(session, references=typed)
        unknown = [(text, unknown_reference(text)) for wanted, text in typed.items() if wanted not in found]
        done = _pack(session, [found[wanted] for wanted in typed if wanted in found])
    return PackResult(done.packed, done.already, [*unknown, *done.refused])


def pack_all(campaign_code: str, *, by: str) -> PackResult:
    """Mark every parcel of a campaign that is printed as packed; those whose papers are missing are refused."""
    with writing(by) as session:
        campaign = campaigns.by_code(session, code=campaign_code)
        waiting = parcels.of_campaign(session, campaign_id=campaign.key, stages=[P.planned, P.printed, P.packed])
        if not waiting and not parcels.of_campaign(session, campaign_id=campaign.key):
            raise RuleBroken(f"活动 {campaign_code} 还没有包裹，请先运行“campaign fulfil {campaign_code}”。")
        return _pack(session, waiting)


def _pack(session: Session, some: Sequence[Parcel]) -> PackResult:
    refused = [(one.reference, WHY_NOT[one.stage]) for one in some if one.stage in WHY_NOT]
    already = [one.reference for one in some if one.stage is P.packed]
    names = {one.key: one.reference for one in some if one.stage is P.printed}
    lacking = spoilage.lacking(session, parcel_ids=names)
    refused += [(names.pop(id_), SPOILED) for id_ in lacking]
    moved = set(transitions.parcels(session, names, P.packed, why="已装箱"))
    lost = [(name, "刚刚被别人改动，请再看一次。") for id_, name in names.items() if id_ not in moved]
    return PackResult([name for id_, name in names.items() if id_ in moved], already, [*refused, *lost])


def list_parcels(campaign_code: str) -> list[ParcelSummary]:
    """A campaign's parcels in sequence."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=campaign_code)
        promised = promises.of_campaign(session, campaign)
        silent = following.silences(session, campaign_id=campaign.key)
        nothing = Silence(None, None)
        return [
            ParcelSummary(
                one.reference,
                one.sequence,
                one.stage,
                one.tracking,
                one.waybill_number,
                one.courier,
                promised_on=promised[one.key].day if one.key in promised else None,
                provisional=one.key in promised and promised[one.key].provisional,
                news_at=silent.get(one.key, nothing).news_at,
                asked_next_at=silent.get(one.key, nothing).next_at,
            )
            for one in parcels.of_campaign(session, campaign_id=campaign.key)
        ]
