"""Names of persons."""

import pytest

from qianli.errors import BadInput
from qianli.ledger.names import read_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张伟", "张伟"),
        (" 张\u3000伟 ", "张伟"),
        ("王\u200b强", "王强"),
        ("欧阳 小芳", "欧阳小芳"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("买买提・艾力", "买买提·艾力"),
        ("李\U00030ede", "李\U00030ede"),
        ("王\ue863", "王\ue863"),
        ("⼥娲", "女娲"),
        ("Anna Li", "Anna Li"),
        ("李\U00031353", "李\U00031353"),
        ("བསྟན་འཛིན", "བསྟན་འཛིན"),
        ("ئالىم توختى", "ئالىم توختى"),
        ("ꆈꌠ ꀀꄿ", "ꆈꌠ ꀀꄿ"),
    ],
)
def test_one_form(written: str, name: str) -> None:
    assert read_name(written) == name


@pytest.mark.parametrize(
    "written", ["张伟、李娜", "张伟,李娜", "张伟/李娜", "张伟\n李娜", "张伟 李娜", "张伟；李娜", "张伟 和 李娜"]
)
def test_several_people_go_back(written: str) -> None:
    with pytest.raises(BadInput, match="几个人"):
        read_name(written)


@pytest.mark.parametrize(
    "written",
    [
        "<b>张伟</b>",
        "{{ 7*7 }}",
        "{% if x %}",
        "＜script＞",
        "张伟$",
        "张伟=1",
        "张伟2",
        "张伟@",
        "张伟😀",
        "12",
        "#N/A",
    ],
)
def test_characters_of_markup_and_others_go_back(written: str) -> None:
    with pytest.raises(BadInput, match=r"不能用的字符|几个人"):
        read_name(written)


@pytest.mark.parametrize(
    ("written", "reason"), [("", "没有姓名"), ("·", "没有姓名"), ("张伟（大）", "括号"), ("张" * 51, "超过")]
)
def test_other_reasons(written: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_name(written)
