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

from models import Booking, CaseReason, ParcelStage
from qianli.couriers.connected import connect, takes_bookings
from qianli.couriers.live import Booked, Books, Order
from qianli.errors import BookingRejected, ConfigurationError, CourierUnavailable, QianliError, QuotaUsedUp, RuleBroken
from qianli.interfaces.accounts import Account
from qianli.interfaces.wire import Acquire, Wire
from qianli.settings import settings
from qianli.stages import call_limits, courier_accounts, tracking_cases
from qianli.stages.booking_orders import order_of
from qianli.stages.reasons import is_naming
from qianli.stages.refusing import withhold_parcels
from qianli.stages.unit import SYSTEM, now, reading, today, writing
from qianli.store import bookings, campaigns, parcels
from qianli.store import tracking as rows_of

logger = logging.getLogger(__name__)
BATCH = 200
TRIES = 4
STRIKES = 2  # parcels in a row refused for the account: the first may have been that parcel's own matter
ACCOUNT = "account"
WAITING = (
    "{count} 个包裹还没有订到运单号：{why}再运行一次会接着订；"
    "不等了，可以把运单号填在表格里导入：qianli parcel waybills 文件"
)
ACCOUNT_REFUSED = "快递公司说账号“{account}”有问题，请与其核对合同和设置，包裹没有作废；办好后"
NO_TAKER = (
    "没有接通能订运单号的快递账号（设置 QIANLI_COURIERS）。"
    "用表格的：qianli parcel list {code} --xlsx 文件，填上运单号再导入：qianli parcel waybills 文件"
)
KINDS = {
    "address": "收件地址不对",
    "not_served": "不送这个地方",
    "contraband": "内件不能寄",
    "phone": "收件电话不对",
}


@dataclass(frozen=True)
class Means:
    """What a booking is made with; tests bring their own patience."""

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    acquire: Callable[[str], Acquire] = call_limits.acquire


MEANS = Means()


def accounts() -> dict[str, Account]:
    """Our accounts whose settings are complete, by code."""
    return {one.account.code: one.account for one in courier_accounts.usable()}


def courier_under(account: str, means: Means = MEANS) -> Any:
    """The courier's interface under one of our accounts."""
    found = accounts().get(account)
    if found is None:
        raise ConfigurationError(f"快递账号“{account}”没有接通，请检查 QIANLI_COURIERS__{account.upper()}__… 的设置。")
    return connect(found, Wire(acquire=means.acquire(account)))


def takers() -> list[str]:
    """Our accounts with couriers that book."""
    return [code for code, account in accounts().items() if takes_bookings(account)]


def shards(campaign_id: int) -> list[int]:
    """Batches that are still to be booked; bookings of newly planned parcels are opened."""
    connected = takers()
    if not connected:
        return []
    with writing(SYSTEM) as session:
        campaigns.lock(session, campaign_id=campaign_id)
        new = bookings.unbooked(session, campaign_id=campaign_id, accounts=connected)
        bookings.add(session, accounts={one.key: one.account for one in new}, batch=BATCH)
        session.flush()
        return bookings.batches(session, campaign_id=campaign_id)


@dataclass(frozen=True)
class Numbers:
    """How many parcels have a number from a courier's interface, and how many couriers refused."""

    booked: int
    refused: int


def campaign_to_book(code: str) -> int:
    """The id of a campaign with parcels; RuleBroken when no courier is connected that could book any."""
    if not takers():
        raise RuleBroken(NO_TAKER.format(code=code), code=code)
    with reading() as session:
        return campaigns.by_code(session, code=code).key


def numbers(campaign_id: int) -> Numbers:
    """What came of a campaign's bookings."""
    with reading() as session:
        return Numbers(*bookings.outcome(session, campaign_id=campaign_id))


@dataclass
class _Desk:
    """An account within a batch. One that kept failing is not waited for again and again; one that is shut is left."""

    courier: Books
    tries: int = TRIES
    strikes: int = 0
    shut: QianliError | None = None


@dataclass
class _Batch:
    """What is going on in a batch."""

    means: Means
    take_over: bool
    desks: dict[str, _Desk] = field(default_factory=dict)
    waiting: list[QianliError] = field(default_factory=list)

    def desk(self, account: str) -> _Desk:
        if account not in self.desks:
            self.desks[account] = _Desk(courier_under(account, self.means))
        return self.desks[account]


def run(shard_id: int, *, take_over: bool = False, means: Means = MEANS) -> None:
    """Book a batch. One bad parcel never stops the rest, a bad account stops its own; the error says how many wait."""
    batch = _Batch(means, take_over)
    with reading() as session:
        asked_for = bookings.of_batch(session, batch_id=shard_id)
    for booking_id, account in asked_for:
        try:
            _book_under(account, booking_id, batch)
        except QianliError as error:
            batch.waiting.append(error)
    if batch.waiting:
        passing = not all(isinstance(one, ConfigurationError) for one in batch.waiting)
        said = WAITING.format(count=len(batch.waiting), why=batch.waiting[0].message)
        raise CourierUnavailable(said) if passing else ConfigurationError(said)


def _book_under(account: str, booking_id: int, batch: _Batch) -> None:
    """Book one, unless its account is known to be of no use today."""
    desk = batch.desk(account)
    if desk.shut:
        raise desk.shut
    try:
        _book_one(booking_id, desk, batch)
    except (QuotaUsedUp, ConfigurationError) as error:
        desk.shut = error
        raise
    except CourierUnavailable:
        desk.tries = 1
        raise
    except BookingRejected:
        desk.strikes += 1
        refused = ConfigurationError(ACCOUNT_REFUSED.format(account=account))
        desk.shut = refused if desk.strikes == STRIKES else None
        raise refused from None
    desk.strikes = 0


def _book_one(booking_id: int, desk: _Desk, batch: _Batch) -> None:
    with writing(SYSTEM) as session:
        lease_s = settings().lease_s
        booking = bookings.claim(session, booking_id=booking_id, at=now(), lease_s=lease_s, take_over=batch.take_over)
        if booking is None:
            return
        order = order_of(*bookings.order(session, parcel_id=booking.parcel_id))
    try:
        booked = _asked(order, desk, batch.means, asked_before=booking.attempt > 1)
    except Exception as error:
        if isinstance(error, BookingRejected) and error.kind != ACCOUNT:
            _refused(booking, error)
            return
        with writing(SYSTEM) as session:
            bookings.let_go(session, booking=booking)
        raise
    _answered(booking, booked)


def _asked(order: Order, desk: _Desk, means: Means, *, asked_before: bool) -> Booked:
    """The courier's answer, after a few tries with growing, uneven pauses."""
    for tried in range(desk.tries):
        try:
            if (asked_before or tried) and (found := desk.courier.find(order.reference)):
                return found
            return desk.courier.book(order)
        except QuotaUsedUp:
            raise
        except CourierUnavailable:
            if tried + 1 == desk.tries:
                raise
            means.sleep(2**tried * (0.5 + means.jitter()))
    raise AssertionError("a batch tries at least once")


def _answered(booking: Booking, booked: Booked) -> None:
    number = booked.waybill_number
    with writing(SYSTEM) as session:
        if not bookings.answered(session, booking=booking, waybill_number=number, route=booked.route, at=now()):
            return
        (parcel,) = parcels.by_ids(session, ids=[booking.parcel_id])
        if parcel.stage is not ParcelStage.voided and parcel.waybill_number is None:
            rows_of.set_waybills(session, numbers={parcel.key: number}, year=today().year)
        if booked.watch:
            tracking_cases.open_about(session, {parcel.key: CaseReason.undecided})


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
