"""Cancelling: a void parcel's booking is taken back at its courier, again and again until it says yes or no."""

from models import Subject
from qianli.errors import BookingRejected, QianliError
from qianli.stages.booking import MEANS, Means, courier_under
from qianli.stages.booking_orders import order_of
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import bookings, journal


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
        return False
    with writing(SYSTEM) as session:
        bookings.cancelled(session, booking_id=booking_id, at=now())
        journal.note(session, subject=Subject.parcel, ids=[parcel_id], what="booking cancelled")
    return True
