"""How people shorten the name of a division: 凉山彝族自治州 is 凉山州 or 凉山, 昆山市 is 昆山."""

import re

PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|"
    "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
REGIONS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
#: Shorter than the rule makes them, in general use.
USUAL = {
    "克孜勒苏柯尔克孜自治州": ["克州"],
    "巴音郭楞蒙古自治州": ["巴州"],
    "博尔塔拉蒙古自治州": ["博州"],
    "恩施土家族苗族自治州": ["恩施自治州"],
    "双江拉祜族佤族布朗族傣族自治县": ["双江县"],
    "积石山保安族东乡族撒拉族自治县": ["积石山县"],
    "阿拉善盟": ["阿盟"],
    "锡林郭勒盟": ["锡盟"],
    "乌兰察布市": ["乌盟"],
    "巴彦淖尔市": ["巴盟"],
    "呼伦贝尔市": ["呼盟"],
    "哲里木盟": ["哲盟"],
}
AUTONOMOUS = re.compile(rf"(?P<own>.{{2,}}?)(?:(?:{PEOPLES})族?)+自治(?P<level>[州县旗])")
NAMED_AFTER_PEOPLE = re.compile(r"(?P<own>.+?)族?自治(?P<level>[县旗])")
ENDING = re.compile(r"(?P<own>.{2,}?)(?:特别行政区|(?<!开发|示范|管理|工业)(?:新区|林区|矿区)|省|市|地区|盟|区|县|旗)")
KEPT = re.compile(r".{1}[市县区旗]|.*(?:左|右|前|后|中|联合)旗|.*城区|郊区|矿区")


def short_names(full: str) -> list[str]:
    """Shorter forms that still say what kind of place it is."""
    short = AUTONOMOUS.fullmatch(full) or NAMED_AFTER_PEOPLE.fullmatch(full)
    found = [short["own"] + short["level"]] if short else []
    return list(dict.fromkeys([*found, *USUAL.get(full, [])]))


def bare_name(full: str) -> str:
    """The name alone, as in 广东 and 昆山; empty where too little would be left."""
    if full in REGIONS:
        return REGIONS[full]
    short = AUTONOMOUS.fullmatch(full) or NAMED_AFTER_PEOPLE.fullmatch(full) or ENDING.fullmatch(full)
    return short["own"] if short and not KEPT.fullmatch(full) else ""


def own_part(full: str) -> str:
    """What stays of a name when a county becomes a district: 通州市 and 通州区 have the same."""
    short = AUTONOMOUS.fullmatch(full) or NAMED_AFTER_PEOPLE.fullmatch(full)
    if short:
        return short["own"]
    return re.sub(r"(?<=.)(?:地区|[市区县旗盟])$", "", full)
