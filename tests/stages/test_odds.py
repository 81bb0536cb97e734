"""Warned where the odds are poor, and told afterwards whether that was right."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from models import Campaign, CampaignState, Consignment, Item, Parcel, ParcelStage, Tracking
from qianli.campaigns.odds import is_poor, was_it_right, wilson_lower
from qianli.cli import main
from qianli.stages import odds, plan, postage
from qianli.stages.closing_report import counted
from qianli.stages.loads import estimate, one_alone_fen
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, reading, writing
from qianli.store import stock
from qianli.store.outcomes import District

BY = "user:李主任"


def district(arrived: int, ended: int) -> District:
    return District("china_post", "福建省", "泉州市", "晋江市", arrived, ended)


def test_the_bound_worked_by_hand_and_the_rule() -> None:
    # 2 of 5: (0.4 + 3.8416/10 - 1.96·√(0.048 + 3.8416/100)) / (1 + 3.8416/5) = 0.1176
    assert round(wilson_lower(2, 5), 4) == 0.1176
    assert [is_poor(district(arrived, 5)) for arrived in (5, 4, 3, 0)] == [False, False, True, True]
    assert not is_poor(district(0, 4))
    assert was_it_right([(True, True, False), (True, False, True), (False, False, True)]) == {
        True: (2, 1, 1), False: (1, 0, 1),
    }  # fmt: skip


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_bound_is_below_the_share_and_grows_with_it(of: int, hits: int) -> None:
    hits = min(hits, of)
    assert 0 <= wilson_lower(hits, of) <= hits / of
    assert wilson_lower(max(hits - 1, 0), of) <= wilson_lower(hits, of) + 1e-12


def earlier(dispatch: Callable, trackings: dict[int, Tracking]) -> Any:
    """Something was sent ten days ago; by number, how it ended, everything else was delivered."""
    out = dispatch(members=18, stage=ParcelStage.handed_over)
    with writing(BY) as session:
        session.execute(
            sa.update(Parcel).values(handed_over_at=now() - timedelta(days=10), tracking=Tracking.delivered)
        )
        for number, tracking in trackings.items():
            session.execute(sa.update(Parcel).where(Parcel.sequence == number).values(tracking=tracking))
    return out


def again() -> tuple[int, dict[int, str]]:
    with writing(BY) as session:
        old = session.exec(select(Campaign)).one()
        values = {name: getattr(old, name) for name in Campaign.model_fields if name != "id"}
        new = Campaign(**values | {"code": "NEXT-2027", "state": CampaignState.draft, "next_number": 1})
        session.add(new)
        session.flush()
        id_ = new.key
    run_inline("prepare_campaign", id_)
    with reading() as session:
        query = select(Consignment).where(Consignment.campaign_id == id_, Consignment.warning.is_not(None))
        return id_, {one.number: str(one.warning) for one in session.exec(query)}


def test_warned_by_place_and_by_district_and_weighed_at_the_end(
    dispatch: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    # Members 1, 4, 7, 10, 13, 16 live in 晋江市: of six, three came back; of the six in 义乌市 (2, 5, …) one did.
    earlier(dispatch, {1: Tracking.returned, 4: Tracking.returned, 7: Tracking.lost, 2: Tracking.returned})
    id_, warned = again()
    assert warned == {
        1: "returned_before", 4: "returned_before", 2: "returned_before",
        7: "poor_district", 10: "poor_district", 13: "poor_district", 16: "poor_district",
    }  # fmt: skip
    with reading() as session:
        campaign = session.get_one(Campaign, id_)
        (said,) = odds.sentences(session, campaign)
    assert main.execute(["campaign", "prepare", "NEXT-2027", "--inline"]) == 0
    assert said in capsys.readouterr().out
    assert "有 7 份可能送不到" in said
    assert "退回过，此后没有送到的 3 份" in said
    with writing(BY) as session:  # sent: one that was warned of comes back, one arrives, another that was not arrives
        first = session.exec(select(Parcel).order_by(Parcel.id)).first()
        for number, tracking in ((1, Tracking.returned), (4, Tracking.delivered), (3, Tracking.delivered)):
            one = session.exec(
                select(Consignment).where(Consignment.campaign_id == id_, Consignment.number == number)
            ).one()
            values = {name: getattr(first, name) for name in Parcel.model_fields if name != "id"}
            differ = {"campaign_id": id_, "sequence": number, "reference": f"N-{number}", "tracking": tracking}
            parcel = Parcel(**values | differ | {"consignee_snapshot_id": one.snapshot_id})
            session.add(parcel)
            session.flush()
            line = sa.text(
                "INSERT INTO parcel_line (parcel_id, consignment_id, kit_item_id, quantity) VALUES (:p, :c, 1, 1)"
            )
            session.execute(line, {"p": parcel.key, "c": one.key})
    with reading() as session:
        remarks = counted(session, session.get_one(Campaign, id_)).remarks
    assert remarks[-1] == (
        "准备时预警可能送不到、仍寄出的 2 份：退回 1 份，妥投 1 份；没有预警的 1 份：退回 0 份，妥投 1 份。"
    )


def test_whoever_got_something_since_is_not_warned_of(dispatch: Callable) -> None:
    earlier(dispatch, {})
    assert again()[1] == {}


def test_postage_by_zone_is_planned_shown_and_approved_with_what_will_come_back(
    dispatch: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier(dispatch, {1: Tracking.returned, 4: Tracking.returned, 7: Tracking.lost, 2: Tracking.returned})
    id_, _ = again()
    near = {"zone": "近", "provinces": ["福建省"], "first_g": 100, "first_fen": 500, "next_g": 50, "next_fen": 100}
    far = {"zone": "远", "provinces": [], "first_g": 1000, "first_fen": 900, "next_g": 1000, "next_fen": 400}
    tariff = [{"courier": "china_post", "up_to_g": None, "zones": [near, far]}]
    with writing(BY) as session:
        session.execute(sa.update(Campaign).where(Campaign.id == id_).values(postage=tariff))
        for item in session.exec(select(Item).where(Item.kind == "stock")):
            stock.receive(session, item_id=item.key, quantity=20)
    with reading() as session:
        campaign = session.get_one(Campaign, id_)
        sums = postage.zones(session, campaign)
        # 145 g each: 5.00 and one more weight begun; of six to 晋江市 two were returned, of six to 义乌市 one.
        ready = {one.zone: one.parcels for one in sums}
        assert [(one.zone, one.postage_fen) for one in sums] == [("近", 600 * ready["近"]), ("远", 900 * ready["远"])]
        assert (sums[0].returned, sums[0].return_fen) == (Fraction(2, 6) * ready["近"], 200 * ready["近"])
        assert estimate(session, campaign).postage_fen == sum(one.postage_fen for one in sums)
        assert one_alone_fen(session, campaign) == 1200 + 900
    assert main.execute(["--by", "王书记", "campaign", "approve", "NEXT-2027"]) == 0
    said = "".join(capsys.readouterr().out.split())
    assert f"邮资按分区：中国邮政近{ready['近']}件" in said
    assert "照以往的结果，预计退回" in said
    for shard in plan.shards_to_plan(id_):
        plan.run(shard)
    with reading() as session:
        planned = session.exec(select(Parcel.postage_fen).where(Parcel.campaign_id == id_)).all()
        assert sorted(planned) == [600] * ready["近"] + [900] * ready["远"]
