"""Telephone numbers as ledgers write them; kept as +8613912345678, an extension as `;ext=12`."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from qianli.errors import BadInput

HOME = "CN"
HIDDEN = 6
TAIL = 2
PERSONAL = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
LABELS = re.compile(r"(手机|移动电话|联系电话|电话|座机|固话|号码|Tel|TEL|tel)\s*[:.]?\s*")
REMARKS = re.compile(r"\([^()\d]*\)")
SEVERAL = re.compile(r"[/、,;|\n或]|(?<=\d{7})\s+(?=1\d{10})")
EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?)\s*(\d{1,6})$|(?<=\d{7})-(\d{1,6})$", re.IGNORECASE)
SCIENTIFIC = re.compile(r"(\d)\.?(\d*)[Ee]\+?(\d{1,2})")
LOST_DIGITS = "电话号码被存成了科学计数法，后几位已经丢失，请重新填写"
ONLY_ZEROS = "0" * 7  # 1.39E+10 written out again; no number in use ends in so many
IMPOSSIBLE = "电话号码不对，请核对位数；固定电话请带区号"


def read_phone(text: str) -> str:
    """The first usable number in a cell, as +86…; BadInput if none is possible."""
    bare = REMARKS.sub("", LABELS.sub("", _whole(text.strip())))
    for part in SEVERAL.split(bare):
        if found := _one(part):
            if found.endswith(ONLY_ZEROS):
                raise BadInput(LOST_DIGITS)
            return found
    raise BadInput(IMPOSSIBLE)


def display(phone: str) -> str:
    """As people dial it: 13912345678, 0851-12345678, 0851-12345678 转 12; foreign numbers with their country."""
    number = phonenumbers.parse(phone, HOME)
    if number.country_code != phonenumbers.country_code_for_region(HOME):
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    shown = f"0{national[:area]}-{national[area:]}" if area else national
    return f"{shown} 转 {number.extension}" if number.extension else shown


def masked(phone: str) -> str:
    """The number with at least six digits hidden: 139******78."""
    digits = re.sub(r"\D", "", display(phone).partition(" 转")[0])
    shown = max(0, len(digits) - HIDDEN)
    tail = min(TAIL, shown // 2)
    return digits[: shown - tail] + "*" * (len(digits) - shown) + digits[len(digits) - tail :]


def _whole(text: str) -> str:
    """1.3912345678E10 as digits, if none of them were lost on the way."""
    found = SCIENTIFIC.fullmatch(text)
    if not found:
        return text
    head, rest, exponent = found[1], found[2], int(found[3])
    if len(rest) < exponent:
        raise BadInput(LOST_DIGITS)
    return head + rest


def _one(part: str) -> str | None:
    if whole := _valid(part):
        return whole
    extension = EXTENSION.search(part)
    main = _valid(part[: extension.start()]) if extension else None
    return f"{main};ext={extension[1] or extension[2]}" if extension and main else None


def _valid(part: str) -> str | None:
    if not re.fullmatch(r"[\d\s()+\-.]+", part):
        return None
    try:
        number = phonenumbers.parse(re.sub(r"^\s*0086", "+86", part), HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in PERSONAL:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
