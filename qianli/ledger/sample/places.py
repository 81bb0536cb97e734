"""Invented addresses in real provinces, cities and districts, written as ledgers write them."""

from collections import defaultdict
from random import Random

from qianli.addresses.divisions import Place, whole_places

#: Where people go for work: these take every second address; the other half goes round all provinces.
MAGNETS = ("广东省", "浙江省", "江苏省", "福建省", "上海市", "北京市")
IN_TURN = 2  # every second address is of the next province in turn
ROADS = (
    "人民", "建设", "解放", "和平", "文昌", "友好", "振兴", "工业", "学府", "迎宾", "青年", "长虹", "环城", "新华",
    "胜利", "前进", "光明", "幸福", "团结", "科技", "创业", "滨河", "东风", "朝阳", "兴业", "中山", "体育场", "火车站",
    "康乐", "富民",
)  # fmt: skip
SIDES = ("", "", "东", "西", "南", "北", "中")
ESTATES = ("", "", "", "金地小区", "阳光花园", "翠湖苑", "锦绣家园", "香樟雅居", "工业园宿舍", "教师公寓")
MEMBERS_A_DORMITORY = 250  # of whom one in twelve lives there
STYLES = ("{0}{1}{2}{3}", "{0}{1}{2}{3}", "{0}{1}{2}{3}", "{0} {1} {2} {3}", "现住址：{0}{1}{2}{3}")


class Places:
    """Addresses one after another: of all provinces, some of them shared, on demand incomplete."""

    def __init__(self, draw: Random, members: int) -> None:
        self.draw = draw
        self.by_province: dict[str, list[Place]] = defaultdict(list)
        for place in whole_places():
            self.by_province[place.province].append(place)
        self.turn = 0
        self.dormitories = [self._dormitory() for _ in range(1 + members // MEMBERS_A_DORMITORY)]

    def address(self) -> str:
        """Somebody's own door."""
        road, side = self.draw.choice(ROADS), self.draw.choice(SIDES)
        estate = self.draw.choice(ESTATES)
        block, unit = self.draw.randint(1, 28), self.draw.randint(1, 4)
        room = f"{self.draw.randint(1, 18)}{self.draw.randint(1, 8):02d}室"
        door = f"{block}栋{unit}单元{room}" if estate else f"{room}"
        return self._written(f"{road}{side}路{self.draw.randint(1, 900)}号{estate}{door}")

    def shared(self) -> str:
        """One of the dormitories, as each of its inhabitants writes it."""
        return self.draw.choice(self.dormitories)

    def incomplete(self) -> str:
        """A province and a city, without anything a postman could go by."""
        province, city, district = self._place()
        return f"{province}{city or district}"

    def _dormitory(self) -> str:
        road, number = self.draw.choice(ROADS), self.draw.randint(1, 900)
        return self._written(f"{road}路{number}号员工宿舍{self.draw.randint(1, 9)}栋{self.draw.randint(101, 620)}室")

    def _place(self) -> tuple[str, str, str]:
        self.turn += 1
        provinces = list(self.by_province)
        in_turn = self.turn % IN_TURN == 0
        province = provinces[self.turn // IN_TURN % len(provinces)] if in_turn else self.draw.choice(MAGNETS)
        place = self.draw.choice(self.by_province[province])
        return province, "" if place.city == province else place.city or "", place.district or ""

    def _written(self, detail: str) -> str:
        return self.draw.choice(STYLES).format(*self._place(), detail).replace("  ", " ")
