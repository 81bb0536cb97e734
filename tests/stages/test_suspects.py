"""What a courier says against an address is remembered, holds the next campaign, and ends when somebody asked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import Campaign, CampaignState, Consignment, Hold, Outcome, Parcel, ParcelStage, Residence, ReturnedFor
from qianli.cli import main
from qianli.stages import addresses, closing, purging, taking_back
from qianli.stages.steps import run_inline
from qianli.stages.tracking import import_events
from qianli.stages.unit import now, reading, today, writing
from qianli.store import outcomes
from qianli.testing import counted, make_world

BY = "user:李主任"


@pytest.fixture
def sent(dispatch: Callable) -> Callable:
    """A campaign that went out ten days ago."""

    def make(members: int) -> Any:
        out = dispatch(members=members, stage=ParcelStage.handed_over)
        with writing(BY) as session:
            session.execute(sa.update(Parcel).values(handed_over_at=now() - timedelta(days=10)))
        return out

    return make


def told(reference: str, words: str, remark: str = "", day: str = "2027-01-08") -> None:
    content = f"包裹编号,状态,时间,说明\n{reference},{words},{day} 10:30,{remark}\n"
    import_events(content.encode(), filename="a.csv", by=BY)


def next_campaign(**columns: object) -> int:
    """The same members are sent something again; the answer is its id, prepared."""
    with writing(BY) as session:
        old = session.exec(select(Campaign).order_by(Campaign.id)).first()
        values = {name: getattr(old, name) for name in Campaign.model_fields if name != "id"}
        again = {"code": "NEXT-2027", "state": CampaignState.draft, "next_number": 1, "purged_at": None, **columns}
        new = Campaign(**values | again)
        session.add(new)
        session.flush()
        id_ = new.key
    run_inline("prepare_campaign", id_)
    return id_


def held(campaign: int) -> dict[int, list[str]]:
    with reading() as session:
        rows = session.execute(
            sa.select(Consignment.number, Hold.reason)
            .outerjoin(Hold, sa.and_(Hold.consignment_id == Consignment.id, Hold.cleared_at.is_(None)))
            .where(Consignment.campaign_id == campaign)
            .order_by(Consignment.number, Hold.id)
        )
        found: dict[int, list[str]] = {}
        for number, reason in rows:
            found.setdefault(number, []).extend([str(reason)] if reason else [])
        return found


def test_a_return_that_speaks_against_the_address_holds_the_next_one(sent: Callable) -> None:
    out = sent(3)
    one, other, third = out.references()
    told(one, "退回（查无此人）")
    told(other, "投递未成功", "收件人已搬走")
    told(other, "派送中", day="2027-01-09")
    told(third, "已退回", "拒收")
    assert [one.returned_for for one in (out.parcel(name) for name in (one, other, third))] == [
        ReturnedFor.unknown_person, ReturnedFor.moved, None,
    ]  # fmt: skip
    told(other, "本人签收", day="2027-01-10")  # there after all
    assert out.parcel(other).returned_for is None
    again = next_campaign()
    assert held(again) == {1: ["suspect_after_return"], 2: [], 3: []}
    member = out.world.members[0]
    # 8 January 2027 has not come yet; vouched for after it, by whatever way, the address is good again.
    with writing(BY) as session:
        home = sa.update(Residence).where(Residence.member_id == member)
        session.execute(home.values(verified_at=out.parcel(one).returned_at))
    run_inline("prepare_campaign", again)
    assert held(again)[1] == []


def test_a_slip_on_the_parcel_says_it_too_and_a_new_address_is_not_suspect(sent: Callable) -> None:
    out = sent(2)
    for reference in out.references():
        assert main.execute(["parcel", "take-back", reference, "--put-back", "--because", "moved"]) == 0
    told(out.references()[0], "已退回")  # the courier gives no reason; what was read stands
    assert out.parcel(out.references()[0]).returned_for is ReturnedFor.moved
    again = next_campaign()
    assert held(again) == {1: ["suspect_after_return"], 2: ["suspect_after_return"]}
    one, other = out.world.members
    addresses.verify([one], by=BY)
    addresses.move(other, address="浙江省义乌市稠江街道贝村路 88 号 2 单元", by=BY)
    run_inline("prepare_campaign", again)
    assert held(again) == {1: [], 2: []}
    run_inline("prepare_campaign", out.world.campaign)  # and the one that came back goes on as well
    assert set(out.states().values()) >= {"ready"}


def test_suspicion_outlives_the_campaign_and_follows_the_place(sent: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    out = sent(2)
    one, other = out.references()
    taking_back.take_back(one, put_back=True, because=ReturnedFor.wrong_address, by=BY)
    told(other, "本人签收")
    with reading() as session:
        before = outcomes.tracks(session, member_ids=out.world.members), outcomes.districts(session)
    closing.close(out.code, unconfirmed="演练", by=BY)
    purging.purge(out.code, reason="演练", by=BY)
    with reading() as session:
        assert (outcomes.tracks(session, member_ids=out.world.members), outcomes.districts(session)) == before
        assert [kept.kind.value for kept in session.exec(select(Outcome).order_by(Outcome.id))] == [
            "returned",
            "delivered",
        ]
    # The member will move in a year: the row of today's residence is another one, the place is the same.
    addresses.move(out.world.members[0], address="贵州省贵阳市花溪区清溪路 1 号", since=today() + timedelta(365), by=BY)
    day = today() + timedelta(days=20)
    later = {"planned_delivery_on": day, "letter_on": day, "closed_at": None, "address_max_age_days": 9999}
    assert held(next_campaign(**later)) == {1: ["suspect_after_return"], 2: []}
    with reading() as session:
        tracks = outcomes.tracks(session, member_ids=out.world.members)
    monkeypatch.setattr(purging, "now", lambda: now() + timedelta(days=999))
    with writing(BY) as session:  # nothing speaks of it any more
        session.execute(sa.text("UPDATE snapshot SET residence_id = NULL"))
    purging.sweep()
    with reading() as session:
        assert len(list(session.exec(select(Residence)))) == 3
        assert outcomes.tracks(session, member_ids=out.world.members) == tracks


def test_the_history_is_asked_in_one_statement(place: Path) -> None:
    with writing(BY) as session:
        world = make_world(session, members=3, stage=ParcelStage.handed_over)
    with reading() as session, counted() as asked:
        assert outcomes.tracks(session, member_ids=world.members) == {}
        assert outcomes.districts(session) == []
    assert len([one for one in asked if one.startswith("SELECT")]) == 2
