"""Numbers and dates as Chinese papers write them."""

from datetime import date

FEN_A_YUAN = 100
GRAMS_A_KG = 1000
CAPITALS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")
TEN_THOUSAND = 10_000


def written_date(day: date) -> str:
    """A date with Arabic numerals and no leading zeros: 2027年1月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def yuan(fen: int) -> str:
    """Money in yuan with two decimals: 1,234.50."""
    return f"{fen / FEN_A_YUAN:,.2f}"


def amount(fen: int) -> str:
    """Money in yuan with two decimals and nothing between the thousands: 1234.50."""
    return f"{fen // FEN_A_YUAN}.{fen % FEN_A_YUAN:02d}"


def kilograms(grams: int) -> str:
    """Weight in kilograms: 12.345."""
    return f"{grams / GRAMS_A_KG:,.3f}"


def count_in_words(number: int) -> str:
    """A count below a hundred million in the capitals that no stroke can alter: 壹佰零陆."""
    high, low = divmod(number, TEN_THOUSAND)
    if not high:
        return _four(low) or CAPITALS[0]
    gap = CAPITALS[0] if 0 < low < TEN_THOUSAND // 10 else ""
    return f"{_four(high)}万{gap}{_four(low)}"


def money_in_words(fen: int) -> str:
    """Money below a hundred million yuan in capitals: 壹拾贰元零伍分, 壹佰元整."""
    whole, (tenths, hundredths) = fen // FEN_A_YUAN, divmod(fen % FEN_A_YUAN, 10)
    words = f"{count_in_words(whole)}元" if whole or not fen else ""
    if tenths:
        words += f"{CAPITALS[tenths]}角"
    elif hundredths and whole:
        words += CAPITALS[0]
    return words + (f"{CAPITALS[hundredths]}分" if hundredths else "整")


def _four(number: int) -> str:
    """A number below 10,000; runs of zeros inside become one 零, zeros at the end nothing."""
    words = ""
    for place, digit in enumerate(int(one) for one in reversed(str(number))):
        if digit:
            words = CAPITALS[digit] + UNITS[place] + words
        elif words and not words.startswith(CAPITALS[0]):
            words = CAPITALS[0] + words
    return words
