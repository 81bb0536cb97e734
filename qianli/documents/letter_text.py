"""Organisers' letter texts: plain paragraphs with placeholders such as `{姓名}`.

A letter file begins with the salutation on a line of its own (`{姓名}{称谓}：`); every line after it that is not
blank is a paragraph. Indents and blank lines are the design's business and are ignored. The only markup is
`**重点**` in the body, for emphasis, and a line that begins a second language (see `second_text`): what looks like
HTML or a template is refused, so that nobody wonders later why it came out as it was typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qianli.documents import emphasis, second_text
from qianli.documents.forms import SecondText
from qianli.errors import BadInput

LONGEST_FILE = 100_000  # bytes; many times the longest text that is allowed
MAX_TITLE = 100
MAX_BODY = 3000
MAX_SECOND = 9000  # other scripts take more characters for the same
MAX_PARAGRAPHS = 100
LONGEST_SHOWN = 30


@dataclass(frozen=True)
class Placeholder:
    """What an author may put into a letter: what it stands for, and how it looks."""

    label: str
    sample: str


#: By the name written between the braces.
PLACEHOLDERS: dict[str, Placeholder] = {
    "姓名": Placeholder("收信人姓名", "张伟"),
    "称谓": Placeholder("对收信人的称呼", "同志"),
    "现居地": Placeholder("现在居住的城市和区县", "福建省晋江市"),
    "离乡时长": Placeholder("到写信这天离开家乡多久", "六年三个月"),
    "离乡时间": Placeholder("离开家乡的年月", "2020年10月"),
    "支部": Placeholder("收信人所在党组织", "文昌社区第一党支部"),
    "落款": Placeholder("写信的党组织", "中共青石街道文昌社区委员会"),
    "联系电话": Placeholder("党组织的联系电话", "0851-8765 4321"),
    "信件日期": Placeholder("写信日期", "2027年1月8日"),
}

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_JINJA = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_HTML = re.compile(r"<[a-zA-Z/!?]|&#?[a-zA-Z0-9]+;")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def read_text(raw: bytes, name: str) -> tuple[str, str]:
    """Salutation and body of a letter file that is good to print; BadInput lists every problem."""
    if len(raw) > LONGEST_FILE:
        raise BadInput(f"书信文件 {name} 太大，请检查是否选错了文件。")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"书信文件 {name} 不是 UTF-8 编码，请另存为 UTF-8。") from error
    salutation, body = split_text(text)
    check_text(salutation, body)
    return salutation, body


def split_text(raw: str) -> tuple[str, str]:
    """Salutation and body of a letter file; the salutation ends in a full-width colon whatever was typed."""
    lines = [line.strip() for line in raw.removeprefix("\ufeff").splitlines()]
    lines = [line for line in lines if line]
    if len(lines) < 2:  # noqa: PLR2004 - one line of each
        raise BadInput("书信文件要有两部分：第一行是称呼（如“{姓名}{称谓}：”），空一行后是正文。")
    return f"{lines[0].rstrip(':：')}：", "\n\n".join(lines[1:])


def placeholders_in(text: str) -> set[str]:
    """The names of the placeholders a text uses, known or not."""
    return {name.strip() for name in _PLACEHOLDER.findall(text)}


def check_text(title: str, body: str) -> None:
    """Refuse a letter that could not be printed as its author means it; BadInput lists every problem."""
    problems = [*_size_problems(title, body), *_problems("称呼", title), *_problems("正文", body)]
    if "\n" in title.strip():
        problems.append("称呼只能有一行。")
    if "**" in title:
        problems.append("称呼里不能用“**”加重。")
    problems += second_text.check(body)
    problems += dict.fromkeys(f"正文里{problem}" for line in body.splitlines() if (problem := emphasis.problem(line)))
    if problems:
        raise BadInput("书信有错，请改正后重试：", problems)


def _size_problems(title: str, whole: str) -> list[str]:
    body, second = second_text.apart(whole)
    problems = [f"{where}是空的，请补上。" for where, text in (("称呼", title), ("正文", body)) if not text.strip()]
    if len(title) > MAX_TITLE:
        problems.append(f"称呼太长，最多 {MAX_TITLE} 个字。")
    if len(body) > MAX_BODY:
        problems.append(f"正文太长，最多 {MAX_BODY} 个字，现在是 {len(body)} 个字。")
    if second is not None and len(second.body) > MAX_SECOND:
        problems.append(f"第二种文字太长，最多 {MAX_SECOND} 个字符。")
    if (paragraphs := len(body.split("\n\n"))) > MAX_PARAGRAPHS:
        problems.append(f"正文分段太多，最多 {MAX_PARAGRAPHS} 段，现在是 {paragraphs} 段。")
    return problems


def markup_problems(where: str, text: str) -> list[str]:
    """What in a text looks like a page, a program, or cannot be seen."""
    if _JINJA.search(text):
        return [f"{where}里有“{{{{”“{{%”一类的模板写法；占位符只用一层花括号，如“{{姓名}}”。"]
    problems = []
    if found := _HTML.search(text):
        problems.append(f"{where}里有网页标记“{found[0]}”；只能写文字，版式由模板决定。")
    if _CONTROL.search(text.replace("\r\n", "\n")):
        problems.append(f"{where}里有看不见的控制字符，请用纯文本编辑器另存一遍。")
    return problems


def _problems(where: str, text: str) -> list[str]:
    if _JINJA.search(text):
        return markup_problems(where, text)
    problems = markup_problems(where, text)
    if "｛" in text or "｝" in text:
        problems.append(f"{where}里用了全角花括号“｛｝”；占位符请用半角花括号，如“{{姓名}}”。")
    elif set(_PLACEHOLDER.sub("", text)) & {"{", "}"}:
        problems.append(f"{where}里的花括号没有成对。")
    known = "、".join(PLACEHOLDERS)
    unknown = sorted(placeholders_in(text) - PLACEHOLDERS.keys())
    return problems + [
        f"{where}里的占位符“{{{name[:LONGEST_SHOWN]}}}”不认识；可以用的有：{known}。" for name in unknown
    ]


def filled(title: str, body: str, values: Mapping[str, str | None]) -> dict[str, Any]:
    """Salutation, paragraphs and second text of a letter form, with every placeholder filled."""
    first, second = second_text.apart(body)
    texts: dict[str, Any] = {"salutation": fill_line(title, values), "paragraphs": fill(first, values)}
    if second is not None:
        right_to_left = second.language in second_text.RIGHT_TO_LEFT
        own = fill_line(second.title, values), fill(second.body, values)
        texts["second"] = SecondText(second.language, right_to_left, *own)
    return texts


def fill(body: str, values: Mapping[str, str | None]) -> tuple[str, ...]:
    """The paragraphs of a letter with every placeholder filled; BadInput names a placeholder without a value.

    Values go in as they are: a brace in a name is a brace on paper.
    """
    return tuple(_filled(emphasis.marked(line.strip()), values) for line in body.splitlines() if line.strip())


def fill_line(title: str, values: Mapping[str, str | None]) -> str:
    """The salutation, filled."""
    return _filled(title.strip(), values)


def missing_values(text: str, values: Mapping[str, str | None]) -> set[str]:
    """The placeholders of a text that have no value, so that the letter cannot be printed."""
    return {name for name in placeholders_in(text) if not (values.get(name) or "").strip()}


def _filled(text: str, values: Mapping[str, str | None]) -> str:
    if lacking := missing_values(text, values):
        raise BadInput(f"书信里的{'、'.join(f'“{{{name}}}”' for name in sorted(lacking))}没有内容可填，请补全资料。")
    return _PLACEHOLDER.sub(lambda found: " ".join((values[found[1].strip()] or "").split()), text)
