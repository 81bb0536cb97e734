"""The divisions that an address begins with: of all ways to read them, the first that reaches a district counts."""

import re
from typing import NamedTuple

from qianli.addresses.divisions import CITY, DISTRICT, MUNICIPALITIES, Code, Sense, tables
from qianli.addresses.townships import could_be_in

#: Words between two divisions that are none themselves; they stay in the detail.
ARMY_DIVISION = r"(?:农第?|第)[一二三四五六七八九十]{1,3}师"
INSERTED = re.compile(rf"雄安新区|(?:新疆)?(?:生产建设)?兵团(?:{ARMY_DIVISION})?|{ARMY_DIVISION}")
#: A development zone behind its city. It is no division, but an address needs no district beside it.
ZONE = re.compile(
    r"(?:(?![路街巷弄道号村区县市镇乡])[一-龥]){0,8}?"
    r"(?:高新技术(?:产业)?(?:开发|园)区|经济(?:技术)?开发区|高新(?:产业)?(?:技术)?(?:开发)?区|经开区|经济区|开发区|工业园区|产业园区|"
    r"高新园区|科技园区|示范区|保税(?:港)?区|(?:旅游)?度假区|风景名胜区|试验区|实验区|管理区|新区)"
)
#: What makes the name before it the name of a road or a building.
GOES_ON = re.compile(
    r"[东西南北中一二三四五大小新老内外前后]{0,2}(?:路|街|道|巷|弄|桥|站|门|山|湖|河|江|寺|庙|塔|村|镇|乡|社区|小区|花园|大厦|广场|商城|商会|"
    r"宾馆|酒店|饭店|会馆|机场|码头|大学|学院|中学|小学|医院|公园|博物|图书|体育|银行|公司|同乡|办事处|国际|餐|菜|面馆|人)"
)
SHORT_NAME = 3


class Said(NamedTuple):
    """A name as it stands in the text, and today's codes that bear it."""

    written: str
    start: int
    level: int
    today: tuple[Code, ...]


class Chain(NamedTuple):
    """What was read: places that it can be, how deep, where it ends. `hints` are districts that were half said."""

    codes: tuple[Code, ...] = ()
    level: int = 0
    end: int = 0
    said: tuple[Said, ...] = ()
    complete: bool = False
    inserted: str = ""
    zone: bool = False
    hints: tuple[Code, ...] = ()


NOTHING = Chain()


def read_chain(text: str, spaced: str | None = None) -> Chain:
    """The divisions at the front of `text`; `spaced` is the same with spaces and punctuation."""
    walk = _Walk(text, spaced or text)
    found = walk.from_here(NOTHING)
    return found if found.complete or not walk.hints else found._replace(hints=walk.hints)


