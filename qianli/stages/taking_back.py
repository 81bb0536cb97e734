"""Taking a parcel back that a courier returned: stock is settled, and what it held can be planned again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models import (
    CaseOutcome,
    Consignment,
    ConsignmentState,
    Hold,
    HoldReason,
    Parcel,
    ParcelLine,
    ParcelStage,
    ReminderEnd,
    ReturnedFor,
    Tracking,
)
from qianli.campaigns.holds import WORDS
from qianli.campaigns.references import consignment_number
from qianli.errors import Conflict, RuleBroken
from qianli.stages.judging import hold_row
from qianli.stages.typed import parcel as typed_parcel
from qianli.stages.unit import now, writing
from qianli.store import (
    campaigns,
    cases,
    consignments,
    holds,
    parcels,
    reminders,
    replacements,
    stock,
    transitions,
    voiding,
)

C, T = ConsignmentState, Tracking
EXPECTED = {T.returned, T.returning, T.refused, T.lost}
HOLDABLE = {C.under_way, C.held}
WAYS = {True: "退回入库", False: "退回报损"}


@dataclass(frozen=True)
class TakenBack:
    """What became of a parcel that came back; `already` if it was taken back before."""

    reference: str
    way: str
    already: bool
    warning: str | None = None
    held: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    cases_resolved: int = 0


def take_back(reference: str, *, put_back: bool, because: ReturnedFor | None = None, by: str) -> TakenBack:
    """The parcel is in our hands again; its goods go back on the shelf, or are written off.

    `because` is what the courier's slip says against the address: it makes the residence suspect.

    Members who are owed something again are held until their address is confirmed. Those who have answered keep
    their answer; `replace` sends to them again.
    """
    way = WAYS[put_back]
    with writing(by) as session:
        parcel = typed_parcel(session, reference)
        campaign = campaigns.lock(session, campaign_id=parcel.campaign_id)
        if parcel.stage is ParcelStage.taken_back:
            _same_way(session, parcel, put_back=put_back)
            return TakenBack(parcel.reference, way, already=True)
        if parcel.stage is not ParcelStage.handed_over:
            raise RuleBroken(
                f"包裹 {parcel.reference} 没有交给快递公司，谈不上收回；不寄了请用“consignment cancel”。",
                reference=parcel.reference,
            )
        warning = _warning(parcel)
        if not transitions.parcels(session, [parcel.key], ParcelStage.taken_back, why=way):
            raise Conflict("包裹的状态刚刚被别人改动，请再看一次。")
        if because is not None:
            parcels.note_returned_for(session, parcel_id=parcel.key, reason=because, at=now())
        lines = parcels.lines_of(session, parcel_ids=[parcel.key])
        _settle(session, lines, put_back=put_back, way=way)
        held, answered = _hold(session, lines)
        reminders.end_of_parcel(session, parcel_id=parcel.key, outcome=ReminderEnd.returned, at=now())
        resolved = _resolve_cases(session, parcel, by)
        numbers = {one.key: consignment_number(campaign.code, one.number) for one in [*held, *answered]}
        return TakenBack(
            reference=parcel.reference,
            way=way,
            already=False,
            warning=warning,
            held=tuple(numbers[one.key] for one in held),
            answered=tuple(numbers[one.key] for one in answered),
            cases_resolved=resolved,
        )


def _warning(parcel: Parcel) -> str | None:
    if parcel.tracking in EXPECTED:
        return None
    return "快递公司还没有说这件包裹退回或丢失，请确认收回的就是它。"


def _same_way(session: Session, parcel: Parcel, *, put_back: bool) -> None:
    """RuleBroken if it was taken back the other way; goods are not counted twice, nor found again by a second word."""
    before = replacements.was_written_off(session, parcel_id=parcel.key)
    if before is not None and before is put_back:
        raise RuleBroken(
            f"包裹 {parcel.reference} 已经收回过，当时是{WAYS[not put_back]}；要更正数量请用“item receive”。",
            reference=parcel.reference,
        )


def _settle(session: Session, lines: Sequence[ParcelLine], *, put_back: bool, way: str) -> None:
    ids = [line.key for line in lines]
    voiding.void_lines(session, line_ids=ids, at=now())
    if put_back:
        stock.put_back(session, line_ids=ids)
    else:
        stock.write_off(session, line_ids=ids, reason=way)


def _hold(session: Session, lines: Sequence[ParcelLine]) -> tuple[list[Consignment], list[Consignment]]:
    """Hold whoever now lacks an item of theirs altogether; the answer is the held, and those who had answered.

    An item that a later replacement brings is not lacking. Whoever is held is planned anew from the kit, so open
    requests for the lines that came back are withdrawn; for the others such a request is how it goes out again.
    """
    live = replacements.live_items(session, consignment_ids={line.consignment_id for line in lines})
    lacking = {line.consignment_id for line in lines if (line.consignment_id, line.kit_item_id) not in live}
    prepared = consignments.prepared(session, ids=sorted(lacking))
    rows = sorted((one.consignment for one in prepared.values()), key=lambda one: one.number)
    held = [one for one in rows if one.state in HOLDABLE]
    answered = [one for one in rows if one.state in transitions.ANSWERED]
    ids = {one.key for one in held}
    _open_holds(session, ids)
    transitions.consignments(session, ids, C.held, why=WORDS[HoldReason.taken_back].sentence)
    lines_of_held = [line.key for line in lines if line.consignment_id in ids]
    why = WORDS[HoldReason.taken_back].sentence
    replacements.withdraw_of_lines(session, line_ids=lines_of_held, at=now(), why=why)
    return held, answered


def _open_holds(session: Session, consignment_ids: Iterable[int]) -> None:
    wanted = sorted(consignment_ids)
    standing: list[Hold] = holds.open_holds(session, consignment_ids=wanted)
    there = {hold.consignment_id for hold in standing if hold.reason is HoldReason.taken_back}
    at = now()
    holds.add(session, rows=[hold_row(id_, HoldReason.taken_back, at) for id_ in wanted if id_ not in there])


def _resolve_cases(session: Session, parcel: Parcel, by: str) -> int:
    found = cases.open_cases(session, parcel_ids=[parcel.key])
    ids = [case.key for case in found]
    return len(cases.resolve_cases(session, ids=ids, outcome=CaseOutcome.taken_back, by=by, at=now()))
