"""A courier's invoice comes in: each line to its parcel, none twice."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from models import Charge, InvoiceLine, Parcel, ParcelStage, Subject
from qianli.couriers.invoices import read_invoice
from qianli.couriers.protocol import InvoiceRow, Refusal
from qianli.errors import BadInput
from qianli.kits.definition import yuan
from qianli.ledger.problems import RowProblem
from qianli.stages.courier_files import FileResult, concluded, our_reference, unknown_reference
from qianli.stages.unit import now, writing
from qianli.store import invoices, journal
from qianli.store import tracking as rows_of

Known = Mapping[tuple[int, Charge], InvoiceLine]
LEFT = (ParcelStage.handed_over, ParcelStage.taken_back)


@dataclass
class Judged:
    """What is to be done with the rows of a file."""

    lines: list[tuple[Parcel, InvoiceRow]] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)


def import_invoice(content: bytes, *, filename: str, account: str, by: str) -> FileResult:
    """Write down what an account is billed for our parcels; the same file again changes nothing."""
    found = read_invoice(content, filename)
    with writing(by) as session:
        accounts = invoices.accounts(session)
        if account not in accounts:
            known = f"现有账号：{'、'.join(accounts)}。" if accounts else "现在还没有包裹。"
            raise BadInput(f"没有包裹是用账号“{account}”寄的，请核对。{known}")
        parcels = rows_of.lock_parcels(
            session,
            references={our_reference(row.reference) for row in found.rows if row.reference},
            waybill_numbers={row.waybill_number for row in found.rows if row.waybill_number},
        )
        known_lines = invoices.lines_of(session, parcel_ids=[parcel.key for parcel in parcels])
        judged = judge(found.rows, parcels, known_lines, account=account)
        if judged.lines:
            _write(session, judged, account, accounts[account], hashlib.sha256(content).hexdigest())
    return concluded(
        len(judged.lines),
        judged.unchanged,
        [*found.refused, *judged.refused],
        [*found.notices, *judged.notices],
        name="invoice",
        by=by,
    )


def judge(rows: Iterable[InvoiceRow], parcels: Iterable[Parcel], known: Known, *, account: str) -> Judged:
    """Which row bills which parcel. A parcel pays once under each head; where rows disagree, all are refused."""
    judged, theirs = Judged(), list(parcels)
    pairs = [(row, _parcel(row, theirs, account)) for row in rows]
    amounts: dict[tuple[int, Charge], set[int]] = defaultdict(set)
    for row, parcel in pairs:
        if isinstance(parcel, Parcel):
            amounts[parcel.key, row.charge].add(row.billed_fen)
    seen: set[tuple[int, Charge]] = set()
    for row, parcel in pairs:
        if isinstance(parcel, Refusal):
            judged.refused.append(parcel)
            continue
        head = (parcel.key, row.charge)
        if refusal := _against(row, amounts[head], known.get(head), doubled=head in seen):
            judged.refused.append(refusal)
        elif head in known:
            judged.unchanged += 1
        else:
            judged.lines.append((parcel, row))
            if parcel.stage not in LEFT:
                judged.notices.append(row.line.problem("number", "这个包裹没有交接过，却计了费，请向快递公司核实。"))
        seen.add(head)
    return judged


def _parcel(row: InvoiceRow, parcels: Iterable[Parcel], account: str) -> Parcel | Refusal:
    """The parcel a row speaks of, or why there is none. Of numbers given twice over the years the newest is meant."""
    reference = our_reference(row.reference) if row.reference else ""
    named = [
        one
        for one in parcels
        if (reference and one.reference == reference)
        or (row.waybill_number and one.waybill_number == row.waybill_number)
    ]
    mine = [one for one in named if one.account == account]
    if reference and row.waybill_number and (own := [one for one in mine if one.reference == reference]):
        if own[0].waybill_number not in (None, row.waybill_number):
            return row.line.refused("number", "运单号和包裹编号不是同一个包裹，请核对。")
        return own[0]
    if mine:
        return max(mine, key=lambda one: (one.booked_year or 0, one.key))
    if named:
        return row.line.refused("number", f"这个包裹是用账号“{named[0].account}”寄的，不在这张账单里。")
    if not row.waybill_number:
        return row.line.refused("reference", unknown_reference(row.reference))
    return row.line.refused("number", "没有这个运单号的包裹，请核对是不是别的单位的，或者向快递公司核实。")


def _against(row: InvoiceRow, amounts: set[int], known: InvoiceLine | None, *, doubled: bool) -> Refusal | None:
    """Why a row cannot be taken in."""
    if len(amounts) > 1:
        return row.line.refused("amount", "同一个包裹的同一种费用在表里有几个不同的金额，请核对后只留一个。")
    if doubled:
        return row.line.refused("number", "同一个包裹的同一种费用重复计费，只登记了一次。")
    if known and known.billed_fen != row.billed_fen:
        return row.line.refused("amount", f"这个包裹的这种费用已经计过 {yuan(known.billed_fen)}，请向快递公司核实。")
    return None


def _write(session: Session, judged: Judged, account: str, courier: str, sha256: str) -> None:
    lines = [
        {
            "parcel_id": parcel.key,
            "charge": row.charge,
            "billed_fen": row.billed_fen,
            "billed_weight_g": row.billed_weight_g,
        }
        for parcel, row in judged.lines
    ]
    invoices.add_lines(session, account=account, courier=courier, sha256=sha256, lines=lines, at=now())
    by_campaign: dict[int, list[int]] = defaultdict(list)
    for parcel, row in judged.lines:
        by_campaign[parcel.campaign_id].append(row.billed_fen)
    for campaign_id, amounts in by_campaign.items():
        why = f"账号 {account}，{len(amounts)} 行，共 {yuan(sum(amounts))}"
        journal.note(session, subject=Subject.campaign, ids=[campaign_id], what="billed", why=why)
