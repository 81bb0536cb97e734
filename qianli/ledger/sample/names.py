"""Invented names, as common and as rare as real ones."""

from itertools import accumulate
from random import Random

#: Surnames with how many in a thousand bear them, rounded; the tail shares what is left.
SURNAMES = {
    "王": 72, "李": 71, "张": 68, "刘": 54, "陈": 46, "杨": 31, "黄": 23, "赵": 21, "吴": 20, "周": 19,
    "徐": 15, "孙": 15, "马": 13, "朱": 13, "胡": 12, "郭": 11, "何": 11, "林": 11, "高": 10, "罗": 9, "郑": 9,
    "梁": 8, "谢": 7, "宋": 7, "唐": 7, "许": 6, "韩": 6, "邓": 6, "冯": 6, "曹": 6, "彭": 5, "曾": 5, "肖": 5,
    "田": 5, "董": 5, "潘": 5, "袁": 5, "蔡": 4, "蒋": 4, "余": 4, "于": 4, "杜": 4, "叶": 4, "程": 4, "魏": 4,
    "苏": 4, "吕": 4, "丁": 4, "任": 4, "卢": 4, "姚": 3, "沈": 3, "钟": 3, "姜": 3, "崔": 3, "谭": 3, "陆": 3,
    "范": 3, "汪": 3, "廖": 3, "石": 3, "金": 3, "贾": 3, "夏": 3, "付": 3, "方": 3, "邹": 3, "熊": 3, "白": 3,
    "孟": 3, "秦": 3, "邱": 3, "侯": 3, "江": 3, "韦": 3, "尹": 2, "薛": 2, "闫": 2, "段": 2, "雷": 2, "龙": 2,
    "黎": 2, "史": 2, "陶": 2, "贺": 2, "毛": 2, "郝": 2, "顾": 2, "龚": 2, "邵": 2, "万": 2, "覃": 2, "武": 2,
    "钱": 2, "戴": 2, "严": 2, "莫": 2, "孔": 2, "向": 2, "常": 2, "汤": 2, "康": 2, "欧阳": 2, "上官": 1,
    "司徒": 1, "诸葛": 1, "令狐": 1, "尚": 1, "瞿": 1, "蒙": 1, "冉": 1, "安": 1, "岑": 1,
}  # fmt: skip
GIVEN = (
    "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅红建国文斌春燕晓东海波志辉小龙金凤永生正大长根丹云飞"
    "鑫宇浩然子轩梓涵雨欣思佳怡婷雪琳倩慧颖莉萍琴珍贵福祥德义仁信礼智忠诚立新民安康宁和顺宏达光亮天成家兴友良"
    "才俊彦博学书翰墨泽润清源山川林森松柏青竹菊莲荷月星晨曦朝阳旭升昌盛荣茂鹏程万里远航凯旋胜利继业承宗"
)
#: Given characters that old systems and fonts stumble over; faces in common use have them.
RARE = "㛃䶮𠮷喆淼焱垚翀昇赟璟頔玥祎旸"
#: Characters of the late extensions of the standard: the faces we print with lack them.
UNDRAWN = "𱂇𰁋𰄣𬺵𪜏"
MINORITY_FIRST = (
    "阿依努尔", "古丽娜尔", "买买提", "艾力", "阿卜杜拉", "热依汗", "帕提古丽", "吐尔逊", "迪丽拜尔", "努尔兰",
    "叶尔江", "巴合提", "扎西", "格桑", "其其格", "巴特尔",
)  # fmt: skip
MINORITY_LAST = (
    "热合曼", "买买提", "艾合买提", "吐尔地", "阿不都拉", "肉孜", "斯拉木", "沙比尔", "哈力克", "努尔买买提", "赛依提",
    "多吉", "朝克图", "那顺",
)  # fmt: skip

WEIGHTS = list(accumulate(SURNAMES.values()))
MINORITY, WITH_RARE, ONE_GIVEN = 0.05, 0.012, 0.14


class Names:
    """Names of two to four characters, minority names with ·, a few with rare characters."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw

    def name(self) -> str:
        """One name that our faces can print or nearly so."""
        if self.draw.random() < MINORITY:
            return f"{self.draw.choice(MINORITY_FIRST)}·{self.draw.choice(MINORITY_LAST)}"
        surname = self.draw.choices(list(SURNAMES), cum_weights=WEIGHTS)[0]
        given = self.draw.choice(GIVEN)
        if self.draw.random() < WITH_RARE:
            given += self.draw.choice(RARE)
        elif self.draw.random() > ONE_GIVEN:
            given += self.draw.choice(GIVEN)
        return surname + given

    def undrawn(self) -> str:
        """A name with a character that no face has."""
        return self.draw.choices(list(SURNAMES), cum_weights=WEIGHTS)[0] + self.draw.choice(UNDRAWN)
