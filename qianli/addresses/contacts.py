"""Telephone numbers, postcodes, label words and names of persons within a text that also holds an address."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from qianli.addresses.divisions import tables

LONGEST_NAME = 25
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷"
    "罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童颜郭梅盛林刁钟徐"
    "邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程邢裴陆荣翁荀甄曲封储靳段焦巴牧谷车侯伊宁仇祖武符刘景詹龙叶司黎"
    "印白怀从索赖卓蔺屠蒙池乔阴胥闻党翟谭劳申冉桑桂牛边燕冀尚温庄晏柴瞿阎慕连艾鱼容向古易慎戈廖庾终居衡步耿满匡文寇欧沃利师巩聂关查红游权盖益"
    "岳帅涂佘佟代付肖闫覃仝晋楚信商苟阳甘兰敖植雍麦逄仲鹿"
)
COMPOUND = re.compile("欧阳|太史|端木|上官|司马|东方|独孤|南宫|夏侯|诸葛|尉迟|赫连|皇甫|公孙|慕容|长孙|宇文|司徒|令狐")
PHONE = re.compile(
    r"(?<![\d\-])(?:"
    r"(?:\(?(?:\+|00)?86\)?[\s\-]*)?1[3-9]\d(?:[\s\-]?\d{4}){2}(?![\d])"
    r"|(?:(?:\+|00)86[\s\-]*)?(?:\(0\d{2,3}\)|0\d{2,3})[\s\-]*\d{3,4}[\s\-]?\d{4}(?!\d)"
    r"(?:\s*(?:转|分机|ext\.?|#|-)\s*\d{1,6}(?!\d))?"
    r"|400-?\d{3}-?\d{4}(?!\d))",
    re.IGNORECASE,
)
POSTCODE = re.compile(
    r"(?:邮政编码|邮编)\s*[:;]?\s*(?P<said>\d{6})(?!\d)|(?:(?<=^)|(?<=[\s,;:、|/(\[\n]))(?P<alone>\d{6})(?=$|[\s,;、|/()\]\n\x00]|地址|电话|手机|收|联系)|^(?P<first>\d{6})(?=[一-龥])"
)
LABELS = re.compile(
    r"(?P<name>(?:收[货件信]人|联系人|收信人|姓\s?名|名字)(?:姓名|名称)?)(?=[\s:;]|[一-龥])\s*[:;]?\s*"
    r"|(?P<phone>(?:手机|联系|移动|固定|座机)?(?:手机|电话|方式|座机|固话|号码)+|手机|(?<![A-Za-z])(?:tel|mobile|phone)(?![A-Za-z]))\s*[:;.]?\s*(?=[\n\x00]|$)"
    r"|(?P<more>(?:详细地址|详细住址|街道地址|门牌号?))\s*[:;]\s*"
    r"|(?P<address>(?:(?:现?居?住?|家庭|收[货件]|通[讯信]|邮寄|联系|收件人)?(?:地址|住址)|所在地区?|省市区|现居住地)(?:\s*[:;]|\s+|(?=[一-龥]{2,}))\s*)"
    r"|(?P<remark>(?:邮政编码|邮编|备注)\s*[:;]\s*)"
)
MOBILE = re.compile(r"(?:0{0,2}86)?(?P<own>1[3-9]\d{9})")
LANDLINE = re.compile(r"(?:(?:00)?86)?0(?P<area>10|2\d|[3-9]\d\d)(?P<own>\d{7,8})")
EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|#|(?<=\d{7})-(?=\d{1,6}$))\s*", re.IGNORECASE)
DIGITS = re.compile(r"\D")
PASSED_ON = re.compile(r"(?:转交?|代收|转给)[^\d\n,;]{0,8}$")
SUFFIX = re.compile(r"(?:\(收\)|先生|女士|小姐|老师|书记|同志|收启|亲启|[ ]?收)+$")
HAN_NAME = re.compile(r"[一-龥]{2,4}")
DOTTED = re.compile(r"[一-龥]+(?:·[一-龥]+)+")
ADDRESSES = re.compile(
    r"[省市县区乡镇村路街巷弄道号栋幢楼室组队社院厂店园苑里坊湾旗州盟层座团连]$|.*(?:街道|大厦|小区|学校|公司|宿舍)"
)
DOTS = re.compile(r"\s*[•‧⋅∙・･●·]\s*|(?<=[一-龥])\.(?=[一-龥])")


class Kind(StrEnum):
    """What a piece of a pasted text is."""

    name = "name"
    phone = "phone"
    postcode = "postcode"
    address = "address"
    more = "more"  # the rest of an address whose first part stands before it
    cut = "cut"  # an empty line or a semicolon


class Piece(NamedTuple):
    """A recognised piece."""

    kind: Kind
    text: str


def looks_like_name(token: str) -> bool:
    """Whether a word without a label can be a person: a surname and one to three characters, or parts with a dot."""
    bare = SUFFIX.sub("", token)
    if is_place(bare) or bare.startswith(("转", "代收")):
        return False
    if DOTTED.fullmatch(bare):
        return len(bare) <= LONGEST_NAME
    if not HAN_NAME.fullmatch(bare) or ADDRESSES.match(bare) or ADDRESSES.search(bare):
        return False
    return bool(COMPOUND.match(bare)) or (bare[0] in SURNAMES and len(bare) <= 3) or token != bare  # noqa: PLR2004 - letters


def could_be_name(token: str) -> bool:
    """Whether a word that stands alone beside a number can be a person's name, of any people."""
    return (
        bool(HAN_NAME.fullmatch(token))
        and not is_place(token)
        and not ADDRESSES.match(token)
        and not ADDRESSES.search(token)
    )


def is_place(token: str) -> bool:
    """Whether the word as a whole is the name of a division."""
    return any(written == token for written, _ in tables().names[token[:2]])


def bare_name(token: str) -> str:
    """Without 收, 先生 and brackets, with the one separator."""
    return DOTS.sub("·", SUFFIX.sub("", token.strip(" ,;:、()"))).strip(" ·")


def phones_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where telephone numbers stand, and how people dial them; those of whom a parcel is passed on to are left."""
    for found in PHONE.finditer(text):
        if not PASSED_ON.search(text[: found.start()]):
            yield found.start(), found.end(), _dialled(found[0])


def _dialled(written: str) -> str:
    """13912345678, 0851-12345678 转 12; whether it can be right is not judged here."""
    number, _, extension = EXTENSION.sub("转", written).partition("转")
    digits = DIGITS.sub("", number)
    if found := MOBILE.fullmatch(digits):
        return found["own"]
    landline = LANDLINE.fullmatch(digits)
    shown = f"0{landline['area']}-{landline['own']}" if landline else number.strip()
    return f"{shown} 转 {extension.strip()}" if extension else shown
