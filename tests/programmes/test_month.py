from datetime import date

from qianli.programmes.month import BranchMonth, Reach, Standing, branch_months
from qianli.programmes.words import MonthItem, reader_text, words_to_say

AT, SINCE = date(2026, 12, 31), date(2026, 1, 1)


def test_sums_of_a_branch() -> None:
    base = {"organisation_id": 7, "since": SINCE}
    called = {"was_called": True, "by_phone": True}
    members = [
        Standing(1, has_page=True, was_printed=False, no_smartphone=False, studied=3, last_on=AT, **base),
        Standing(2, has_page=True, was_printed=True, no_smartphone=True, **base),
        Standing(3, has_page=True, was_printed=False, no_smartphone=True, contributed=1, last_on=AT, **called, **base),
        Standing(4, has_page=False, was_printed=False, no_smartphone=False, **base),
    ]
    (found,) = branch_months(members, order=[5, 7], at=AT)
    assert found == BranchMonth(7, 4, 1, 1, 1, 1, took_part=2, studied=3, contributed=1, silent=1, took_part_by_phone=1)


def test_silence_is_measured_from_when_one_was_reached() -> None:
    def one(since: date, last_on: date | None) -> Standing:
        return Standing(1, 1, has_page=True, was_printed=False, no_smartphone=False, last_on=last_on, since=since)

    assert one(SINCE, None).is_silent(AT)
    assert not one(date(2026, 12, 1), None).is_silent(AT)
    assert one(SINCE, date(2026, 10, 2)).is_silent(AT)
    assert not one(SINCE, date(2026, 10, 3)).is_silent(AT)
    assert one(SINCE, None).reach is Reach.page


def test_who_is_to_be_called_is_reached_by_a_call_only_and_silent_without() -> None:
    def one(**more: bool) -> Standing:
        return Standing(1, 1, has_page=True, was_printed=False, no_smartphone=True, since=SINCE, **more)

    assert (one().reach, one().is_silent(AT)) == (Reach.nothing, True)
    assert one(was_called=True).reach is Reach.call


def test_a_month_for_those_without_a_page() -> None:
    items = [MonthItem("甲", "一", "- 点一\n**重**点"), MonthItem("甲", "二", "", "https://a.example")]
    text = reader_text("网上党支部", date(2026, 12, 1), items)
    assert text.splitlines()[:4] == ["# 网上党支部（2026年12月）", "## 甲", "### 一", "- 点一"]
    assert text.count("## 甲\n") == 1
    assert words_to_say(items[0]) == "点一\n重点"
    assert "https" not in words_to_say(items[1])
