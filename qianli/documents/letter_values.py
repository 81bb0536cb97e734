"""What the placeholders of a letter say for one member. Pure; None where nothing is known."""

from datetime import date

from qianli.documents.words import written_date

#: Cities that are provinces: the city between province and district is the same name, or a formality.
MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
FORMALITIES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
DIGITS = "零一二三四五六七八九"
TEN = 10
MONTHS_A_YEAR = 12


def letter_values(
    *,
    name: str,
    province: str | None,
    city: str | None,
    district: str | None,
    away_since: date | None,
    letter_on: date,
    organisation: str,
    sender: str,
    phone: str,
) -> dict[str, str | None]:
    """A value for every placeholder."""
    return {
        "姓名": name,
        "称谓": "同志",
        "现居地": living_in(province, city, district),
        "离乡时长": how_long(away_since, letter_on),
        "离乡时间": f"{away_since.year}年{away_since.month}月" if away_since else None,
        "支部": organisation,
        "落款": sender,
        "联系电话": phone,
        "信件日期": written_date(letter_on),
    }


def living_in(province: str | None, city: str | None, district: str | None) -> str | None:
    """The place as one says it: 上海市浦东新区, 福建省晋江市, 杭州市西湖区, 广东省东莞市."""
    city = None if city in FORMALITIES or city == province else city
    if province in MUNICIPALITIES:
        return f"{province}{district or ''}"
    if not city and not district:
        return None
    if district and city and not district.endswith("市"):
        return f"{city}{district}"
    return f"{province or ''}{district or city}"


def how_long(since: date | None, until: date) -> str | None:
    """Whole years and months in Chinese numerals, 六年三个月; None if unknown or in the future."""
    if since is None or since > until:
        return None
    months = (until.year - since.year) * MONTHS_A_YEAR + until.month - since.month - (until.day < since.day)
    years, months = divmod(months, MONTHS_A_YEAR)
    if not years and not months:
        return "不到一个月"
    return (f"{counted(years)}年" if years else "") + (f"{counted(months)}个月" if months else "")


def counted(number: int) -> str:
    """A count below a hundred before a measure word: 两, 十, 十二, 二十二."""
    if number == 2:  # noqa: PLR2004 - 两年, not 二年
        return "两"
    tens, ones = divmod(number, TEN)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")
