"""Letters to invented members, for tests and measurements: any number, the same for the same seed."""

import random
from dataclasses import replace
from datetime import date

from qianli.documents.forms import Letter
from qianli.documents.letter_text import fill, fill_line
from qianli.documents.letter_values import letter_values
from qianli.receipts.codes import make_code

FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲鹏红建国华志春梅海燕雪松晓东波宁飞云峰琴倩帆阳浩博宇航佳琪"
)
#: Minorities' and foreign names, characters of CJK extensions, a name of one character, figures.
ODD = (
    "阿依古丽·买买提", "买买提·艾力", "阿不都热西提·买买提依明江", "John Smith", "Mary 李", "王Tom", "李2号", "翼",
    "张𠅤", "刘䶮", "马㛃", "欧阳𰻞",
)  # fmt: skip
PLACES = (
    ("福建省", "泉州市", "晋江市"), ("浙江省", "杭州市", "西湖区"), ("广东省", "东莞市", None),
    ("上海市", "市辖区", "浦东新区"), ("北京市", "市辖区", "朝阳区"), ("江苏省", "苏州市", "昆山市"),
    ("贵州省", "黔东南苗族侗族自治州", "凯里市"),
    ("广东省", "深圳市", "宝安区"), ("新疆维吾尔自治区", "乌鲁木齐市", "沙依巴克区"), ("浙江省", "义乌市", None),
)  # fmt: skip
SALUTATION = "{姓名}{称谓}："
BODY = (
    "见字如面。算来，您离开家乡{离乡时长}了，如今在{现居地}工作生活。"
    "山高路远，老邻居们常常问起您，社区党委也一直把您记在心里。\n"
    "这几年家乡变化不小：老街铺了新路，路灯一直亮到巷口；社区办起了食堂，老人孩子都吃得上热饭；"
    "河边的空地建成了小公园，傍晚总有人散步、唱歌。这里的每一点变化，都有在外同志的牵挂。\n"
    "随信寄上党徽一枚，《中国共产党章程》《共产党精神谱系精选》《图说党史百年历程》各一册。"
    "愿您佩戴党徽时不忘自己的身份，翻开书页时想起入党的初心；无论在哪座城市、哪个岗位，都做群众信得过的人。\n"
    "流动不流失，离乡不离党。遇到难处，有了想法，或者搬了家、换了电话，请随时告诉我们，组织永远是您的依靠。"
    "得空回乡，社区的大门始终为您敞开。\n"
    "请您保重身体，常给家里打电话。祝工作顺利，阖家安康！"
)
#: Figures in a field, a name before punctuation and in brackets, a field at the end of a paragraph.
UGLY_BODY = """{姓名}，您{离乡时间}离开家乡，到今天已经{离乡时长}。收信人（{姓名}）现在{现居地}
社区里的人都说：“{姓名}！”有事请打{联系电话}，找{支部}；{现居地}、{现居地}，{姓名}。
"""
LETTER_ON = date(2027, 1, 8)
URL = "https://qianli.example/r"


def seeded_letters(
    count: int, *, seed: int = 1, odd: float = 0.0, url: str | None = URL, body: str = BODY
) -> list[Letter]:
    """Letters numbered from 1; a share of `odd` has names that no other letter's layout fits."""
    chance = random.Random(seed)  # noqa: S311 - inventions, not secrets
    return [_letter(number, chance, odd, url, body) for number in range(1, count + 1)]


def _letter(number: int, chance: random.Random, odd: float, url: str | None, body: str) -> Letter:
    name = chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
    if chance.random() < odd:
        name = chance.choice(ODD)
    province, city, district = chance.choice(PLACES)
    since = date(LETTER_ON.year - chance.randint(1, 12), chance.randint(1, 12), 1)
    sample = Letter.sample()
    values = letter_values(
        name=name, province=province, city=city, district=district, away_since=since, letter_on=LETTER_ON,
        organisation="文昌社区第一党支部", sender=sample.sender, phone=sample.phone,
    )  # fmt: skip
    return replace(
        sample,
        number=f"QLCS-2027-{number:05d}",
        salutation=fill_line(SALUTATION, values),
        paragraphs=fill(body, values),
        name=name,
        confirm_url=url,
        code=make_code(b"sample", number, 1) if url else None,
    )
