from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import ConsignmentState, Tracking
from qianli.campaigns.open_ends import NOT_UNDER_WAY, OpenEnds
from qianli.campaigns.report import (
    NO_PROVINCE,
    Group,
    Issued,
    Owed,
    Sent,
    average_days,
    by_days,
    each,
    numbers,
    yuan,
)
from qianli.campaigns.report_words import remarks, summary

S, T = ConsignmentState, Tracking
OUT = date(2027, 1, 8)
FUJIAN, XINJIANG = "福建省", "新疆维吾尔自治区"


def parcel(
    numbers: tuple[int, ...], tracking: Tracking, fen: int, days: int | None = None, *, back: bool = False
) -> Sent:
    return Sent(numbers, tracking, back, fen, OUT, OUT + timedelta(days=days) if days is not None else None)


#: Awkward on purpose: 1 and 2 share a parcel; 3 came back and went again; 4 was never sent; 5 was cancelled but its
#: shared goods had left; 6 says nothing; 7 has no province; two organisations bear one name.
OWED = [
    Owed(1, S.confirmed, FUJIAN, 10, "第一党支部"),
    Owed(2, S.confirmed_with_issues, FUJIAN, 10, "第一党支部"),
    Owed(3, S.confirmed, XINJIANG, 10, "第一党支部"),
    Owed(4, S.not_sent, XINJIANG, 11, "第一党支部", "地址太久没有核实。"),
    Owed(5, S.cancelled, FUJIAN, 11, "第一党支部"),
    Owed(6, S.unconfirmed, FUJIAN, 12, "第二党支部"),
    Owed(7, S.denied, None, 12, "第二党支部"),
]
SENT = [
    parcel((2, 1), T.delivered, 1501, 2),
    parcel((3,), T.returned, 1999, back=True),
    parcel((3,), T.delivered, 1999, 5),
    parcel((6,), T.delivered, 1200, -1),  # the courier's clock was a day early
    parcel((7,), T.lost, 1200),
]
ISSUED = [
    Issued(1, "党徽", 1, 333), Issued(1, "图书", 3, 2997), Issued(2, "党徽", 1, 333), Issued(2, "图书", 3, 2997),
    Issued(3, "党徽", 1, 333), Issued(3, "图书", 0, 0), Issued(7, "党徽", 1, 333),
]  # fmt: skip


def test_a_whole_campaign_counted_by_hand() -> None:
    found = numbers(OWED, SENT, ISSUED)
    # Owed without the cancelled one; 1, 2, 3, 6, 7 went out; 1, 2, 3, 6 delivered; 1, 2, 3 confirmed; 3 came back once.
    assert found.total == Group(
        "合计", owed=6, sent=5, delivered=4, confirmed=3, returned=1,
        postage_fen=1501 + 1999 + 1999 + 1200 + 1200, items_fen=4 * 333 + 2 * 2997, days=[2, 5, 0],
    )  # fmt: skip
    assert (found.total.fen, found.parcels) == (7899 + 7326, 5)
    assert found.provinces == [
        Group(FUJIAN, 3, 3, 3, 2, 0, 1501 + 1200, 2 * 3330, [2, 0]),
        Group(XINJIANG, 2, 1, 1, 1, 1, 3998, 333, [5]),
        Group(NO_PROVINCE, 1, 1, 0, 0, 0, 1200, 333, []),
    ]
    assert [(group.label, group.owed, group.sent, group.fen) for group in found.organisations] == [
        ("第一党支部", 3, 3, 1501 + 3998 + 6993), ("第二党支部", 2, 2, 2400 + 333), ("第一党支部", 1, 0, 0),
    ]  # fmt: skip
    assert found.items == [Issued(0, "党徽", 4, 1332), Issued(0, "图书", 6, 5994)]


