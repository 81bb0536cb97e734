"""QR symbols of a family are those that are made one by one, and are read."""

import pytest
import zxingcpp
from PIL import Image

from qianli.documents import qr
from qianli.receipts.codes import make_code

HEADS = ["https://qianli.example/r/", "https://a-rather-long-name-of-a-server.some-district.gov.cn/members/r/"]


@pytest.mark.parametrize("head", HEADS)
def test_a_family_makes_the_same_symbols(head: str) -> None:
    family = qr.family(head, 10)
    for number in range(30):
        code = make_code(b"k", number, 1)
        one = qr.bitmap(head + code)
        assert (one.dots, one.rows) == (family.dots, family.rows(code))


def test_the_dots_are_read() -> None:
    text = HEADS[0] + make_code(b"k", 1, 1)
    one = qr.bitmap(text)
    picture = Image.frombytes("1", (one.dots, one.dots), one.rows)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == text
    assert qr.symbol(text).error == "Q"
    quiet = qr.QUIET * qr.SCALE
    assert picture.getpixel((quiet - 1, quiet)) == 255
    assert picture.getpixel((quiet, quiet)) == 0


def test_codes_of_other_characters_or_lengths_are_not_of_the_family() -> None:
    with pytest.raises(KeyError):
        qr.family(HEADS[0], 10).rows("ABCDEFGH-J")
    with pytest.raises(ValueError, match="argument 2"):
        qr.family(HEADS[0], 10).rows("ABC")
