"""Our own short codes: parcel references and manifest numbers. They tell nothing about campaign or content."""

from qianli.receipts.codes import ALPHABET, check_character

MOST_DIGITS = 7  # a longer number was never given out, and no database column takes any length
#: Characters of a counter: dashes need not be typed, so its length tells it from the prefix.
COUNTER = 5
LAST_DECIMAL = 99_999
LETTERS = "".join(one for one in ALPHABET if one.isalpha())


def prefix(campaign_id: int) -> str:
    """Two characters or more for a campaign, from its id; the same id always gives the same prefix."""
    base, digits, rest = len(ALPHABET), "", campaign_id + len(ALPHABET)
    while rest:
        rest, digit = divmod(rest, base)
        digits = ALPHABET[digit] + digits
    return digits


def reference(campaign_id: int, sequence: int) -> str:
    """The reference of a parcel, as `3K-00042-X`: prefix, counter, check character.

    In a campaign the order of references, as text, is that of sequences; enough for 14 million.
    """
    body = f"{prefix(campaign_id)}-{_counter(sequence)}"
    return f"{body}-{check_character(_plain(body))}"


def _counter(sequence: int) -> str:
    """Digits as far as they go; behind 99999 comes A2222: a letter, and four characters of our alphabet."""
    if sequence <= LAST_DECIMAL:
        return f"{sequence:0{COUNTER}d}"
    rest, tail = sequence - LAST_DECIMAL - 1, ""
    for _ in range(COUNTER - 1):
        rest, digit = divmod(rest, len(ALPHABET))
        tail = ALPHABET[digit] + tail
    return LETTERS[rest] + tail


def normalise(typed: str) -> str | None:
    """A reference as stored, however it was typed or scanned; None when its check character is wrong."""
    plain = _plain(typed.strip().upper())
    body, check = plain[:-1], plain[-1:]
    if len(body) < 2 + COUNTER or not (plain.isascii() and plain.isalnum()) or check_character(body) != check:
        return None
    return f"{body[:-COUNTER]}-{body[-COUNTER:]}-{check}"


def consignment_number(campaign_code: str, number: int) -> str:
    """The number of a consignment as printed on the letter."""
    return f"{campaign_code}-{number:04d}"


def split_consignment_number(text: str) -> tuple[str, int] | None:
    """`CODE-0042` as campaign code and number; None if it does not look like one."""
    code, dash, number = text.strip().rpartition("-")
    fits = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    return (code, int(number)) if dash and code and fits else None


def _plain(text: str) -> str:
    return "".join(text.replace("—", "-").replace("–", "-").split("-"))
