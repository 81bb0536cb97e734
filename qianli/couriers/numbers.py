"""The forms of waybill numbers. Prefixes overlap: an odd form is a reason to look again, never to refuse or guess."""

import re
import unicodedata

S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
FORMS: dict[str, re.Pattern[str]] = {
    "china_post": re.compile(r"\d{13}|[A-Z]{2}\d{9}[A-Z]{2}|[A-Z]{2}\d{11}"),
    "sf": re.compile(r"SF[A-Z0-9]\d{12}|\d{12}"),
    "jd": re.compile(r"(JD[A-Z0-9]{2}\d{11}|JD[XK]\d{12}|JDV[A-Z]\d{11})(-\d+)*-?"),
    "spreadsheet": re.compile(r"[A-Z0-9]{8,20}"),
}
WRITTEN = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")


def read_number(text: str) -> str | None:
    """A waybill number as we keep it: capitals, no spaces; None for what is no number at all (待出单, 1.2E+12)."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    return plain if WRITTEN.fullmatch(plain) and any(char.isdigit() for char in plain) else None


def doubt(courier: str, number: str) -> str | None:
    """Why a number looks odd for this courier, as a sentence; None if it looks right."""
    form = FORMS.get(courier)
    if form is not None and not form.fullmatch(number):
        return "运单号的位数或字头不像这家快递公司的，请核对是否录错。"
    if courier == "china_post" and S10.fullmatch(number) and not s10_agrees(number):
        return "运单号的校验位不符，请核对是否录错。"
    return None


def s10_agrees(number: str) -> bool:
    """Whether the check digit of a postal S10 number (two letters, nine digits, two letters) is right."""
    total = sum(int(digit) * weight for digit, weight in zip(number[2:10], S10_WEIGHTS, strict=True))
    return {10: 0, 11: 5}.get(check := 11 - total % 11, check) == int(number[10])
