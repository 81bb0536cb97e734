"""Departures and arrivals: paired, taken in, disputed, decided."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import Case, CaseOutcome, CaseReason, Consignment, Member, Movement, Organisation, Residence
from qianli.cli import main
from qianli.errors import NotFound, RuleBroken
from qianli.stages import cases, movements, purging
from qianli.stages.held import holds
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, writing
from qianli.testing import World
from tests.stages.moving import (
    ARRIVED,
    BY,
    CODE,
    EXACT,
    HOME,
    HOME_BRANCH,
    HOST,
    LEFT,
    OTHER,
    came,
    left,
    lives,
    make,
    numbers,
    outcomes,
    reported,
    rows,
)


@pytest.fixture
def world(place: Path) -> World:
    return make()


def test_two_reports_that_agree_are_accepted_at_once(world: World) -> None:
    assert numbers(reported(HOME, left(), left("欧阳小芳"))) == (2, 0, 0, 0, 0)
    before = lives(world.members[0])
    assert numbers(reported(HOST, came())) == (1, 0, 1, 0, 0)
    assert lives(world.members[0])[-1] == (EXACT, ARRIVED, None)
    assert lives(world.members[0])[0] == (before[0][0], date(2020, 1, 1), ARRIVED)
    assert outcomes() == ["accepted", None, "accepted"]
    member = rows(Member)[0]
    assert (member.away_since, member.host_organisation_id, member.version) == (LEFT, rows(Organisation)[1].id, 2)
    assert rows(Residence)[-1].source.startswith("双报告")
    assert rows(Case) == []
    told = rows(Movement), rows(Residence), rows(Member)
    assert numbers(reported(HOME, left(), left("欧阳小芳"))) == (0, 2, 0, 0, 0)
    assert numbers(reported(HOST, came())) == (0, 1, 0, 0, 0)
    assert movements.check(by=BY)[1] == 0
    assert (rows(Movement), rows(Residence), rows(Member)) == told


def test_reports_too_far_apart_are_two_moves(world: World) -> None:
    reported(HOME, left())
    assert reported(HOST, came(on=LEFT + timedelta(days=32))).agreed == 0
    assert [one.paired_with_id for one in rows(Movement)] == [None, None]


def dispute(world: World) -> None:
    reported(HOME, left(to=OTHER))
    assert reported(HOST, came()).differing == 1


def test_reports_that_differ_hold_the_parcel_until_somebody_decides(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    dispute(world)
    [case] = cases.list_cases()
    assert (case.reason, case.movement, case.campaign, case.owner) == (
        CaseReason.conflicting_reports, 1, None, HOME_BRANCH,
    )  # fmt: skip
    assert [(one.number, one.reason) for one in holds(CODE)] == [(f"{CODE}-0001", "conflicting_reports")]
    run_inline("prepare_campaign", world.campaign)
    assert [str(one.state) for one in rows(Consignment)] == ["held", "ready", "ready"]
    assert main.execute(["movement", "show", "1", "--show"]) == 0
    said = capfd.readouterr().out
    assert "科技园1号" in said
    assert "科技园2号" in said
    assert main.execute(["movement", "show", "2"]) == 0
    said = capfd.readouterr().out
    assert "科技园1号" not in said
    assert "张伟" not in said
    with pytest.raises(RuleBroken, match="movement show 1"):
        cases.resolve(case.id, outcome=CaseOutcome.no_action, by=BY)
    assert movements.accept(2, by=BY)
    assert not movements.accept(2, by=BY)
    assert outcomes() == ["dismissed", "accepted"]
    assert [(str(one.outcome), one.resolved_by) for one in rows(Case)] == [("host_was_right", BY)]
    assert lives(world.members[0])[-1] == (EXACT, ARRIVED, None)
    assert [str(one.state) for one in rows(Consignment)] == ["held", "ready", "ready"]
    run_inline("prepare_campaign", world.campaign)
    assert [str(one.state) for one in rows(Consignment)] == ["ready", "ready", "ready"]
    assert holds(CODE) == []


def test_home_may_be_right_and_neither_may_be(world: World) -> None:
    dispute(world)
    assert movements.accept(1, by=BY)
    assert [one.outcome for one in rows(Case)] == ["home_was_right"]
    assert lives(world.members[0])[-1] == (OTHER, LEFT, None)
    with pytest.raises(RuleBroken, match="不能再采用"):
        movements.accept(2, by=BY)
    reported(HOME, left("欧阳小芳", to=OTHER))
    reported(HOST, came("欧阳小芳"))
    before = lives(world.members[1])
    assert movements.dismiss(3, by=BY)
    assert not movements.dismiss(3, by=BY)
    assert len(cases.list_cases()) == 1
    assert movements.dismiss(4, by=BY)
    assert [one.outcome for one in rows(Case)] == ["home_was_right", "neither_was_right"]
    assert lives(world.members[1]) == before
    with pytest.raises(RuleBroken, match="member correct"):
        movements.dismiss(1, by=BY)
    with pytest.raises(NotFound):
        movements.accept(99, by=BY)


def test_a_corrected_report_ends_the_dispute(world: World) -> None:
    dispute(world)
    done = reported(HOME, left(to=EXACT))
    assert numbers(done) == (1, 0, 1, 0, 0)
    assert outcomes() == ["corrected", "accepted", "accepted"]
    assert [one.outcome for one in rows(Case)] == ["corrected"]
    assert numbers(reported(HOME, left(to=OTHER))) == (0, 1, 0, 0, 0), "the first list again says nothing new"


def test_what_only_one_side_reports_becomes_a_case(world: World, tmp_path: Path, database: str) -> None:
    reported(HOME, left(to=EXACT), left("欧阳小芳"))
    assert movements.check(by=BY)[1] == 0
    with writing(BY) as session:
        session.execute(sa.update(Movement).values(recorded_at=now() - timedelta(days=31)))
    assert movements.check(by=BY)[1] == 2
    assert movements.check(by=BY)[1] == 0
    assert {one.reason for one in cases.list_cases()} == {CaseReason.one_sided_report}
    assert holds(CODE) == [], "nobody disputes the address there is"
    assert movements.accept(1, by=BY)
    assert lives(world.members[0])[-1] == (EXACT, LEFT, None)
    assert reported(HOST, came("欧阳小芳")).agreed == 1
    assert [one.outcome for one in rows(Case)] == ["accepted", "reported_by_both"]
    assert reported(HOST, came(to=EXACT)).agreed == 1, "it agrees with what was accepted before"
    assert movements.list_movements() == []


def test_an_arrival_that_contradicts_what_was_accepted(world: World) -> None:
    reported(HOME, left(to=OTHER))
    movements.accept(1, by=BY)
    assert reported(HOST, came()).differing == 1
    assert movements.accept(1, by=BY), "it was right indeed"
    assert outcomes() == ["accepted", "dismissed"]
    assert [one.outcome for one in rows(Case)] == ["home_was_right"]


def test_a_coarse_report_does_not_blur_a_known_address(world: World) -> None:
    known = lives(world.members[0])
    reported(HOME, left(to="福建"))
    assert reported(HOST, came(to="福建泉州")).agreed == 1
    assert lives(world.members[0]) == known
    assert rows(Member)[0].away_since == LEFT


def test_settled_reports_go_with_what_they_say_when_their_time_is_over(world: World) -> None:
    dispute(world)
    movements.accept(2, by=BY)
    reported(HOME, left("欧阳小芳"))
    purging.sweep()
    assert len(rows(Movement)) == 3
    with writing(BY) as session:
        long_ago = now() - timedelta(days=181)
        session.execute(sa.update(Movement).where(Movement.id == 1).values(settled_at=long_ago))
    purging.sweep()
    assert len(rows(Movement)) == 3, "its counterpart is younger"
    with writing(BY) as session:
        session.execute(sa.update(Movement).where(Movement.id == 2).values(settled_at=long_ago))
    purging.sweep()
    assert ([one.id for one in rows(Movement)], rows(Case)) == ([3], [])
