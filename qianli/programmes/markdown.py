"""Items in a Markdown text.

`## 栏目` begins a column, `### 标题` an item in it. Right below the title may stand `日期：2027-01-04`, `链接：https://…`,
`图片：…`, `音频：…`; every line after these is the text. A `# 书名` above all is for the eye.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qianli.errors import BadInput
from qianli.folding import visible

LONGEST_FILE = 2_000_000  # bytes
_HEADING = re.compile(r"(#{1,3})(?!#)\s*(.*)")
_FACT = re.compile(r"(?:[-*]\s*)?([^：:\s]{1,8})\s*[：:]\s*(.*)")


@dataclass
class MarkdownItem:
    """An item: the line its title is on, and what is said of it by our names."""

    line: int
    said: dict[str, str] = field(default_factory=dict)


def read_markdown(content: bytes, facts: Mapping[str, str]) -> Iterator[MarkdownItem]:
    """The items of a text; `facts` are the words before a colon and what each is called here."""
    if len(content) > LONGEST_FILE:
        raise BadInput("文件太大，请检查是否选错了文件，或者拆成几个文件。")
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("文件不是 UTF-8 编码，请另存为 UTF-8。") from error
    column, item = "", None
    for number, line in enumerate(map(visible, written.split("\n")), 1):
        heading = _HEADING.fullmatch(line)
        if heading and len(heading[1]) > 1:
            if item:
                yield item
            item = None
            if len(heading[1]) == 2:  # noqa: PLR2004 - two signs begin a column
                column = heading[2].strip()
            else:
                item = MarkdownItem(number, {"column": column, "title": heading[2].strip()})
        elif item and line:
            _take(item, line, facts)
    if item:
        yield item


def _take(item: MarkdownItem, line: str, facts: Mapping[str, str]) -> None:
    fact = None if "text" in item.said else _FACT.fullmatch(line)
    name = facts.get(fact[1]) if fact else None
    if fact and name and name not in ("column", "title", "text"):
        item.said[name] = fact[2].strip()
    else:
        before = item.said.get("text")
        item.said["text"] = line if before is None else f"{before}\n{line}"
