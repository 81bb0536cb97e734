"""Lines of plain texts end where the layout engine ends them."""

from typing import Any

import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.documents import fonts, half_em

SIZE = 12
STYLE = f"""
@page {{ size: A4; margin: 5mm }}
p {{ margin: 0; font: {SIZE}px/15px "{fonts.MONO}"; font-variant-ligatures: none; overflow-wrap: anywhere }}
"""
PIECES = st.one_of(
    st.text(st.sampled_from("福建省泉州市晋江青阳街道崇德路阳光花园㛃𠅤"), min_size=1, max_size=9),
    st.text(st.sampled_from("0123456789"), min_size=1, max_size=5),
    st.sampled_from(
        ["A", "Bc", "-", "-12", "#", "·", "_", "，", "。", "、", "（", "）", "《", "》", "(", ")", "“", " "]
    ),
)
CASES = st.lists(
    st.tuples(st.lists(PIECES, min_size=4, max_size=16).map("".join), st.integers(16, 50)), min_size=20, max_size=40
)


def laid_out(cases: list[tuple[str, int]]) -> list[str]:
    """Every line of these texts, each in a box so many halves wide, as the engine breaks them."""
    paragraphs = "".join(f'<p style="width:{measure * SIZE / 2 + 1}px">{text}</p>' for text, measure in cases)
    html = weasyprint.HTML(string=f'<html lang="zh-CN"><body>{paragraphs}')
    document = html.render(stylesheets=[weasyprint.CSS(string=STYLE)])
    return [line for page in document.pages for line in _lines(page._page_box)]  # noqa: SLF001 - no public way


def _lines(box: Any) -> list[str]:
    if hasattr(box, "text"):
        return [box.text.rstrip()]
    return [line for child in getattr(box, "children", ()) for line in _lines(child)]


@settings(max_examples=12)
@given(CASES)
def test_lines_end_where_the_engine_ends_them(cases: list[tuple[str, int]]) -> None:
    broken = [(case, lines) for case in cases if (lines := half_em.lines(*case))]
    assert laid_out([case for case, _ in broken]) == [line for _, lines in broken for line in lines]


def test_what_nobody_should_guess_is_not_plain() -> None:
    odd = [
        "1/2",
        "3.5",
        "a,b",
        "—",
        "…",
        "é",
        "鿫",
        "龱\ufe00",
        " 甲",
        "甲  乙",
        "甲 ，",
        "ａ",
        "か",
        "བ",
        "甲\u00a0乙",
        "甲\n",
    ]
    assert [text for text in odd if half_em.is_plain(text)] == []
    assert half_em.lines("WWWWWWWWWW", 9) is None
    assert half_em.lines("", 4) == ("",)
    assert half_em.halves("a甲-") == 4
    assert half_em.closed_up("崇德路 210 号 A 栋 b c") == "崇德路210号A栋b c"
