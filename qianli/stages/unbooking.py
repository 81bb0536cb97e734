"""Cancelling: a void parcel's booking is taken back at its courier, again and again until it says yes or no."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models import CaseOutcome, CaseReason, Parcel, ParcelStage, Subject
from qianli.campaigns.references import consignment_number
from qianli.errors import BookingRejected, QianliError, RuleBroken
from qianli.stages import tracking_cases, typed
from qianli.stages.booking import MEANS, Means, courier_under
from qianli.stages.booking_orders import order_of
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.stages.voiding import still_owed, void_parcels
from qianli.store import bookings, campaigns, journal

WHY = "撤销运单"
NOT_BOOKED = (
    "包裹 {references} 的运单号不是经接口订的，没有可撤销的订单；"
    "快递公司不收的用“parcel refuse”，不寄了的用“consignment cancel”。"
)
OF_BOOKINGS = (CaseReason.cancel_refused, CaseReason.undecided)


@dataclass(frozen=True)
class Unbooked:
    """Parcels by reference: void since now; cancelled by couriers, refused by them, not answered yet. Who is owed."""

    voided: tuple[str, ...]
    manifests: tuple[str, ...]
    cancelled: tuple[str, ...]
    refused: tuple[str, ...]
    waiting: tuple[str, ...]
    owed: tuple[str, ...]


def campaigns_to_cancel() -> set[int]:
    """Campaigns, ended ones too, with void parcels that a courier still has in its books."""
    with reading() as session:
        return bookings.campaigns_to_cancel(session, at=now())


def cancel_all(campaign_id: int, *, means: Means = MEANS) -> int:
    """Ask the couriers to cancel; the answer is how many they did. The first fault is raised when all were tried."""
    with reading() as session:
        ids = [one.key for one in bookings.to_cancel(session, campaign_id=campaign_id, at=now())]
    faults: list[QianliError] = []
    done = 0
    for id_ in ids:
        try:
            done += _cancel(id_, means)
        except QianliError as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return done


def unbook(references: Sequence[str], *, by: str, means: Means = MEANS) -> Unbooked:
    """Void booked parcels that are still here, and cancel their bookings, also those a courier once did not give up.

    Who is owed what was in them is planned again. What is not answered now, `reconcile` asks again.
    """
    with writing(by) as session:
        found = {one.key: one for one in (typed.parcel(session, text) for text in references)}
        _refuse_unbooked(session, found.values())
        fell = void_parcels(session, parcel_ids=found, why=WHY)
        codes = {id_: campaigns.by_id(session, campaign_id=id_).code for id_ in {p.campaign_id for p in found.values()}}
        owed = still_owed(session, fell, without=(), why=WHY)
        numbers = tuple(consignment_number(codes[one.campaign_id], one.number) for one in owed)
        ids = bookings.to_unbook(session, parcel_ids=found, at=now())
    answers: dict[bool, list[str]] = {True: [], False: []}
    for parcel_id, booking_id in ids.items():
        try:
            answers[_cancel(booking_id, means)].append(found[parcel_id].reference)
        except QianliError:
            continue  # still to be cancelled: reconcile asks again
    with reading() as session:
        left = bookings.to_unbook(session, parcel_ids=found, at=None)
    done = {*answers[True], *answers[False]}
    waiting = tuple(found[id_].reference for id_ in left if found[id_].reference not in done)
    return Unbooked(fell.parcels, fell.manifests, tuple(answers[True]), tuple(answers[False]), waiting, numbers)


def _refuse_unbooked(session: Session, some: Collection[Parcel]) -> None:
    booked = bookings.ever_booked(session, parcel_ids=[one.key for one in some])
    if strange := [p.reference for p in some if p.key not in booked and p.stage is not ParcelStage.voided]:
        raise RuleBroken(NOT_BOOKED.format(references="、".join(strange)), references=strange)


def _cancel(booking_id: int, means: Means) -> bool:
    """Cancel one; False if the courier does not give it up. What was asked and not answered is looked for first."""
    with reading() as session:
        booking = bookings.by_id(session, booking_id=booking_id)
        order = order_of(*bookings.order(session, parcel_id=booking.parcel_id))
        account, parcel_id, number = booking.account, booking.parcel_id, booking.waybill_number
    courier = courier_under(account, means)
    try:
        # A courier that cannot be asked for our reference tells the number when it is booked again.
        number = number or (courier.find(order.reference) or courier.book(order)).waybill_number
    except BookingRejected:
        number = None  # it never took the parcel
    try:
        if number:
            courier.cancel(order.reference, number)
    except BookingRejected:
        with writing(SYSTEM) as session:
            bookings.cancel_refused(session, booking_id=booking_id, at=now())
            journal.note(session, subject=Subject.parcel, ids=[parcel_id], what="cancel refused")
            tracking_cases.settle_about(session, parcel_id, {CaseReason.undecided: CaseOutcome.overtaken})
            tracking_cases.open_about(session, {parcel_id: CaseReason.cancel_refused})
        return False
    with writing(SYSTEM) as session:
        bookings.cancelled(session, booking_id=booking_id, at=now())
        journal.note(session, subject=Subject.parcel, ids=[parcel_id], what="booking cancelled")
        tracking_cases.settle_about(session, parcel_id, dict.fromkeys(OF_BOOKINGS, CaseOutcome.settled))
    return True
