"""SF over real HTTP, against its stand-in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from models import Tracking
from qianli.couriers.connected import connect
from qianli.couriers.live import Asked, Books, Order, Party, Pushes, Redirects, Tracks
from qianli.couriers.sf import SF
from qianli.couriers.sf_payloads import BOOK
from qianli.errors import BookingRejected, ConfigurationError, CourierUnavailable
from qianli.interfaces.accounts import Account
from qianli.interfaces.pushes import Push
from qianli.interfaces.wire import Wire
from qianli.stand_ins.faults import SILENT, Fault
from qianli.stand_ins.serving import serving
from qianli.stand_ins.sf import Express

AT = datetime(2027, 1, 10, 1, 30, tzinfo=UTC)
ORDER = Order(
    "QL27A0001X",
    Party("收发室", "010-60000000", "北京市", "北京市", "西城区", "某街1号"),
    Party("林晓", "13800001234", "广东省", "东莞市", "", "某镇某路2号"),
    "图书",
    850,
    AT,
)


@pytest.fixture
def express() -> Express:
    return Express(now=lambda: AT)


@pytest.fixture
def url(express: Express) -> Iterator[str]:
    with serving(express.app()) as address:
        yield f"{address}/std/service"


@pytest.fixture
def courier(express: Express, url: str) -> SF:
    return connected(express.values | {"url": url})


def connected(values: dict[str, str]) -> SF:
    secrets = {key: SecretStr(value) for key, value in values.items()}
    found = connect(Account("sf", "sf", secrets), Wire())
    assert isinstance(found, SF)
    return found


def test_whatever_happens_on_the_way_an_order_is_booked_once(express: Express, courier: SF) -> None:
    fates = [None, *(one for one in Fault if one not in SILENT)]  # the others would be waited for
    for place, fate in enumerate(fates):
        order = replace(ORDER, reference=f"QL27A{place:04d}X")
        if fate:
            express.faults.arm(fate, containing=BOOK.encode())
        try:
            courier.book(order)
        except CourierUnavailable:
            found = courier.find(order.reference)
            assert (found is None) == (fate in {Fault.lost_before, Fault.broken_before})
        booked = courier.book(order)
        assert booked == courier.find(order.reference)
        assert booked.waybill_number == express.bookings[order.reference].waybill_number
        assert booked.route["coding"]
    assert len({one.waybill_number for one in express.bookings.values()}) == len(fates)


def test_a_booking_is_cancelled_once_and_not_after_collection(express: Express, courier: SF) -> None:
    assert courier.find(ORDER.reference) is None
    courier.cancel(ORDER.reference, courier.book(ORDER).waybill_number)
    courier.cancel(ORDER.reference, "")
    assert express.bookings[ORDER.reference].cancelled
    with pytest.raises(BookingRejected):
        courier.book(ORDER)
    second = replace(ORDER, reference="QL27A0002X")
    express.tell(number := courier.book(second).waybill_number, "50", AT, "已收件")
    with pytest.raises(BookingRejected):
        courier.cancel(second.reference, number)


def test_refusals_are_of_a_kind_and_wrong_accounts_are_told_apart(express: Express, courier: SF, url: str) -> None:
    to = ORDER.consignee
    refused = {
        "contraband": replace(ORDER, content="打火机"),
        "not_served": replace(ORDER, consignee=replace(to, city="三沙市")),
        "phone": replace(ORDER, consignee=replace(to, phone="123")),
        "address": replace(ORDER, consignee=replace(to, detail="")),
    }
    for kind, order in refused.items():
        with pytest.raises(BookingRejected) as told:
            courier.book(order)
        assert told.value.kind == kind
        assert told.value.words
        assert to.name not in str(told.value)
    with pytest.raises(BookingRejected) as told:
        connected(express.values | {"url": url, "monthly_card": "1"}).book(replace(ORDER, reference="QL27A0002X"))
    assert told.value.kind == "account"
    for wrong in ({"partner_id": "?"}, {"checkword": "?"}, {"pay_method": "寄付"}):
        with pytest.raises(ConfigurationError):
            connected(express.values | {"url": url} | wrong).book(ORDER)
    express.per_second = 0
    with pytest.raises(CourierUnavailable):
        courier.book(ORDER)


def test_what_it_says_is_asked_for_and_pushed(express: Express, courier: SF, url: str) -> None:
    number = courier.book(ORDER).waybill_number
    collected = express.tell(number, "50", AT, "已收件", "北京市")
    express.tell(number, "80", AT + timedelta(days=2), "已签收")
    known, foreign = Asked(number, "sf", "1234"), Asked(number, "sf", "9999")
    told = courier.track([known, foreign])
    assert [one.tracking for one in told.said] == [Tracking.accepted]
    express.now = lambda: AT + timedelta(days=3)
    assert [one.tracking for one in courier.track([known]).said] == [Tracking.accepted, Tracking.delivered]

    ours = connected(express.values | {"url": url, "push_token": "hush"})
    push = Push(express.push_of(number, collected), query={"token": "hush"})
    assert ours.is_authentic(push)
    assert not any(ours.is_authentic(replace(push, query=query)) for query in ({}, {"token": "\udc80"}))
    assert not courier.is_authentic(replace(push, query={"token": ""}))
    pushed = ours.read_push(push).said
    assert [(one.waybill_number, one.code, one.happened_at, one.reference) for one in pushed] == [
        (number, "50", AT, ORDER.reference)
    ]
    assert [b"0000" in ours.answer(push, accepted=accepted).content for accepted in (True, False)] == [True, False]


def test_what_it_can_do(courier: SF) -> None:
    assert all(isinstance(courier, one) for one in (Books, Tracks, Pushes))
    assert not isinstance(courier, Redirects)
