"""Rows of a ledger of invented members, with the share of trouble that real ledgers have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from qianli.ledger.sample.names import Names
from qianli.ledger.sample.places import Places

#: All dates hang on this planned delivery date, as those of the examples do, so that a sample never grows old.
DELIVERY_ON = date(2027, 1, 20)
TITLES = (
    "序号", "姓名", "所在党支部", "性别", "学历", "出生日期", "加入党组织日期", "手机号", "现居住地址", "外出时间",
    "地址更新日期", "工作岗位",
)  # fmt: skip


class Trouble(StrEnum):
    """What is the matter with a row, at most one thing each."""

    none = "none"
    shared = "shared"
    missing_address = "missing_address"
    incomplete_address = "incomplete_address"
    stale_address = "stale_address"
    bad_phone = "bad_phone"
    no_phone = "no_phone"
    not_away = "not_away"
    undrawn_name = "undrawn_name"
    repeated = "repeated"
    contradicted = "contradicted"
    two_people = "two_people"
    impossible_date = "impossible_date"
    only_a_name = "only_a_name"


T = Trouble
#: Of a thousand rows, so many; the others are good.
OF_A_THOUSAND = {
    T.shared: 80, T.missing_address: 40, T.incomplete_address: 30, T.stale_address: 50, T.bad_phone: 15, T.no_phone: 5,
    T.not_away: 10, T.undrawn_name: 3, T.repeated: 4, T.contradicted: 4, T.two_people: 2, T.impossible_date: 2,
    T.only_a_name: 2,
}  # fmt: skip
THOUSAND = 1000
#: Rows the importer gives back; of contradicted ones both.
REFUSED = frozenset({T.contradicted, T.two_people, T.impossible_date, T.only_a_name})
TWICE = frozenset({T.repeated, T.contradicted})
#: Members who cannot be sent anything before a person has looked at them.
HELD = frozenset(
    {T.missing_address, T.incomplete_address, T.stale_address, T.bad_phone, T.no_phone, T.not_away, T.undrawn_name}
)

OFFICES = ("云岭", "临溪", "青石", "长坪", "石门", "白水", "凤山", "龙泉", "新桥", "南屯")
EDUCATION = ("初中", "高中", "中专", "大专", "大专", "本科", "本科", "研究生")
WORK = (
    "电子厂线长",
    "制鞋工",
    "服装厂车工",
    "建筑工人",
    "货车司机",
    "小学教师",
    "快递站站长",
    "护理员",
    "电工",
    "个体经营",
    "",
)
#: Nobody is known to have a number with four noughts in its middle; every number is given out once.
MOBILE = (
    "130",
    "131",
    "132",
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "153",
    "155",
    "156",
    "157",
)
NUMBERS_A_PREFIX = 10_000
WRONG_NUMBERS = ("1390000120", "1.39E+10", "12345", "23900001234")
TWICE_WITHIN = 40  # rows between the two of one person
AS_A_NUMBER, AS_A_DATE = 0.9, 0.95
FRESH_DAYS, STALE_DAYS = (75, 300), (400, 1200)
AGES_DAYS, JOINING_DAYS = 19_500, (18 * 366, 22 * 366)


@dataclass(frozen=True)
class SampleRow:
    """One row as it is written into a ledger; `trouble` is what was made wrong on purpose."""

    trouble: Trouble
    name: str
    branch: str
    gender: str
    education: str
    born_on: date | str
    joined_on: date | str
    phone: str
    address: str
    away_since: str
    address_on: date | str
    work: str

    def cells(self, number: int) -> list[int | str | date]:
        """The row in the order of the titles."""
        return [
            number, self.name, self.branch, self.gender, self.education, self.born_on, self.joined_on, self.phone,
            self.address, self.away_since, self.address_on, self.work,
        ]  # fmt: skip


def sample_rows(members: int, *, seed: int, first: int = 0) -> Iterator[SampleRow]:
    """So many rows, one after another. `first` is how many numbers other ledgers of the same sample have given out."""
    drawing = _Drawing(members, seed, first)
    later: dict[int, SampleRow] = {}
    for index in range(members):
        if index in later:
            yield later.pop(index)
            continue
        row = drawing.row(index)
        if row.trouble in TWICE:
            soon = range(drawing.soon(index), members)
            again = next((place for place in soon if place not in later), None)
            if again is None:
                row = replace(row, trouble=T.none)
            else:
                later[again] = row if row.trouble is T.repeated else replace(row, phone=drawing.phone(again))
        yield row


class _Drawing:
    """People and places are drawn apart: a change of the table of divisions changes addresses alone."""

    def __init__(self, members: int, seed: int, first: int) -> None:
        self.draw = Random(f"people {seed} {first}")  # noqa: S311 - sample data, not a secret
        self.names = Names(self.draw)
        self.places = Places(Random(f"places {seed} {first}"), members)  # noqa: S311 - sample data, not a secret
        self.first = first
        self.known: set[tuple[str, date]] = set()

    def row(self, index: int) -> SampleRow:
        """A person nobody else of this ledger can be taken for."""
        trouble = self._trouble()
        name, born, joined = self._person(trouble)
        row = SampleRow(
            trouble=trouble,
            name=name,
            branch=f"{self.draw.choice(OFFICES)}第{self.draw.randint(1, 9)}党支部",
            gender=self.draw.choice("男女"),
            education=self.draw.choice(EDUCATION),
            born_on=born,
            joined_on=joined if self.draw.random() < AS_A_DATE else f"{joined.year}年{joined.month}月{joined.day}日",
            phone=self.phone(index),
            address=self._address(trouble),
            away_since=f"{self.draw.randint(2005, 2025)}年{self.draw.randint(1, 12)}月",
            address_on=DELIVERY_ON - timedelta(days=self.draw.randint(*FRESH_DAYS)),
            work=self.draw.choice(WORK),
        )
        return self._spoilt(row)

    def soon(self, index: int) -> int:
        """Where the same person may stand again."""
        return index + self.draw.randint(1, TWICE_WITHIN)

    def phone(self, index: int) -> str:
        """A number that is given out once, in one of the ways it is written."""
        block, last = divmod(self.first + index, NUMBERS_A_PREFIX)
        middle, prefix = divmod(block, len(MOBILE))
        head = f"{MOBILE[prefix]}{middle:04d}"
        return f"{head[:3]} {head[3:]} {last:04d}" if self.draw.random() > AS_A_NUMBER else f"{head}{last:04d}"

    def _trouble(self) -> Trouble:
        drawn = self.draw.randrange(THOUSAND)
        for trouble, share in OF_A_THOUSAND.items():
            drawn -= share
            if drawn < 0:
                return trouble
        return T.none

    def _person(self, trouble: Trouble) -> tuple[str, date, date]:
        """Name, birth and joining; no two of one name share a day, or the importer would ask who is who."""
        while True:
            name = self.names.undrawn() if trouble is T.undrawn_name else self.names.name()
            born = date(1950, 1, 1) + timedelta(days=self.draw.randrange(AGES_DAYS))
            joined = born + timedelta(days=self.draw.randint(*JOINING_DAYS))
            own = {(name, born), (name, joined)}
            if self.known.isdisjoint(own):
                self.known |= own
                return name, born, joined

    def _address(self, trouble: Trouble) -> str:
        if trouble is T.shared:
            return self.places.shared()
        if trouble is T.incomplete_address:
            return self.places.incomplete()
        return "" if trouble is T.missing_address else self.places.address()

    def _spoilt(self, row: SampleRow) -> SampleRow:
        """The row with what is the matter with it."""
        changes: dict[str, Any] = {}
        match row.trouble:
            case T.missing_address:
                changes = {"address_on": ""}
            case T.stale_address:
                changes = {"address_on": DELIVERY_ON - timedelta(days=self.draw.randint(*STALE_DAYS))}
            case T.bad_phone:
                changes = {"phone": self.draw.choice(WRONG_NUMBERS)}
            case T.no_phone:
                changes = {"phone": ""}
            case T.not_away:
                changes = {"away_since": ""}
            case T.two_people:
                changes = {"name": f"{row.name}、{self.names.name()}"}
            case T.impossible_date:
                changes = {"born_on": f"{self.draw.randint(1960, 1999)}年2月30日"}
            case T.only_a_name:
                changes = {"born_on": "", "joined_on": "", "phone": ""}
        return replace(row, **changes)
