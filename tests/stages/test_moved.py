"""Who moved between prepare and hand-over: shown, left, held or redirected; alone or all, once or twice."""

import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import (
    CampaignState,
    CaseReason,
    Hold,
    Parcel,
    ParcelLine,
    ParcelStage,
    Residence,
    Snapshot,
)
from qianli import faults
from qianli.cli import main
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import addresses, case_papers, cases, manifests, tracking, tracking_cases
from qianli.stages.moved import decide, list_moved
from qianli.stages.status import status
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, writing
from qianli.state_words import REASON
from qianli.testing import at_point, counted, make_world, workspace

BY, CODE = "user:李主任", "TEST-2027"
NEW = "深南大道 9 号"


class Cut(Exception):
    """The process ends here."""


def number(n: int) -> str:
    return f"{CODE}-{n:04d}"


def listed() -> list[tuple[str, str | None, bool, bool]]:
    return [(one.number, one.now, one.with_courier, one.left) for one in list_moved(CODE, whole=True)]


def test_old_beside_new_masked_unless_asked(dispatch: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    made = dispatch(members=3)
    made.move(2, NEW)
    assert list_moved(CODE)[0].member == "欧阳*芳"
    assert main.execute(["campaign", "moved", CODE]) == 0
    said = capsys.readouterr().out
    assert "浙江省义乌市" in said
    assert NEW not in said
    (one,) = list_moved(CODE, whole=True)
    assert (one.number, one.member, one.stage) == (number(2), "欧阳小芳", ParcelStage.packed)
    assert (one.was, one.now) == ("浙江省义乌市稠江街道贝村路 88 号", f"广东省深圳市南山区{NEW}")
    # The same place written anew, a move after the planned day, one back before it: nothing has changed for them.
    made.move(1, "青阳街道崇德路 210 号", province="福建省", city="泉州市", district="晋江市")
    addresses.move(made.world.members[2], address="广东省深圳市南山区科技路 6 号", since=date(2027, 1, 21), by=BY)
    assert [one.number for one in list_moved(CODE)] == [number(2)]
    assert [one["number"] for one in status(CODE)["moved_since"]] == [number(2)]


def test_left_as_it_is_until_they_move_once_more(dispatch: Callable) -> None:
    made = dispatch(members=2)
    made.move(1, NEW)
    assert decide(CODE, leave=[number(1)], by=BY).left == (number(1),)
    assert decide(CODE, leave=["all"], by=BY).left == ()
    assert decide(CODE, leave=[number(1)], by=BY).already == (number(1),)
    assert (status(CODE)["moved_since"], [left for *_, left in listed()]) == ([], [True])
    assert made.states() == {1: "under_way", 2: "under_way"}
    made.move(1, "后海大道 1 号")
    assert [left for *_, left in listed()] == [False]
    assert decide(CODE, redirect=["all"], by=BY).redirected == (number(1),)
    assert [what for what, _ in made.journal("consignment") if what.startswith("moved")] == [
        "moved left",
        "moved redirected",
    ]


def test_redirected_it_is_planned_again_to_the_new_address(dispatch: Callable) -> None:
    made = dispatch(members=3)
    before, old = made.levels(), made.references()
    made.set(made.parcel(old[0]), waybill_number="EMS7700112233CN")
    manifests.seal(CODE, by=BY)
    made.move(1, NEW)
    done = decide(CODE, redirect=[number(1)], by=BY)
    assert (done.redirected, done.parcels, done.waybills) == ((number(1),), (old[0],), ("EMS7700112233CN",))
    assert len(done.manifests) == 1
    assert made.parcel(old[0]).stage is ParcelStage.voided
    assert (listed(), made.states(), made.levels()) == ([], dict.fromkeys((1, 2, 3), "under_way"), before)
    again = decide(CODE, redirect=[number(1)], by=BY)
    assert (again.already, again.parcels) == ((number(1),), ())
    (reference,) = made.ship_replacements()
    new = next(one for one in made.rows(Snapshot) if one.id == made.parcel(reference).consignee_snapshot_id)
    assert (new.district, new.detail) == ("南山区", NEW)
    assert "2027年1月20日" in new.why
    assert made.consignment(1).snapshot_id == new.id
    assert len(made.live_lines()) == 9


def test_whoever_shared_the_parcel_is_planned_again_too(dispatch: Callable) -> None:
    made = dispatch(members=3, shared=True)
    made.move(1, NEW)
    done = decide(CODE, redirect=["all"], by=BY)
    assert done.others == (number(2),)
    assert made.states() == dict.fromkeys((1, 2, 3), "under_way")
    assert len(made.ship_replacements()) == 2


def test_a_new_address_that_cannot_go_holds(dispatch: Callable) -> None:
    made = dispatch(members=2)
    made.move(1, NEW, status="incomplete")
    done = decide(CODE, redirect=[number(1)], by=BY)
    assert (done.redirected, done.held) == ((), (number(1),))
    assert made.states() == {1: "held", 2: "under_way"}
    assert [one.reason for one in made.rows(Hold)] == ["incomplete_address"]
    assert made.levels()["badge"] == (20, 1)


def test_held_until_somebody_vouches_for_the_new_address(dispatch: Callable) -> None:
    made = dispatch(members=3)
    before = made.levels()
    made.move(1, NEW)
    made.move(2, "后海大道 1 号")
    assert [decide(CODE, hold=["all"], by=BY).held for _ in "ab"] == [(number(1), number(2)), (number(1), number(2))]
    assert made.states() == {1: "held", 2: "held", 3: "under_way"}
    assert {one.reason for one in made.rows(Hold)} == {"moved_since"}
    assert made.levels()["badge"] == (20, before["badge"][1] - 2)
    run_inline("prepare_campaign", made.world.campaign)
    assert made.states()[1] == "held"  # nobody has asked yet
    addresses.verify([made.world.members[0]], by=BY)
    run_inline("prepare_campaign", made.world.campaign)
    assert made.states() == {1: "ready", 2: "held", 3: "under_way"}
    done = decide(CODE, redirect=[number(2)], by=BY)  # without asking; prepare goes on with it
    assert (done.held, done.already) == ((number(2),), ())
    run_inline("prepare_campaign", made.world.campaign)
    assert made.states() == {1: "ready", 2: "ready", 3: "under_way"}
    assert len(made.ship_replacements()) == 2


def test_after_hand_over_it_is_the_courier_s_matter(dispatch: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    made = dispatch(members=2, stage=ParcelStage.handed_over)
    made.move(1, NEW)
    assert [courier for _, _, courier, _ in listed()] == [True]
    assert status(CODE)["moved_since"] == []
    with pytest.raises(RuleBroken, match=r"T-00001-X 已经交给快递公司.*改址"):
        decide(CODE, redirect=[number(1)], by=BY)
    assert decide(CODE, redirect=["all"], by=BY).redirected == ()
    assert main.execute(["campaign", "moved", CODE]) == 0
    assert "只能请快递公司改址" in capsys.readouterr().out


def test_after_hand_over_asking_the_courier_to_redirect_is_a_case(dispatch: Callable) -> None:
    """Told of once for each new address; on the paper stands the new one; a delivery to the member answers it."""
    made = dispatch(members=3, stage=ParcelStage.handed_over)
    made.move(1, NEW)
    addresses.move(made.world.members[1], address="广东省深圳市南山区科技路 6 号", since=date(2027, 1, 21), by=BY)
    assert tracking_cases.shards() == [made.world.campaign]
    for _ in range(2):
        tracking_cases.run(made.world.campaign)
    (case,) = cases.list_cases()
    assert (case.reason, case.reference) == (CaseReason.moved_on_the_way, "T-00001-X")
    assert "打电话请快递公司改址" in case.next_step
    (path,) = case_papers.prepare(case.id, titles=REASON, by=BY).paths
    done = subprocess.run(["pdftotext", "-", "-"], input=Path(path).read_bytes(), capture_output=True, check=True)
    assert "深南大道9号" in "".join(done.stdout.decode().split())
    for hour, word, still in [(1, "前台代收", [case.id]), (2, "本人签收", [])]:
        row = f"包裹编号,状态,时间\nT-00001-X,{word},{now():%Y-%m-%d} 0{hour}:00\n"
        tracking.import_events(row.encode(), filename="a.csv", by=BY)
        assert [one.id for one in cases.list_cases()] == still
    assert tracking_cases.shards() == []


def test_what_cannot_be_meant_is_refused(dispatch: Callable) -> None:
    made = dispatch(members=2)
    made.move(1, NEW)
    with pytest.raises(RuleBroken, match="两种办法"):
        decide(CODE, leave=[number(1)], redirect=["all"], by=BY)
    with pytest.raises(NotFound):
        decide(CODE, redirect=[number(9)], by=BY)
    with pytest.raises(BadInput):
        decide(CODE, redirect=["张伟"], by=BY)
    (home,) = [one for one in made.rows(Residence) if one.superseded_at is None and one.detail == NEW]
    made.set(home, until=date(2027, 1, 10))
    assert [now for _, now, *_ in listed()] == [None]
    with pytest.raises(RuleBroken, match="没有住址"):
        decide(CODE, leave=[number(1)], by=BY)
    assert decide(CODE, redirect=[number(1)], by=BY).held == (number(1),)
    assert [one.reason for one in made.rows(Hold)] == ["no_address"]
    made.set(made.campaign(), state=CampaignState.closed)
    with pytest.raises(RuleBroken, match="没有可以改寄的"):
        decide(CODE, redirect=["all"], by=BY)


def test_cut_off_anywhere_and_done_again_it_is_done_once(dispatch: Callable) -> None:
    made = dispatch(members=3)
    made.move(1, NEW)
    made.move(2, "后海大道 1 号")
    acts: list[Callable[[], Any]] = [
        lambda: decide(CODE, redirect=[number(1)], hold=[number(2)], by=BY),
        made.ship_replacements,
    ]

    def cut() -> None:
        raise Cut

    for act in acts:
        for point in (1, 2):  # before the commit nothing happened; after it everything did
            at_point(point, cut)
            with suppress(Cut):
                act()
            faults.arm(None)
    for act in acts:
        act()
    assert made.states() == {1: "under_way", 2: "held", 3: "under_way"}
    assert [one.stage.value for one in made.rows(Parcel)] == ["voided", "voided", "packed", "printed"]
    assert len([one for one in made.rows(ParcelLine) if one.voided_at is None]) == 6
    assert len([one for one in made.rows(Snapshot) if one.detail == NEW]) == 1
    assert made.levels()["badge"] == (20, 2)


def test_everyone_at_once_costs_no_more_statements(tmp_path: Path, database: str) -> None:
    def sent(members: int, act: Callable[[], object]) -> int:
        (root := tmp_path / f"{members}{act.__name__}").mkdir()
        with workspace(root, database=database):
            with writing(BY) as session:
                world = make_world(session, members=members, stage=ParcelStage.packed)
            for member in world.members[:-1]:
                addresses.move(member, address=f"广东省深圳市南山区{NEW}", since=date(2027, 1, 5), by=BY)
            with counted() as statements:
                act()
            return len(statements)

    def redirect() -> None:
        assert decide(CODE, redirect=["all"], by=BY).redirected

    def hold() -> None:
        assert decide(CODE, hold=["all"], by=BY).held

    for act in (redirect, hold):
        assert sent(4, act) == sent(12, act)
