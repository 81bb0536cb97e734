import io

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qianli.documents import code128
from qianli.errors import DocumentError

DOTS = 3


@settings(max_examples=40)
@given(st.text(st.sampled_from("0123456789" * 3 + "ABCxyz-. ~"), min_size=4, max_size=22))
def test_another_reader_reads_what_was_written(text: str) -> None:
    image = Image.new("L", (code128.modules(text) * DOTS, 60), 255)
    for start, length in code128.bars(text):
        image.paste(0, (start * DOTS, 0, (start + length) * DOTS, 60))
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(_png(image))), text_mode=zxingcpp.TextMode.Plain)
    assert [one.text for one in found] == [text]


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "png")
    return out.getvalue()


def test_runs_of_figures_take_half_the_room() -> None:
    assert code128.modules("1234567890123") == 143
    assert code128.modules("3K-00001-7") == 165
    assert code128.modules("12345678") < code128.modules("ABCDEFGH")


@pytest.mark.parametrize("text", ["", "单号1", "a\nb", "é"])
def test_what_it_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="条形码不能用的字符"):
        code128.modules(text)
