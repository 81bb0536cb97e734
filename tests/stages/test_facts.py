"""The six facts, the activity certificate, and what members took part in."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import AddressStatus, TookPart
from qianli.cli import main
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger.cells import text
from qianli.ledger.facts import FACTS
from qianli.ledger.out import write_xlsx
from qianli.ledger.sheets import read_sheets
from qianli.stages import activities, facts, member_card
from qianli.stages.exporting import export_members
from qianli.stages.importing import import_members
from qianli.stages.unit import today, writing
from qianli.store import journal, organisations
from qianli.testing import World, add_member, counted

BY = "user:test"
WHOLE: dict[str, Any] = {
    "born_on": date(1985, 3, 12), "joined_on": date(2008, 6, 20), "occupation": "工人",
    "dues_paid_until": date(2100, 1, 31),
}  # fmt: skip


@pytest.fixture
def world(place: Path) -> World:
    """Two branches: one knows one of its two members wholly, the other lacks one thing each of six."""
    world = World()
    with writing(BY) as session:
        world.organisation = organisations.find_or_add(session, path="青石镇/一支部").key
        add_member(session, world, 1, **WHOLE)
        add_member(session, world, 2, **WHOLE | {"dues_paid_until": today() - timedelta(days=40)})
        world.organisation = organisations.find_or_add(session, path="青石镇/二支部").key
        lacks = [
            {"joined_on": None}, {"away_since": None}, {"occupation": None}, {"status": AddressStatus.incomplete},
            {"phone": None, "phone_written": "139"}, {"dues_paid_until": None},
        ]  # fmt: skip
        for number, change in enumerate(lacks, start=3):
            add_member(session, world, number, **WHOLE | change | {"name": "赵钱孙李周吴"[number - 3] + "敏"})
        organisations.find_or_add(session, path="青石镇/三支部")
    return world


def test_completeness_by_branch_and_member(world: World) -> None:
    found = facts.report()
    assert [(one.organisation, one.members, one.complete, one.behind) for one in found.branches] == [
        ("青石镇/一支部", 2, 2, 1),
        ("青石镇/二支部", 6, 0, 0),
    ]
    assert found.branches[1].known == dict.fromkeys(FACTS, 5)
    assert [one.missing for one in found.lacking] == list(FACTS.values())
    assert [one.organisation for one in facts.report("一支部").branches] == ["青石镇/一支部"]
    assert facts.report("三支部") == facts.FactsReport([], [])


def test_one_statement_for_any_number(world: World) -> None:
    def statements() -> int:
        with counted() as sent:
            facts.report()
        return len(sent)

    few = statements()
    with writing(BY) as session:
        for number in range(9, 29):
            add_member(session, world, number)
    assert statements() == few


def test_the_list_is_filled_in_and_comes_back(world: World, tmp_path: Path) -> None:
    path = tmp_path / "待补.xlsx"
    facts.write_report(path, facts.report())
    to_fill, numbers = read_sheets(path.read_bytes(), filename=path.name)
    titles = [text(cell) for cell in to_fill.rows[1]]
    assert [text(cell) for cell in numbers.rows[2]][:2] == ["青石镇/二支部", "6"]
    rows = [dict(zip(titles, [text(cell) for cell in row], strict=False)) for row in to_fill.rows[2:]]
    rows[0] |= {"加入党组织日期": "2009-07-01"}
    rows[1] |= {"外出时间": "2019年3月"}
    rows[5] |= {"党费交至": "2027年6月"}
    content = write_xlsx([("待补", titles, [[row.get(title, "") for title in titles] for row in rows])])
    done = import_members(content, filename="待补.xlsx", organisation="青石镇", by=BY)
    assert (done.changed, done.unchanged, done.rejected) == (3, 3, [])
    assert [one.missing for one in facts.report().lacking] == ["从事职业", "现居住地", "联系方式"]
    facts.write_report(tmp_path / "待补.csv", facts.report())
    assert (tmp_path / "待补.csv").read_text(encoding="utf-8-sig").count("\n") == 5


def test_certificates_go_out_and_come_back(world: World, tmp_path: Path) -> None:
    titles = ["姓名", "出生日期", "入党日期", "流动证号", "发证日期", "查验日期", "党费缴纳至"]
    row = ["张伟", "1985-03-12", "2008-06-20", "00731", "2024-05-06", "2026-10-08", "2100年6月"]
    content = write_xlsx([("证", titles, [row])])
    assert import_members(content, filename="证.xlsx", organisation="一支部", by=BY).changed == 1
    assert import_members(content, filename="证.xlsx", organisation="一支部", by=BY).unchanged == 1
    found = member_card.card(world.members[0], whole=True)
    assert (found.certificate_number, found.certificate_issued_on) == ("00731", date(2024, 5, 6))
    assert (found.certificate_checked_on, found.dues_paid_until) == (date(2026, 10, 8), date(2100, 6, 30))
    path = tmp_path / "台账.csv"
    export_members(path, organisation="一支部")
    assert "00731" in path.read_text(encoding="utf-8-sig")
    again = import_members(path.read_bytes(), filename=path.name, organisation="一支部", by=BY)
    assert (again.changed, again.unchanged, again.rejected) == (0, 2, [])


def test_a_card_is_masked_unless_asked_for(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    member = str(world.members[0])
    assert main.execute(["member", "show", member]) == 0
    masked = capfd.readouterr().out
    assert main.execute(["member", "show", member, "--show"]) == 0
    whole = capfd.readouterr().out
    for secret in ("张伟", "13912340001", "崇德路", "1985-03-12"):
        assert secret not in masked
        assert secret in whole
    assert main.execute(["member", "show", "999"]) == 2


def test_a_host_beside_the_home(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    member = world.members[0]
    assert member_card.host(member, organisation="二支部", by=BY)
    assert not member_card.host(member, organisation="二支部", by=BY)
    assert member_card.card(member).host == "青石镇/二支部"
    with pytest.raises(RuleBroken, match="组织关系"):
        member_card.host(member, organisation="一支部", by=BY)
    assert main.execute(["member", "host", str(member), "--none"]) == 0
    assert main.execute(["member", "host", str(member)]) == 2
    assert member_card.card(member).host is None
    with writing(BY) as session:
        story = [one.what for one in journal.entries(session, subject="member", subject_id=member)]  # type: ignore[arg-type]
    assert story == ["hosted", "host_ended"]


def sign_in(*rows: list[Any]) -> Any:
    titles = ["姓名", "出生日期", "手机号", "活动名称", "活动日期", "参加方式"]
    return activities.import_activities(
        write_xlsx([("签到", titles, list(rows))]), filename="签到.xlsx", organisation="青石镇", by=BY
    )


def test_sign_in_lists(world: World, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["张伟", "1985-03-12", "", "主题党日", "2026-07-01", "线上"],
        ["欧阳小芳", "", 13912340002, "主题党日", "2026-07-01", ""],
        ["张伟", "1985-03-12", "", "组织生活会", "2026-08-01", "送学上门"],
        ["无此人", "1990-01-01", "", "主题党日", "2026-07-01", ""],
        ["张伟", "1985-03-12", "", "", "2026-07-01", ""],
        ["张伟", "1985-03-12", "", "主题党日", "2099-07-01", ""],
        ["张伟", "1985-03-12", "", "主题党日", "2026-07-02", "飞鸽"],
    ]
    done = sign_in(*rows)
    assert (done.accepted, done.unchanged) == (3, 0)
    assert [(one.row, one.column) for one in done.rejected] == [
        (5, "姓名"), (6, "活动名称"), (7, "活动日期"), (8, "参加方式"),
    ]  # fmt: skip
    assert done.fix_file is not None
    again = sign_in(*rows)
    assert (again.accepted, again.unchanged, again.fix_file) == (0, 3, done.fix_file)
    rows[0][5] = "到场"
    assert sign_in(*rows).accepted == 1
    took_part = member_card.card(world.members[0]).took_part
    assert [(one.activity, one.how) for one in took_part] == [
        ("组织生活会", TookPart.by_post), ("主题党日", TookPart.in_person),
    ]  # fmt: skip
    path = tmp_path / "签到.xlsx"
    path.write_bytes(
        write_xlsx([("签到", ["姓名", "手机号", "活动名称", "活动日期"], [["无此人", "1", "会", "2026-07-01"]])])
    )
    assert main.execute(["activity", "import", str(path), "--organisation", "青石镇"]) == 0
    assert "退回 1 行" in capfd.readouterr().out


def test_one_by_one(world: World) -> None:
    member = str(world.members[0])
    words = ["activity", "add", member, "--activity", "志愿服务", "--on", "2026-09-01", "--how", "online"]
    assert main.execute(words) == 0
    assert not activities.add(
        world.members[0], activity=" 志愿服务", held_on=date(2026, 9, 1), how=TookPart.online, by=BY
    )
    for wrong in ("", "长" * 101):
        with pytest.raises(BadInput, match="活动名称"):
            activities.add(world.members[0], activity=wrong, held_on=date(2026, 9, 1), by=BY)
    with pytest.raises(BadInput, match="今天之后"):
        activities.add(world.members[0], activity="会", held_on=date(2099, 9, 1), by=BY)
    with pytest.raises(NotFound):
        activities.add(999, activity="会", held_on=date(2026, 9, 1), by=BY)


def test_facts_for_people(world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["ledger", "facts", "青石镇", "--xlsx", str(tmp_path / "六个掌握.xlsx")]) == 0
    said = capfd.readouterr().out
    assert "还有缺项的（6 人）" in said
    assert "100%" in said
    assert main.execute(["ledger", "facts", "--json"]) == 0
    assert len(json.loads(capfd.readouterr().out)["lacking"]) == 6
