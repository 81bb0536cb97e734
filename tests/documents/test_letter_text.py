import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.documents import emphasis
from qianli.documents.letter_text import (
    PLACEHOLDERS,
    check_text,
    fill,
    fill_line,
    missing_values,
    placeholders_in,
    split_text,
)
from qianli.errors import BadInput

VALUES = {name: one.sample for name, one in PLACEHOLDERS.items()}
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="{}<>&｛｝", categories=("L", "N", "P")), min_size=1)


def test_the_first_line_is_the_salutation() -> None:
    raw = "\ufeff\r\n  {姓名}{称谓}:  \r\n\r\n　　第一段。\r\n第二段。\r\n\r\n\r\n第三段。\r\n"
    salutation, body = split_text(raw)
    assert salutation == "{姓名}{称谓}："
    assert fill_line(salutation, VALUES) == "张伟同志："
    assert fill(body, VALUES) == ("第一段。", "第二段。", "第三段。")


@pytest.mark.parametrize("raw", ["", "\n\n", "{姓名}同志：", "{姓名}同志：\n\n　　\n"])
def test_a_letter_needs_both_parts(raw: str) -> None:
    with pytest.raises(BadInput, match="第一行是称呼"):
        split_text(raw)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<b>您好</b>", "网页标记“<b”"),
        ("您好<!-- 注 -->", "网页标记"),
        ("您好&nbsp;", "网页标记“&nbsp;”"),
        ("{{ 姓名 }}", "只用一层花括号"),
        ("{% for x in y %}", "只用一层花括号"),
        ("{# 注 #}", "只用一层花括号"),
        ("{名字}您好", "占位符“{名字}”不认识；可以用的有：姓名、称谓"),
        ("{}您好", "占位符“{}”不认识"),
        ("{姓名您好", "没有成对"),
        ("姓名}您好", "没有成对"),
        ("｛姓名｝您好", "全角花括号"),
        ("您好\u202e吗", "控制字符"),
        ("您好\x00", "控制字符"),
        ("您好\x1c吗", "控制字符"),
        ("**您好", "没有成对"),
        ("**您\n\n好**", "没有成对"),
        ("您**** 好", "没有成对"),
        ("您** **好", "中间没有字"),
        ("好" * 3001, "正文太长"),
        ("  ", "正文是空的"),
    ],
)
def test_what_would_not_print_as_meant_is_refused(body: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_text("{姓名}同志：", body)
    assert any(problem in one for one in caught.value.problems)


def test_emphasis_is_the_authors_alone() -> None:
    (paragraph,) = fill("请**{姓名}<&*>**保重，{支部}。", VALUES | {"姓名": "**张\x1c伟\x1d**", "支部": "**支部**"})
    assert emphasis.plain(paragraph) == "请**张 伟 **<&*>保重，**支部**。"
    assert emphasis.html(paragraph) == "请<strong>**张 伟 **&lt;&amp;*&gt;</strong>保重，**支部**。"
    assert "".join(paragraph[place] for place in sorted(emphasis.places(paragraph))) == "**张 伟 **<&*>"
    assert emphasis.plain(emphasis.emphasised("保重")) == "保重"


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        check_text("{谁}：\n你好", "<i>{某某}</i>")
    assert len(caught.value.problems) == 4


def test_plain_signs_are_welcome() -> None:
    check_text("{姓名}{称谓}：", "3 < 5，R&D，《书》“话”——……①②\n\n{现居地}的{离乡时长}")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(BadInput, match=r"“\{离乡时长\}”"):
        fill("离开家乡{离乡时长}了", {"离乡时长": None})
    assert missing_values("{姓名}{现居地}{ 支部 }", {"姓名": "甲", "现居地": " "}) == {"现居地", "支部"}


def test_values_are_not_read_again() -> None:
    assert fill("{姓名}您好", {"姓名": "{现居地}\n<b>{{7*7}}</b>"}) == ("{现居地} <b>{{7*7}}</b>您好",)


@given(st.lists(st.one_of(WORDS, st.sampled_from(sorted(PLACEHOLDERS)).map("{{{}}}".format)), min_size=1))
def test_filling_replaces_exactly_the_placeholders(pieces: list[str]) -> None:
    body = "".join(pieces)
    expected = "".join(VALUES[piece[1:-1]] if piece.startswith("{") else piece for piece in pieces)
    assert "".join(fill(body, VALUES)) == expected
    assert placeholders_in(body) == {piece[1:-1] for piece in pieces if piece.startswith("{")}


@given(st.text(), st.text())
def test_nothing_typed_makes_it_stumble(title: str, body: str) -> None:
    try:
        check_text(title, body)
        salutation, rest = split_text(f"{title}\n{body}")
    except BadInput:
        return
    assert "{" not in "".join(fill(rest, VALUES)) + fill_line(salutation, VALUES)


@given(st.text(), st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text()))
def test_filled_or_refused(body: str, values: dict[str, str]) -> None:
    if missing_values(body, values):
        with pytest.raises(BadInput):
            fill(body, values)
    else:
        fill(body, values)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("常常念叨您。", '常常念<span class="nowrap">叨您。</span>'),
        ("祝阖家安康！”", '祝阖家<span class="nowrap">安康！”</span>'),
        ("好。", "好。"),
        ("电话 0851-12345678。", "电话 0851-12345678。"),
        (emphasis.marked("请**保重**。"), "请<strong>保重</strong>。"),
    ],
)
def test_no_character_stands_alone_on_the_last_line(text: str, printed: str) -> None:
    assert emphasis.html(text) == printed
