"""Booking: parcels of connected couriers get their numbers, a batch a shard. The intent is a row before the call.

No transaction is open while a courier is asked. Cut off between question and answer, the next run asks the courier for
our reference before it books again.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from models import Booking, ParcelStage
from qianli.couriers.accounts import Account, read_accounts
from qianli.couriers.connected import connect, connections
from qianli.couriers.live import Booked, Books, Order
from qianli.couriers.wire import Acquire, Wire
from qianli.errors import BookingRejected, ConfigurationError, CourierUnavailable, QianliError, QuotaUsedUp
from qianli.settings import settings
from qianli.stages import courier_limits
from qianli.stages.booking_orders import order_of
from qianli.stages.reasons import is_naming
from qianli.stages.refusing import withhold_parcels
from qianli.stages.unit import SYSTEM, now, reading, today, writing
from qianli.store import bookings, campaigns, parcels
from qianli.store import tracking as rows_of

logger = logging.getLogger(__name__)
BATCH = 200
TRIES = 4
WAITING = "{count} 个包裹还没有订到运单号：{why}再运行一次会接着订；不等了，可以用“waybills import”录入表格里的运单号。"
KINDS = {
    "address": "收件地址不对",
    "not_served": "不送这个地方",
    "contraband": "内件不能寄",
    "account": "账号有问题，请与快递公司核对合同",
    "phone": "收件电话不对",
}


@dataclass(frozen=True)
class Means:
    """What a booking is made with; tests bring their own patience."""

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    acquire: Callable[[str], Acquire] = courier_limits.acquire


MEANS = Means()


def accounts() -> dict[str, Account]:
    """Our accounts whose settings are complete, by code."""
    found = connections(read_accounts(settings().couriers))
    return {one.account.code: one.account for one in found if one.is_on}


def courier_under(account: str, means: Means = MEANS) -> Any:
    """The courier's interface under one of our accounts."""
    found = accounts().get(account)
    if found is None:
        raise ConfigurationError(f"快递账号“{account}”没有接通，请检查 QIANLI_COURIERS__{account.upper()}__… 的设置。")
    return connect(found, Wire(acquire=means.acquire(account)))


def shards(campaign_id: int) -> list[int]:
    """Batches that are still to be booked; bookings of newly planned parcels are opened."""
    connected = accounts()
    if not connected:
        return []
    with writing(SYSTEM) as session:
        campaigns.lock(session, campaign_id=campaign_id)
        new = bookings.unbooked(session, campaign_id=campaign_id, accounts=connected)
        bookings.add(session, accounts={one.key: one.account for one in new}, batch=BATCH)
        session.flush()
        return bookings.batches(session, campaign_id=campaign_id)


@dataclass
class _Batch:
    """What is going on in a batch: a courier that kept failing is not waited for again and again."""

    means: Means
    take_over: bool
    connected: dict[str, Books] = field(default_factory=dict)
    waiting: list[QianliError] = field(default_factory=list)
    tries: int = TRIES

    def courier(self, account: str) -> Books:
        if account not in self.connected:
            self.connected[account] = courier_under(account, self.means)
        return self.connected[account]


def run(shard_id: int, *, take_over: bool = False, means: Means = MEANS) -> None:
    """Book a batch. One bad parcel never stops the rest; CourierUnavailable says how many wait."""
    batch = _Batch(means, take_over)
    with reading() as session:
        ids = bookings.of_batch(session, batch_id=shard_id)
    for done, booking_id in enumerate(ids):
        try:
            _book_one(booking_id, batch)
        except QuotaUsedUp as used_up:
            batch.waiting += [used_up] * (len(ids) - done)
            break
        except CourierUnavailable as fault:
            batch.tries = 1
            batch.waiting.append(fault)
        except QianliError as error:
            batch.waiting.append(error)
    if batch.waiting:
        raise CourierUnavailable(WAITING.format(count=len(batch.waiting), why=batch.waiting[0].message))


def _book_one(booking_id: int, batch: _Batch) -> None:
    with writing(SYSTEM) as session:
        lease_s = settings().lease_s
        booking = bookings.claim(session, booking_id=booking_id, at=now(), lease_s=lease_s, take_over=batch.take_over)
        if booking is None:
            return
        order = order_of(*bookings.order(session, parcel_id=booking.parcel_id))
    try:
        booked = _asked(order, batch, booking)
    except BookingRejected as rejection:
        _refused(booking, rejection)
    except Exception:
        with writing(SYSTEM) as session:
            bookings.let_go(session, booking=booking)
        raise
    else:
        _answered(booking, booked)


def _asked(order: Order, batch: _Batch, booking: Booking) -> Booked:
    """The courier's answer, after a few tries with growing, uneven pauses."""
    courier, asked_before = batch.courier(booking.account), booking.attempt > 1
    for tried in range(batch.tries):
        try:
            if (asked_before or tried) and (found := courier.find(order.reference)):
                return found
            return courier.book(order)
        except QuotaUsedUp:
            raise
        except CourierUnavailable:
            if tried + 1 == batch.tries:
                raise
            batch.means.sleep(2**tried * (0.5 + batch.means.jitter()))
    raise AssertionError("a batch tries at least once")


def _answered(booking: Booking, booked: Booked) -> None:
    number = booked.waybill_number
    with writing(SYSTEM) as session:
        if not bookings.answered(session, booking=booking, waybill_number=number, route=booked.route, at=now()):
            return
        (parcel,) = parcels.by_ids(session, ids=[booking.parcel_id])
        if parcel.stage is not ParcelStage.voided and parcel.waybill_number is None:
            rows_of.set_waybills(session, numbers={parcel.key: number}, year=today().year)


def _refused(booking: Booking, rejection: BookingRejected) -> None:
    """Everyone in the parcel is held, with our words and the courier's, unless those name somebody."""
    with writing(SYSTEM) as session:
        kind, words = rejection.kind, rejection.words
        if not bookings.refused(session, booking=booking, kind=kind, words=words, at=now()):
            return
        (parcel,) = parcels.by_ids(session, ids=[booking.parcel_id])
        named = is_naming(session, words, campaign_id=parcel.campaign_id)
        said = "；".join(one for one in (KINDS.get(kind, ""), "" if named else words) if one)
        withhold_parcels(session, {parcel.key: said})
    logger.info("booking %d refused: %s", booking.key, kind)
