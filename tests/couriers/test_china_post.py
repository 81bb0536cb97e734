"""China Post over real HTTP, against its stand-in."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from models import DeliveredTo, ReturnedFor, Tracking
from qianli.campaigns.tracking import fold
from qianli.couriers.china_post import ChinaPost, connect
from qianli.couriers.live import Asked, Books, Order, Party, Pushes, Redirects, Tracks
from qianli.errors import BookingRejected, ConfigurationError, CourierUnavailable
from qianli.interfaces.accounts import Account
from qianli.interfaces.pushes import Push
from qianli.interfaces.wire import Wire
from qianli.stand_ins.china_post import Post
from qianli.stand_ins.china_post_journeys import JOURNEYS
from qianli.stand_ins.faults import SILENT, Fault, Faults
from qianli.stand_ins.serving import serving

AT = datetime(2027, 1, 10, 1, 30, tzinfo=UTC)
ORDER = Order(
    "QL27A0001X",
    Party("收发室", "010-60000000", "北京市", "北京市", "西城区", "某街1号"),
    Party("林晓", "13800000000", "广东省", "东莞市", "", "某镇某路2号"),
    "图书",
    850,
    AT,
)


FAULTS = Faults(late_s=0.01)


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[Post, str]]:
    post = Post(now=lambda: AT + timedelta(days=20))
    with serving(FAULTS.around(post.app())) as url:
        yield post, url


@pytest.fixture
def post(address: tuple[Post, str]) -> Post:
    address[0].reset()
    FAULTS.plan = lambda _request: None
    return address[0]


@pytest.fixture
def courier(post: Post, address: tuple[Post, str]) -> ChinaPost:
    return connected(post.values | {"url": f"{address[1]}/"})


def connected(values: dict[str, str]) -> ChinaPost:
    return connect(
        Account("china_post", "china_post", {key: SecretStr(value) for key, value in values.items()}), Wire()
    )


@pytest.mark.parametrize("refuses_repeats", [False, True])
def test_booked_once_however_often_it_is_asked(post: Post, courier: ChinaPost, *, refuses_repeats: bool) -> None:
    post.refuses_repeats = refuses_repeats
    first = courier.book(ORDER)
    assert courier.find(ORDER.reference) is None
    assert courier.book(ORDER) == first
    assert [one.waybill_number for one in post.bookings.values()] == [first.waybill_number]
    assert first.route["route_code"]


def test_whatever_the_interface_does_each_order_gets_one_number(post: Post, courier: ChinaPost) -> None:
    kinds = [one for one in Fault if one not in SILENT]  # that would be waited for
    FAULTS.plan = lambda request: kinds[request % len(kinds)] if request % 4 else None
    orders = [replace(ORDER, reference=f"QL27A{number:05d}") for number in range(24)]
    numbers = {order.reference: booked_at_last(courier, order) for order in orders}
    assert FAULTS.met.keys() == set(kinds)
    assert numbers == {reference: booking.waybill_number for reference, booking in post.bookings.items()}
    assert len(set(numbers.values())) == len(orders)


def booked_at_last(courier: ChinaPost, order: Order) -> str:
    """Asked again after every passing fault."""
    for _ in range(20):
        with suppress(CourierUnavailable):
            return courier.book(order).waybill_number
    raise AssertionError("never booked")


def test_a_booking_is_cancelled_once_and_not_after_collection(post: Post, courier: ChinaPost) -> None:
    number = courier.book(ORDER).waybill_number
    courier.cancel(ORDER.reference, number)
    courier.cancel(ORDER.reference, number)
    assert post.bookings[ORDER.reference].cancelled
    post.tell(number, "203", AT, "已收寄")
    with pytest.raises(BookingRejected):
        courier.cancel(ORDER.reference, number)


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        (replace(ORDER, content="打火机"), "contraband"),
        (replace(ORDER, consignee=replace(ORDER.consignee, city="三沙市")), "not_served"),
        (replace(ORDER, consignee=replace(ORDER.consignee, phone="")), "phone"),
        (replace(ORDER, consignee=replace(ORDER.consignee, detail="")), "other"),
    ],
)
def test_a_refusal_is_final_and_of_a_kind(courier: ChinaPost, order: Order, kind: str) -> None:
    with pytest.raises(BookingRejected) as told:
        courier.book(order)
    assert told.value.kind == kind
    assert told.value.words
    assert order.consignee.name not in str(told.value)


def test_a_wrong_account_and_too_many_calls_are_told_apart(
    post: Post, courier: ChinaPost, address: tuple[Post, str]
) -> None:
    for wrong in ("sender_no", "authorization", "sign_key"):
        values = post.values | {"url": f"{address[1]}/", wrong: "QUFBQUFBQUFBQUFBQUFBQQ=="}
        with pytest.raises(ConfigurationError):
            connected(values).book(ORDER)
    post.per_minute = 0
    with pytest.raises(CourierUnavailable):
        courier.book(ORDER)


def test_what_it_says_is_asked_for_and_pushed(post: Post, courier: ChinaPost) -> None:
    number = courier.book(ORDER).waybill_number
    assert courier.track([Asked(number, "china_post")]).said == []
    post.tell(number, "203", AT, "已收寄")
    item = post.tell(number, "704", AT + timedelta(days=2), "已妥投", deliverCode="10")
    asked = courier.track([Asked(number, "china_post"), Asked("9899999999999", "china_post")])
    push = Push(post.push_of(item), "application/json")
    assert courier.is_authentic(push)
    assert [one.tracking for one in asked.said] == [Tracking.accepted, Tracking.delivered]
    assert courier.read_push(push).said == [asked.said[1]]
    assert asked.said[1].delivered_to is DeliveredTo.member
    assert post.took(courier.answer(push, accepted=True).content)
    assert not post.took(courier.answer(push, accepted=False).content)


T, D = Tracking, DeliveredTo
ENDS: dict[str, tuple[Tracking, DeliveredTo | None, ReturnedFor | None]] = {
    "delivered": (T.delivered, D.member, None), "neighbour": (T.delivered, D.other_person, None),
    "village": (T.delivered, D.village_committee, None), "cabinet": (T.delivered, D.member, None),
    "forgotten": (T.awaiting_pickup, None, None), "taken_back": (T.delivered, D.reception, None),
    "not_at_home": (T.delivered, D.member, None), "moved": (T.returned, None, ReturnedFor.moved),
    "nobody_of_that_name": (T.returned, None, ReturnedFor.unknown_person), "refused": (T.returned, None, None),
    "redirected": (T.delivered, D.member, None), "stuck": (T.in_transit, None, None), "lost": (T.lost, None, None),
}  # fmt: skip


def test_each_journey_comes_to_its_end_in_any_order(post: Post, courier: ChinaPost) -> None:
    assert ENDS.keys() == JOURNEYS.keys()
    for journey, end in ENDS.items():
        number = courier.book(replace(ORDER, reference=journey)).waybill_number
        items = post.play(number, journey, AT.date())
        asked = list(courier.track([Asked(number, "china_post")]).said)
        pushed = [said for item in items[::-1] for said in courier.read_push(Push(post.push_of(item))).said]
        folded = fold(pushed)
        assert (folded.tracking, folded.delivered_to, folded.returned_for) == end, journey
        assert fold(asked) == fold(asked + pushed) == fold(asked[1::2] + asked[::2]) == folded


def test_what_it_can_do(courier: ChinaPost) -> None:
    assert isinstance(courier, Books)
    assert isinstance(courier, Tracks)
    assert isinstance(courier, Pushes)
    assert not isinstance(courier, Redirects)
