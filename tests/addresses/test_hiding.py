import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.addresses.hiding import HIDDEN, without_room

CASES = {
    "青阳街道崇德路 210 号阳光花园 3 幢 1502 室": "青阳街道崇德路210号阳光花园3幢***",
    "崇德路210号阳光花园3幢2单元1502室": "崇德路210号阳光花园3幢***",
    "振安中路6号员工宿舍B栋402": "振安中路6号员工宿舍B栋***",
    "振安中路6号员工宿舍B栋402号": "振安中路6号员工宿舍B栋***",
    "贝村路88号": "贝村路88号",
    "临溪镇石门村2组15号": "临溪镇石门村2组15号",
    "文昌路18号院6号楼2-1203": "文昌路18号院6号楼***",
    "幸福小区3-2-1502": "幸福小区3***",
    "幸福小区十二栋三单元四〇二室（东门）": "幸福小区十二栋***",
    "云岭路36号A座12层1203室": "云岭路36号A座***",
    "和平大厦B座1801房": "和平大厦B座***",
    "工业区6号楼": "工业区6号楼",
    "和平路5号3楼302": "和平路5号3楼***",
}


@pytest.mark.parametrize(("detail", "shown"), CASES.items())
def test_the_door_is_hidden_and_the_road_is_not(detail: str, shown: str) -> None:
    assert without_room(detail) == shown


@given(st.integers(1, 40), st.integers(1, 9), st.integers(101, 3999), st.sampled_from(["幢", "栋", "座", "号楼"]))
def test_no_room_is_left(building: int, unit: int, room: int, word: str) -> None:
    for written in (f"{unit}单元{room}室", f"{room}室", f"{room}", f" {unit} 单元 {room} 号", f"{unit}-{room}"):
        shown = without_room(f"崇德路210号阳光花园{building}{word}{written}")
        assert shown == f"崇德路210号阳光花园{building}{word}{HIDDEN}"
