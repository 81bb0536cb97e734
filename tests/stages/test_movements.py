"""Departures and arrivals: paired, taken in, disputed, decided."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import (
    Campaign,
    CampaignState,
    Case,
    CaseOutcome,
    CaseReason,
    Consignment,
    Member,
    Movement,
    MovementOutcome,
    Organisation,
    ReportSide,
    Residence,
)
from qianli import faults
from qianli.cli import main
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger.out import write_xlsx
from qianli.stages import cases, movement_reports, movements, purging
from qianli.stages.held import holds
from qianli.stages.movement_reports import Reported
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, reading, today, writing
from qianli.testing import World, add_member, counted, make_world, workspace

BY, CODE = "user:test", "TEST-2027"
HOME, HOST = ReportSide.home, ReportSide.host
HOME_BRANCH, HOST_BRANCH = "青石镇党委", "科技园党委"
OUT = ["姓名", "出生日期", "外出流向", "流出时间", "流出原因", "流入组织名称"]
IN = ["姓名", "出生日期", "流入地址", "流入时间", "流出组织名称"]
BORN = "1985-03-12"
EXACT, OTHER = "广东省深圳市南山区科技园1号", "广东省深圳市南山区科技园2号"
LEFT = today() - timedelta(days=60)
ARRIVED = LEFT + timedelta(days=3)


def make(number: int = 3) -> World:
    """Members at home, ready in a campaign not yet planned, and a branch that hosts."""
    with writing(BY) as session:
        world = make_world(session, members=number, state=CampaignState.prepared, stage=None)
        session.execute(sa.update(Member).values(born_on=date.fromisoformat(BORN), away_since=None))
        session.execute(sa.update(Residence).values(since=date(2020, 1, 1)))
        session.execute(sa.update(Campaign).values(planned_delivery_on=today() + timedelta(days=20)))
        session.add(Organisation(name=HOST_BRANCH))
    return world


@pytest.fixture
def world(place: Path) -> World:
    return make()


def reported(side: ReportSide, *rows: list[Any], titles: list[str] | None = None, by: str | None = None) -> Reported:
    titles = titles or (OUT if side is HOME else IN)
    content = write_xlsx([("名单", titles, [[str(one) if isinstance(one, date) else one for one in r] for r in rows])])
    branch = by or (HOME_BRANCH if side is HOME else HOST_BRANCH)
    return movement_reports.import_movements(content, filename="名单.xlsx", organisation=branch, side=side, by=BY)


def left(name: str = "张伟", to: str = "广东深圳", on: date = LEFT) -> list[Any]:
    return [name, BORN, to, on, "务工", HOST_BRANCH]


def came(name: str = "张伟", to: str = EXACT, on: date = ARRIVED) -> list[Any]:
    return [name, BORN, to, on, HOME_BRANCH]


def rows(model: type) -> list[Any]:
    with reading() as session:
        found = list(session.exec(select(model).order_by(sa.column("id"))))
        session.expunge_all()
        return found


def numbers(done: Reported) -> tuple[int, ...]:
    return done.added, done.unchanged, done.agreed, done.differing, len(done.rejected)


def lives(member: int) -> list[tuple[str, date | None, date | None]]:
    return [(r.written, r.since, r.until) for r in rows(Residence) if r.member_id == member and not r.superseded_at]


def outcomes() -> list[str | None]:
    return [str(one.outcome) if one.outcome else None for one in rows(Movement)]


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


def test_rows_that_cannot_be_taken_go_back(world: World) -> None:
    done = reported(
        HOME,
        left(),
        left("欧阳小芳", on=today() + timedelta(days=400)),
        ["欧阳小芳", BORN, "广东", "", "", ""],
        left("无此人"),
        left("阿依古丽·买买提", to="广东"),
        left("阿依古丽·买买提", to="浙江"),
        left(),
    )
    assert [(one.row, one.column) for one in done.rejected] == [
        (3, "流出时间"), (4, "流出时间"), (5, "姓名"), (6, "姓名"), (7, "姓名"),
    ]  # fmt: skip
    assert done.added == 1
    assert done.fix_file is not None
    assert reported(HOST, came(), titles=["姓名", "出生日期", "流入地址", "到达", "流出组织名称"]).rejected[0].row == 2
    with pytest.raises(NotFound):
        reported(HOME, left(), by="没有这个组织")


def test_namesakes_are_told_apart_by_the_branch_they_come_from(world: World) -> None:
    with writing(BY) as session:
        other = Organisation(name="白石镇党委")
        session.add(other)
        session.flush()
        world.organisation = other.key
        add_member(session, world, 9, name="张伟", born_on=date.fromisoformat(BORN))
    done = reported(HOST, came())
    assert numbers(done) == (1, 0, 0, 0, 0)
    assert rows(Movement)[0].member_id == world.members[0]
    assert reported(HOST, [*came()[:4], ""]).rejected[0].column == "姓名"


def test_by_form(world: World) -> None:
    member = str(world.members[0])
    done = movement_reports.add(member, side=HOME, moved_on=LEFT, address="广东深圳", by=BY)
    assert numbers(done) == (1, 0, 0, 0, 0)
    done = movement_reports.add(member, side=HOST, moved_on=ARRIVED, address=EXACT, organisation=HOST_BRANCH, by=BY)
    assert numbers(done) == (1, 0, 1, 0, 0)
    with pytest.raises(BadInput, match="--organisation"):
        movement_reports.add(member, side=HOST, moved_on=ARRIVED, by=BY)
    with pytest.raises(RuleBroken, match="不是流入"):
        movement_reports.add(member, side=HOST, moved_on=ARRIVED, organisation=HOME_BRANCH, by=BY)
    with pytest.raises(BadInput, match="太长"):
        movement_reports.add(member, side=HOME, moved_on=LEFT, address="长" * 301, by=BY)
    with pytest.raises(BadInput, match="一年以后"):
        movement_reports.add(member, side=HOME, moved_on=today() + timedelta(days=400), by=BY)


def test_commands(world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "外出.xlsx"
    path.write_bytes(write_xlsx([("外出", OUT, [[str(one) for one in left(to=OTHER)]])]))
    common = [str(path), "--organisation", HOME_BRANCH]
    assert main.execute(["movement", "import", *common]) == 2
    assert main.execute(["movement", "import", *common, "--departures"]) == 0
    words = ["movement", "add", "1", "--side", "host", "--on", str(ARRIVED), "--address", EXACT]
    assert main.execute([*words, "--organisation", HOST_BRANCH]) == 0
    assert "不一致，等您定：1 人" in capfd.readouterr().out
    assert main.execute(["movement", "list", "--organisation", HOST_BRANCH, "--json"]) == 0
    assert [one["paired_with"] for one in json.loads(capfd.readouterr().out)] == [1]
    assert main.execute(["case", "list"]) == 0
    assert "流动报告 1" in capfd.readouterr().out
    assert main.execute(["movement", "dismiss", "1"]) == 0
    assert main.execute(["movement", "accept", "2"]) == 0
    assert main.execute(["movement", "check"]) == 0
    assert main.execute(["journal", "1"]) == 0
    said = capfd.readouterr().out
    for words_ in ("流出地报了外出", "流入地登记了到来", "采用了流动报告", "没有采用流动报告"):
        assert words_ in said


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


def test_statements_do_not_grow(tmp_path: Path, database: str) -> None:
    def statements(root: str, members: int) -> list[int]:
        (tmp_path / root).mkdir()
        with workspace(tmp_path / root, database=database):
            make(0)
            with writing(BY) as session:
                world = World(organisation=1)
                for number in range(members):
                    name = f"{chr(0x5F20 + number)}伟"
                    add_member(session, world, 1, name=name, born_on=date.fromisoformat(BORN))
            names = [one.name for one in rows(Member)]
            found = []
            for side, lines in (
                (HOME, [left(one, to=OTHER if n % 2 else "广东深圳") for n, one in enumerate(names)]),
                (HOST, [came(one) for one in names]),
            ):
                with counted() as sent:
                    reported(side, *lines)
                found.append(len(sent))
            assert len(rows(Case)) == members // 2
            return found

    assert statements("few", 4) == statements("many", 30)


class CutOffError(Exception):
    """What stands for a killed process."""


def test_cut_off_anywhere_and_run_again_it_is_the_same(world: World) -> None:
    """Every list is one transaction: at whichever point it is cut off, running it again ends alike."""
    reported(HOME, left(to=OTHER), left("欧阳小芳"), left("无此人"))

    def cut(_point: str) -> None:
        faults.arm(None)
        raise CutOffError

    lines = [came(), came("欧阳小芳"), came("无此人")]
    for _ in range(3):
        faults.arm(cut)
        with pytest.raises(CutOffError):
            reported(HOST, *lines)
    faults.arm(None)
    done = reported(HOST, *lines)
    assert len(done.rejected) == 1
    assert outcomes() == [None, "accepted", None, "accepted"]
    assert (len(rows(Movement)), len(rows(Case))) == (4, 1)
    assert str(MovementOutcome.accepted) in outcomes()