def test_its_sentences() -> None:
    found = numbers(OWED, SENT, ISSUED)
    # (2 + 5 + 0) / 3 = 2.33; 152.25 yuan for 5 sent = 30.45.
    assert summary(found) == (
        "应寄 6 份，寄出 5 份，快递报告妥投 4 份，本人确认收到 3 份。",
        "自交接到妥投最快 0 天，最慢 5 天，平均 2.3 天；退回 1 份。",
        "共支出 152.25 元（邮资 78.99 元，物品 73.26 元），寄出的平均每份 30.45\N{NO-BREAK SPACE}元。",
    )
    numbered = {row.number: f"QL-{row.number:04d}" for row in OWED}
    assert remarks(found, why_unconfirmed="三次电话无人接听。", numbered=numbered) == (
        "1 份未寄：地址太久没有核实（QL-0004）。",
        "1 份未得到本人答复：三次电话无人接听。",
        "1 份本人收到，但有缺少或破损，问题均已办结。",
        "1 份本人反映没有收到，问题均已办结。",
        "1 份在寄出前取消，不计入应寄。",
    )


def test_a_campaign_of_nobody() -> None:
    found = numbers([], [], [])
    assert found.total == Group("合计")
    assert summary(found)[1:] == ("快递没有报告妥投日期。没有退回。", "共支出 0.00 元（邮资 0.00 元，物品 0.00 元）。")
    assert (remarks(found, why_unconfirmed=None, numbered={}), by_days([])) == ((), [])


def test_halves_go_up() -> None:
    assert [average_days(days) for days in ([], [2], [2, 3], [1, 1, 1, 2], [0, 0, 0, 0, 0, 0, 0, 1])] == [
        None, "2.0", "2.5", "1.3", "0.1",
    ]  # fmt: skip
    assert [yuan(fen) for fen in (0, 5, 100, 36_600)] == ["0.00", "0.05", "1.00", "366.00"]
    assert [each(fen, count) for fen, count in ((100, 0), (1, 2), (100, 3), (36_600, 7))] == [
        None, "0.01", "0.33", "52.29",
    ]  # fmt: skip


def test_days_without_gaps_and_a_last_bar_for_the_late() -> None:
    assert by_days([2, 2, 5]) == [("2", 2), ("3", 0), ("4", 0), ("5", 1)]
    assert by_days([14, 15, 40]) == [("14", 1), ("15+", 2)]


@given(
    st.lists(
        st.tuples(st.sampled_from(list(S)), st.sampled_from([FUJIAN, XINJIANG, None]), st.integers(1, 3)), max_size=9
    ),
    st.data(),
)
def test_the_tables_add_up_to_the_total(
    rows: list[tuple[ConsignmentState, str | None, int]], data: st.DataObject
) -> None:
    owed = [Owed(i, state, province, org, f"支部{org}") for i, (state, province, org) in enumerate(rows)]
    inside = (
        st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=3, unique=True).map(tuple)
        if rows
        else st.nothing()
    )
    trackings, fen = st.sampled_from(list(T)), st.integers(0, 5000)
    sent = (
        data.draw(st.lists(st.builds(parcel, inside, trackings, fen, st.none() | st.integers(-1, 20)), max_size=6))
        if rows
        else []
    )
    found = numbers(owed, sent, [Issued(row.number, "书", 1, 100) for row in owed])
    for groups in (found.provinces, found.organisations):
        for name in ("owed", "sent", "delivered", "confirmed", "returned", "postage_fen", "items_fen"):
            assert sum(getattr(group, name) for group in groups) == getattr(found.total, name)
        assert sorted(day for group in groups for day in group.days) == sorted(found.total.days)
    assert found.total.postage_fen == sum(one.postage_fen for one in sent)


def test_what_is_open_says_what_to_do() -> None:
    assert OpenEnds().sentences() == []
    said = OpenEnds(
        parcels=[f"3K-0000{i}-X" for i in range(9)],
        to_plan=["QL-0001"],
        replacements=2,
        cases=[3, 5],
        unanswered=["QL-0002"],
    ).sentences()
    assert said[0].startswith("9 个包裹还没有交给快递公司（3K-00000-X、")
    assert "3K-00007-X 等）" in said[0]
    for sentence, words in zip(said[1:], ("campaign fulfil", "2 件补寄", "编号 3、5", "--unconfirmed"), strict=True):
        assert words in sentence


@pytest.mark.parametrize("sentence", NOT_UNDER_WAY.values())
def test_why_a_campaign_that_is_not_under_way_is_not_closed(sentence: str) -> None:
    assert sentence.endswith("。")
