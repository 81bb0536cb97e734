"""What members say of the address they were asked about: on their page, by telephone, or to a visitor."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models import AddressSaid, CallEnd, ConsignmentState, HoldReason, MessageEnd, SaidVia, Subject
from qianli.campaigns.address_round import ANSWERS, ASKABLE, is_over, key_of, shown_address
from qianli.errors import RuleBroken
from qianli.stages.judging import hold_row
from qianli.stages.moves import noon
from qianli.stages.unit import day_of, now, today, writing
from qianli.store import address_rounds as rows
from qianli.store import consignments, holds, journal, members, messages, phone_calls, residences, stock, transitions
from qianli.store import receipts as receipt_rows

BY_ROUND = "寄前核对住址"
NOT_ASKED = "现在没有请本人核对住址，或者截止日已过，请打电话给寄件单位。"


@dataclass(frozen=True)
class Question:
    """What the member's page asks: the address with the door hidden, until when, and what was said already."""

    address: str
    until: date
    said: AddressSaid | None
    at: datetime | None


def question(session: Session, *, consignment_id: int, snapshot_id: int | None) -> Question | None:
    """What to ask on the page; None if no round is open, or it is past its last day."""
    found = rows.question(session, consignment_id=consignment_id)
    if found is None or snapshot_id is None:
        return None
    row, asked = found
    if asked.closed_at is not None or is_over(cut_off_on=asked.cut_off_on, today=today()):
        return None
    at = consignments.snapshots(session, ids=[snapshot_id])[snapshot_id]
    where = shown_address(at.province, at.city, at.district, at.detail)
    return Question(where, asked.cut_off_on, row.said, row.answered_at)


def note(session: Session, *, consignment_id: int, said: AddressSaid | None, via: SaidVia) -> bool:
    """Whoever was asked says something of the address; nothing happens to who was not, or whose parcel is made.

    Who moved waits until the new address is looked at. False if nothing changed.
    """
    found = rows.question(session, consignment_id=consignment_id)
    if found is None or (via is SaidVia.page and found[1].closed_at is not None):
        return False
    state = consignments.state_of(session, consignment_id=consignment_id)
    if state not in ASKABLE:
        return False
    changed = rows.answer(session, row=found[0], said=said, via=via)
    if changed and said is not None:
        _ask_no_more(session, key_of(consignment_id, found[1].key), said)
    if changed and said is AddressSaid.moved:
        _wait(session, consignment_id)
    return changed


def _ask_no_more(session: Session, key: str, said: AddressSaid) -> None:
    """The message that waits is not sent; who is unsure is still called."""
    messages.cancel(session, keys=[key], reason=MessageEnd.confirmed, at=now())
    if said in ANSWERS:
        phone_calls.end(session, keys=[key], outcome=CallEnd(said), at=now())


def _wait(session: Session, consignment_id: int) -> None:
    reason = HoldReason.moved_since
    if reason in holds.reasons(session, consignment_ids=[consignment_id]).get(consignment_id, set()):
        return
    row = hold_row(consignment_id, reason, now())
    holds.add(session, rows=[row])
    transitions.consignments(session, [consignment_id], ConsignmentState.held, why=row["sentence"])
    stock.release(session, consignment_ids=[consignment_id], reason=row["sentence"])


def still_here(consignment_id: int, *, via: SaidVia, by: str) -> bool:
    """The member lives where they were asked about: that residence is verified as of today. Twice is once."""
    with writing(by) as session:
        member_id = receipt_rows.member_of(session, consignment_id=consignment_id)
        locked = members.lock(session, ids=[member_id] if member_id is not None else [])
        asked = receipt_rows.locked(session, consignment_id=consignment_id)
        found = rows.question(session, consignment_id=consignment_id)
        is_late = found is None or (
            via is SaidVia.page
            and (found[1].closed_at is not None or is_over(cut_off_on=found[1].cut_off_on, today=today()))
        )
        if is_late or member_id not in locked or asked.consignment.state not in ASKABLE:
            raise RuleBroken(NOT_ASKED, consignment_id=consignment_id)
        changed = note(session, consignment_id=consignment_id, said=AddressSaid.still_here, via=via)
        _verify(session, member_id, locked[member_id].version, asked.consignment.snapshot_id)
        return changed


def _verify(session: Session, member_id: int, version: int, snapshot_id: int | None) -> None:
    """The residence that was asked about counts as checked today, unless another took its place meanwhile."""
    at = consignments.snapshots(session, ids=[snapshot_id or 0])[snapshot_id or 0]
    home = residences.by_ids(session, ids=[at.residence_id or 0]).get(at.residence_id or 0)
    if home is None or home.superseded_at is not None:
        return
    if home.verified_at is None or day_of(home.verified_at) < today():
        residences.confirm_all(session, verified_at={home.key: noon(today())})
        members.change_all(session, rows=[{"id": member_id, "version": version}], at=now())
        journal.note(session, subject=Subject.member, ids=[member_id], what="verified", why=BY_ROUND)
