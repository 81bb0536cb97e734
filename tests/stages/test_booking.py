"""Parcels are booked once each, whatever the courier's interface does and whenever we are cut off."""

import threading
from collections import Counter as Counted
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from models import Booking, Campaign, Case, CaseOutcome, CaseReason, Channel, Hold, Parcel, ParcelStage
from qianli import faults as fault_points
from qianli.cli import main
from qianli.errors import ConfigurationError, CourierUnavailable, QuotaUsedUp, RuleBroken
from qianli.interfaces.wire import Limit, at_once
from qianli.stages import (
    booking,
    call_limits,
    cases,
    label_forms,
    parcel_views,
    reconcile,
    refusing,
    third_parties,
    unbooking,
)
from qianli.stages.unit import reading, writing
from qianli.stand_ins.china_post import Post
from qianli.stand_ins.faults import Fault, Faults
from qianli.stand_ins.serving import serving
from qianli.testing import NOW, at_point, make_world, workspace

MANY = 40
PATIENT = booking.Means(sleep=lambda _s: None, jitter=lambda: 0.5, acquire=lambda _account: at_once)
CAUSES = [
    None, Fault.twice, Fault.broken_after, Fault.late, Fault.lost_after, Fault.lost_before, None, Fault.broken_before,
]  # fmt: skip


@dataclass
class Counter:
    """A post, what goes wrong with it, and a campaign in a workspace that is connected to it."""

    post: Post
    faults: Faults
    campaign: int = 0

    def book(self) -> None:
        for shard in booking.shards(self.campaign):
            booking.run(shard, take_over=True, means=PATIENT)

    def rows(self, model: type) -> list:
        with reading() as session:
            found = list(session.exec(select(model).order_by("id")))
            session.expunge_all()
        return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def counter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counter]:
    post, faults = Post(), Faults()
    with serving(faults.around(post.app())) as url:
        keys = {f"COURIERS__CHINA_POST__{key.upper()}": value for key, value in post.values.items()}
        with workspace(tmp_path, database=request.param, **keys, COURIERS__CHINA_POST__URL=f"{url}/"):
            yield Counter(post, faults)


def world(counter: Counter, members: int) -> None:
    with writing("user:李主任") as session:
        counter.campaign = make_world(session, members=members, stage=ParcelStage.planned).campaign


