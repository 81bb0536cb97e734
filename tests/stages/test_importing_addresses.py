"""Addresses of an imported ledger: a move or the same place, and how sure one can be."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from models import AddressStatus, Residence
from qianli.stages.unit import reading
from qianli.store import residences
from tests.stages.ledger_rows import HANGZHOU, everything, person, rows, stays, the_member, whats


def test_a_changed_address_is_a_new_residence(place: Path) -> None:
    rows(person())
    result = rows(person(address=HANGZHOU, known="2026-12-01"))
    assert (result.changed, result.unchanged) == (1, 0)
    assert stays() == [("科技园1号", date(2026, 10, 1), date(2026, 12, 1)), ("文三路2号", date(2026, 12, 1), None)]
    assert rows(person()).unchanged == 1, "an older file with an address that was true then"
    assert rows(person(address="上海市浦东新区世纪大道3号", known="2026-01-01")).changed == 1
    assert [one[0] for one in stays()] == ["世纪大道3号", "科技园1号", "文三路2号"]
    assert whats() == {"imported": 1, "moved": 2}


def test_an_undated_address_holds_without_beginning(place: Path) -> None:
    rows(person(known=""))
    assert stays() == [("科技园1号", None, None)]
    rows(person(address=HANGZHOU, known=""))
    assert stays() == [("文三路2号", None, None)]
    rows(person(known="2026-12-01"))
    assert stays() == [("文三路2号", None, date(2026, 12, 1)), ("科技园1号", date(2026, 12, 1), None)]


def test_the_same_address_written_otherwise_is_no_move(place: Path) -> None:
    rows(person())
    assert rows(person(address="深圳市南山区 科技园１号")).unchanged == 1


def test_short_and_former_names_are_read_and_said(place: Path) -> None:
    result = rows(person(address="杭州江干区九堡街道九环路31号"), person("李娜", address="江苏昆山玉山镇1号"))
    assert [(one.row, one.column, one.reason) for one in result.notices if one.row] == [
        (2, "现住址", "地址里的“江干区”现在属于“浙江省杭州市上城区”，已按现在的名称登记；台账里的写法仍保留，请核对")
    ]
    with reading() as session:
        found = {one.district: one for one in session.exec(select(Residence))}
    assert (found["上城区"].detail, found["上城区"].written) == ("九堡街道九环路31号", "杭州江干区九堡街道九环路31号")
    assert {one.status for one in found.values()} == {AddressStatus.exact}
    assert set(found) == {"上城区", "昆山市"}


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("朝阳区建国路88号", AddressStatus.ambiguous, "可能是：北京市朝阳区、吉林省长春市朝阳区"),
        ("日本东京都新宿区1号", AddressStatus.incomplete, "地址在日本"),
        ("郑州市青海路12号", AddressStatus.incomplete, "地址不完整"),
    ],
)
def test_what_is_uncertain_is_said(place: Path, address: str, status: AddressStatus, said: str) -> None:
    notices = [one.reason for one in rows(person(address=address)).notices if one.row]
    assert len(notices) == 1
    assert said in notices[0]
    with reading() as session:
        assert session.exec(select(Residence)).one().status == status


def test_a_verified_address_is_fresh_again(place: Path) -> None:
    rows(person(known="2025-01-08"))
    assert rows(person(known="2026-12-20")).changed == 1
    with reading() as session:
        [home] = residences.mains(session, member_ids=[the_member(session).key])[the_member(session).key]
        assert home.reported_on == date(2025, 1, 8)
        assert home.verified_at is not None
        assert home.verified_at.date() == date(2026, 12, 20)
    before = everything()
    assert rows(person(known="2026-12-20")).unchanged == 1
    assert everything() == before
    assert whats() == {"imported": 1, "verified": 1}
