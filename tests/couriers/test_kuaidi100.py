"""快递100 over real HTTP against its stand-in, its published samples, and hostile callbacks."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from models import DeliveredTo, Tracking
from qianli.couriers.connected import connections, is_known
from qianli.couriers.kuaidi100 import Kuaidi100, connect, query_form, signature
from qianli.couriers.kuaidi100_answers import pushed, told_of
from qianli.couriers.live import Asked, Books, Pushes, Subscribes, Tracks
from qianli.errors import ConfigurationError, CourierUnavailable, QianliError, UnreadableAnswer
from qianli.interfaces.accounts import Account
from qianli.interfaces.pushes import Push
from qianli.interfaces.wire import Wire
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.stand_ins.serving import serving

SAMPLES = Path(__file__).parent / "kuaidi100"
NUMBER = "SF1400000000001"
ASKED = Asked(NUMBER, "sf", "0001")


def account(values: dict[str, str]) -> Account:
    return Account("kuaidi100", "kuaidi100", {key: SecretStr(value) for key, value in values.items()})


OFFLINE = connect(account(Tracker().values("http://127.0.0.1:1")), Wire())


@pytest.fixture(scope="module")
def tracker() -> Iterator[tuple[Tracker, Kuaidi100]]:
    tracker = Tracker(now=lambda: datetime(2027, 1, 15, tzinfo=UTC))
    with serving(tracker.app()) as url:
        yield tracker, connect(account(tracker.values(url)), Wire())


def test_the_sign_of_the_algorithm() -> None:
    param = '{"com":"yuantong","num":"YT9693083639795"}'
    assert signature(param, "testkey", "TESTCUSTOMER") == "AD6AD77E9C389B78E1A3A97E52384EEE"


def test_it_is_a_third_party_that_tracks_and_pushes_but_books_nothing() -> None:
    (connection,) = connections({"kuaidi100": account({"customer": "C"})})
    assert connection.is_third_party
    assert [need.key for need in connection.missing] == ["key", "salt"]
    assert is_known("kuaidi100", "102")  # it says nothing of where a parcel is, which is not the same as unknown
    assert not is_known("kuaidi100", "9999")
    assert isinstance(OFFLINE, Tracks)
    assert isinstance(OFFLINE, Subscribes)
    assert isinstance(OFFLINE, Pushes)
    assert not isinstance(OFFLINE, Books)


def test_a_locker_is_no_receipt() -> None:
    told = told_of(json.loads((SAMPLES / "history.json").read_text()))
    assert [(one.code, one.tracking) for one in told.said] == [
        ("304", Tracking.awaiting_pickup), ("5", Tracking.out_for_delivery), ("103", Tracking.accepted),
    ]  # fmt: skip
    assert told.said[0].happened_at == datetime(2027, 1, 14, 9, 5, tzinfo=UTC)


def test_a_return_that_is_signed_for_is_a_return() -> None:
    told = pushed((SAMPLES / "callback.json").read_text())
    assert [(one.code, one.tracking, one.delivered_to) for one in told.said] == [
        ("4", Tracking.returned, None), ("9999", Tracking.unknown, None),
    ]  # fmt: skip
    assert (len(told.unread), told.ended, told.other_courier) == (1, [], {"9812345678901": "ems"})
    for odd in ("x" * 21, "邮政", "a b"):
        assert not pushed(json.dumps({"comNew": odd, "lastResult": {"nu": "1"}})).other_courier


def test_an_entry_without_a_code_bears_its_word_and_the_newest_the_state() -> None:
    entries = [{"ftime": "2027-01-14 10:00:00", "context": "新"}, {"ftime": "2027-01-13 10:00:00", "status": "揽收"}]
    told = told_of({"nu": NUMBER, "state": "3", "ischeck": "0", "data": entries})
    assert [(one.code, one.delivered_to) for one in told.said] == [("3", DeliveredTo.unknown), ("1", None)]


def test_queries_are_signed_and_a_number_rests_half_an_hour(tracker: tuple[Tracker, Kuaidi100]) -> None:
    desk, courier = tracker
    assert not courier.track([Asked("SF1400000000009", "sf", "0001")]).said
    desk.phones[NUMBER] = "0001"
    assert courier.track([Asked(NUMBER, "sf", "0002")]).unread
    desk.know(NUMBER, {"ftime": "2027-01-14 10:00:00", "statusCode": "303", "context": "代签"}, state="3")
    assert courier.track([ASKED]).said[0].delivered_to is DeliveredTo.other_person
    with pytest.raises(CourierUnavailable):
        courier.track([ASKED])
    desk.now = lambda: datetime(2027, 1, 15, tzinfo=UTC) + timedelta(minutes=30)
    assert courier.track([ASKED]).said
    with pytest.raises(UnreadableAnswer):
        courier.track([Asked(NUMBER, "spreadsheet")])
    desk.key, before = "another", desk.key
    with pytest.raises(ConfigurationError):
        courier.track([ASKED])
    desk.key = before


def test_a_second_subscription_is_no_error_and_an_unknown_courier_is_recognised(
    tracker: tuple[Tracker, Kuaidi100],
) -> None:
    desk, courier = tracker
    for _ in range(2):
        courier.subscribe(Asked("123", "spreadsheet", "0001"), "https://qianli.example/hooks/kuaidi100")
    assert desk.subscribed["123"]["autoCom"] == "1"


def test_only_who_asks_for_it_is_told_the_phone() -> None:
    assert "0001" not in query_form(Asked("9812345678901", "china_post", "0001"), customer="C", key="K")["param"]
    assert '"phone":"0001"' in query_form(ASKED, customer="C", key="K")["param"]


def test_a_callback_is_believed_with_our_salt_only() -> None:
    desk = Tracker()
    body = urlencode(form := desk.callback_of(NUMBER, status="abort", message="3天查询无记录")).encode()
    assert OFFLINE.is_authentic(Push(body))
    assert OFFLINE.read_push(Push(body)).ended == [NUMBER]
    for wrong in (b"", b"\xff", body + b"&sign=x", urlencode(form | {"param": form["param"] + " "}).encode()):
        assert not OFFLINE.is_authentic(Push(wrong))
    assert json.loads(OFFLINE.answer(Push(body), accepted=True).content)["returnCode"] == "200"
    assert json.loads(OFFLINE.answer(Push(b""), accepted=False).content)["result"] is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["nu", "data", "state", "lastResult", "status", "ftime", "statusCode", "comNew"]), inner
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=50)
@given(JSON)
def test_nothing_signed_but_strange_breaks_it(message: object) -> None:
    for read in (lambda: pushed(json.dumps(message)), lambda: told_of(message)):
        with suppress(QianliError):
            read()
