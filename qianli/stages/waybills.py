"""The courier's numbers come back in: each to its parcel, none twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlmodel import Session

from models import Parcel, ParcelStage
from qianli.couriers.numbers import doubt
from qianli.couriers.protocol import Found, Refusal, WaybillRow
from qianli.couriers.registry import FILES
from qianli.ledger.problems import RowProblem
from qianli.stages.courier_files import FileResult, concluded, our_reference, unknown_reference
from qianli.stages.reasons import is_naming
from qianli.stages.refusing import withhold_parcels
from qianli.stages.unit import today, writing
from qianli.store import tracking as rows_of
from qianli.store import voiding


@dataclass
class Judged:
    """What is to be done with the rows of a file."""

    numbers: dict[int, str] = field(default_factory=dict)
    not_taken: dict[int, str] = field(default_factory=dict)
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)


def import_waybills(content: bytes, *, filename: str, by: str, only: Collection[str] | None = None) -> FileResult:
    """Write the waybill numbers of a file to our parcels; the same file again changes nothing.

    A parcel that the courier does not take is void, and everyone in it is held with its reason. Whoever may speak of
    `only` these references is told nothing of others.
    """
    found, year = FILES.read_waybills(content, filename), today().year
    if only is not None:
        _keep_to(found, only)
    with writing(by) as session:
        parcels = rows_of.lock_parcels(
            session,
            references={our_reference(row.reference) for row in found.rows},
            waybill_numbers={row.waybill_number for row in found.rows if row.waybill_number},
        )
        judged = judge(found.rows, parcels, year=year)
        withhold_parcels(session, _without_names(session, judged.not_taken, parcels))
        rows_of.set_waybills(session, numbers=judged.numbers, year=year)
    return concluded(
        len(judged.numbers) + len(judged.not_taken),
        judged.unchanged,
        [*found.refused, *judged.refused],
        [*found.notices, *judged.notices],
        name="waybills",
        by=by,
    )


def _keep_to(found: Found[WaybillRow], only: Collection[str]) -> None:
    """Refuse rows about other parcels, and refusals of any: those are for the counter, face to face."""
    kept = []
    for row in found.rows:
        if our_reference(row.reference) not in only:
            found.refused.append(row.line.refused("reference", "这张交接单上没有这个包裹编号，请核对。"))
        elif row.refusal:
            found.refused.append(row.line.refused("refusal", "不予收寄的，请在清点时选“留下”，并与交寄单位说明。"))
        else:
            kept.append(row)
    found.rows[:] = kept


def judge(rows: Iterable[WaybillRow], parcels: Iterable[Parcel], *, year: int) -> Judged:
    """Which row goes to which parcel. Rows of one file that contradict each other are all refused: who knows which.

    A number is one parcel's within its courier and the year it was given in; couriers begin anew after some years.
    """
    judged = Judged()
    by_reference = {parcel.reference: parcel for parcel in parcels}
    owners = {
        (parcel.courier, parcel.waybill_number): parcel
        for parcel in by_reference.values()
        if parcel.booked_year == year
    }
    pairs = [(row, by_reference.get(our_reference(row.reference))) for row in rows]
    numbers, users = _claims(pairs)
    for row, parcel in pairs:
        if parcel is None:
            judged.refused.append(row.line.refused("reference", unknown_reference(row.reference)))
        elif row.refusal:
            _not_taken(judged, row, parcel)
        elif row.waybill_number in {parcel.waybill_number, judged.numbers.get(parcel.key)}:
            judged.unchanged += 1
        elif refusal := _against(row, parcel, owners.get((parcel.courier, row.waybill_number))):
            judged.refused.append(refusal)
        elif len(numbers[parcel.key]) > 1:
            judged.refused.append(row.line.refused("number", "同一个包裹在表里有几个不同的运单号，请核对后只留一个。"))
        elif len(users[parcel.courier, row.waybill_number]) > 1:
            judged.refused.append(row.line.refused("number", "这个运单号在表里用在几个不同的包裹上，请核对。"))
        else:
            judged.numbers[parcel.key] = row.waybill_number
            if odd := doubt(parcel.courier, row.waybill_number):
                judged.notices.append(row.line.problem("number", odd))
    return judged


def _not_taken(judged: Judged, row: WaybillRow, parcel: Parcel) -> None:
    if parcel.stage == ParcelStage.voided:
        judged.unchanged += 1
    elif parcel.stage not in voiding.BEFORE_HANDOVER:
        judged.refused.append(row.line.refused("refusal", "这个包裹已经交给快递公司，谈不上不承运；退回后请登记收回。"))
    else:
        judged.not_taken[parcel.key] = row.refusal
        judged.notices.append(row.line.problem("refusal", "快递公司不肯承运：包裹已作废，里面的人已暂缓。"))


def _without_names(session: Session, reasons: dict[int, str], parcels: Iterable[Parcel]) -> dict[int, str]:
    """Parcel id → the courier's reason, left out where it names a member or a telephone number."""
    campaigns = {parcel.key: parcel.campaign_id for parcel in parcels}
    kept = {pair: is_naming(session, pair[1], campaign_id=pair[0]) for pair in _pairs(reasons, campaigns)}
    return {id_: "" if kept[campaigns[id_], reason] else reason for id_, reason in reasons.items()}


def _pairs(reasons: dict[int, str], campaigns: dict[int, int]) -> set[tuple[int, str]]:
    return {(campaigns[id_], reason) for id_, reason in reasons.items()}


def _claims(
    pairs: Iterable[tuple[WaybillRow, Parcel | None]],
) -> tuple[dict[int, set[str]], dict[tuple[str, str], set[int]]]:
    """Parcel → numbers the file gives it; (courier, number) → parcels the file gives it to."""
    numbers: dict[int, set[str]] = defaultdict(set)
    users: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row, parcel in pairs:
        if parcel is not None and row.waybill_number:
            numbers[parcel.key].add(row.waybill_number)
            users[parcel.courier, row.waybill_number].add(parcel.key)
    return numbers, users


def _against(row: WaybillRow, parcel: Parcel, owner: Parcel | None) -> Refusal | None:
    """What is written down already and stands against the row."""
    if parcel.stage == ParcelStage.voided:
        return row.line.refused("reference", "这个包裹已经作废，请向快递公司撤销这张运单。")
    if parcel.waybill_number is not None:
        return row.line.refused("number", f"这个包裹已有另一个运单号 {parcel.waybill_number}，请核对哪个是对的。")
    if owner is not None:
        return row.line.refused("number", f"这个运单号已经用在包裹 {owner.reference} 上。")
    return None
