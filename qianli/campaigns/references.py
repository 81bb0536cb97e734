"""Our own short codes: parcel references and manifest numbers. They tell nothing about campaign or content."""

from qianli.receipts.codes import ALPHABET, check_character

MOST_DIGITS = 6  # a longer number was never given out, and no database column takes any length


def prefix(campaign_id: int) -> str:
    """Two characters or more for a campaign, from its id; the same id always gives the same prefix."""
    base, digits, rest = len(ALPHABET), "", campaign_id + len(ALPHABET)
    while rest:
        rest, digit = divmod(rest, base)
        digits = ALPHABET[digit] + digits
    return digits


def reference(campaign_id: int, sequence: int) -> str:
    """The reference of a parcel, as `3K-00042-X`: prefix, counter, check character."""
    body = f"{prefix(campaign_id)}-{sequence:05d}"
    return f"{body}-{check_character(_plain(body))}"


def normalise(typed: str) -> str | None:
    """A reference as stored, however it was typed or scanned; None when its check character is wrong."""
    plain = _plain(typed.strip().upper())
    if len(plain) < 8 or not (plain.isascii() and plain.isalnum()) or check_character(plain[:-1]) != plain[-1]:  # noqa: PLR2004 - 2 + 5 + 1
        return None
    return f"{plain[:-6]}-{plain[-6:-1]}-{plain[-1]}"


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
