"""SF's signature, what it is told and what it says, on the samples beside this file."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Tracking
from qianli.couriers import sf_answers as answers
from qianli.couriers import sf_pushes as pushes
from qianli.couriers.live import Asked, Order, Party
from qianli.couriers.sf_codes import HEARD, ROUTES
from qianli.couriers.sf_payloads import digest, order_of, questions_of
from qianli.errors import BookingRejected, ConfigurationError, CourierUnavailable, QianliError, UnreadableAnswer
from qianli.interfaces.pushes import Push

SAMPLES = Path(__file__).parent / "sf"
T = Tracking
ORDER = Order(
    "QL27A0001X",
    Party("收发室", "010-60000000", "北京市", "北京市", "西城区", "某街1号"),
    Party("林晓", "+86 138-0000-0000", "广东省", "东莞市", "", "某镇某路2号"),
    "图书",
    850,
    datetime(2027, 1, 10, 1, 30, tzinfo=UTC),
)


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text())


def test_the_published_signature() -> None:
    vector = sample("vector")
    assert digest(vector["msgData"], vector["timestamp"], vector["checkword"]) == vector["msgDigest"]
    assert digest("* -_", ".~", "") == "AxnY2rLNRt3J3SPvxENo/w=="  # MD5 of *+-_.%7E, as Java's URLEncoder writes it


def test_an_order_is_told_as_in_the_sample() -> None:
    assert order_of(ORDER, monthly_card="7551234567", express_type_id=2, pay_method=1) == sample("booking")


def test_a_booking_has_its_number_and_its_route() -> None:
    booked = answers.booked_of(answers.body_of(sample("booked")))
    assert (booked.waybill_number, booked.watch) == ("SF7000000000001", "")
    assert (booked.route["route_code"], booked.route["coding"]) == ("020W-F0-CK K35", "K35")


def test_parcels_share_a_call_only_under_the_same_phone() -> None:
    asked = [Asked(f"SF{number}", "sf", "0001" if number % 2 else "0002") for number in range(22)]
    questions = list(questions_of(asked))
    assert [(one["checkPhoneNo"], len(one["trackingNumber"])) for one in questions] == [
        ("0002", 10), ("0002", 1), ("0001", 10), ("0001", 1),
    ]  # fmt: skip


def test_tracks_and_pushes_are_read() -> None:
    told = answers.told_of(answers.body_of(sample("routes")))
    states = [T.accepted, T.in_transit, T.in_transit, T.out_for_delivery, T.delivered]
    assert [one.tracking for one in told.said] == states
    assert told.said[0].happened_at == datetime(2027, 1, 10, 2, 30, 56, tzinfo=UTC)
    routes, orders = (pushes.read(Push((SAMPLES / f"{name}_push.json").read_bytes())).said
                      for name in ("route", "order_state"))  # fmt: skip
    assert [(one.code, one.tracking, one.reference) for one in (*routes, *orders)] == [
        ("50", T.accepted, "QL27A0001X"), ("04-40037", T.unknown, "QL27A0001X"), ("05-40003", T.accepted, "QL27A0001X"),
    ]  # fmt: skip


def test_a_code_people_only_tell_of_is_unknown_and_a_broken_entry_loses_no_other() -> None:
    assert not HEARD.keys() & ROUTES.keys()
    route = sample("route_push")["Body"]["WaybillRoute"][0]
    entries = [route | {"opCode": "70"}, route | {"acceptTime": "昨天"}, None, route]
    told = pushes.read(Push(json.dumps({"Body": {"WaybillRoute": entries}}).encode()))
    assert [(one.code, one.tracking) for one in told.said] == [("70", T.unknown), ("50", T.accepted)]
    assert len(told.unread) == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [("A1005", CourierUnavailable), ("A1009", CourierUnavailable), ("A1099", CourierUnavailable),
     ("A1001", ConfigurationError), ("A1004", ConfigurationError), ("A1006", ConfigurationError),
     ("A1000", UnreadableAnswer), ("B1", UnreadableAnswer)],
)  # fmt: skip
def test_the_gateways_codes_are_told_apart(code: str, error: type[QianliError]) -> None:
    with pytest.raises(error):
        answers.body_of({"apiResultCode": code, "apiErrorMsg": "", "apiResultData": None})


def test_a_booking_decided_by_hand_is_watched_or_asked_for_again() -> None:
    body = dict(answers.body_of(sample("booked"))) | {"filterResult": 1}
    assert answers.booked_of(body).watch
    with pytest.raises(CourierUnavailable):
        answers.booked_of(body | {"waybillNoInfoList": None})
    with pytest.raises(BookingRejected) as told:
        answers.booked_of(body | {"filterResult": 3, "remark": "1"})
    assert (told.value.kind, told.value.words) == ("not_served", "收方超范围")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["A1000", "S0000", "1", "SF1234"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["Body", "WaybillRoute", "orderState"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.data())
def test_mangled_answers_raise_nothing_but_our_errors(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["booked", "routes", "route_push", "order_state_push"]))
    whole = sample(name)
    if "apiResultData" in whole:
        whole["apiResultData"] = json.loads(whole["apiResultData"])
    mangle(data, whole)
    with suppress(QianliError):
        pushes.read(Push(json.dumps(whole).encode()))
    with suppress(QianliError, answers.Refused):
        body = answers.body_of(whole)
        answers.told_of(body)
        answers.booked_of(body)


def mangle(data: st.DataObject, node: Any) -> None:
    """Put something else at one place of it."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = data.draw(st.sampled_from(keys))
    if isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 3)):
        mangle(data, node[key])
    else:
        node[key] = data.draw(JSON)
