"""China Post's envelope, what it is told and what it says, on the samples beside this file."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import DeliveredTo, ReturnedFor, Tracking
from qianli.couriers import china_post_answers as answers
from qianli.couriers.china_post_codes import FAILURES, OPERATIONS, RECEIVERS, code_of
from qianli.couriers.china_post_payloads import order_of
from qianli.couriers.china_post_pushes import Reader
from qianli.couriers.live import Order, Party
from qianli.couriers.sm4_envelope import encrypted, opened, sealed
from qianli.errors import (
    BookingRejected,
    ConfigurationError,
    CourierUnavailable,
    QianliError,
    UnreadableAnswer,
)
from qianli.interfaces.pushes import Push

SAMPLES = Path(__file__).parent / "china_post"
T, D = Tracking, DeliveredTo


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text())


KEY: str = sample("vector")["key"]
ORDER = Order(
    "QL27A0001X",
    Party("收发室", "010-60000000", "北京市", "北京市", "西城区", "某街1号"),
    Party("林晓", "+86 138-0000-0000", "广东省", "东莞市", "", "某镇某路2号"),
    "图书",
    850,
    datetime(2027, 1, 10, 1, 30, tzinfo=UTC),
)


def test_the_published_envelope() -> None:
    vector = sample("vector")
    assert sealed(vector["content"], KEY) == vector["envelope"]
    assert opened(vector["envelope"], KEY) == vector["content"]
    with pytest.raises(ConfigurationError):
        sealed([], "short")


def test_an_order_is_told_as_in_the_sample() -> None:
    assert order_of(ORDER, customer="1100172843670", product="2") == sample("booking")


def test_a_booking_has_its_number_and_its_route() -> None:
    booked = answers.booked_of(answers.body_of(sample("booked")))
    assert booked.waybill_number == "9800000000001"
    assert booked.route == {
        "route_code": "523-A1-07 03", "package_code": "52300000", "package_name": "东莞集",
        "destination_code": "523", "destination_name": "东莞",
    }  # fmt: skip


def test_a_route_is_read_event_by_event() -> None:
    told = answers.told_of(answers.body_of(sample("route")))
    assert [(one.code, one.tracking, one.returned_for) for one in told.said] == [
        ("203", T.accepted, None), ("705-5", T.failed_attempt, ReturnedFor.moved), ("639", T.unknown, None),
    ]  # fmt: skip
    assert told.said[0].happened_at == datetime(2027, 1, 10, 9, 5, tzinfo=UTC)  # 17:05 in China
    assert told.said[0].place == "北京市某营业部"
    assert told.unread == ["第3条：没有可读的时间。"]


def test_a_push_is_opened_and_answered() -> None:
    message = {
        "logitcsInterface": encrypted(json.dumps(sample("push")), KEY), "method": "040002", "msgType": "0",
        "senderNo": "1100172843670", "serialNo": "C3E7", "timeStamp": "2027-01-15 16:41:00", "version": "v1.0.0",
    }  # fmt: skip
    push, reader = Push(json.dumps(message).encode()), Reader("1100172843670", KEY)
    assert reader.is_authentic(push)
    [said] = reader.read(push).said
    assert (said.tracking, said.reference, said.code) == (T.awaiting_pickup, "QL27A0001X", "704-50")
    assert json.loads(reader.answer(push, accepted=True).content) == {
        "serialNo": "C3E7", "code": "00000", "codeMessage": "成功", "senderNo": "1100172843670",
    }  # fmt: skip
    assert not reader.is_authentic(Push(json.dumps({**message, "senderNo": "another"}).encode()))
    assert not Reader("1100172843670", "QUFBQUFBQUFBQUFBQUFBQQ==").is_authentic(push)


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ("系统繁忙，请稍后再试", CourierUnavailable, "稍后会再试"), ("授权码不正确", ConfigurationError, "授权码"),
        ("物流订单号重复", BookingRejected, "已经下过单"), ("林晓的邮件重量超过限制", BookingRejected, "不接这个包裹"),
    ],
)  # fmt: skip
def test_failures_are_told_apart_by_their_words(words: str, error: type[QianliError], said: str) -> None:
    with pytest.raises((QianliError, answers.Refused)) as told:
        answers.body_of({"retCode": "99999", "retMsg": words, "retBody": None})
    heard = answers.rejection_of(told.value) if isinstance(told.value, answers.Refused) else told.value
    assert isinstance(heard, error)
    assert said in str(heard)
    assert "林晓" not in str(heard)


@pytest.mark.parametrize(
    ("codes", "tracking", "to"),
    [
        (("704", "10"), T.delivered, D.member), (("704", "60"), T.delivered, D.reception),
        (("704", "30"), T.awaiting_pickup, None), (("704", "999"), T.delivered, D.unknown),
        (("704", "160"), T.delivered, D.village_committee), (("747",), T.awaiting_pickup, None),
        (("748",), T.delivered, D.member), (("705", "", "7"), T.refused, None), (("705", "", "15"), T.returning, None),
        (("705", "", "99"), T.failed_attempt, None), (("987",), T.lost, None), (("639", "10"), T.unknown, None),
    ],
)  # fmt: skip
def test_codes(codes: tuple[str, ...], tracking: Tracking, to: DeliveredTo | None) -> None:
    code = code_of(*codes)
    assert (code.tracking, code.delivered_to) == (tracking, to)


def test_only_a_delivery_has_a_receiver_and_only_trouble_speaks_against_an_address() -> None:
    for code in (*OPERATIONS.values(), *RECEIVERS.values(), *FAILURES.values()):
        assert (code.delivered_to is not None) == (code.tracking is T.delivered)
        assert code.returned_for is None or code.tracking is T.failed_attempt
    assert {number for number, code in OPERATIONS.items() if code.cancels} == {"742", "743", "744"}


FIELDS = ["retCode", "retMsg", "retBody", "responseItems", "waybillNo", "opTime", "opCode", "deliverCode", "orderNo"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["00000", "9800000000001", "704"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=50)
def test_mangled_answers_and_pushes_raise_nothing_but_our_errors(mangled: Any) -> None:
    for body in (mangled, {"retCode": "00000", "retBody": json.dumps(mangled)}, {"retCode": "1", "retBody": mangled}):
        for reading in (answers.booked_of, answers.told_of):
            with suppress(QianliError, answers.Refused):
                reading(answers.body_of(body))
    reader = Reader("1", KEY)
    for push in (Push(json.dumps(mangled).encode()), Push(_pushed(mangled)), Push(b"\xff|$4|"), Push(b"a=1", "x/form")):
        reader.answer(push, accepted=reader.is_authentic(push))
        try:
            reader.read(push)
        except UnreadableAnswer:
            assert push.body != _pushed(mangled)


def _pushed(content: Any) -> bytes:
    envelope = encrypted(json.dumps(content), KEY)
    return json.dumps({"method": "040002", "senderNo": "1", "logitcsInterface": envelope}).encode()
