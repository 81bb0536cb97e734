"""The text of a reader (小读本), as organisers write it.

`# 书名` stands once, first; `## 栏目` begins a column, `### 条目` an item in it; a line that begins with `- ` is one of
a list; every other line is a paragraph, and `**重点**` is emphasised. There is no other markup, and no placeholder:
what is in a reader is the same for everybody but the title page.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from qianli.documents import emphasis
from qianli.documents.letter_text import markup_problems
from qianli.errors import BadInput

LONGEST_FILE = 400_000  # bytes
MOST_BLOCKS = 2000
LONGEST_HEADING = 30
MOST_PROBLEMS = 20
_HEADING = re.compile(r"(#{1,3})\s*(.*)")


class Part(StrEnum):
    """What a piece of the text is."""

    heading = "heading"
    column = "column"
    item = "item"
    point = "point"
    paragraph = "paragraph"


@dataclass(frozen=True)
class Block:
    """A piece of the text; emphasis is marked."""

    part: Part
    text: str


HEADINGS = {"#": Part.heading, "##": Part.column, "###": Part.item}


def read_text(raw: bytes, name: str) -> str:
    """The text of a file that is good to print; BadInput lists what is wrong, by line."""
    if len(raw) > LONGEST_FILE:
        raise BadInput(f"读本文件 {name} 太大，请检查是否选错了文件。")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"读本文件 {name} 不是 UTF-8 编码，请另存为 UTF-8。") from error
    if problems := [*_problems(text), *_whole_problems(blocks(text))]:
        raise BadInput(f"读本文件 {name} 有错，请改正后重试：", problems[:MOST_PROBLEMS])
    return text


def blocks(text: str) -> list[Block]:
    """The text in pieces."""
    return [_block(line) for line in map(str.strip, text.split("\n")) if line]


def _block(line: str) -> Block:
    if heading := _HEADING.fullmatch(line):
        return Block(HEADINGS[heading[1]], heading[2].strip())
    if line.startswith("- "):
        return Block(Part.point, emphasis.marked(line[2:].strip()))
    return Block(Part.paragraph, emphasis.marked(line))


def _problems(text: str) -> list[str]:
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        where = f"第 {number} 行"
        problems += markup_problems(where, line)
        if problem := emphasis.problem(line):
            problems.append(f"{where}里{problem}")
        if "{" in line or "}" in line:
            problems.append(f"{where}里有花括号；读本里不能用占位符。")
        if line.startswith("#") and "**" in line:
            problems.append(f"{where}是标题，不能用“**”加重。")
    return problems


def _whole_problems(found: list[Block]) -> list[str]:
    problems = []
    if not found or found[0].part is not Part.heading or sum(one.part is Part.heading for one in found) != 1:
        problems.append("第一行要写书名（“# 书名”），而且只写一次。")
    if not any(one.part in (Part.paragraph, Part.point) for one in found):
        problems.append("除了标题，还没有正文。")
    if len(found) > MOST_BLOCKS:
        problems.append(f"太长，最多 {MOST_BLOCKS} 段，现在是 {len(found)} 段。")
    headings = [one.text for one in found if one.part in HEADINGS.values()]
    problems += [
        f"标题“{one[:LONGEST_HEADING]}…”太长，最多 {LONGEST_HEADING} 个字。"
        for one in headings
        if len(one) > LONGEST_HEADING
    ]
    return problems + ["有一个标题是空的。"] * ("" in headings)
