"""The tree of organisations."""

from pathlib import Path

import pytest

from models import Subject
from qianli.errors import BadInput, NotFound
from qianli.stages.unit import reading, writing
from qianli.store import journal, organisations


def test_a_path_makes_the_tree_once(place: Path) -> None:
    with writing("user:test") as session:
        leaf = organisations.find_or_add(session, path="青石街道党工委／ 云岭社区党委 /第一党支部")
        assert organisations.find_or_add(session, path="青石街道党工委/云岭社区党委/第一党支部").key == leaf.key
        root = organisations.by_name(session, name="青石街道党工委")
        assert len(organisations.tree_ids(session, root_id=root.key)) == 3
        assert organisations.tree_ids(session, root_id=leaf.key) == [leaf.key]
        assert [one.what for one in journal.entries(session, subject=Subject.organisation, subject_id=leaf.key)] == [
            "added"
        ]
        assert organisations.name_of(session, organisation_id=leaf.key) == "第一党支部"


def test_a_name_finds_what_is_deeper_in_the_tree(place: Path) -> None:
    with writing("user:test") as session:
        deep = organisations.find_or_add(session, path="甲党委/乙支部")
        assert organisations.find_or_add(session, path="乙支部").key == deep.key


def test_one_name_twice_asks_for_the_path(place: Path) -> None:
    with writing("user:test") as session:
        organisations.find_or_add(session, path="甲党委/第一党支部")
        organisations.find_or_add(session, path="乙党委/第一党支部")
    with reading() as session, pytest.raises(BadInput, match="有 2 个组织") as refused:
        organisations.by_name(session, name="第一党支部")
    assert refused.value.problems == ["甲党委/第一党支部", "乙党委/第一党支部"]


def test_unknown_and_empty_names(place: Path) -> None:
    with reading() as session:
        with pytest.raises(NotFound, match="没有名为"):
            organisations.by_name(session, name="丙")
        with pytest.raises(BadInput, match="请写明组织名称"):
            organisations.by_name(session, name=" / ")
        with pytest.raises(BadInput, match="请写明组织名称"):
            organisations.by_name(session, name="长" * 101)
