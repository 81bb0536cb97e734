"""Who a row speaks of."""

from datetime import date

import pytest

from qianli.ledger.identity import Unclear, Verdict, compare, find
from qianli.ledger.matching import CONTRADICTS, JOINED, REPEATS, UNCLEAR, UNCLEAR_WITHIN, Known, match
from qianli.ledger.member_row import MemberRow
from qianli.ledger.merging import changes

A, B = date(1980, 1, 1), date(1990, 2, 2)


def row(number: int = 5, name: str = "张伟", **values: object) -> MemberRow:
    return MemberRow(sheet="表", row=number, name=name, **values)  # type: ignore[arg-type]  # fields by name


def known(id_: int = 1, name: str = "张伟", **values: object) -> Known:
    return Known(id=id_, name=name, version=1, **values)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ({"born_on": A}, {"born_on": A}, Verdict.same),
        ({"born_on": A, "phone": "1"}, {"born_on": A, "phone": "2"}, Verdict.same),
        ({"born_on": A, "joined_on": A}, {"born_on": A, "joined_on": B}, Verdict.same),
        ({"born_on": A, "joined_on": A, "phone": "1"}, {"born_on": A, "joined_on": B, "phone": "2"}, Verdict.unclear),
        ({"joined_on": A}, {"joined_on": A}, Verdict.same),
        ({"born_on": A, "joined_on": A}, {"born_on": B, "joined_on": A}, Verdict.unclear),
        ({"born_on": A, "joined_on": A, "phone": "1"}, {"born_on": B, "joined_on": A, "phone": "1"}, Verdict.same),
        ({"born_on": A}, {"born_on": B}, Verdict.other),
        ({"born_on": A, "phone": "1"}, {"born_on": B, "phone": "1"}, Verdict.unclear),
        ({"joined_on": A}, {"joined_on": B}, Verdict.other),
        ({"born_on": A}, {"joined_on": A}, Verdict.unclear),
        ({"phone": "1"}, {"born_on": A, "phone": "1"}, Verdict.same),
        ({"phone": "1"}, {"phone": "2"}, Verdict.unclear),
        ({"phone_written": "12"}, {"phone_written": "12"}, Verdict.same),
    ],
)
def test_the_table(one: dict[str, object], other: dict[str, object], verdict: Verdict) -> None:
    assert compare(row(**one), known(**other)) is verdict
    assert compare(known(**other), row(**one)) is verdict


def test_the_phone_breaks_a_tie() -> None:
    twins = [known(1, born_on=A, phone="1"), known(2, born_on=A, phone="2")]
    assert find(row(born_on=A, phone="2"), twins) == 1
    with pytest.raises(Unclear):
        find(row(born_on=A), twins)


def test_matching() -> None:
    members = [known(1, born_on=A), known(2, "李娜", phone="1")]
    rows = [
        row(5, born_on=A),
        row(6, born_on=B),
        row(7, "李娜", born_on=A),
        row(8, "王强", born_on=A),
        row(9, "王强", born_on=A),
        row(10, "赵敏", born_on=A, occupation="a"),
        row(11, "赵敏", born_on=A, occupation="b"),
        row(12, "孙丽", born_on=A),
        row(13, "孙丽", phone="3"),
    ]
    matching = match(rows, members)
    assert [(one.row, member.id) for one, member in matching.known] == [(5, 1)]
    assert [one.row for one in matching.new] == [6, 8]
    assert [(one.row, said) for one, said in matching.repeated] == [(9, REPEATS.format(rows=8))]
    assert {one.row: said for one, said in matching.refused} == {
        7: UNCLEAR,
        10: CONTRADICTS.format(rows=11),
        11: CONTRADICTS.format(rows=10),
        12: UNCLEAR_WITHIN.format(rows=13),
        13: UNCLEAR_WITHIN.format(rows=12),
    }


def test_two_rows_about_one_known_member() -> None:
    member = known(born_on=A)
    matching = match([row(5, born_on=A, occupation="a"), row(6, born_on=A, occupation="b")], [member])
    assert not matching.known
    assert [one.row for one, _ in matching.refused] == [5, 6]
    matching = match([row(5, born_on=A, occupation="a"), row(6, born_on=A, address="b")], [member])
    assert [(one.occupation, one.address) for one, _ in matching.known] == [("a", "b")]
    assert matching.repeated == [(row(6, born_on=A, address="b"), JOINED.format(rows=5))]


def test_empty_cells_never_erase() -> None:
    member = known(born_on=A, phone="+861", away_since=B, occupation="工人", details={"gender": "男"})
    assert changes(member, row(born_on=A)) == {}
    assert changes(member, row(phone_written="12")) == {}
    assert changes(member, row(details={"education": "本科"})) == {"details": {"gender": "男", "education": "本科"}}
    assert changes(known(phone_written="12"), row(phone="+861")) == {"phone": "+861", "phone_written": None}
    assert changes(known(), row(phone_written="12")) == {"phone_written": "12"}
