"""The tree of organisations, changed and counted."""

import json
from pathlib import Path

import pytest

from models import Member, Organisation, OrganisationKind
from qianli.cli import main
from qianli.errors import BadInput, Conflict, NotFound, RuleBroken
from qianli.stages import organisations
from qianli.stages.unit import writing
from qianli.store import organisation_tree
from qianli.store import organisations as store
from qianli.testing import NOW, counted

K = OrganisationKind
BY = "user:test"


def grow(*paths: str) -> None:
    for path in paths:
        organisations.add(path, kind=K.party_branch, by=BY)


def enrol(home: str, count: int, host: str | None = None) -> None:
    with writing(BY) as session:
        at = store.by_name(session, name=home).key
        hosted = store.by_name(session, name=host).key if host else None
        session.add_all(
            Member(organisation_id=at, host_organisation_id=hosted, name=f"甲{n}", created_at=NOW, updated_at=NOW)
            for n in range(count)
        )


def shown(path: str | None = None) -> list[tuple[str, int, int, int, int, int]]:
    return [
        (one.name, one.depth, one.home, one.all_home, one.hosted, one.all_hosted) for one in organisations.tree(path)
    ]


def test_members_are_counted_up_the_tree(place: Path) -> None:
    grow("青石市/河东区/云岭街道/一支部", "青石市/河东区/云岭街道/二支部", "深圳市/南山区/科技园")
    enrol("一支部", 3, "科技园")
    enrol("二支部", 2)
    enrol("云岭街道", 1, "南山区")
    assert shown() == [
        ("青石市", 0, 0, 6, 0, 0),
        ("河东区", 1, 0, 6, 0, 0),
        ("云岭街道", 2, 1, 6, 0, 0),
        ("一支部", 3, 3, 3, 0, 0),
        ("二支部", 3, 2, 2, 0, 0),
        ("深圳市", 0, 0, 0, 0, 4),
        ("南山区", 1, 0, 0, 1, 4),
        ("科技园", 2, 0, 0, 3, 3),
    ]
    assert shown("南山区") == [("南山区", 0, 0, 0, 1, 4), ("科技园", 1, 0, 0, 3, 3)]
    assert [one.path for one in organisations.tree("南山区")] == ["深圳市/南山区", "深圳市/南山区/科技园"]


def test_statements_do_not_grow_with_the_tree(place: Path) -> None:
    def statements() -> int:
        with counted() as found:
            organisations.tree()
        return len(found)

    grow("甲/乙")
    few = statements()
    grow(*(f"甲/乙/丙{n}/丁" for n in range(20)))
    assert statements() == few


def test_a_subtree_moves_with_everything_in_it(place: Path) -> None:
    grow("甲镇/一村/一支部", "乙镇")
    enrol("一支部", 2)
    assert organisations.move("一村", under="乙镇", by=BY)
    assert not organisations.move("一村", under="乙镇", by=BY)
    assert [one.path for one in organisations.tree()] == ["甲镇", "乙镇", "乙镇/一村", "乙镇/一村/一支部"]
    assert shown("乙镇")[0][3] == 2
    assert organisations.move("一支部", under=None, by=BY)
    assert organisations.tree("一支部")[0].path == "一支部"


def test_no_circle_and_no_twin(place: Path) -> None:
    grow("甲/乙/丙", "丁/乙")
    for below in ("甲", "甲/乙", "丙"):
        with pytest.raises(RuleBroken, match="不能移到那里"):
            organisations.move("甲", under=below, by=BY)
    with pytest.raises(Conflict, match="已经有一个叫“乙”"):
        organisations.move("甲/乙", under="丁", by=BY)
    with pytest.raises(Conflict, match="已经有一个叫“甲”"):
        organisations.change("丁", name="甲", by=BY)
    with pytest.raises(NotFound):
        organisations.move("戊", under="甲", by=BY)


def test_names_and_kinds_change_and_a_stale_edit_is_refused(place: Path) -> None:
    assert organisations.add("甲街道/乙社区", kind=K.community, by=BY)
    assert not organisations.add("乙社区", kind=K.community, by=BY)
    with pytest.raises(BadInput, match="类别不同"):
        organisations.add("乙社区", kind=K.village, by=BY)
    assert organisations.change("乙社区", name="丙 社区", kind=K.village, by=BY)
    assert not organisations.change("丙 社区", kind=K.village, by=BY)
    for wrong in ("", "a/b", "长" * 101):
        with pytest.raises(BadInput, match="组织名称"):
            organisations.change("甲街道", name=wrong, by=BY)
    with writing(BY) as session:
        stale = store.by_name(session, name="丙 社区")
        session.expunge(stale)
    organisations.change("丙 社区", kind=K.market, by=BY)
    with pytest.raises(Conflict, match="被别人改过"), writing(BY) as session:
        organisation_tree.change(session, organisation=stale, name="丁", kind=K.village)


def test_commands(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["organisation", "add", "青石市/云岭街道", "--kind", "township"]) == 0
    assert main.execute(["organisation", "add", "一企业", "--kind", "enterprise"]) == 0
    assert main.execute(["organisation", "move", "一企业", "--under", "云岭街道"]) == 0
    assert main.execute(["organisation", "move", "一企业"]) == 2
    assert main.execute(["organisation", "change", "一企业"]) == 2
    assert main.execute(["organisation", "change", "一企业", "--name", "一商会", "--kind", "chamber"]) == 0
    assert main.execute(["organisation", "show"]) == 0
    said = capfd.readouterr().out
    assert "已移到“云岭街道”下面" in said
    assert "商会" in said
    assert main.execute(["organisation", "list", "--kind", "chamber", "--json"]) == 0
    [listed] = json.loads(capfd.readouterr().out)
    assert listed["path"] == "青石市/云岭街道/一商会"


def test_every_kind_is_taken_by_the_database(place: Path) -> None:
    with writing(BY) as session:
        session.add_all(Organisation(name=str(kind), kind=kind) for kind in K)
    assert {one.kind for one in organisations.tree()} == set(K)