class _Walk:
    """One text on its way through the tables."""

    def __init__(self, text: str, spaced: str) -> None:
        self.text = text
        self.spaced = spaced
        self.tables = tables()
        self.hints: tuple[Code, ...] = ()

    def from_here(self, so_far: Chain) -> Chain:
        """The best way on from `so_far`: the first complete one, else the deepest."""
        text, at = self.text, so_far.end
        best, longest = so_far, ""
        for written, senses in self.tables.names[text[at : at + 2]]:
            if text.startswith(written, at):
                for sense in senses:
                    if sense[3] and len(longest) > len(written):
                        continue  # 黔西 is not meant where 黔西南 was said
                    found = self._with(so_far, written, sense, senses)
                    if found.complete:
                        return found
                    if found is not so_far:
                        longest = longest or written
                    if (found.level, found.end) > (best.level, best.end):
                        best = found
        beyond = self._inserted(so_far)
        if beyond.complete:
            return beyond
        return self._zone(so_far) or (best if best is not so_far else self._stop(so_far))

    def _with(self, so_far: Chain, written: str, sense: Sense, senses: tuple[Sense, ...]) -> Chain:
        """What comes of taking this name in this sense; `so_far` itself if it does not fit."""
        level, today, _, bare = sense
        repeated = level <= so_far.level and any(one.startswith(today) for one in so_far.codes)
        codes = so_far.codes if repeated else self._narrowed(so_far, written, sense, senses)
        if not codes or not (repeated or level > so_far.level or _is_narrower(codes, so_far.codes)):
            return so_far
        end = so_far.end + len(written)
        said = (*so_far.said, Said(written, so_far.end, level, today))
        deepest = max(level, so_far.level)
        further = Chain(codes, deepest, end, said, level == DISTRICT, so_far.inserted)
        if level == DISTRICT:
            said_before = bool(so_far.said) and so_far.said[-1].written.startswith(written)
            if bare and (said_before or not self._stands_alone(end, codes)):
                self.hints = codes
                return so_far
            return further
        found = self.from_here(further)
        if (
            bare
            and not found.complete
            and found.end == end
            and not (so_far.level and not GOES_ON.match(self.text, end))
        ):
            return so_far
        return found

    def _narrowed(self, so_far: Chain, written: str, sense: Sense, senses: tuple[Sense, ...]) -> tuple[Code, ...]:
        """Which of the places that a name can mean lie in what was said before it."""
        level, today, former, bare = sense
        borne_today = any(other[1] for other in senses)
        if not so_far.level:
            too_short = len(written) < SHORT_NAME and not written.endswith("县")
            only_of_old = not today and borne_today
            if level == DISTRICT:
                return () if bare or too_short or only_of_old else today + former
            return today or former
        if level == so_far.level == CITY and borne_today:
            return ()  # 合肥市巢湖市 is the county of today
        now = self._inside(today, so_far.codes)
        if level < DISTRICT or (now and so_far.level == CITY) or not former:
            return now or self._inside(former, so_far.codes)
        other_city = so_far.level < CITY and not today and borne_today
        said_twice = so_far.said[-1:] and so_far.said[-1].written == written
        return now if other_city or said_twice else (*now, *self._inside(former, so_far.codes))

    def _inside(self, codes: tuple[Code, ...], regions: tuple[Code, ...]) -> tuple[Code, ...]:
        is_inside = self.tables.is_inside
        return tuple(code for code in codes if any(is_inside(code, region) for region in regions))

    def _stands_alone(self, end: int, codes: tuple[Code, ...]) -> bool:
        """Whether a district named without 区 or 县 is meant, and not a road or a building named after it."""
        rest = self.text[end:]
        if (
            not rest
            or not self.spaced[behind(self.spaced, end)].isalnum()
            or any(could_be_in(code, rest) for code in codes)
        ):
            return True
        is_city = all(self.tables.name(code).endswith("市") for code in codes)
        return is_city and not GOES_ON.match(rest)

    def _inserted(self, so_far: Chain) -> Chain:
        """What stands behind words that are no division, if it is a district."""
        if so_far.inserted or so_far.level == DISTRICT:
            return so_far
        skipped = INSERTED.match(self.text, so_far.end)
        home = "13" if skipped and skipped[0] == "雄安新区" else "65"
        if not skipped or (so_far.level and so_far.codes[0][:2] != home):
            return so_far
        return self.from_here(so_far._replace(end=skipped.end(), inserted=skipped[0]))

    def _zone(self, so_far: Chain) -> Chain | None:
        """The city whose development zone follows; the zone stays in the detail."""
        code = so_far.codes[0] if len(so_far.codes) == 1 else ""
        is_city = len(code) == CITY * 2 or code in MUNICIPALITIES
        if not is_city or so_far.inserted or not ZONE.match(self.text, so_far.end):
            return None
        last = so_far.said[-1]
        bare = self.tables.name(code) != last.written and len(last.written) < len(self.tables.name(code))
        return so_far._replace(end=last.start if bare else so_far.end, complete=True, zone=True)

    def _stop(self, so_far: Chain) -> Chain:
        """A city without districts needs nothing more."""
        if len(so_far.codes) != 1 or so_far.codes[0] not in self.tables.whole:
            return so_far
        last = so_far.said[-1].written
        full = last.endswith(("市", "地区")) or could_be_in(so_far.codes[0], self.text[so_far.end :])
        return so_far._replace(complete=full)


def behind(spaced: str, count: int) -> int:
    """The position behind so many letters and digits."""
    for at, character in enumerate(spaced):
        if not count:
            return at
        count -= character.isalnum()
    return len(spaced)


def _is_narrower(codes: tuple[Code, ...], known: tuple[Code, ...]) -> bool:
    """莱芜市 behind 济南市, of which it is two districts today."""
    return len(codes[0]) > len(known[0])
