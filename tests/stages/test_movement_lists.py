"""Lists of movements, forms and commands: rows that go back, namesakes, and nothing done twice."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from models import Case, Member, Movement, MovementOutcome, Organisation
from qianli import faults
from qianli.cli import main
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger.out import write_xlsx
from qianli.stages import movement_reports
from qianli.stages.unit import today, writing
from qianli.testing import World, add_member, counted, workspace
from tests.stages.moving import (
    ARRIVED,
    BORN,
    BY,
    EXACT,
    HOME,
    HOME_BRANCH,
    HOST,
    HOST_BRANCH,
    LEFT,
    OTHER,
    OUT,
    came,
    left,
    make,
    numbers,
    outcomes,
    reported,
    rows,
)


@pytest.fixture
def world(place: Path) -> World:
    return make()


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
