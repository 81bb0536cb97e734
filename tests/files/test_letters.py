"""Letter texts and letter designs that would loop, swell or look elsewhere: each ends in a sentence, soon."""

# ruff: noqa: E501 - a case is a line

import shutil
from pathlib import Path
from typing import Any

import pytest

from qianli.cli.main import execute
from qianli.documents import templates, trial
from qianli.errors import BadInput
from qianli.settings import ROOT

EXAMPLE = ROOT / "examples/study-books"
SALUTATION = "{姓名}{称谓}：\n\n"
LETTERS = {
    "an endless loop": (SALUTATION + "{% for i in range(10**9) %}好{% endfor %}", "模板写法"),
    "an expression": (SALUTATION + "{{ 10**10**10 }}", "模板写法"),
    "a remark of a template": (SALUTATION + "您好{# 此处略 #}", "模板写法"),
    "an include": (SALUTATION + '{% include "/etc/passwd" %}', "模板写法"),
    "a way into an object": (SALUTATION + "{姓名.__class__.__mro__}", "不认识"),
    "a format": (SALUTATION + "{姓名:>1000000000}", "不认识"),
    "an index": (SALUTATION + "{0}", "不认识"),
    "a placeholder in a placeholder": (SALUTATION + "{姓{名} }", "没有成对"),
    "a name of 20,000 characters for a placeholder": (SALUTATION + "{" + "长" * 20_000 + "}", "正文太长"),
    "braces in full width": (SALUTATION + "｛姓名｝您好", "全角花括号"),
    "a picture of this machine": (SALUTATION + '<img src="file:///etc/passwd">', "网页标记"),
    "a picture of the network": (SALUTATION + '<img src="http://127.0.0.1:9/a.png">', "网页标记"),
    "a style of the network": (SALUTATION + '<style>@import "http://127.0.0.1:9/a.css"</style>', "网页标记"),
    "a huge table": (SALUTATION + "<table>" + "<tr><td>1</td></tr>" * 2000 + "</table>", "网页标记"),
    "an entity": (SALUTATION + "您好&nbsp;", "网页标记"),
    "a thousand paragraphs": (SALUTATION + "好\n" * 999, "最多 100 段"),
    "right to left": (SALUTATION + "您\u202e好", "看不见的控制字符"),
    "zero width": (SALUTATION + "您\u200b好", "看不见的控制字符"),
    "a NUL": (SALUTATION + "您\0好", "看不见的控制字符"),
    "a smile": (SALUTATION + "您好😀", "字库没有的字"),
    "only a salutation": ("{姓名}{称谓}：\n", "两部分"),
    "a salutation of 20,000 characters": ("长" * 20_000 + "\n\n您好。", "称呼太长"),
    "a megabyte": (SALUTATION + "好" * 400_000, "太大"),
    "GB18030": ((SALUTATION + "您好。").encode("gb18030"), "UTF-8"),
}


@pytest.mark.parametrize(("text", "sentence"), LETTERS.values(), ids=LETTERS)
def test_a_letter_that_is_refused(clerk: Any, text: str | bytes, sentence: str) -> None:
    clerk.write("letter.txt", text)
    file = clerk.write("campaign.yaml", (EXAMPLE / "campaign.yaml").read_bytes())
    code, out, err = clerk.type("campaign", "new", file, cpu_s=30)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err) < 3000


DOUBLING = (
    "{% set ns = namespace(x='长长长长') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}"
)
QUICK = {
    "a range beyond bounds": ("{% for i in range(10**9) %}{{ i }}{% endfor %}", "不允许的写法"),
    "a template that includes itself": ('{% include "letters/mine.html" %}', "不允许的写法"),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "不允许的写法"),
    "a file of this machine": ('{% include "/etc/passwd" %}', "不允许的写法"),
    "a file further up": ('{% include "../../pyproject.toml" %}', "不允许的写法"),
    "a way into Python": ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "不允许的写法"),
    "division by nothing": ("{{ 1 // 0 }}", "不允许的写法"),
    "a value that is not there": ("{{ letters[0].salary }}", "不允许的写法"),
    "a picture of this machine": ('<img src="file:///etc/passwd">', "外部文件或网络地址"),
    "a picture of the network": ('<img src="http://127.0.0.1:9/a.png">', "外部文件或网络地址"),
    "a style of the network": ("<style>@import url(http://127.0.0.1:9/a.css);</style>", "外部文件或网络地址"),
    "text beyond the paper": ("<p style='margin-left: -60mm'>纸外</p>", "超出了版面"),
    "a text that doubles": (DOUBLING, "不允许的写法"),
    "a gigabyte of padding": ("{{ 'x'|center(9000000000) }}", "不允许的写法"),
    "pages and pages": ("{% for i in range(40) %}<p style='break-after: page'>好</p>{% endfor %}", "页，太多"),
}
SLOW = {
    "loops in loops": ("{% for i in range(99999) %}{% for k in range(99999) %}{% endfor %}{% endfor %}", "画不完"),
    "a huge table": (
        "<table>{% for i in range(99999) %}<tr>{% for k in range(99) %}<td>好</td>{% endfor %}</tr>{% endfor %}</table>",
        "画不完",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Templates of their own, with a design called `mine`."""
    made = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", made)
    (made / "letters/mine.css").write_text((made / "letters/red_letter.css").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(templates, "TEMPLATES", made)
    return made


def refuse(folder: Path, body: str, sentence: str) -> None:
    page = (
        '{% extends "_base/page.html" %}{% block title %}书信{% endblock %}{% block body %}' + body + "{% endblock %}"
    )
    (folder / "letters/mine.html").write_text(page, "utf-8")
    with pytest.raises(BadInput, match="书信版式“mine”试印没有通过") as refused:
        trial.try_design("mine")
    assert sentence in refused.value.message


@pytest.mark.parametrize("name", ["a picture of the network"])
def test_a_design_that_is_refused(folder: Path, name: str) -> None:
    refuse(folder, *QUICK[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in QUICK | SLOW if name != "a picture of the network"])
def test_every_other_design_that_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if name in SLOW:
        monkeypatch.setattr(trial, "CPU_S", 4)  # they take all there is
    refuse(folder, *(QUICK | SLOW)[name])


def test_a_campaign_takes_no_design_that_cannot_be_drawn(clerk: Any, folder: Path) -> None:
    (folder / "letters/mine.html").write_text("{% for i in range(10**9) %}{% endfor %}", "utf-8")
    clerk.write("letter.txt", (EXAMPLE / "letter.txt").read_bytes())
    text = (
        (EXAMPLE / "campaign.yaml").read_text("utf-8").replace("letter: letter.txt", "letter: letter.txt\ndesign: mine")
    )
    code, _, err = clerk.type("campaign", "new", clerk.write("campaign.yaml", text))
    assert code == 2
    assert "书信版式“mine”试印没有通过" in err
    assert execute(["campaign", "status", "YJZX-2027"]) == 2
