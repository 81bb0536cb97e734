"""Holding what was ready or on its way out of the house: parcels void, stock free, a reason that says what next."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from models import Channel, ConsignmentState, HoldReason
from qianli.campaigns.holds import WORDS, HoldWords
from qianli.campaigns.references import consignment_number
from qianli.campaigns.words import HOLD_WORDS
from qianli.stages.judging import hold_row
from qianli.stages.unit import now
from qianli.stages.voiding import still_owed, void_parcels
from qianli.store import campaigns, consignments, holds, replacements, stock, transitions, voiding


@dataclass(frozen=True)
class Withheld:
    """What is held now, what fell with it, and who shared a parcel with it and is planned again by `fulfil`."""

    held: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    waybills: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """What people have to do now, in words."""
        said = [f"暂缓寄送：{'、'.join(self.held)}。"] if self.held else []
        if self.parcels:
            said.append(f"作废的包裹：{'、'.join(self.parcels)}。请把东西放回货架，撕掉面单。")
        if self.waybills:
            said.append(f"请通知快递公司作废运单：{'、'.join(self.waybills)}。")
        if self.others:
            said.append(f"同一包裹里的其他人会编进新包裹：{'、'.join(self.others)}。下一步：campaign fulfil")
        if self.manifests:
            said.append(f"交接单 {'、'.join(self.manifests)} 已作废，请重新封单：manifest seal")
        return said


def withhold(
    session: Session,
    *,
    consignment_ids: Iterable[int],
    reason: HoldReason,
    words: HoldWords | None = None,
    parcel_ids: Iterable[int] = (),
) -> Withheld:
    """Hold those of the consignments that no courier has and nobody has answered; the others stay as they are.

    Parcels in the house that hold anything of them are void, and `parcel_ids` as well.
    The caller may hold members' rows already, and no campaign's: campaigns are locked here, in order of id.
    """
    wanted = consignments.numbers(session, ids=consignment_ids)
    found = {id_: campaigns.lock(session, campaign_id=id_) for id_ in sorted({one for one, _ in wanted.values()})}
    ids = sorted(voiding.still_here(session, consignment_ids=wanted))
    why = (words or WORDS[reason]).sentence
    in_house = voiding.in_the_house(session, consignment_ids=ids)
    fell = void_parcels(session, parcel_ids=dict.fromkeys([*in_house, *parcel_ids]), why=why)
    open_there = {one.consignment_id for one in holds.open_holds(session, consignment_ids=ids) if one.reason is reason}
    at = now()
    by_post = {id_ for id_ in ids if found[wanted[id_][0]].channel is Channel.post}
    said = {id_: words or (None if id_ in by_post else HOLD_WORDS.get(reason)) for id_ in ids}
    holds.add(session, rows=[hold_row(id_, reason, at, said[id_]) for id_ in ids if id_ not in open_there])
    transitions.consignments(session, ids, ConsignmentState.held, why=why)
    stock.release(session, consignment_ids=ids, reason=why)
    replacements.withdraw_of(session, consignment_ids=ids, at=at, why=why)
    others = [one.key for one in still_owed(session, fell, without=set(ids), why=why)]
    shown = consignments.numbers(session, ids=[*ids, *others])
    names = {id_: consignment_number(found[campaign].code, number) for id_, (campaign, number) in shown.items()}
    return Withheld(
        held=tuple(names[id_] for id_ in ids),
        parcels=fell.parcels,
        manifests=fell.manifests,
        waybills=fell.waybills,
        others=tuple(names[id_] for id_ in others),
    )