def test_a_number_each_from_a_post_at_its_worst(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late is too late here: done, and not waited for."""
    world(counter, MANY)
    monkeypatch.setattr("qianli.interfaces.wire.TIMEOUT_S", (5, 0.3))
    counter.faults.late_s = 0.5
    counter.faults.plan = lambda request: CAUSES[request % len(CAUSES)]
    for _ in range(9):
        try:
            counter.book()
        except CourierUnavailable:
            continue
        break
    numbers = [one.waybill_number for one in counter.rows(Parcel)]
    booked = {one.waybill_number: reference for reference, one in counter.post.bookings.items()}
    assert [booked[number] for number in numbers] == [one.reference for one in counter.rows(Parcel)]
    assert len(counter.post.bookings) == MANY
    assert all(counter.faults.met[fault] for fault in CAUSES if fault)
    assert all(one.route["route_code"] for one in counter.rows(Booking))


def test_cut_off_anywhere_it_is_booked_once(counter: Counter) -> None:
    class CutOff(Exception):
        pass

    def cut() -> None:
        raise CutOff

    world(counter, 3)
    counter.faults.plan = lambda request: Fault.lost_after if request == 2 else None
    for point in range(1, 100):
        at_point(point, cut)
        try:
            counter.book()
        except CutOff:
            continue
        finally:
            fault_points.arm(None)
        break
    assert point > 6
    assert {one.waybill_number for one in counter.rows(Parcel)} == {
        one.waybill_number for one in counter.post.bookings.values()
    }
    assert len(counter.post.bookings) == 3


def test_a_refusal_is_a_hold_and_the_rest_go_on(counter: Counter) -> None:
    world(counter, 3)
    counter.post.unserved = ("义乌市",)
    counter.book()
    (hold,) = counter.rows(Hold)
    assert "不肯承运" in hold.sentence
    assert [one.waybill_number is None for one in counter.rows(Parcel)] == [False, True, False]
    assert counter.rows(Parcel)[1].stage is ParcelStage.voided


def test_a_courier_that_is_away_leaves_all_waiting(counter: Counter) -> None:
    world(counter, 3)
    counter.faults.plan = lambda _request: Fault.broken_before
    with pytest.raises(CourierUnavailable, match="3 个包裹还没有订到运单号"):
        counter.book()
    assert reconcile.left("fulfil_campaign", counter.campaign) == 3
    counter.faults.plan = lambda _request: None
    counter.book()
    assert len(counter.post.bookings) == 3
    assert reconcile.left("fulfil_campaign", counter.campaign) == 0


@pytest.mark.parametrize(("words", "asked"), [("合同已停用", 2), ("验签失败", 1)])
def test_a_refused_account_stops_its_batch_and_voids_nothing(counter: Counter, words: str, asked: int) -> None:
    world(counter, 4)
    counter.post.suspended = words
    with pytest.raises(ConfigurationError, match=r"4 个包裹还没有订到运单号.*账号.*qianli parcel waybills"):
        counter.book()
    assert counter.post.calls["020003"] == asked
    assert {one.stage for one in counter.rows(Parcel)} == {ParcelStage.planned}
    counter.post.suspended = ""
    counter.book()
    assert len(counter.post.bookings) == 4


def test_several_workers_keep_the_limits_together(counter: Counter) -> None:
    """Turns lie apart as the limit says, and no more are given than the day has."""
    turns: list[float] = []
    used_up: list[QuotaUsedUp] = []

    def work() -> None:
        acquire = call_limits.acquire("china_post", call_limits.Clock(lambda: 1000.0, turns.append))
        for _ in range(10):
            try:
                acquire(Limit("book", per_minute=20, per_day=25))
            except QuotaUsedUp as error:
                used_up.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(used_up) == 15
    assert sorted(turns) == [3.0 * n for n in range(1, 25)]  # the first call waits for nothing


def test_what_is_voided_is_cancelled_and_labels_of_the_rest_hide_the_address(counter: Counter) -> None:
    world(counter, 3)
    counter.book()
    first, second, _ = (one.reference for one in counter.rows(Parcel))
    refusing.refuse([first], reason="超范围", by="user:李主任")
    counter.faults.plan = lambda request: Fault.lost_before if request == 4 else None
    with pytest.raises(CourierUnavailable):
        unbooking.cancel_all(counter.campaign, means=PATIENT)
    assert unbooking.campaigns_to_cancel() == {counter.campaign}
    assert unbooking.cancel_all(counter.campaign, means=PATIENT) == 1
    assert [one.cancelled for one in counter.post.bookings.values()] == [True, False, False]
    assert unbooking.campaigns_to_cancel() == set()
    with reading() as session:
        campaign = session.get_one(Campaign, counter.campaign)
        (view,) = parcel_views.view(session, campaign, parcel_ids=[counter.rows(Parcel)[1].key]).values()
        label = label_forms.address_label(campaign, view)
    assert (label.reference, label.route_code) == (second, counter.rows(Booking)[1].route["route_code"])
    assert label.phone != view.consignee.phone
    assert "*" in label.phone


def test_what_a_courier_does_not_give_up_is_a_case_until_it_does(
    counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    world(counter, 2)
    with pytest.raises(RuleBroken, match="不是经接口订的"):
        unbooking.unbook([one.reference for one in counter.rows(Parcel)], by="user:李主任", means=PATIENT)
    counter.book()
    first, second = counter.rows(Parcel)
    counter.post.tell(first.waybill_number, "203", NOW, "收寄")
    done = unbooking.unbook([first.reference, second.reference], by="user:李主任", means=PATIENT)
    assert (done.cancelled, done.refused, done.owed) == (
        (second.reference,), (first.reference,), ("TEST-2027-0001", "TEST-2027-0002"),
    )  # fmt: skip
    (case,) = cases.list_cases()
    assert (case.reason, case.reference) == (CaseReason.cancel_refused, first.reference)
    assert f"qianli parcel unbook {first.reference}" in case.next_step
    counter.post.said.clear()
    assert main.execute(["parcel", "unbook", first.reference]) == 0
    assert f"已撤销运单：{first.reference}" in capsys.readouterr().out
    assert [one.cancelled for one in counter.post.bookings.values()] == [True, True]
    assert [one.outcome for one in counter.rows(Case)] == [CaseOutcome.settled]


def test_the_courier_is_told_nothing_of_the_campaign(counter: Counter) -> None:
    world(counter, 1)
    counter.book()
    told = str([one.order for one in counter.post.bookings.values()])
    assert "青石镇便民服务中心" in told
    assert not [word for word in ("党委", "千里传书", "TEST-2027", "党徽", "章程", "家书") if word in told]
    parties = third_parties.couriers_told({"default": "china_post"}, Counted(china_post=3, sf=1))
    assert [one.name for one in parties] == ["中国邮政（经接口发送）", "顺丰速运"]
    campaign = Campaign(channel=Channel.post, couriers={"default": "china_post", "by_province": {"福建省": "sf"}})
    assert "经接口发送给中国邮政" in third_parties.by_interface(campaign)[0]
