"""The texts: one SMS each, neutral, and every placeholder has a sample."""

import pytest

from qianli.channels.texts import FOLDER, ONE_SMS, PLACEHOLDER, TEXTS, in_sms, text
from qianli.errors import NotFound

SIGNATURE = "青石服务站点"
TELLING = ("党", "支部", "红色", "家书", "千里传书", "活动")


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_is_neutral_and_one_sms(code: str) -> None:
    one = text(code)
    assert PLACEHOLDER.findall(one.body) == list(one.values)
    assert in_sms(one.sample(), SIGNATURE) == 1
    assert not [word for word in TELLING if word in one.sample()]
    if "link" in one.values:  # what stands behind a link is no part of it for phones only after a blank, or at the end
        assert one.body.endswith("{link}") or "{link} " in one.body


def test_every_file_is_a_text() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(TEXTS)


def test_long_ones_are_charged_as_several() -> None:
    assert [in_sms("字" * n) for n in (ONE_SMS, ONE_SMS + 1, 134, 135)] == [1, 2, 2, 3]
    assert in_sms("字" * 62, SIGNATURE) == 1
    assert in_sms("字" * 63, SIGNATURE) == 2


def test_an_unknown_text_is_a_sentence() -> None:
    with pytest.raises(NotFound, match="receipt_ask"):
        text("poem")
