"""Addresses that no table of ours reads: abroad, Hong Kong, Macao, Taiwan. It is said, and nothing is guessed."""

import re

COUNTRIES = (
    "日本|韩国|朝鲜|美国|加拿大|英国|法国|德国|意大利|西班牙|葡萄牙|荷兰|比利时|瑞士|瑞典|挪威|丹麦|芬兰|奥地利|爱尔兰|俄罗斯|乌克兰|波兰|匈牙利|"
    "捷克|希腊|土耳其|澳大利亚|新西兰|新加坡|马来西亚|泰国|越南|老挝|柬埔寨|缅甸|菲律宾|印度尼西亚|印度|巴基斯坦|孟加拉国|斯里兰卡|尼泊尔|蒙古国|"
    "哈萨克斯坦|吉尔吉斯斯坦|乌兹别克斯坦|阿联酋|迪拜|沙特阿拉伯|卡塔尔|以色列|埃及|南非|尼日利亚|肯尼亚|埃塞俄比亚|安哥拉|坦桑尼亚|赞比亚|刚果|"
    "巴西|阿根廷|智利|秘鲁|墨西哥"
)
REGIONS = ("香港", "澳门", "台湾")
LATIN = {
    "japan": "日本", "korea": "韩国", "usa": "美国", "united states": "美国", "canada": "加拿大", "england": "英国",
    "united kingdom": "英国", "germany": "德国", "france": "法国", "italy": "意大利", "australia": "澳大利亚",
    "new zealand": "新西兰", "singapore": "新加坡", "malaysia": "马来西亚", "thailand": "泰国", "hong kong": "香港",
    "macau": "澳门", "macao": "澳门", "taiwan": "台湾",
}  # fmt: skip
HERE = re.compile(
    rf"(?:中国)?\s*(?:(?P<region>香港|澳门|台湾)|(?P<country>{COUNTRIES}))(?![路街道巷里]|[东西南北中一二三]?路)"
)
WORDS = re.compile(rf"\b(?:{'|'.join(LATIN)})\b", re.IGNORECASE)


def outside_mainland(text: str) -> str | None:
    """The country or region that the text begins with in Chinese, or names in English; None within the mainland."""
    if found := HERE.match(text):
        return found["region"] or found["country"]
    if text.isascii() and (said := WORDS.findall(text)):
        return LATIN[said[-1].lower()]
    return None


def region(province: str | None, written: str) -> str | None:
    """香港, 澳门, 台湾, or the country where an address lies; None within the mainland, or where nothing is said."""
    if province:
        return next((one for one in REGIONS if province.startswith(one)), None)
    return outside_mainland(written)
